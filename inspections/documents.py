"""The data of this app's papers: notice, re-check opinion, check record. Plain JSON, frozen when issued."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from . import wording
from .models import ChecklistItem
from .workflow import Answer, ItemResult

CHINESE = "zh-hans"
DRAFT_NUMBER = "草稿未编号"
RESULTS = {ItemResult.DONE: "已完成", ItemResult.PARTLY: "部分完成", ItemResult.NOT_DONE: "未完成"}


def notice(row, items, number):
    """整改通知书 as a letter, with receipt (回执) and stub (存根). `items` are NoticeItems in order."""
    with override(CHINESE):
        people = [blocks.paragraph(f"检查人员：{row.inspectors}。")] if row.inspectors.strip() else []
        body = [
            blocks.paragraph(wording.fill(row.opening or wording.OPENING, _places(row, items))),
            blocks.table(
                ["序号", "部位", "隐患描述", "等级", "整改要求", "期限"],
                [
                    [i.order, i.place, _with_breach(i), _grade(i), i.demand, chinese_date(i.due_on)]
                    for i in items
                ],
                widths=[8, 15, 25, 8, 24, 20], centred=[0, 3],
            ),
            *people,
            *_paragraphs("临时防护要求", row.protection),
            blocks.paragraph(
                f"请于{chinese_date(row.reply_due_on)}前逐条书面回复整改情况。"
                f"我局定于{chinese_date(row.review_on)}进行复查。"
            ),
            *_paragraphs("逾期后果", row.consequence),
            *_paragraphs("说明和申诉途径", row.appeal),
        ]  # fmt: skip
        return blocks.letter(
            mark=row.bureau.name, number=number, title="安全隐患整改通知书", body=body,
            author=row.bureau.name, to=row.school.name, note=_contact(row),
            sign=blocks.signature(row.bureau.name, chinese_date(localdate(row.issued_at))),
            receipt=_receipt(row, items, number), stub=_stub(row, items, number),
        )  # fmt: skip


def draft_of(row, items, *, actor, now):
    """The notice as it would be issued by `actor` now, marked 草稿 in its corner; no number is used up."""
    row.issued_at, row.issued_by = now, actor
    return notice(row, items, DRAFT_NUMBER) | {"urgency": "草稿"}


def review(row, items, number, bureau):
    """复查意见书 of `bureau`: the notice it follows, the result of each item, the conclusion."""
    with override(CHINESE):
        body = [
            blocks.paragraph(
                f"{chinese_date(localdate(row.reviewed_at))}，我局对你校落实《安全隐患整改通知书》（{row.number}）的情况"
                "进行了复查。逐条结果如下："
            ),
            blocks.table(
                ["序号", "隐患", "学校回复", "复查结果", "备注"],
                [[i.order, f"{i.place}：{i.text}", _reply(i), _result(i), i.result_note] for i in items],
                widths=[8, 29, 31, 13, 19], centred=[0, 3],
            ),
            blocks.paragraph(row.conclusion, lead="复查结论："),
            blocks.paragraph(row.reviewers, lead="复查人员："),
        ]  # fmt: skip
        return blocks.letter(
            mark=bureau.name, number=number, title="安全隐患整改复查意见书", body=body,
            author=bureau.name, to=row.school.name, note=_contact(row),
            sign=blocks.signature(bureau.name, chinese_date(localdate(row.reviewed_at))),
            receipt=blocks.part(
                "送达回执", number=number,
                body=[blocks.paragraph(f"《安全隐患整改复查意见书》（{number}）收到。", is_flush=True)],
                signatures=["学校负责人（签字）", "学校（盖章）", "日期"],
            ),
        )  # fmt: skip


def conclusion(items):
    """The conclusion that follows from the results when nobody wrote another."""
    counts = [(sum(1 for i in items if i.result == result), word) for result, word in RESULTS.items()]
    found = "，".join(f"{count}项{word}" for count, word in counts if count)
    is_done = all(i.result == ItemResult.DONE for i in items)
    rest = "已完成的，按程序办理销号。" if is_done else "未完成的，请继续整改，完成后再次提交复查。"
    return f"经复查，共{len(items)}项隐患，其中{found}。{rest}"


def visit_facts(row):
    """(label, value) pairs of an inspection for the page."""
    return [
        (_("School"), row.school.name),
        (
            _("Form"),
            row.get_form_display() + (f" · {_('joint inspection')}：{row.partners}" if row.is_joint else ""),
        ),
        (_("What is inspected"), row.subject),
        (_("Day"), f"{row.inspected_on} {_span(row)}".strip()),
        (_("Places visited"), row.place),
        (_("Problems found"), row.problems_text),
        (_("How they are handled"), row.handling),
        (_("Head of the school"), f"{row.head_name} {row.head_post}".strip()),
        (_("Remarks of the school"), row.head_remark),
        (
            _("Signature refused"),
            row.is_signature_refused and f"{row.refusal_note}（{_('Witness')}：{row.witness}）",
        ),
    ]


def visit_record(row):
    """检查记录: the facts that 安全生产法 Art. 68 asks for, findings, signatures or the refusal."""
    with override(CHINESE):
        members = "；".join(
            f"{m.name}（{m.unit or '—'}，证件号 {m.certificate or '—'}）" for m in row.members.all()
        )
        pairs = [
            [("检查单位", row.bureau.name), ("被检查学校", row.school.name)],
            [
                ("检查日期", f"{chinese_date(row.inspected_on)} {_span(row)}"),
                ("检查形式", str(row.get_form_display())),
            ],
            [("检查内容", row.subject)],
            [("检查部位", row.place)],
            [("检查人员", members)],
            [("参加单位", row.partners or "—")],
            [("学校负责人", f"{row.head_name} {row.head_post}".strip() or "—")],
        ]
        findings = [
            [n, f.place, f.phrase, f.note or "—"] for n, f in enumerate(row.findings.all(), start=1)
        ] or [["—", "—", "未发现问题", "—"]]
        body = [
            blocks.grid(pairs),
            blocks.table(["序号", "部位", "问题", "说明"], findings, widths=[8, 24, 34, 34], centred=[0]),
            *_answered(row),
            *_paragraphs("问题综述", row.problems_text),
            *_paragraphs("处理情况", row.handling),
            *_paragraphs("学校意见", row.head_remark),
        ]
        if row.is_signature_refused:
            body.append(
                blocks.paragraph(
                    f"{row.refusal_note}。见证人：{row.witness}。", lead="被检查学校负责人拒绝签字："
                )
            )
        return blocks.form(
            title="安全检查记录", number=row.number or "（草稿）", author=row.bureau.name,
            issuer=row.bureau.name, body=body, footer=row.school.name,
            signatures=["检查人员（签字）", "被检查学校负责人（签字）", "日期"],
        )  # fmt: skip


def _places(row, items):
    """What may stand in the opening sentence: see wording.OPENING_NAMES."""
    return {
        "bureau": row.bureau.name, "school": row.school.name, "date": chinese_date(row.checked_on),
        "count": len(items), "inspectors": row.inspectors, "reply_by": chinese_date(row.reply_due_on),
        "review_on": chinese_date(row.review_on),
        "basis": "、".join(line.strip() for line in row.basis.splitlines() if line.strip()),
    }  # fmt: skip


def _paragraphs(lead, text):
    """One paragraph with its lead; none for an empty text."""
    return [blocks.paragraph(text.strip(), lead=f"{lead}：")] if text and text.strip() else []


def _with_breach(item):
    return f"{item.text}（违反{item.breach}）" if item.breach else item.text


def _grade(item):
    return {"major": "重大", "general": "一般"}.get(item.grade, "—")


def _reply(item):
    if item.reply_is_done is None:
        return "未回复"
    if not item.reply_is_done:
        return f"未完成：{item.reply}"
    facts = [chinese_date(item.done_on) if item.done_on else "", item.responsible]
    done = "，".join(fact for fact in facts if fact)
    return f"已完成{f'（{done}）' if done else ''}：{item.reply}"


def _result(item):
    return RESULTS.get(item.result, "—")


def _receipt(row, items, number):
    rows = [[i.order, i.place, "", "", "", ""] for i in items]
    return blocks.part(
        "整改回执",
        [
            blocks.paragraph(
                f"{row.bureau.name}：《安全隐患整改通知书》（{number}）收悉，整改情况如下：", is_flush=True
            ),
            blocks.table(
                ["序号", "部位", "整改情况", "责任人", "完成日期", "投入资金（元）"], rows,
                widths=[8, 19, 33, 13, 14, 13], centred=[0],
            ),
        ],
        number=number, signatures=["校长（签字）", "学校（盖章）", "日期"],
    )  # fmt: skip


def _stub(row, items, number):
    summary = "；".join(f"{i.order}.{i.place}" for i in items)
    return blocks.part(
        "存根",
        [
            blocks.grid([
                [("被通知学校", row.school.name), ("整改期限", chinese_date(max(i.due_on for i in items)))],
                [("内容摘要", summary)],
                [("签发人", str(row.issued_by or "")), ("经办人", str(row.created_by))],
            ])
        ],
        number=number, signatures=["送达方式", "送达日期", "签收人"],
    )  # fmt: skip


def _contact(row):
    return f"联系人：{row.contact}" if row.contact else ""


def _span(row):
    if not row.began_at:
        return ""
    return f"{row.began_at:%H:%M}–{row.ended_at:%H:%M}" if row.ended_at else f"{row.began_at:%H:%M}"


def _answered(row):
    """The checklist items gone through, with what was said of them, as a table; nothing without any."""
    items = ChecklistItem.objects.in_bulk(row.item_ids)
    said = [(items[pk], row.answers[str(pk)][:1]) for pk in row.item_ids if str(pk) in row.answers]
    if not said:
        return []
    lines = [[n, item.text, str(Answer(answer).label)] for n, (item, answer) in enumerate(said, start=1)]
    return [blocks.table(["序号", "检查项目", "结果"], lines, widths=[8, 74, 18], centred=[0, 2])]
