"""The data of this app's papers: notice, re-check opinion, check record. Plain JSON, frozen when issued."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from .models import ChecklistItem
from .workflow import Answer, ItemResult

CHINESE = "zh-hans"


def notice(row, items, number):
    """整改通知书 in the letter form, with receipt (回执) and stub (存根). `items` are NoticeItems in order."""
    with override(CHINESE):
        title = f"安全隐患整改通知书（{row.school.label}）"
        body = [
            blocks.paragraph(_opening(row, items)),
            blocks.table(
                ["序号", "部位", "隐患描述", "等级", "整改要求", "期限"],
                [
                    [i.order, i.place, _with_breach(i), _grade(i), i.demand, chinese_date(i.due_on)]
                    for i in items
                ],
                widths=[5, 14, 28, 7, 30, 16],
            ),
            *_paragraphs("临时防护要求", row.protection),
            blocks.paragraph(
                f"请于{chinese_date(row.reply_due_on)}前逐条书面回复整改情况。"
                f"我局定于{chinese_date(row.review_on)}复查。"
            ),
            *_paragraphs("逾期后果", row.consequence),
            *_paragraphs("说明和申诉途径", row.appeal),
        ]
        return blocks.letter(
            mark=row.bureau.name, number=number, title=title, body=body, author=row.bureau.name,
            to=row.school.name, sign=blocks.signature(row.bureau.name, chinese_date(localdate(row.issued_at))),
            note=_contact(row), receipt=_receipt(row, items, number), stub=_stub(row, items, number),
        )  # fmt: skip


def review(row, items, number):
    """复查意见书: the notice it answers, the result of each item, the conclusion."""
    with override(CHINESE):
        body = [
            blocks.paragraph(
                f"我局于{chinese_date(localdate(row.reviewed_at))}对你校落实《安全隐患整改通知书》（{row.number}）的情况"
                f"进行了复查，复查人：{row.reviewers}。逐条结果如下："
            ),
            blocks.table(
                ["序号", "隐患", "学校回复", "复查结果", "备注"],
                [[i.order, f"{i.place}：{i.text}", _reply(i), _result(i), i.result_note] for i in items],
                widths=[5, 30, 32, 12, 21],
            ),
            blocks.paragraph(f"复查结论：{row.conclusion}"),
        ]
        return blocks.letter(
            mark=row.bureau.name, number=number, title=f"安全隐患整改复查意见书（{row.school.label}）", body=body,
            author=row.bureau.name, to=row.school.name,
            sign=blocks.signature(row.bureau.name, chinese_date(localdate(row.reviewed_at))), note=_contact(row),
            receipt=blocks.part(
                "送达回执", [blocks.paragraph(f"《复查意见书》（{number}）收到。")], number=number,
                signatures=["学校负责人（签字）", "日期"],
            ),
        )  # fmt: skip


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
        ]
        findings = [
            [n, f.place, f.phrase, f.note or "—"] for n, f in enumerate(row.findings.all(), start=1)
        ] or [["—", "—", "未发现问题", "—"]]
        body = [
            blocks.grid(pairs),
            blocks.table(["序号", "部位", "问题", "说明"], findings, widths=[6, 24, 34, 36]),
            *_paragraphs("检查项", _answered(row)),
            *_paragraphs("问题综述", row.problems_text),
            *_paragraphs("处理情况", row.handling),
            *_paragraphs("学校意见", row.head_remark),
        ]
        refused = f"被检查单位负责人拒绝签字：{row.refusal_note}；见证人：{row.witness}"
        if row.is_signature_refused:
            body.append(blocks.paragraph(refused))
        head = f"被检查单位负责人（签字）：{row.head_name} {row.head_post}".strip()
        return blocks.form(
            title="安全检查记录", number=row.number or "（草稿）", author=row.bureau.name, issuer=row.bureau.name,
            body=body, signatures=["检查人员（签字）：", head, "日期："], footer=row.school.name,
        )  # fmt: skip


def _opening(row, items):
    basis = "、".join(line.strip() for line in row.basis.splitlines() if line.strip())
    people = f"检查人员：{row.inspectors}。" if row.inspectors else ""
    return (
        f"{chinese_date(row.checked_on)}，我局对你校进行了安全检查。{people}经查，发现以下{len(items)}项安全隐患。"
        f"根据{basis}，请按要求和期限完成整改；整改完成前落实防护措施，确保师生安全。"
    )


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
    done = f"（{chinese_date(item.done_on)}）" if item.done_on else ""
    return f"{'已完成' if item.reply_is_done else '未完成'}{done}：{item.reply}"


def _result(item):
    return str(ItemResult(item.result).label) if item.result else "—"


def _receipt(row, items, number):
    rows = [[i.order, i.place, "", "", "", ""] for i in items]
    return blocks.part(
        "整改回执",
        [
            blocks.paragraph(f"{row.bureau.name}：《安全隐患整改通知书》（{number}）收悉，整改情况如下："),
            blocks.table(
                ["序号", "部位", "整改情况", "责任人", "完成日期", "投入资金（元）"], rows, widths=[6, 20, 34, 13, 14, 13]
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
        number=number, signatures=["送达日期", "签收人"],
    )  # fmt: skip


def _contact(row):
    return f"联系人：{row.contact}" if row.contact else ""


def _span(row):
    if not row.began_at:
        return ""
    return f"{row.began_at:%H:%M}–{row.ended_at:%H:%M}" if row.ended_at else f"{row.began_at:%H:%M}"


def _answered(row):
    """The checklist items gone through, with what was said of them."""
    items = ChecklistItem.objects.in_bulk(row.item_ids)
    said = {pk: row.answers.get(str(pk), "")[:1] for pk in row.item_ids}
    return "；".join(
        f"{items[pk].text}——{Answer(answer).label if answer else '未记录'}" for pk, answer in said.items()
    )
