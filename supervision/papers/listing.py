"""What the papers of listed supervision say: 挂牌督办通知书, 摘牌通知书, 延期申请表, 评估和验收意见.

The fields follow the practice gathered in the design (通知书 of the bureaus, 福建's ledger of 督办 items);
plain JSON, frozen when issued.
"""

from django.utils.timezone import localdate
from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from ..workflow.listing import Cycle, Ground

CHINESE = "zh-hans"
DRAFT_NUMBER = "草稿未编号"
GROUNDS = {
    Ground.RECTIFIED: "治理完成并经验收合格",
    Ground.TRANSFERRED: "已移交其他主管部门处理",
    Ground.DEMOLISHED: "隐患所在建筑或设备已拆除",
    Ground.REGRADED: "经重新判定不构成重大事故隐患",
}
CYCLES = {
    Cycle.DAILY: "每个工作日报送一次",
    Cycle.WEEKLY: "每周报送一次",
    Cycle.FORTNIGHTLY: "每两周报送一次",
    Cycle.MONTHLY: "每四周报送一次",
}


def notice(row, stages, number):
    """挂牌督办通知书 as a letter with receipt and stub. `stages` are ListingStages in order."""
    with override(CHINESE):
        bureau = row.organisation.name
        body = [
            blocks.paragraph(
                f"依据{row.basis.strip().rstrip('。')}，我局决定对你校“{row.hazard.title}”重大事故隐患实行挂牌督办。"
                "现将有关事项通知如下。"
            ),
            _facts(row, number),
            *_part("基本情况与原因", row.situation),
            *_part("督办要求", row.demands),
            *_plan_part(row),
            *_stages(stages),
            *_part("监控和应急措施", row.controls),
            blocks.paragraph(
                "隐患部位自收到本通知之日起停止使用，未经我局同意不得恢复。" if row.is_use_stopped else
                "隐患部位未责令停用；治理期间无法保证安全的，应立即停用并报告我局。", lead="使用管理：",
            ),
            blocks.paragraph(
                f"自{chinese_date(localdate(row.issued_at))}起至{chinese_date(row.due_on)}止。",
                lead="督办期限：",
            ),
            blocks.paragraph(
                f"{CYCLES[Cycle(row.cycle)]}，首次报送不晚于{_first_report(row)}，由学校主要负责人审核。",
                lead="进展报送：",
            ),
            *_part("延期申请", row.extension_how),
            *_part("摘牌条件", row.conditions),
            *_part("公示方式", row.publicity),
        ]  # fmt: skip
        return blocks.letter(
            mark=bureau, number=number, title="重大事故隐患挂牌督办通知书", body=body, author=bureau,
            to=row.school.name, note=f"联系人：{row.contact}" if row.contact else "",
            sign=blocks.signature(bureau, chinese_date(localdate(row.issued_at))),
            receipt=_receipt("重大事故隐患挂牌督办通知书", number), stub=_stub(row, number),
        )  # fmt: skip


def draft_of(row, stages, *, actor, now, first_report):
    """The notice as it would be issued by `actor` now, marked 草稿 in its corner; no number is used up."""
    row.issued_at, row.issued_by, row.next_report_on = now, actor, first_report
    return notice(row, stages, DRAFT_NUMBER) | {"urgency": "草稿"}


def delisting(row, passed, bureau):
    """摘牌（解除督办）通知书 of `bureau`; `passed` is the ListingAcceptance that it rests on, or None."""
    with override(CHINESE):
        number, ended = row.delisting_number, chinese_date(localdate(row.delisted_at))
        listed = chinese_date(localdate(row.issued_at))
        body = [
            blocks.paragraph(
                f"{listed}，我局以《重大事故隐患挂牌督办通知书》（{row.number}）对你校“{row.hazard.title}”（{row.hazard.place}）"
                f"实行挂牌督办，督办期限至{chinese_date(row.due_on)}。"
            ),
            *_ground(row, passed),
            *([blocks.paragraph(row.delisting_note, lead="说明：")] if row.delisting_note else []),
            blocks.paragraph(_last_words(row)),
        ]
        return blocks.letter(
            mark=bureau.name, number=number, title="重大事故隐患挂牌督办摘牌通知书", body=body,
            author=bureau.name, to=row.school.name, note=f"联系人：{row.contact}" if row.contact else "",
            sign=blocks.signature(bureau.name, ended),
            receipt=_receipt("重大事故隐患挂牌督办摘牌通知书", number),
        )  # fmt: skip


def extension(row, request):
    """延期申请表 with its decision; `request` is a decided ListingExtension."""
    with override(CHINESE):
        late = "，已超过规定的提出时间" if request.is_late else ""
        asked, decided = localdate(request.asked_at), localdate(request.decided_at)
        in_time = chinese_date(request.notice_due_on)
        result = f"同意延期至{chinese_date(request.new_due_on)}" if request.is_granted else "不同意延期"
        body = [
            blocks.grid([
                [("申请单位", row.school.name)],
                [("督办编号", row.number), ("督办单位", row.organisation.name)],
                [("隐患名称", f"{row.hazard.title}（{row.hazard.number}）")],
                [("原督办期限", chinese_date(request.old_due_on)),
                 ("申请延期至", chinese_date(request.asked_due_on))],
                [("申请时间", f"{chinese_date(asked)}（应不晚于{in_time}提出{late}）")],
                [("申请理由", request.reason)],
                [("延期期间监控和应急措施", request.safeguards)],
                [("申请人", str(request.asked_by)),
                 ("应作出决定时间", chinese_date(request.decide_due_on))],
                [("督办单位决定", "。".join([result, *filter(None, [request.answer.rstrip("。")])]) + "。")],
                [("决定人", str(request.decided_by)), ("决定时间", chinese_date(decided))],
            ])
        ]  # fmt: skip
        return blocks.form(
            title="重大事故隐患挂牌督办延期申请表", number=row.number, author=row.organisation.name,
            issuer=row.organisation.name, body=body, footer=row.school.name,
            signatures=["学校（盖章）", "督办单位（盖章）", "日期"],
        )  # fmt: skip


def acceptance(row, found):
    """治理情况评估报告和验收意见; `found` is a held ListingAcceptance."""
    with override(CHINESE):
        held = localdate(found.held_at)
        result = "验收合格，同意按程序摘牌。" if found.is_passed else "验收不合格，继续挂牌督办。"
        body = [
            blocks.grid([
                [("申请单位", row.school.name)],
                [("督办编号", row.number), ("督办单位", row.organisation.name)],
                [("隐患名称", f"{row.hazard.title}（{row.hazard.number}）")],
                [("隐患部位", row.hazard.place)],
                [("督办期限", chinese_date(row.due_on)),
                 ("申请时间", chinese_date(localdate(found.applied_at)))],
                [("治理情况评估", found.assessment)],
                [("评估单位（人员）", found.assessed_by), ("申请人", str(found.applied_by))],
                [("验收时间", f"{chinese_date(held)}（应不晚于{chinese_date(found.due_on)}）")],
                [("验收人员", found.people)],
                [("验收意见", "\n".join(part for part in (result, found.opinion) if part))],
            ])
        ]  # fmt: skip
        return blocks.form(
            title="重大事故隐患治理情况评估和验收意见", number=row.number, author=row.organisation.name,
            issuer=row.organisation.name, body=body, footer=row.school.name,
            signatures=["验收人员（签字）", "学校负责人（签字）", "日期"],
        )  # fmt: skip


def _facts(row, number):
    level = "市级挂牌督办" if row.level == "city" else "区县级挂牌督办"
    plan = getattr(row.hazard, "plan", None)
    funds = (
        f"{plan.funds_planned:,.2f}元（{plan.funds_source or '来源待定'}）"
        if plan and plan.funds_planned
        else "—"
    )
    return blocks.grid([
        [("督办编号", number), ("督办级别", level)],
        [("督办单位", row.organisation.name), ("督办责任人", str(row.supervisor))],
        [("责任单位", row.school.name)],
        [("责任人", row.responsible)],
        [("隐患名称", row.hazard.title), ("隐患等级", "重大事故隐患")],
        [("隐患部位", row.hazard.place), ("隐患编号", row.hazard.number)],
        [("整改资金", funds)],
    ])  # fmt: skip


def _plan_part(row):
    plan = getattr(row.hazard, "plan", None)
    if row.plan_due_on:
        words = f"请于{chinese_date(row.plan_due_on)}前报送治理方案，落实责任、时限、措施、资金和应急预案。"
        return [blocks.paragraph(words, lead="治理方案：")]
    return _part("治理方案", plan.measures) if plan and plan.measures else []


def _stages(stages):
    """The stages as a table; nothing without any."""
    if not stages:
        return []
    lines = [[stage.order, stage.name, chinese_date(stage.due_on)] for stage in stages]
    return [
        blocks.paragraph("", lead="阶段目标："),
        blocks.table(["序号", "阶段目标", "完成时间"], lines, widths=[10, 60, 30], centred=[0, 2]),
    ]


def _first_report(row):
    return chinese_date(row.next_report_on)


def _ground(row, passed):
    if passed is not None:
        held = chinese_date(localdate(passed.held_at))
        words = (
            f"{held}，{passed.people}到现场验收，认为治理完成、验收合格。现决定自即日起摘牌，解除挂牌督办。"
        )
        opinion = [blocks.paragraph(passed.opinion, lead="验收意见：")] if passed.opinion else []
        return [blocks.paragraph(words), *opinion]
    words = f"因{GROUNDS[Ground(row.ground)]}，现决定自即日起解除挂牌督办。"
    return [blocks.paragraph(words)]


def _last_words(row):
    if row.ground == Ground.RECTIFIED:
        return "请按程序办理隐患销号，保持日常巡查，防止反弹；我局将适时开展“回头看”。"
    return "解除督办不免除学校的安全管理责任，请继续落实防护措施，按职责配合有关部门处理。"


def _part(lead, text):
    """One paragraph with its lead, ended by a stop; none for an empty text."""
    words = (text or "").strip()
    stop = "" if words.endswith(("。", "！", "？", "）")) else "。"
    return [blocks.paragraph(f"{words}{stop}", lead=f"{lead}：")] if words else []


def _receipt(title, number):
    words = f"《{title}》（{number}）收悉，学校将按要求落实。"
    return blocks.part(
        "送达回执", number=number, body=[blocks.paragraph(words, is_flush=True)],
        signatures=["学校负责人（签字）", "学校（盖章）", "日期"],
    )  # fmt: skip


def _stub(row, number):
    pairs = [
        [("被督办学校", row.school.name), ("督办期限", chinese_date(row.due_on))],
        [("隐患名称", row.hazard.title)],
        [("签发人", str(row.issued_by or "")), ("经办人", str(row.created_by))],
    ]
    return blocks.part(
        "存根", [blocks.grid(pairs)], number=number, signatures=["送达方式", "送达日期", "签收人"]
    )
