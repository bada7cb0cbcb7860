"""The paper of a decision on an appeal (复核决定): a letter or a document, as the measure itself was."""

from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate
from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from ..workflow.measure_kinds import KIND_RULES, OFFICIAL, TAKE_BACK_DAYS, Kind
from ..workflow.measures import Result

CHINESE = "zh-hans"
DRAFT_NUMBER = "草稿未编号"
NAMES = {
    Kind.INTERVIEW: "约谈", Kind.CIRCULAR: "通报批评", Kind.YELLOW_CARD: "黄牌警告",
    Kind.ACCOUNTABILITY: "责任追究决定", Kind.DISCIPLINE: "处分决定", Kind.BAN: "禁止从事学校管理事务决定",
    Kind.PENALTY: "行政处罚决定",
}  # fmt: skip
# A penalty has its lawful ways beside the bureau's own look (行政处罚法 Art. 7, 75); they are not used up.
LAWFUL_WAYS = "本决定不影响你校依法申请行政复议或者提起行政诉讼的权利，其期限不因本次申诉而延长。"
OTHER_WAYS = "如对本决定仍有异议，可向上一级教育主管部门反映。"


def decision(row, number, bureau):
    """The data of the paper. `row`: an Appeal with its measure and school; `decided_at` is set."""
    measure, day = row.measure, chinese_date(localdate(row.decided_at))
    with override(CHINESE):
        body = [
            blocks.paragraph(
                f"你校{chinese_date(localdate(row.filed_at))}对{_name(measure)}（{measure.number}）提出的申诉收悉。"
                "我局指定未签发该决定的负责人进行了复核。现将复核决定通知如下："
            ),
            *_paragraphs("申诉理由", row.reason), *_paragraphs("复核情况", row.answer),
            blocks.paragraph(_decided(row), lead="复核决定："),
            blocks.paragraph(LAWFUL_WAYS if measure.kind == Kind.PENALTY else OTHER_WAYS),
        ]  # fmt: skip
        title = f"关于{measure.school.name}对{_name(measure)}申诉的复核决定"
        common = {
            "number": number, "title": title, "body": body, "author": bureau.name, "to": measure.school.name,
            "sign": blocks.signature(bureau.name, day),
            "note": f"联系人：{measure.contact}" if measure.contact else "",
        }  # fmt: skip
        if KIND_RULES[Kind(measure.kind)].template == OFFICIAL:
            return blocks.official(
                mark=f"{bureau.name}文件", printed_by=f"{bureau.name}办公室", printed_on=day, **common
            )
        return blocks.letter(mark=bureau.name, **common)


def _name(measure):
    return NAMES[Kind(measure.kind)]


def _decided(row):
    what = f"{_name(row.measure)}（{row.measure.number}）"
    if row.result == Result.UPHELD:
        return f"维持{what}。"
    if row.result == Result.REVOKED:
        back = f"已公开的，自本决定作出之日起{TAKE_BACK_DAYS}日内撤回并公开说明理由。"
        return f"撤销{what}，自本决定作出之日起不再执行。{back if row.measure.kind == Kind.PENALTY else ''}"
    changed = "，".join(_changed(name, *pair) for name, pair in sorted(row.changes.items()))
    return f"变更{what}：{changed or '变更内容见复核情况'}；其余内容继续执行。"


def _changed(name, old, new):
    if name == "until":
        before, after = (chinese_date(date.fromisoformat(value)) for value in (old, new))
        return f"截止日期由{before}变更为{after}"
    return f"金额由{Decimal(old):,.2f}元变更为{Decimal(new):,.2f}元"


def _paragraphs(lead, text):
    """One paragraph a line, the first with its lead."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [blocks.paragraph(line, lead=f"{lead}：" if not n else "") for n, line in enumerate(lines)]
