"""A listing under way: issued with its number, reported on, read, given a longer term."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards import services as hazards
from hazards.workflow import BUREAU
from schoolsafety.core import files
from schoolsafety.core.directory import authority
from schoolsafety.core.notifications import notify
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preference
from schoolsafety.core.workdays import calendar_for

from ..models import ListingExtension, ProgressReport
from ..papers import listing as documents
from ..workflow.listing import ListingAction, ReportState
from .listing_drafting import check_term, level_of
from .listing_shared import (
    begin,
    log,
    needed,
    next_report,
    tell_school,
    tell_supervisor,
    words_of,
    workdays_after,
)

LETTER, FORM = "papers/letter.html", "papers/form.html"


@transaction.atomic
def issue(listing, *, actor, now):
    """Give it its number, freeze the paper, start the clocks, tell the school; returns the listing.

    The second of two people is refused; whatever fails gives the number back. The term becomes the
    hazard's deadline. Raises NotAllowed, ValidationError.
    """
    listing = begin(listing, ListingAction.ISSUE, actor=actor)
    today = localdate(now)
    listing.organisation = authority(listing)  # the school may have moved since the draft
    listing.level = level_of(listing.organisation)
    if not listing.supervisor.roles_at(listing.organisation) & BUREAU:
        raise ValidationError(_("The supervising person holds no post at the supervising bureau any more."))
    check_term(listing, listing.due_on, today)
    listing.number = number_for(listing.organisation, "listing", today)
    listing.issued_at, listing.issued_by, listing.first_due_on = now, actor, listing.due_on
    listing.next_report_on = next_report(listing, today)
    listing.publish_due_on = workdays_after(listing, "listing.publish_days", today)
    listing.paper = issue_paper(
        listing, kind="listing", organisation=listing.organisation, addressee=listing.school,
        number=listing.number, title=f"重大事故隐患挂牌督办通知书（{listing.school.label}）", template=LETTER,
        data=documents.notice(listing, list(listing.stages.all()), listing.number), now=now, actor=actor,
    )  # fmt: skip
    listing.save()
    hazards.order(listing.hazard, actor=actor, notice=listing.number, due_on=listing.due_on)
    log(
        listing, ListingAction.ISSUE, actor=actor, number=listing.number, sha256=listing.paper.sha256,
        due_on=listing.due_on,
    )  # fmt: skip
    tell_school(listing, gettext_lazy("Listed supervision %(number)s: %(title)s"), now=now)
    return listing


@transaction.atomic
def hand_over(listing, *, actor, now, supervisor):
    """Another person of the supervising bureau supervises from now on; returns the listing."""
    listing = begin(listing, ListingAction.HAND_OVER, actor=actor)
    if not supervisor.roles_at(authority(listing)) & BUREAU:
        raise ValidationError(
            {"supervisor": _("The supervising person holds a post at the supervising bureau.")}
        )
    old, listing.supervisor = listing.supervisor, supervisor
    listing.save(update_fields=["supervisor"])
    log(
        listing, "hand_over", actor=actor, action=ListingAction.HAND_OVER,
        supervisor=[str(old), str(supervisor)],
    )  # fmt: skip
    notify(
        [supervisor], "supervision.listing_hand_over",
        _("You supervise from now on: %(number)s %(title)s") % words_of(listing),
        url=listing.get_absolute_url(), organisation=listing.school, now=now,
    )  # fmt: skip
    return listing


@transaction.atomic
def report(listing, *, actor, now, text, protection, plan_ahead="", funds_spent=None, stages=(), photos=()):
    """The school reports progress; returns the ProgressReport. A report made early covers the coming day.

    `stages`: pks of the stages that are done now; `photos`: uploads.
    """
    words = needed(text=text, protection=protection)
    listing = begin(listing, ListingAction.REPORT, actor=actor)
    today = localdate(now)
    due_on = listing.next_report_on or today
    row = ProgressReport.objects.create(
        listing=listing, due_on=due_on, plan_ahead=plan_ahead.strip(), funds_spent=funds_spent, made_at=now,
        made_by=actor, is_late=today > due_on, **words,
    )  # fmt: skip
    for photo in photos:
        files.store_photo(
            photo, owner=row, organisation=listing.school, purpose="progress", actor=actor, now=now
        )
    listing.stages.filter(pk__in=stages, done_on__isnull=True).update(done_on=today)
    listing.next_report_on = next_report(listing, max(today, due_on))
    listing.save(update_fields=["next_report_on"])
    log(
        listing,
        ListingAction.REPORT,
        actor=actor,
        days_late=max((today - due_on).days, 0),
        photos=len(photos),
    )
    tell_supervisor(listing, gettext_lazy("Progress reported: %(school)s, %(number)s"), now=now)
    return row


@transaction.atomic
def answer(row, *, actor, now, state, answer=""):
    """A bureau reads a progress report, or returns it with what is missing; the first answer counts.

    Returned: the school reports again within the bureau's days. Reading it twice changes nothing.
    """
    listing = begin(row.listing, ListingAction.ANSWER, actor=actor)
    row = ProgressReport.objects.select_for_update().get(pk=row.pk)
    words = needed(answer=answer)["answer"] if state == ReportState.RETURNED else answer.strip()
    if row.state != ReportState.SENT:
        raise ValidationError(_("This report is answered already."))
    row.state, row.answer, row.read_at, row.read_by = ReportState(state), words, now, actor
    row.save(update_fields=["state", "answer", "read_at", "read_by"])
    if row.state == ReportState.RETURNED and listing.next_report_on:
        again = workdays_after(listing, "listing.return_days", localdate(now))
        listing.next_report_on = min(again, listing.next_report_on)
        listing.save(update_fields=["next_report_on"])
    log(listing, ListingAction.ANSWER, actor=actor, note=words, state=row.state)
    text = {
        ReportState.READ: gettext_lazy("Progress report read: %(number)s"),
        ReportState.RETURNED: gettext_lazy("Progress report returned, report again: %(number)s"),
    }[row.state]
    tell_school(listing, text, now=now, needs_action=row.state == ReportState.RETURNED)
    return row


@transaction.atomic
def ask_extension(listing, *, actor, now, reason, safeguards, due_on):
    """Ask for a longer term; returns the ListingExtension. A late request is taken and flagged."""
    words = needed(reason=reason, safeguards=safeguards)
    listing = begin(listing, ListingAction.ASK_EXTENSION, actor=actor)
    today, calendar, bureau = localdate(now), calendar_for(listing.school), authority(listing)
    most = preference(bureau, "listing.term_most")
    if due_on <= max(listing.due_on, today):
        raise ValidationError({"due_on": _("Ask for a day after the present term.")})
    if due_on > listing.due_on + timedelta(days=most):
        raise ValidationError({"due_on": _("A term is at most %(n)d days longer.") % {"n": most}})
    in_time = calendar.add(listing.due_on, -preference(bureau, "listing.extension_notice"))
    row = ListingExtension.objects.create(
        listing=listing, old_due_on=listing.due_on, asked_due_on=due_on, asked_at=now, asked_by=actor,
        notice_due_on=in_time, is_late=today > in_time,
        decide_due_on=workdays_after(listing, "listing.extension_decision", today), **words,
    )  # fmt: skip
    log(
        listing, ListingAction.ASK_EXTENSION, actor=actor, note=words["reason"],
        due_on=[listing.due_on, due_on], late=row.is_late,
    )  # fmt: skip
    text = gettext_lazy("A longer term is asked for: %(school)s, %(number)s")
    tell_supervisor(listing, text, now=now, is_for_leaders=True)
    return row


@transaction.atomic
def decide_extension(listing, *, actor, now, is_granted, answer="", new_due_on=None):
    """Grant (with the day) or refuse the open request; the decided form is kept as a paper."""
    words = answer.strip() if is_granted else needed(answer=answer)["answer"]
    listing = begin(listing, ListingAction.DECIDE_EXTENSION, actor=actor)
    row = ListingExtension.objects.select_for_update(of=("self",)).select_related("asked_by").get(
        listing=listing, decided_at=None
    )  # fmt: skip
    day = (new_due_on or row.asked_due_on) if is_granted else None
    if day and day <= max(localdate(now), row.old_due_on):
        raise ValidationError({"new_due_on": _("The new term ends after the present one.")})
    row.decided_at, row.decided_by, row.answer = now, actor, words
    row.is_granted, row.new_due_on = is_granted, day
    old, listing.due_on = listing.due_on, day or listing.due_on
    row.paper = issue_paper(
        row, kind="listing_extension", organisation=listing.organisation, addressee=listing.school,
        title=f"挂牌督办延期申请表（{listing.number}）", template=FORM,
        data=documents.extension(listing, row), now=now, actor=actor,
    )  # fmt: skip
    row.save()
    listing.save(update_fields=["due_on"])
    if is_granted:
        hazards.order(listing.hazard, actor=actor, notice=listing.number, due_on=day)
    log(
        listing, ListingAction.DECIDE_EXTENSION, actor=actor, note=words, granted=is_granted,
        due_on=[old, listing.due_on],
    )  # fmt: skip
    tell_school(listing, gettext_lazy("The longer term is decided: %(number)s"), now=now, needs_action=False)
    return row
