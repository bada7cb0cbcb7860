"""Rectification notices (整改通知书): drafted, issued, signed for or refused, answered, re-checked."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Hazard, LegalBasis
from hazards.workflow import Status
from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.numbering import paper_number
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_STAFF, Role
from schoolsafety.core.workdays import calendar_for

from .. import documents, workflow
from ..models import Notice, NoticeItem
from ..workflow import NOTICE_RULES, ItemResult, NoticeAction, NoticeStatus

TEMPLATE = "papers/letter.html"
LEAST_REVIEWERS = 2


class EditedMeanwhile(ValidationError):
    """Someone else saved the draft since this form was opened."""


@transaction.atomic
def draft(school, *, bureau, chosen, actor, now, inspection=None, **texts):
    """A draft notice for open, graded hazards of one school; returns it. No number is used up.

    Each hazard may stand in one current notice only. Raises ValidationError naming the hazards that
    cannot be cited, NotAllowed for a person without a bureau's post there.
    """
    _authorise(bureau, school, actor)
    rows = list(
        Hazard.objects.select_for_update(of=("self",)).filter(pk__in=[h.pk for h in chosen], school=school)
    )
    _check_hazards(rows, len(chosen))
    today = timezone.localdate(now)
    calendar = calendar_for(school)
    reply_by = calendar.add(today, preference(school, "notice.days"))
    values = {
        "checked_on": today, "reply_due_on": reply_by, "review_on": calendar.add(reply_by, 3),
        "basis": suggest_basis(rows, today),
    } | texts  # fmt: skip
    notice = Notice.objects.create(
        bureau=bureau, school=school, inspection=inspection, created_at=now, created_by=actor, **values
    )
    try:
        with transaction.atomic():
            NoticeItem.objects.bulk_create(
                [_item(notice, n, h, reply_by) for n, h in enumerate(rows, start=1)]
            )
    except IntegrityError as error:
        raise ValidationError(_("One of these hazards stands in another current notice.")) from error
    record_event(
        notice, "inspections.draft_notice", organisation=bureau, actor=actor, school=school.name,
        hazards=[row.number for row in rows], post=actor.post_for(bureau, workflow.BUREAU),
    )  # fmt: skip
    return notice


@transaction.atomic
def edit(notice, *, actor, texts, items, version):
    """Change the words of a draft: `items` maps a NoticeItem's pk to its fields. Raises EditedMeanwhile."""
    notice = _begin(notice, NoticeAction.EDIT, actor)
    if notice.version != version:
        raise EditedMeanwhile(_("Someone else changed this draft meanwhile. Reload and compare."))
    for name, value in texts.items():
        setattr(notice, name, value)
    notice.version += 1
    notice.save()
    for item in notice.items.all():
        for name, value in items.get(item.pk, {}).items():
            setattr(item, name, value)
        item.save()
    return notice


@transaction.atomic
def issue(notice, *, actor, now):
    """Give it its number, freeze it as a paper, tell the school. The second of two people is refused."""
    notice = _begin(notice, NoticeAction.ISSUE, actor)
    items = list(notice.items.select_related("hazard"))
    if closed := [item.hazard.number for item in items if not item.hazard.is_open]:
        raise ValidationError(
            _("Closed meanwhile: %(numbers)s. Draft a new notice.") % {"numbers": "、".join(closed)}
        )
    if notice.reply_due_on < timezone.localdate(now):
        raise ValidationError({"reply_due_on": _("The deadline cannot lie in the past.")})
    try:
        notice.number = paper_number(notice.bureau, "notice", timezone.localdate(now).year)
    except ValueError as error:
        raise ValidationError(
            _("The bureau has no mark for its papers; an administrator sets it.")
        ) from error
    notice.status, notice.issued_at, notice.issued_by = NoticeStatus.ISSUED, now, actor
    notice.paper = issue_paper(
        notice, kind="notice", organisation=notice.bureau, addressee=notice.school, number=notice.number,
        title=f"安全隐患整改通知书（{notice.school.label}）", template=TEMPLATE,
        data=documents.notice(notice, items, notice.number), now=now, actor=actor,
    )  # fmt: skip
    notice.save()
    for item in items:
        _log_on_hazard(item, "inspections.cite_hazard", actor, notice=notice.number, due_on=item.due_on)
    _log(notice, NoticeAction.ISSUE, actor, number=notice.number, sha256=notice.paper.sha256)
    _tell_school(notice, _("Sign for the rectification notice %(number)s"), now)
    return notice


@transaction.atomic
def discard(notice, *, actor, now, note=""):
    """Throw a draft away; its hazards are free again."""
    notice = _begin(notice, NoticeAction.DISCARD, actor)
    return _end(notice, NoticeAction.DISCARD, NoticeStatus.WITHDRAWN, actor, note)


@transaction.atomic
def withdraw(notice, *, actor, note, now):
    """Void an issued notice with a reason; the number stays used."""
    notice = _begin(notice, NoticeAction.WITHDRAW, actor)
    _tell_school(notice, _("The notice %(number)s was withdrawn"), now, needs_action=False)
    return _end(notice, NoticeAction.WITHDRAW, NoticeStatus.WITHDRAWN, actor, note)


@transaction.atomic
def sign_for(notice, *, actor, post, now):
    """The school signs for receipt, with name, post and time."""
    notice = _begin(notice, NoticeAction.SIGN_FOR, actor)
    notice.status = NoticeStatus.RECEIVED
    notice.received_at, notice.received_by, notice.received_post = now, actor, post
    notice.save()
    _log(notice, NoticeAction.SIGN_FOR, actor, post_named=post)
    settle(notice.get_absolute_url())
    return notice


@transaction.atomic
def record_refusal(notice, *, actor, note, witness, now):
    """The school refused to sign: circumstances and witness are kept; the notice counts as delivered."""
    notice = _begin(notice, NoticeAction.RECORD_REFUSAL, actor)
    notice.status, notice.refusal_note, notice.refusal_witness = NoticeStatus.REFUSED, note, witness
    notice.save()
    _log(notice, NoticeAction.RECORD_REFUSAL, actor, note=note, witness=witness)
    return notice


@transaction.atomic
def reply(notice, *, actor, answers, now):
    """The school answers item by item: `answers` maps a NoticeItem's pk to its fields and "photos".

    What is done is handed in on the hazard in the same act, where its state allows it.
    """
    notice = _begin(notice, NoticeAction.REPLY, actor)
    for item in notice.items.select_related("hazard"):
        answer = dict(answers[item.pk])
        photos = answer.pop("photos", ())
        for name, value in answer.items():
            setattr(item, name, value)
        item.save()
        if item.reply_is_done and item.hazard.status in {Status.REPORTED, Status.RECTIFYING}:
            hazards.submit(
                item.hazard,
                actor=actor,
                measure=item.reply,
                responsible=item.responsible,
                photos=photos,
                now=now,
            )
        else:
            for photo in photos:
                files.store_photo(
                    photo, owner=item.hazard, organisation=notice.school, purpose="note", actor=actor, now=now
                )
    notice.status, notice.replied_at, notice.replied_by = NoticeStatus.REPLIED, now, actor
    notice.save()
    _log(notice, NoticeAction.REPLY, actor, done=notice.items.filter(reply_is_done=True).count())
    settle(notice.get_absolute_url())
    people = User.objects.holding(BUREAU_STAFF, notice.bureau, timezone.localdate(now))
    notify(
        people, "inspections.reply", _("Re-check the notice %(number)s") % {"number": notice.number},
        url=notice.get_absolute_url(), organisation=notice.school, needs_action=True, now=now,
    )  # fmt: skip
    return notice


@transaction.atomic
def review(notice, *, actor, results, reviewers, conclusion, now):
    """The bureau re-checks item by item: `results` maps a pk to (result, note); issues the 复查意见书.

    Done and handed in: verified. Not done but handed in: sent back. Write-off stays its own act.
    """
    notice = _begin(notice, NoticeAction.REVIEW, actor)
    names = [name for name in reviewers.replace("，", "、").replace(",", "、").split("、") if name.strip()]
    if len(names) < LEAST_REVIEWERS:
        raise ValidationError({"reviewers": _("At least two people re-check.")})
    items = list(notice.items.select_related("hazard"))
    for item in items:
        item.result, item.result_note = results[item.pk]
        item.is_current = False
        item.save()
        _move_hazard(item, actor, now)
    notice.status, notice.reviewed_at, notice.reviewed_by = NoticeStatus.REVIEWED, now, actor
    notice.reviewers, notice.conclusion = "、".join(names), conclusion
    notice.review_number = paper_number(notice.bureau, "review", timezone.localdate(now).year)
    notice.review_paper = issue_paper(
        notice, kind="review", organisation=notice.bureau, addressee=notice.school,
        number=notice.review_number, title=f"安全隐患整改复查意见书（{notice.school.label}）", template=TEMPLATE,
        data=documents.review(notice, items, notice.review_number), now=now, actor=actor,
    )  # fmt: skip
    notice.save()
    _log(notice, NoticeAction.REVIEW, actor, number=notice.review_number, sha256=notice.review_paper.sha256)
    settle(notice.get_absolute_url())
    _tell_school(notice, _("The notice %(number)s was re-checked"), now, needs_action=False)
    return notice


def suggest_basis(rows, on):
    """The clauses in force that concern the categories of these hazards, one a line."""
    found = LegalBasis.objects.in_force(on).filter(categories__in={row.category_id for row in rows})
    return "\n".join(dict.fromkeys(str(basis) for basis in found.order_by("code")))


def _item(notice, order, hazard, due_on):
    today = notice.checked_on
    return NoticeItem(
        notice=notice, hazard=hazard, order=order, place=hazard.place, text=hazard.title,
        grade=hazard.grade or hazard.proposed_grade, demand=_("Remove the hazard and take measures that it does not return."),
        due_on=max(hazard.due_on or due_on, today),
    )  # fmt: skip


def _check_hazards(rows, wanted):
    if len(rows) != wanted or not rows:
        raise ValidationError(_("Choose open hazards of one school."))
    bad = [row.number for row in rows if not row.is_open or not row.grade]
    if bad:
        raise ValidationError(_("Not open or not graded yet: %(numbers)s.") % {"numbers": "、".join(bad)})
    cited = NoticeItem.objects.filter(hazard__in=rows, is_current=True).select_related("hazard")
    if taken := [item.hazard.number for item in cited]:
        raise ValidationError(_("In another current notice: %(numbers)s.") % {"numbers": "、".join(taken)})


def _move_hazard(item, actor, now):
    """Bring the hazard to what the re-check found, where its state allows it."""
    hazard = item.hazard
    hazard.refresh_from_db()
    if hazard.status != Status.SUBMITTED:
        return
    if item.result == ItemResult.DONE:
        hazards.verify(hazard, actor=actor, mode="on_site", note=item.result_note, now=now)
    else:
        hazards.send_back(
            hazard, actor=actor, note=item.result_note or str(ItemResult(item.result).label), now=now
        )


def _begin(notice, action, actor):
    """Lock, read anew, check the workflow; the status is set by the verb."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("school", "bureau", "created_by")
    fresh = rows.get(pk=notice.pk)
    place = fresh.school if action in {NoticeAction.SIGN_FOR, NoticeAction.REPLY} else fresh.bureau
    workflow.notice_target(action, fresh.status, actor.roles_at(place))
    return fresh


def _end(notice, action, status, actor, note):
    notice.status = status
    notice.save()
    notice.items.update(is_current=False)
    _log(notice, action, actor, note=note)
    settle(notice.get_absolute_url())
    return notice


def _authorise(bureau, school, actor):
    if not actor.roles_at(bureau) & workflow.BUREAU or not school.path.startswith(bureau.path):
        raise workflow.NotAllowed(_("You hold no post that issues notices there."))


def _log(notice, action, actor, *, note="", **changes):
    rule = NOTICE_RULES[action]
    record_event(
        notice, f"inspections.{action}_notice", organisation=notice.school, actor=actor, note=note,
        post=actor.post_for(notice.school, rule.roles), status=notice.status, **changes,
    )  # fmt: skip


def _log_on_hazard(item, verb, actor, **changes):
    record_event(
        item.hazard, verb, organisation=item.hazard.school, actor=actor,
        post=actor.post_for(item.hazard.school, workflow.BUREAU), **changes,
    )  # fmt: skip


def _tell_school(notice, text, now, *, needs_action=True):
    people = User.objects.holding(
        {Role.SAFETY_OFFICER, Role.PRINCIPAL}, notice.school, timezone.localdate(now)
    )
    notify(
        people, f"inspections.notice_{notice.status}", text % {"number": notice.number},
        url=notice.get_absolute_url(), organisation=notice.school, needs_action=needs_action, now=now,
    )  # fmt: skip
