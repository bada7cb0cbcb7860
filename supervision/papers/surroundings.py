"""The letter (函) about hazards around schools as plain data for `core.papers`, and its suggested words."""

from django.utils.timezone import localdate
from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from ..workflow.surroundings import Kind

CHINESE = "zh-hans"
DRAFT_NUMBER = "草稿未编号"
WORDS = (
    "为维护学校周边秩序，保障师生人身安全，我局会同学校对校园周边安全隐患进行了排查。现将需由贵单位牵头组织整治的"
    "{count}处隐患函告如下：\n"
    "上述隐患在校外，学校无权自行整治，已采取力所能及的临时防护措施。根据《中华人民共和国未成年人保护法》和"
    "校园周边综合治理的有关规定，请予核实并组织整治，明确责任单位和完成时限。"
)
REMINDER_WORDS = (
    "上述隐患尚未消除，直接威胁师生人身安全：\n请贵单位高度重视，尽快组织整治，并将进展和完成时限函复我局。逾期仍未答复的，"
    "我局将提请召开校园周边综合治理联席会议研究。"
)


def title_for(rows):
    """The suggested title of a letter about `rows`."""
    return f"关于商请整治{_whose(rows)}周边安全隐患的函"


def reminder_title(rows):
    """The suggested title of a reminder about `rows`."""
    return f"关于催办{_whose(rows)}周边安全隐患整治事项的函"


def words_for(count):
    """The suggested words: the first paragraph stands before the table, the others after it."""
    return WORDS.format(count=count)


def letter(row, places, earlier, number, today):
    """The letter as a paper. `places` are Surroundings in order, `earlier` the letters it reminds of."""
    with override(CHINESE):
        head, _newline, rest = row.body.strip().partition("\n")
        opening = [_reference(row, earlier), head] if earlier else [head]
        body = [
            *[blocks.paragraph(text) for text in opening],
            blocks.table(
                ["序号", "学校", "地点和距离", "隐患情况", "已采取的防护", "建议牵头单位"],
                [_line(order, place) for order, place in enumerate(places, start=1)],
                widths=[7, 17, 20, 26, 15, 15], centred=[0],
            ),
            *[blocks.paragraph(line.strip()) for line in rest.splitlines() if line.strip()],
            blocks.paragraph(f"请于{chinese_date(row.reply_due_on)}前将整治意见和进展函复我局。"),
            blocks.paragraph("此函。" if not earlier else "特此函催。"),
        ]  # fmt: skip
        return blocks.letter(
            mark=row.organisation.name, number=number, title=row.title, body=body,
            author=row.organisation.name, to=row.addressee, copies=row.copies,
            note=f"联系人：{row.contact}" if row.contact else "",
            sign=blocks.signature(row.organisation.name, chinese_date(today)),
        )  # fmt: skip


def draft_of(row, places, earlier, today):
    """The letter as it would go out today, marked 草稿; no number is used up."""
    return letter(row, places, earlier, DRAFT_NUMBER, today) | {"urgency": "草稿"}


def _whose(rows):
    names = list(dict.fromkeys(row.school.label for row in rows))
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}所学校"


def _reference(row, earlier):
    """The sentence that names the first letter, what was asked, and the reminders in between."""
    first, *reminders = earlier
    sent = chinese_date(localdate(first.issued_at))
    words = (
        f"我局于{sent}以《{first.title}》（{first.number}）函告贵单位学校周边安全隐患，"
        f"请于{chinese_date(first.reply_due_on)}前函复。"
    )
    for one in reminders:
        words += f"{chinese_date(localdate(one.issued_at))}又以{one.number}函催。"
    return f"{words}至今未收到答复，现第{len(earlier)}次催办。"


def _line(order, place):
    kind = str(Kind(place.kind).label)
    risk = "：".join(part for part in (place.title, place.description.strip()) if part)
    return [
        order, place.school.label, f"{place.place}（距校约{place.distance}米）", f"【{kind}】{risk}",
        place.protection or "—", place.agency,
    ]  # fmt: skip
