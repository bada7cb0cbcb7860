"""A notice on its way to the school: issued with its number, signed for or refused, withdrawn."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import services as hazards
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper

from .. import documents, workflow
from ..workflow import NoticeAction
from .notice_shared import begin, log, tell_school

TEMPLATE = "papers/letter.html"


@transaction.atomic
def issue(notice, *, actor, now):
    """Give it its number, freeze it as a paper, set the deadlines, tell the school; returns the notice.

    The second of two people is refused; whatever fails gives the number back. Raises ValidationError
    with a line for each hazard that changed since the draft.
    """
    notice = begin(notice, NoticeAction.ISSUE, actor=actor)
    today = timezone.localdate(now)
    items = list(notice.items.select_related("hazard__school").order_by("order"))
    _check(notice, items, today)
    notice.number = number_for(notice.bureau, "notice", today)
    notice.issued_at, notice.issued_by = now, actor
    notice.paper = issue_paper(
        notice, kind="notice", organisation=notice.bureau, addressee=notice.school, number=notice.number,
        title=f"安全隐患整改通知书（{notice.school.label}）", template=TEMPLATE,
        data=documents.notice(notice, items, notice.number), now=now, actor=actor,
    )  # fmt: skip
    notice.save()
    for item in items:
        hazards.order(item.hazard, actor=actor, notice=notice.number, due_on=item.due_on)
    log(notice, NoticeAction.ISSUE, actor=actor, number=notice.number, sha256=notice.paper.sha256)
    tell_school(notice, _("Sign for the rectification notice %(number)s"), now=now)
    return notice


@transaction.atomic
def sign_for(notice, *, actor, post, now):
    """The school signs for receipt, with name, post and time."""
    notice = begin(notice, NoticeAction.SIGN_FOR, actor=actor)
    notice.received_at, notice.received_by, notice.received_post = now, actor, _needed("post", post)
    notice.save()
    log(notice, NoticeAction.SIGN_FOR, actor=actor, post_named=notice.received_post)
    tell_school(notice, _("Answer the rectification notice %(number)s item by item"), now=now)
    return notice


@transaction.atomic
def record_refusal(notice, *, actor, note, witness, now):
    """The school refused to sign: circumstances and witness are kept; the notice counts as delivered."""
    notice = begin(notice, NoticeAction.RECORD_REFUSAL, actor=actor)
    notice.refusal_note, notice.refusal_witness = _needed("note", note), _needed("witness", witness)
    notice.save()
    log(notice, NoticeAction.RECORD_REFUSAL, actor=actor, note=note, witness=witness)
    tell_school(notice, _("Notice %(number)s: the refusal to sign was recorded"), now=now)
    return notice


@transaction.atomic
def withdraw(notice, *, actor, note, now):
    """Void an issued notice with a reason; its number stays used, its hazards are free again."""
    notice = begin(notice, NoticeAction.WITHDRAW, actor=actor)
    notice.withdrawal_note = _needed("note", note)
    notice.save()
    notice.items.update(is_current=False)
    log(notice, NoticeAction.WITHDRAW, actor=actor, note=note, number=notice.number)
    tell_school(notice, _("The notice %(number)s was withdrawn"), now=now, needs_action=False)
    return notice


def _check(notice, items, today):
    """Every reason against issuing it today, as one list."""
    faults = []
    for item in items:
        name = f"{item.order}. {item.hazard.number}"
        if reason := workflow.cite_refusal(item.hazard.status, item.hazard.grade):
            faults.append(f"{name}：{reason}")
        if item.due_on < today:
            faults.append(f"{name}：{_('The deadline cannot lie in the past.')}")
    if not items:
        faults.append(_("The notice lists no hazard."))
    if not notice.basis.strip():
        faults.append(_("Name the legal basis."))
    if notice.reply_due_on < today:
        faults.append(_("The day of the reply cannot lie in the past."))
    if notice.review_on < notice.reply_due_on:
        faults.append(_("The re-check comes after the reply."))
    if faults:
        raise ValidationError(faults)


def _needed(field, text):
    words = (text or "").strip()
    if not words:
        raise ValidationError({field: _("Please fill this in.")})
    return words
