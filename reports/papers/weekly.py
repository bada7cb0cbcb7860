"""The weekly report as a form page."""

import datetime as dt

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from ..figures.period import SHANGHAI
from ..figures.rollup import HAZARD, both, rate
from .prose import GRADES, SLOTS, STATES

COLUMNS = {
    "carried": "上周结转",
    "new": "本周新增",
    "closed": "本周销号",
    "open": "未销号",
    "overdue": "逾期",
    "due": "本周到期",
    "on_time": "按期整改",
}
PATROL = {
    "due": "应巡查校日",
    "done": "实巡查校日",
    "missed": "缺巡查校日",
    "items": "检查项次",
    "each": "逐项确认",
    "bulk": "合并确认",
    "problems": "发现问题",
}
WEEKDAYS = "一二三四五六日"


def weekly_paper(report, *, is_draft=False):
    """The data of papers/form.html for one report with `organisation` loaded; nothing but what it holds."""
    figures, unit = report.figures, report.organisation
    start, end = (dt.date.fromisoformat(figures["period"][name]) for name in ("start", "end"))
    year, number, _day = start.isocalendar()
    mark = "（草稿）" if is_draft else "（零报告）" if report.is_nil else ""
    body = [
        blocks.heading(2, "一、巡查和隐患"),
        *_summary(figures["counts"]),
        *(_school_part(figures) if unit.is_school else _bureau_part(figures)),
        blocks.heading(2, "三、说明和签发"),
        blocks.grid(_closing_rows(report)),
    ]
    return blocks.form(
        title=f"学校安全周报{mark}", issuer=unit.name, author=unit.name, number=f"{year}年第{number}周",
        meta=[f"{chinese_date(start)}至{chinese_date(end)}", f"数据截至{_time(report.drafted_at)}"],
        body=body, footer=f"{unit.name} {year}年第{number}周周报",
    )  # fmt: skip


def _closing_rows(report):
    signed = _time(report.signed_at) if report.signed_at else "未签发"
    head = "校长" if report.organisation.is_school else "负责人"
    return [
        [("未整改原因", report.reasons or "无")],
        [("需协调事项", report.matters or "无")],
        [("备注", report.remarks or "无")],
        [("填报人", report.submitted_by or ""), (head, report.signed_by or "")],
        [("签发时间", signed), ("报送", _sending_word(report))],
    ]


def _sending_word(report):
    if not report.signed_at:
        return "未报"
    return "迟报" if report.is_late else "按时"


def _summary(counts):
    values = [counts["patrol"][name] for name in PATROL]
    yield blocks.table(list(PATROL.values()), [values], centred=range(len(PATROL)), caption="巡查情况")
    rows = [[GRADES[grade], *(counts[grade][name] for name in HAZARD)] for grade in GRADES]
    total = ["合计", *(both(counts, name) for name in HAZARD)]
    yield blocks.table(
        ["隐患级别", *COLUMNS.values()], rows, total=total, centred=range(8), caption="隐患排查治理情况（处）"
    )
    due, kept = both(counts, "due"), both(counts, "on_time")
    share = f"{rate(kept, due)}%（{kept}/{due}）" if due else "本周无到期隐患，不计算"
    major = counts["major"]
    yield blocks.note(
        f"按期整改率：{share}。未销号重大事故隐患{major['open']}处，其中五落实齐备{major['complete']}处。"
    )


def _school_part(figures):
    rows = [
        [each["day"], _weekday(each["day"]), "是" if each["is_due"] else "否", each["patrols"], each["items"],
         each["problems"]]
        for each in figures["days"]
    ]  # fmt: skip
    yield blocks.table(
        ["日期", "星期", "应巡查", "巡查次数", "检查项次", "问题"],
        rows,
        centred=range(6),
        caption="逐日巡查情况",
    )
    yield blocks.heading(2, "二、隐患清单")
    lists, start = figures["lists"], figures["period"]["start"]
    carried = {name: [row for row in lists[name] if row["found_on"] < start] for name in ("open", "closed")}
    if not any(lists[name] for name in ("new", "open", "closed")):
        yield blocks.paragraph("本周无隐患。")
    for words, rows in (
        ("本周新增", lists["new"]),
        ("上周结转、本周仍未销号", carried["open"]),
        ("上周结转、本周销号", carried["closed"]),
    ):
        if rows:
            yield _list(words, rows)
    if left_out := sum(lists["left_out"].values()):
        yield blocks.note(f"清单有限，另有{left_out}条次未列出，见隐患台账。")


def _list(words, rows):
    return blocks.table(
        ["编号", "隐患", "部位", "级别", "状态", "期限"],
        [
            [
                row["number"],
                row["title"],
                row["place"],
                GRADES[row["grade"]],
                STATES[row["status"]],
                row["due_on"],
            ]
            for row in rows
        ],
        widths=[3.1, 3, 2.3, 0.9, 1.3, 1.8],
        centred=(3, 4, 5),
        caption=words,
    )


def _bureau_part(figures):
    yield blocks.heading(2, "二、各单位情况")
    yield blocks.note(_sending(figures["reports"]))
    rows = [
        [child["name"], child["counts"]["patrol"]["due"], child["counts"]["patrol"]["done"],
         *(both(child["counts"], name) for name in ("carried", "new", "closed", "open", "overdue")),
         child["counts"]["major"]["open"]]
        for child in figures["children"]
    ]  # fmt: skip
    yield blocks.table(
        ["单位", "应巡查", "实巡查", "结转", "新增", "销号", "未销号", "逾期", "重大"],
        rows,
        widths=[3, *[1] * 8],
        centred=range(1, 9),
    )
    if figures["majors"]:
        yield majors_table(figures["majors"], figures["majors_left_out"])


def _sending(sent):
    moment = _time(dt.datetime.fromisoformat(sent["as_of"]))
    text = f"截至{moment}，应报周报{sent['due']}份，已签发{sent['signed']}份，其中迟报{sent['late']}份。"
    if sent["not_sent"]:
        more = f"等{len(sent['not_sent']) + sent['not_sent_left_out']}所" if sent["not_sent_left_out"] else ""
        text += f"未报：{'、'.join(sent['not_sent'])}{more}。"
    return text


def majors_table(majors, left_out=0):
    """Open major hazards, one a row, with what their plans lack."""
    rows = [
        [row["school_name"], f"{row['title']}（{row['place']}）", row["due_on"] or "未定",
         STATES[row["status"]] + (f"，逾期{row['days_late']}天" if row["days_late"] else ""),
         "、".join(SLOTS[slot] for slot in row["missing"]) or "齐备"]
        for row in majors
    ]  # fmt: skip
    more = f"（另有{left_out}处见台账）" if left_out else ""
    return blocks.table(
        ["学校", "隐患", "整改期限", "状态", "五落实欠缺"],
        rows,
        widths=[2, 3.1, 2, 1.7, 1.7],
        caption=f"未销号重大事故隐患{more}",
    )


def _weekday(day):
    return WEEKDAYS[dt.date.fromisoformat(day).weekday()]


def _time(moment):
    local = moment.astimezone(SHANGHAI)
    return f"{chinese_date(local.date())}{local:%H:%M}"
