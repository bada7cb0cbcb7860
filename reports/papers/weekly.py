"""The weekly report as a form page."""

import datetime as dt

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from ..figures.period import SHANGHAI
from ..figures.rollup import HAZARD, both, rate
from .prose import GRADES, SLOTS, STATES

COLUMNS = {
    "carried": "上周结转", "new": "本周新增", "closed": "本周销号", "open": "未销号", "overdue": "逾期", "due": "本周到期",
    "on_time": "按期整改",
}  # fmt: skip
WEEKDAYS = "一二三四五六日"


def weekly_paper(report, *, is_draft=False):
    """The data of papers/form.html for one report with `organisation` loaded; nothing but what it holds."""
    figures, unit = report.figures, report.organisation
    start = dt.date.fromisoformat(figures["period"]["start"])
    end = dt.date.fromisoformat(figures["period"]["end"])
    body = [
        blocks.heading(2, "一、巡查和隐患"), *_summary(figures["counts"]),
        *(_school_part(figures) if unit.is_school else _bureau_part(figures)),
        blocks.heading(2, "三、说明"),
        blocks.grid([[("未整改原因", report.reasons or "无")], [("需协调事项", report.matters or "无")],
                     [("备注", report.remarks or "无")]]),
    ]  # fmt: skip
    return blocks.form(
        title=f"学校安全周报{'（草稿）' if is_draft else '（零报告）' if report.is_nil else ''}",
        issuer=unit.name, author=unit.name, number=report.label,
        meta=[f"{chinese_date(start)}至{chinese_date(end)}", f"数据截至{_time(report.drafted_at)}"],
        body=body, footer=f"{unit.name} {report.label}",
        signatures=[
            f"填报人：{report.submitted_by or ''}", f"{'校长' if unit.is_school else '负责人'}：{report.signed_by or ''}",
            f"签发时间：{_time(report.signed_at) if report.signed_at else ''}",
        ],
    )  # fmt: skip


def _summary(counts):
    patrol = counts["patrol"]
    yield blocks.grid([
        [("应巡查（校日）", patrol["due"]), ("实巡查（校日）", patrol["done"])],
        [("缺巡查（校日）", patrol["missed"]), ("发现问题（个）", patrol["problems"])],
        [("逐项检查（项次）", patrol["each"]), ("合并确认（项次）", patrol["bulk"])],
    ])  # fmt: skip
    rows = [[GRADES[grade], *(counts[grade][name] for name in HAZARD)] for grade in ("general", "major")]
    yield blocks.table(
        ["隐患级别", *COLUMNS.values()], rows, numeric=range(1, 8), total=["合计", *(both(counts, name) for name in HAZARD)],
        widths=[1.4, *[1] * 7], caption="隐患排查治理情况（处）",
    )  # fmt: skip
    due = both(counts, "due")
    kept = both(counts, "on_time")
    share = rate(kept, due)
    yield blocks.note(
        f"按期整改率：{f'{share}%（{kept}/{due}）' if due else '本周无到期隐患，不计算'}。"
        f"重大事故隐患五落实齐备{counts['major']['complete']}处，未销号{counts['major']['open']}处。"
    )


def _school_part(figures):
    yield blocks.table(
        ["日期", "星期", "应巡查", "巡查次数", "检查项次", "问题"],
        [[each["day"], WEEKDAYS[dt.date.fromisoformat(each["day"]).weekday()], "是" if each["is_due"] else "否",
          each["patrols"], each["items"], each["problems"]] for each in figures["days"]],
        numeric=(3, 4, 5), centred=(0, 1, 2), caption="逐日巡查情况",
    )  # fmt: skip
    yield blocks.heading(2, "二、隐患清单")
    lists = figures["lists"]
    for name, words in (("new", "本周新增"), ("open", "周末未销号"), ("closed", "本周销号")):
        if lists[name]:
            yield _list(words, lists[name], lists["left_out"][name])
    if not any(lists[name] for name in ("new", "open", "closed")):
        yield blocks.paragraph("本周无隐患。")


def _list(words, rows, left_out):
    return blocks.table(
        ["编号", "隐患", "部位", "级别", "状态", "期限"],
        [[row["number"], row["title"], row["place"], GRADES[row["grade"]], STATES[row["status"]], row["due_on"]] for row in rows],
        widths=[2.4, 3.4, 2.4, 0.9, 1.3, 1.7], centred=(3, 4, 5),
        caption=words + (f"（另有{left_out}处见台账）" if left_out else ""),
    )  # fmt: skip


def _bureau_part(figures):
    sent = figures["reports"]
    yield blocks.heading(2, "二、各单位情况")
    yield blocks.note(
        f"截至{sent['as_of'].replace('T', ' ')[:16]}，应报周报{sent['due']}份，已签发{sent['signed']}份，其中迟报{sent['late']}份。"
        + (
            f"未报：{'、'.join(sent['not_sent'])}{'等' if sent['not_sent_left_out'] else ''}。"
            if sent["not_sent"]
            else ""
        )
    )
    yield blocks.table(
        ["单位", "应巡查", "实巡查", "结转", "新增", "销号", "未销号", "逾期", "重大"],
        [[child["name"], child["counts"]["patrol"]["due"], child["counts"]["patrol"]["done"],
          *(both(child["counts"], name) for name in ("carried", "new", "closed", "open", "overdue")),
          child["counts"]["major"]["open"]] for child in figures["children"]],
        widths=[3, *[1] * 8], numeric=range(1, 9),
    )  # fmt: skip
    if figures["majors"]:
        yield majors_table(figures["majors"], figures["majors_left_out"])


def majors_table(majors, left_out=0):
    """Open major hazards, one a row, with what their plans lack."""
    return blocks.table(
        ["学校", "隐患", "整改期限", "状态", "五落实欠缺"],
        [[row["school_name"], f"{row['title']}（{row['place']}）", row["due_on"] or "未定",
          STATES[row["status"]] + (f"，逾期{row['days_late']}天" if row["days_late"] else ""),
          "、".join(SLOTS[slot] for slot in row["missing"]) or "齐备"] for row in majors],
        widths=[2, 3.2, 1.6, 1.8, 1.8], caption="未销号重大事故隐患" + (f"（另有{left_out}处见台账）" if left_out else ""),
    )  # fmt: skip


def _time(moment):
    local = moment.astimezone(SHANGHAI)
    return f"{chinese_date(local.date())}{local:%H:%M}"
