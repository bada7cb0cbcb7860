"""The request for money (请示) as plain data for `core.papers`, and its suggested words."""

from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

CHINESE = "zh-hans"
DRAFT_NUMBER = "草稿未编号"


def yuan(amount):
    """12,345.60"""
    return f"{amount:,.2f}"


def suggestions(issuer, needs, total):
    """The words of a new request of `issuer` for `needs`: addressee, title, body, contact."""
    names = list(dict.fromkeys(need.school.label for need in needs))
    several = f"{names[0]}等{len(names)}所学校" if len(names) > 1 else names[0]
    whose, here = ("", "我校") if issuer.is_school else (several, several)
    return {
        "addressee": issuer.parent.name if issuer.parent_id else "", "contact": "",
        "title": f"关于解决{whose}安全隐患整改资金的请示",
        "body": (
            f"经排查核定，{here}现有{len(needs)}处安全隐患因资金不足未能完成整改，已落实临时防护措施并专人值守。"
            f"经测算，共需整改资金{yuan(total)}元。按单位资金消除的风险由高到低排序，明细如下：\n"
            "上述隐患直接关系师生生命安全，依靠现有经费难以解决。恳请统筹安排专项资金；资金到位后，我单位将专款专用，"
            "按期完成整改并申请验收销号。"
        ),
    }  # fmt: skip


def request(row, lines, number, today):
    """The request as a paper in the 文件 layout. `lines` are RequestLines with need, hazard and school."""
    with override(CHINESE):
        head, _newline, rest = row.body.strip().partition("\n")
        body = [
            blocks.paragraph(head),
            blocks.table(
                ["序号", "学校", "隐患", "临时防护", "风险值", "所需资金（元）"],
                [_line(line) for line in lines],
                widths=[7, 17, 27, 20, 9, 20], centred=[0], numeric=[4, 5],
                total=["", "合计", "", "", "", yuan(row.total)],
            ),
            blocks.note(
                "风险值＝等级系数×可能性×暴露人数系数×后果严重性；按每万元可消除的风险值由高到低排序。"
            ),
            *[blocks.paragraph(line.strip()) for line in rest.splitlines() if line.strip()],
            blocks.paragraph("妥否，请批示。"),
        ]  # fmt: skip
        place = row.organisation
        return blocks.official(
            mark=f"{place.name}文件", number=number, title=row.title, body=body, author=place.name,
            to=row.addressee, signers=[str(row.issued_by)] if row.issued_by else [],
            note=f"联系人：{row.contact}" if row.contact else "",
            sign=blocks.signature(place.name, chinese_date(today)),
            printed_by=place.name, printed_on=chinese_date(today),
        )  # fmt: skip


def draft_of(row, lines, today):
    """The request as it would be issued today, marked 草稿; no number is used up."""
    return request(row, lines, DRAFT_NUMBER, today) | {"urgency": "草稿"}


def _line(line):
    hazard = line.need.hazard
    guard = "，".join(part for part in (hazard.interim_closed, hazard.interim_watch) if part)
    return [
        line.order, line.need.school.label, f"{hazard.place}：{hazard.title}", guard,
        f"{line.need.risk.normalize():f}", yuan(line.cost),
    ]  # fmt: skip
