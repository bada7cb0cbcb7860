"""The data of the papers of a stop of use: the order (停用), and the answer to an application (批复)."""

from django.utils.timezone import localdate
from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date
from schoolsafety.core.preferences import preference

from ..workflow.stops import Assessor, Extent

CHINESE = "zh-hans"
TEMPLATE = "papers/letter.html"
DRAFT_NUMBER = "草稿未编号"
TITLES = {Extent.PARTIAL: "责令停用通知书", Extent.FULL: "停止使用决定书"}


def title_of(order):
    """通知书 for a part of a school, 决定书 for all of it."""
    return TITLES[Extent(order.extent)]


def stop_order(order, number, bureau):
    """The order as a letter with its receipt and stub; `order` is loaded with hazard, school, people."""
    with override(CHINESE):
        days = preference(order.school, "stops.review_days")
        body = [
            blocks.paragraph(
                f"经查，你校存在重大事故隐患：{_ended(order.reason)}"
                "该隐患排除前或者排除过程中无法保证安全。"
                f"根据{_joined(order.basis)}，我局决定："
            ),
            blocks.paragraph(_command(order)),
            *_lines("你校应当做到", order.demands),
            blocks.paragraph(
                "隐患排除后，由你校组织技术人员和专家，或者委托具备相应资质的机构进行评估，并向我局书面申请恢复使用。"
                f"我局自收到申请之日起{days}日内进行现场审查；未经审查同意，不得恢复使用。停用一般不超过"
                f"{chinese_date(order.limit_on)}，请抓紧治理。",
                lead="恢复使用：",
            ),
            *_lines("申诉途径", order.appeal),
            # A long number inside a sentence would tear the line before it apart.
            blocks.paragraph(order.hazard.number, lead="隐患编号："),
        ]
        return blocks.letter(
            mark=bureau.name, number=number, title=title_of(order), body=body, author=bureau.name,
            to=order.school.name, note=f"联系人：{order.contact}" if order.contact else "",
            sign=blocks.signature(bureau.name, chinese_date(localdate(order.issued_at))),
            receipt=_receipt(order, number), stub=_stub(order, number),
        )  # fmt: skip


def draft_of(order, bureau, *, actor, now, limit_on):
    """The order as `actor` would issue it now, marked 草稿 in its corner; no number is used up."""
    order.issued_at, order.issued_by, order.limit_on = now, actor, limit_on
    return stop_order(order, DRAFT_NUMBER, bureau) | {"urgency": "草稿"}


def decision_title(request):
    """关于同意（不同意）某校恢复使用某处的批复"""
    word = "同意" if request.is_granted else "不同意"
    return f"关于{word}{request.order.school.name}恢复使用{_object(request.order)}的批复"[:200]


def decision(request, number, bureau):
    """恢复使用批复 as a letter: the application, the assessment, the review on site, consent or refusal."""
    order = request.order
    with override(CHINESE):
        body = [
            blocks.paragraph(
                f"你校{chinese_date(localdate(request.applied_at))}提交的关于恢复使用{_object(order)}的申请收悉。"
                f"该处因重大事故隐患自{chinese_date(order.starts_on)}起停用"
                f"（{order.number}）。现批复如下："
            ),
            blocks.paragraph(_assessed(request), lead="一、评估情况。"),
            blocks.paragraph(
                f"{chinese_date(request.reviewed_on)}，{request.reviewers}进行了现场审查。{_ended(request.findings)}",
                lead="二、现场审查情况。",
            ),
            *_decided(request),
        ]
        return blocks.letter(
            mark=bureau.name, number=number, title=decision_title(request), body=body, author=bureau.name,
            to=order.school.name, note=f"联系人：{order.contact}" if order.contact else "",
            sign=blocks.signature(bureau.name, chinese_date(localdate(request.decided_at))),
        )  # fmt: skip


def _command(order):
    day = chinese_date(order.starts_on)
    if order.extent == Extent.FULL:
        return f"自{day}起，你校整体停止使用（{order.place}），停用期间不得组织教育教学活动。"
    return f"自{day}起，停止使用你校{order.place}，停用期间任何人不得使用、进入（治理人员除外）。"


def _object(order):
    return "全部校舍场地" if order.extent == Extent.FULL else order.place


def _assessed(request):
    day = chinese_date(request.assessed_on)
    if request.assessor == Assessor.BODY:
        who = f"{request.body}（资质证书号{request.certificate}）"
    else:
        who = f"你校组织技术人员和专家（{_joined(request.experts)}）"
    return f"{who}于{day}进行评估，结论：{_ended(request.conclusion)}"


def _decided(request):
    order = request.order
    if request.is_granted:
        rest = f"同意自本批复之日起恢复使用，{order.number}同时终止。"
        tail = f"请做到：{_ended(request.answer)}" if request.answer else "请加强日常巡查，防止隐患反弹。"
        return [blocks.paragraph(f"{rest}{tail}", lead="三、审查结论。")]
    return [
        blocks.paragraph(
            f"不同意恢复使用。理由：{_ended(request.answer)}该处继续停用；请继续治理，隐患排除后重新评估并再次申请。",
            lead="三、审查结论。",
        )
    ]


def _receipt(order, number):
    return blocks.part(
        "送达回证",
        [blocks.paragraph(f"《{title_of(order)}》（{number}）收到，立即执行停用要求。", is_flush=True)],
        number=number, signatures=["学校负责人（签字）", "学校（盖章）", "日期"],
    )  # fmt: skip


def _stub(order, number):
    return blocks.part(
        "存根",
        [
            blocks.grid([
                [("被停用学校", order.school.name), ("停用起始", chinese_date(order.starts_on))],
                [("停用范围", order.place)],
                [("隐患编号", order.hazard.number), ("隐患", order.hazard.title)],
                [("签发人", str(order.issued_by or "")), ("经办人", str(order.created_by or ""))],
            ])
        ],
        number=number, signatures=["送达方式", "送达日期", "签收人"],
    )  # fmt: skip


def _lines(lead, text):
    """One paragraph with its lead; none for an empty text."""
    words = "".join(_ended(line.strip()) for line in text.splitlines() if line.strip())
    return [blocks.paragraph(words, lead=f"{lead}：")] if words else []


def _joined(text):
    return "、".join(line.strip() for line in text.splitlines() if line.strip())


def _ended(text):
    """The words with a full stop at their end."""
    words = text.strip()
    return words if words.endswith(("。", "！", "？", "；")) else f"{words}。"
