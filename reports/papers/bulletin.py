"""The bulletin as an official paper (文件): sections, charts, tables, annexes."""

from schoolsafety.core import charts
from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date, level_number

from ..figures.rollup import both, rate
from .prose import GRADES, HEADINGS, SECTIONS
from .weekly import majors_table

AGE_WORDS = {"0-3": "3天以内", "4-7": "4—7天", "8-15": "8—15天", "16+": "15天以上"}
DEFINITIONS = (
    "应巡查校日为学校在学期内的上课日，停课日和节假日不计；实巡查校日为其中提交过巡查的校日。",
    "结转、新增、销号按发现和销号日期计算：结转+新增−销号=未销号。",
    "逾期指月末未销号、已过期限且未提交整改结果。",
    "按期整改率为期限在本月的隐患中按期提交整改结果的比例；移交、误报、重复合并的不计，无到期隐患不计算。",
    "五落实齐备指责任、时限、措施、资金、预案均已落实并由责任人签字。",
    "各校按学校代码排列，不分先后。",
)
TOTALS = {
    "carried": "上月结转",
    "new": "本月新增",
    "closed": "本月销号",
    "open": "月末未销号",
    "overdue": "其中逾期",
}


def bulletin_paper(bulletin, *, issued_on=None, anchor=""):
    """The data of papers/official.html; without a number it is marked as a draft.

    `issued_on` is the date under the paper, `anchor` the line that ties the figures to the log's chain.
    """
    figures, bureau = bulletin.figures, bulletin.organisation
    day = chinese_date(issued_on) if issued_on else "（草稿，未签发）"
    body = [block for place, name in enumerate(SECTIONS, 1) for block in _section(bulletin, name, place)]
    definitions = [*DEFINITIONS, *([anchor] if anchor else [])]
    return blocks.official(
        mark=f"{bureau.name}文件", number=bulletin.number or "（草稿，未编号）", title=bulletin.title,
        body=body, author=bureau.name, to=bulletin.recipients, copies=bulletin.copies,
        sign=blocks.signature(bureau.name, day),
        annexes=[
            blocks.annex("各校安全隐患排查治理情况统计表", [_schools_table(figures)], is_landscape=True),
            blocks.annex("指标口径和数据校验", [blocks.items(definitions)]),
        ],
        printed_by=f"{bureau.name}办公室",
        printed_on=day if issued_on else "××××年×月×日", urgency="" if bulletin.number else "草稿",
    )  # fmt: skip


def _section(bulletin, name, place):
    text = bulletin.sections.get(name, "")
    yield blocks.heading(1, HEADINGS[name], number=place)
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["无。"]
    if name in {"criticism", "demands"} and len(lines) > 1:
        for number, line in enumerate(lines, 1):
            lead, rest = _lead(line)
            yield blocks.paragraph(rest, lead=f"{level_number(2, number)}{lead}")
    else:
        for line in lines:
            yield blocks.paragraph(line)
    yield from _exhibits(name, bulletin.figures)


def _lead(line):
    """(first words with their stop, rest): only short ones are set as a lead."""
    for stop in "。：":
        lead, found, rest = line.partition(stop)
        if found and rest and len(lead) <= 20:
            return lead + found, rest
    return "", line


def _exhibits(name, figures):
    if name == "situation":
        yield _grades_table(figures["counts"])
        for chart, caption in charts_of(figures):
            yield blocks.figure(chart, caption)
    elif name == "major" and figures["majors"]:
        yield majors_table(figures["majors"], figures["majors_left_out"])
    elif name == "overdue" and figures["overdue"]["rows"]:
        yield _overdue_table(figures["overdue"]["rows"])
        if figures["overdue"]["left_out"]:
            yield blocks.note(f"另有{figures['overdue']['left_out']}处未列出，见台账。")


def charts_of(figures):
    """[(chart, caption)] for paper and page: flow, twelve months, ages of the backlog, categories."""
    found = [_flow(figures["counts"]), _months(figures["series"]), _ages(figures["ages"])]
    names = figures["category_names"]
    categories = sorted(figures["counts"]["categories"].items())
    kinds = [(names.get(code, code), row["new"]) for code, row in categories if row["new"]]
    if kinds:
        chart = charts.bars(
            kinds, title="新增隐患类别", desc="按类别统计的本月新增隐患", value_label="处", limit=10
        )
        found.append((chart, "新增隐患类别（处）"))
    return found


def _flow(counts):
    chart = charts.flow(
        both(counts, "carried"), both(counts, "new"), both(counts, "closed"),
        names=["上月结转", "本月新增", "本月销号", "月末未销号"], title="本月隐患增减", value_label="处",
        desc="上月结转加本月新增减本月销号等于月末未销号",
    )  # fmt: skip
    return chart, "本月隐患增减（处）"


def _months(series):
    labels = [f"{int(row['month'][5:7])}月" for row in series]
    names = {"新增": "new", "销号": "closed", "未销号": "open"}
    chart = charts.line(
        labels, {name: [row[key] for row in series] for name, key in names.items()},
        title="近十二个月隐患变化", desc="每月新增、销号和月末未销号的隐患数",
    )  # fmt: skip
    return chart, "近十二个月隐患变化（处）"


def _ages(ages):
    chart = charts.stack(
        [(AGE_WORDS[name], n) for name, _since, _until, n in ages],
        title="未销号隐患存续时间", desc="按发现至月末的天数分四段", value_label="处",
    )  # fmt: skip
    return chart, "未销号隐患存续时间（处）"


def _grades_table(counts):
    rows = [
        [f"{word}隐患", *(counts[grade][name] for name in TOTALS), _share(counts[grade])]
        for grade, word in GRADES.items()
    ]
    together = {name: both(counts, name) for name in ("on_time", "due")}
    total = ["合计", *(both(counts, name) for name in TOTALS), _share(together)]
    return blocks.table(
        ["级别", *TOTALS.values(), "按期整改率"], rows, total=total, centred=range(1, 7),
        widths=[1.4, 1, 1, 1, 1, 1, 2.5], caption="隐患排查治理情况（处）",
    )  # fmt: skip


def _share(counts):
    """94.5%（190/201); a dash when nothing fell due."""
    part, whole = counts["on_time"], counts["due"]
    return f"{rate(part, whole)}%（{part}/{whole}）" if whole else "—"


def _overdue_table(rows):
    return blocks.table(
        ["学校", "编号", "隐患", "级别", "整改期限", "逾期天数"],
        [
            [
                row["school_name"],
                row["number"],
                row["title"],
                GRADES[row["grade"]],
                row["due_on"],
                row["days_late"],
            ]
            for row in rows
        ],
        widths=[1.9, 3.5, 2.5, 0.8, 1.9, 0.9],
        centred=(3, 4, 5),
    )


def _schools_table(figures):
    heads = [
        "代码", "学校", "应巡查", "实巡查", "结转", "新增", "销号", "未销号", "逾期", "重大", "按期/到期",
        "周报已报/应报", "周报迟报",
    ]  # fmt: skip
    return blocks.table(
        heads, [_school_row(row) for row in figures["schools"]], centred=range(2, 13),
        widths=[2.3, 3.2, 1, 1, 0.9, 0.9, 0.9, 1, 0.9, 0.9, 1.2, 1.5, 1],
    )  # fmt: skip


def _school_row(row):
    patrol, weekly = row["patrol"], row["weekly"]
    numbers = [row[name] for name in ("carried", "new", "closed", "open", "overdue", "major_open")]
    return [
        row["code"], row["name"], patrol["due"], patrol["done"], *numbers,
        f"{row['on_time']}/{row['due']}" if row["due"] else "—",
        f"{weekly['due'] - weekly['missing']}/{weekly['due']}", weekly["late"],
    ]  # fmt: skip
