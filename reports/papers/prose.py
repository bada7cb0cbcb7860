"""The bulletin's sentences, made from its figures. Papers are Chinese whatever the reader's language."""

import datetime as dt

from hazards.workflow import Slot
from schoolsafety.core.pdf.text import chinese_month

from ..figures.bulletin import is_exemplary
from ..figures.rollup import both, rate

SECTIONS = ("situation", "major", "overdue", "praise", "criticism", "demands")
HEADINGS = {
    "situation": "总体情况",
    "major": "重大事故隐患整改情况",
    "overdue": "逾期未整改情况",
    "praise": "表扬",
    "criticism": "存在问题",
    "demands": "下一步工作要求",
}
SOURCES = {
    "patrol": "日常巡查",
    "snap": "随手拍",
    "inspection": "教育部门检查",
    "partner": "其他部门检查",
    "import": "台账导入",
}
GRADES = {"general": "一般", "major": "重大"}
STATES = {
    "reported": "待整改",
    "planning": "待五落实",
    "signed": "方案待认可",
    "rectifying": "整改中",
    "submitted": "待验收",
    "verified": "待销号",
    "closed": "已销号",
}
SLOTS = {
    Slot.RESPONSIBILITY: "责任", Slot.DEADLINE: "时限", Slot.MEASURES: "措施", Slot.FUNDS: "资金",
    Slot.CONTINGENCY: "预案", Slot.GOAL: "目标任务", Slot.ORGANISATION: "机构人员",
}  # fmt: skip
NAMES_IN_A_SENTENCE = 20
DEMANDS = """\
压实每日巡查责任。各校要按清单逐项巡查，校长每周抽查巡查记录，不得以集中补录代替当日巡查。
限期清零逾期隐患。对逾期未整改隐患，责任学校要逐条说明原因，明确责任人和完成时限；一时难以整改的，先行落实防护措施。
规范信息报送。各校周报须经校长签字后按时上报，无隐患的实行零报告，杜绝迟报、漏报、瞒报。"""


def sections_of(figures):
    """{section: text} for a new bulletin; every text may be changed by hand before it is issued."""
    return {
        "situation": situation(figures),
        "major": major(figures),
        "overdue": overdue(figures),
        "praise": praise(figures),
        "criticism": criticism(figures),
        "demands": DEMANDS,
    }


def title_of(month):
    return f"关于{chinese_month(month)}学校安全隐患排查治理情况的通报"


def area_word(name):
    """全市, 全县 or 全区, by the bureau's name."""
    stem = name.removesuffix("教育局").removesuffix("教育和体育局")
    return {"市": "全市", "县": "全县"}.get(stem[-1:], "全区")


def situation(figures):
    counts = figures["counts"]
    patrol = counts["patrol"]
    month = chinese_month(dt.date.fromisoformat(figures["period"]["start"]))
    area = area_word(figures["organisation"]["name"])
    first = (
        f"{month}，{area}纳入统计的学校（幼儿园）{counts['schools']}所。应巡查{patrol['due']}校日，"
        f"实际巡查{patrol['done']}校日{_per_cent('巡查落实率', patrol['done'], patrol['due'])}；"
        f"累计检查{patrol['items']}项次，发现问题{patrol['problems']}个。"
    )
    second = (
        f"上月结转隐患{both(counts, 'carried')}处，本月新增{both(counts, 'new')}处，"
        f"销号{both(counts, 'closed')}处，"
        f"月末未销号{both(counts, 'open')}处，其中重大事故隐患{counts['major']['open']}处，"
        f"逾期未整改{both(counts, 'overdue')}处。{_on_time(counts)}{comparison(figures)}"
    )
    return "\n".join(filter(None, [first, second, _kinds(figures)]))


def comparison(figures):
    """The new hazards beside last month's and last year's, as far as there are data."""
    now, parts = both(figures["counts"], "new"), []
    for key, words in (("previous", "比上月"), ("last_year", "比上年同期")):
        if figures[key]:
            parts.append(f"{words}{_change(now, figures[key]['new'])}")
    return f"新增隐患{'，'.join(parts)}。" if parts else ""


def major(figures):
    count, complete = figures["counts"]["major"]["open"], figures["counts"]["major"]["complete"]
    if not count:
        return "月末无未销号重大事故隐患。"
    gap = count - complete
    state = "均已做到责任、时限、措施、资金、预案“五落实”" if not gap else (
        f"“五落实”齐备的{complete}处，尚不齐备的{gap}处"
    )  # fmt: skip
    return f"月末未销号重大事故隐患{count}处，{state}，具体情况见下表。"


def overdue(figures):
    rows, more = figures["overdue"]["rows"], figures["overdue"]["left_out"]
    if not rows:
        return "月末无逾期未整改隐患。"
    schools = list(dict.fromkeys(row["school_name"] for row in rows))
    longest = max(row["days_late"] for row in rows)
    return (
        f"月末逾期未整改隐患{len(rows) + more}处，涉及学校{len(schools)}所，最长逾期{longest}天，"
        "具体情况见下表。"
    )


def praise(figures):
    names = [row["name"] for row in figures["schools"] if is_exemplary(row)]
    if not names:
        return ""
    return f"{_names(names)}每日巡查无缺漏，周报按时报送，到期隐患全部按期整改，予以表扬。"


def criticism(figures):
    """Facts by school, in the order of school codes; no order of merit."""
    missed = [
        f"{row['name']}（缺{row['patrol']['missed']}天）"
        for row in figures["schools"]
        if row["patrol"]["missed"]
    ]
    unsent = [_unsent(row) for row in figures["schools"] if row["weekly"]["missing"] or row["weekly"]["late"]]
    late = [f"{row['name']}（{row['overdue']}处）" for row in figures["schools"] if row["overdue"]]
    lines = [
        f"未做到每日巡查：{_names(missed)}。" if missed else "",
        f"周报迟报、漏报：{_names(unsent)}。" if unsent else "",
        f"隐患逾期未整改：{_names(late)}。" if late else "",
    ]
    return "\n".join(line for line in lines if line)


def _unsent(row):
    parts = [
        f"{word}{row['weekly'][key]}次"
        for key, word in (("missing", "漏报"), ("late", "迟报"))
        if row["weekly"][key]
    ]
    return f"{row['name']}（{'、'.join(parts)}）"


def _names(names):
    kept = "、".join(names[:NAMES_IN_A_SENTENCE])
    return kept if len(names) <= NAMES_IN_A_SENTENCE else f"{kept}等{len(names)}所学校"


def _kinds(figures):
    counts, names = figures["counts"], figures["category_names"]
    new = sorted(
        ((row["new"], code) for code, row in counts["categories"].items() if row["new"]),
        key=lambda each: (-each[0], each[1]),
    )
    if not new:
        return ""
    kinds = "、".join(f"{names.get(code, code)}{n}处" for n, code in new[:6])
    rest = f"，其他{sum(n for n, _code in new[6:])}处" if len(new) > 6 else ""
    sources = "、".join(
        f"{SOURCES[key]}{n}处"
        for key, n in sorted(counts["sources"].items(), key=lambda each: (-each[1], each[0]))
    )
    return f"新增隐患中，按类别分：{kinds}{rest}；按来源分：{sources}。"


def _on_time(counts):
    due, kept = both(counts, "due"), both(counts, "on_time")
    if not due:
        return "本月无到期隐患。"
    return f"本月到期隐患{due}处，按期整改{kept}处，按期整改率{rate(kept, due)}%。"


def _per_cent(words, part, whole):
    return f"，{words}{rate(part, whole)}%" if whole else ""


def _change(now, then):
    if now == then:
        return "持平"
    word, step = ("增加", "上升") if now > then else ("减少", "下降")
    share = f"，{step}{rate(abs(now - then), then)}%" if then else ""
    return f"{word}{abs(now - then)}处{share}"
