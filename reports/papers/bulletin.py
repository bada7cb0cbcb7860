"""The bulletin as an official paper (文件): sections, charts, tables, annexes."""

from schoolsafety.core import charts
from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date, level_number

from ..figures.rollup import both, rate
from .prose import GRADES, HEADINGS, SECTIONS
from .weekly import majors_table

AGE_WORDS = {"0-3": "3天以内", "4-7": "4—7天", "8-15": "8—15天", "16+": "15天以上"}
DEFINITIONS = (
    "应巡查校日：学校在学期内每个上课日计一校日，停课日和节假日不计；实巡查校日：应巡查日内提交过巡查的校日。",
    "上月结转、本月新增、本月销号、月末未销号按隐患的发现日期和销号日期计算，四项关系为：结转+新增−销号=未销号。",
    "逾期未整改：月末仍未销号、已过整改期限且未提交整改结果的隐患。",
    "按期整改率：期限在本月的隐患中，在期限当日或之前提交整改结果的比例；移交、误报、重复合并的不计；无到期隐患时不计算。",
    "五落实齐备：责任、时限、措施、资金（含到位）、预案各项均已填报并由责任人签字，以起草时的填报情况为准。",
    "各校按学校代码排列，不分先后。",
)


def bulletin_paper(bulletin, *, issued_on=None, anchor=""):
    """The data of papers/official.html; without a number it is marked as a draft.

    `issued_on` is the date under the paper, `anchor` the line that ties the figures to the log's chain.
    """
    figures, bureau = bulletin.figures, bulletin.organisation
    is_draft = not bulletin.number
    body = [block for place, name in enumerate(SECTIONS, 1) for block in _section(bulletin, name, place)]
    return blocks.official(
        mark=f"{bureau.name}文件", number=bulletin.number or "（草稿，未编号）", title=bulletin.title,
        body=body, author=bureau.name, to=bulletin.recipients, copies=bulletin.copies,
        sign=blocks.signature(bureau.name, chinese_date(issued_on) if issued_on else "（未签发）"),
        annexes=[
            blocks.annex("各校安全隐患排查治理情况统计表", [_schools_table(figures)], is_landscape=True),
            blocks.annex("指标口径和数据校验", [blocks.items([*DEFINITIONS, *([anchor] if anchor else [])])]),
        ],
        printed_by=f"{bureau.name}办公室", printed_on=chinese_date(issued_on) if issued_on else "（草稿）",
        urgency="草稿" if is_draft else "",
    )  # fmt: skip


def _section(bulletin, name, place):
    text, figures = bulletin.sections.get(name, ""), bulletin.figures
    yield blocks.heading(1, HEADINGS[name], number=place)
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["无。"]
    if name in {"criticism", "demands"} and len(lines) > 1:
        for number, line in enumerate(lines, 1):
            lead, stop, rest = _lead(line)
            yield blocks.paragraph(rest, lead=f"{level_number(2, number)}{lead}{stop}")
    else:
        for line in lines:
            yield blocks.paragraph(line)
    yield from _exhibits(name, figures)


def _lead(line):
    """The first sentence of a line, its stop, and the rest; only short ones are set as a lead."""
    for stop in "。：":
        lead, found, rest = line.partition(stop)
        if found and rest and len(lead) <= 20:
            return lead, found, rest
    return "", "", line


def _exhibits(name, figures):
    if name == "situation":
        yield _grades_table(figures["counts"])
        for chart, caption in charts_of(figures):
            yield blocks.figure(chart, caption)
    elif name == "major" and figures["majors"]:
        yield majors_table(figures["majors"], figures["majors_left_out"])
    elif name == "overdue" and figures["overdue"]["rows"]:
        yield blocks.table(
            ["学校", "编号", "隐患", "级别", "整改期限", "逾期天数"],
            [[row["school_name"], row["number"], row["title"], GRADES[row["grade"]], row["due_on"], row["days_late"]]
             for row in figures["overdue"]["rows"]],
            widths=[2, 2.4, 3, 0.9, 1.7, 1.1], numeric=(5,), centred=(3, 4),
        )  # fmt: skip
        if figures["overdue"]["left_out"]:
            yield blocks.note(f"另有{figures['overdue']['left_out']}处未列出，见台账。")


def charts_of(figures):
    """[(chart, caption)] for paper and page: flow, twelve months, ages of the backlog, categories."""
    counts, series = figures["counts"], figures["series"]
    labels = [f"{int(row['month'][5:7])}月" for row in series]
    names = figures["category_names"]
    kinds = [
        (names.get(code, code), row["new"])
        for code, row in sorted(counts["categories"].items())
        if row["new"]
    ]
    found = [
        (charts.flow(both(counts, "carried"), both(counts, "new"), both(counts, "closed"),
                     names=["上月结转", "本月新增", "本月销号", "月末未销号"], title="本月隐患增减", value_label="处",
                     desc="上月结转加本月新增减本月销号等于月末未销号"), "本月隐患增减（处）"),
        (charts.line(labels, {"新增": [row["new"] for row in series], "销号": [row["closed"] for row in series],
                              "未销号": [row["open"] for row in series]},
                     title="近十二个月隐患变化", desc="每月新增、销号和月末未销号的隐患数"), "近十二个月隐患变化（处）"),
        (charts.stack([(AGE_WORDS[name], n) for name, _since, _until, n in figures["ages"]],
                      title="未销号隐患存续时间", desc="按发现至月末的天数分四段", value_label="处"), "未销号隐患存续时间（处）"),
    ]  # fmt: skip
    if kinds:
        chart = charts.bars(
            kinds, title="新增隐患类别", desc="按类别统计的本月新增隐患", value_label="处", limit=10
        )
        found.append((chart, "新增隐患类别（处）"))
    return found


def _grades_table(counts):
    heads = {
        "carried": "上月结转",
        "new": "本月新增",
        "closed": "本月销号",
        "open": "月末未销号",
        "overdue": "其中逾期",
    }
    rows = [
        [
            f"{GRADES[grade]}事故隐患",
            *(counts[grade][name] for name in heads),
            _share(counts[grade]["on_time"], counts[grade]["due"]),
        ]
        for grade in ("general", "major")
    ]
    total = [
        "合计", *(both(counts, name) for name in heads), _share(both(counts, "on_time"), both(counts, "due")),
    ]  # fmt: skip
    return blocks.table(
        ["级别", *heads.values(), "按期整改率"], rows, total=total, numeric=range(1, 7), widths=[1.9, 1, 1, 1, 1.2, 1, 1.7],
        caption="隐患排查治理情况（处）",
    )  # fmt: skip


def _share(part, whole):
    """94.5%（190/201); a dash when nothing fell due."""
    return f"{rate(part, whole)}%（{part}/{whole}）" if whole else "—"


def _schools_table(figures):
    rows = [
        [row["code"], row["name"], row["patrol"]["due"], row["patrol"]["done"], row["carried"], row["new"], row["closed"],
         row["open"], row["overdue"], row["major_open"], f"{row['on_time']}/{row['due']}" if row["due"] else "—",
         f"{row['weekly']['due'] - row['weekly']['missing']}/{row['weekly']['due']}", row["weekly"]["late"]]
        for row in figures["schools"]
    ]  # fmt: skip
    return blocks.table(
        ["代码", "学校", "应巡查", "实巡查", "结转", "新增", "销号", "未销号", "逾期", "重大", "按期/到期", "周报报送/应报", "迟报"],
        rows, widths=[1.8, 3, 1, 1, 0.9, 0.9, 0.9, 1, 0.9, 0.9, 1.3, 1.5, 0.9], numeric=range(2, 13),
    )  # fmt: skip
