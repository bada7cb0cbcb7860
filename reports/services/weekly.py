"""The verbs of the weekly report: written, submitted, signed, received; frozen once it is signed."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import canonical, record_event
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.papers import issue_paper

from ..figures.rollup import both
from ..models import WeeklyReport
from ..papers.weekly import weekly_paper
from ..workflow import (
    HEADS,
    WEEKLY_RULES,
    WRITERS,
    WeeklyAction,
    WeeklyStatus,
    standing_of,
    target_of,
)
from .drafting import current_figures

WORDS = ("reasons", "matters", "remarks")


class EditedMeanwhile(ValidationError):
    """Somebody else saved the words first; `report` holds what stands now."""

    def __init__(self, report):
        super().__init__(
            _("Somebody else has changed this meanwhile. Both texts are shown; decide and save again.")
        )
        self.report = report


@transaction.atomic
def write(report, *, actor, values, version, now):
    """Save the words of a draft; `version` is the one that was read. Raises EditedMeanwhile."""
    report = _begin(report, WeeklyAction.WRITE, actor)
    if report.version != version:
        raise EditedMeanwhile(report)
    for name in WORDS:
        setattr(report, name, values[name].strip())
    report.version += 1
    report.save(update_fields=[*WORDS, "version"])
    return _finish(report, WeeklyAction.WRITE, actor, now)


@transaction.atomic
def submit(report, *, actor, now):
    """Hand the draft to whoever signs. Overdue hazards need reasons; a bureau's sums must be current."""
    report = _begin(report, WeeklyAction.SUBMIT, actor)
    counts = report.figures["counts"]
    if both(counts, "overdue") and not report.reasons:
        raise ValidationError({"reasons": _("Hazards are overdue: say why they stay open.")})
    if not report.organisation.is_school and current_figures(report, now)["counts"] != counts:
        raise ValidationError(_("Reports below have changed since the figures were drawn. Draw them again."))
    return _submitted(report, WeeklyAction.SUBMIT, actor, now, is_nil=False)


@transaction.atomic
def nil_report(report, *, actor, now):
    """One press: nothing was found and nothing is open. Refused when the figures say otherwise."""
    report = _begin(report, WeeklyAction.NIL, actor)
    counts = report.figures["counts"]
    if both(counts, "new") or both(counts, "open"):
        raise ValidationError(_("Hazards were found or are open: this is no nil report."))
    return _submitted(report, WeeklyAction.NIL, actor, now, is_nil=True)


@transaction.atomic
def send_back(report, *, actor, note, now):
    """Whoever signs gives it back with a reason."""
    report = _begin(report, WeeklyAction.SEND_BACK, actor)
    return _to_draft(report, WeeklyAction.SEND_BACK, actor, note, now, WRITERS)


@transaction.atomic
def sign(report, *, actor, now):
    """Sign and send up: from here on figures and words are frozen."""
    report = _begin(report, WeeklyAction.SIGN, actor)
    report.signed_at, report.signed_by = now, actor
    report.save(update_fields=["status", "signed_at", "signed_by"])
    digest = hashlib.sha256(canonical(report.figures).encode()).hexdigest()
    return _finish(report, WeeklyAction.SIGN, actor, now, figures=digest, late=report.is_late)


@transaction.atomic
def receive(report, *, actor, now):
    """The bureau above takes it in."""
    report = _begin(report, WeeklyAction.RECEIVE, actor)
    report.received_at, report.received_by = now, actor
    report.save(update_fields=["status", "received_at", "received_by"])
    return _finish(report, WeeklyAction.RECEIVE, actor, now)


@transaction.atomic
def return_to_sender(report, *, actor, note, now):
    """The bureau above gives it back with a reason; signature and paper no longer hold."""
    report = _begin(report, WeeklyAction.RETURN, actor)
    report.signed_at = report.signed_by = report.paper = None
    report.save(update_fields=["signed_at", "signed_by", "paper"])
    return _to_draft(report, WeeklyAction.RETURN, actor, note, now, WRITERS | HEADS)


@transaction.atomic
def chase(report, *, actor, now):
    """Remind those who must write or sign it; once a day however often it is pressed. Returns how many."""
    report = _begin(report, WeeklyAction.CHASE, actor)
    text = _("Weekly report %(week)s has not been sent up yet.") % {"week": report.label}
    roles = WRITERS if report.status == WeeklyStatus.DRAFT else HEADS
    told = notify(
        _people(report, roles, now), "reports.chase_weekly", text, url=report.get_absolute_url(), now=now,
        organisation=report.organisation, needs_action=True,
        key=f"reports.chase:{report.pk}:{report.status}:{localdate(now)}",
    )  # fmt: skip
    if told:
        _finish(report, WeeklyAction.CHASE, actor, now)
    return told


def chase_all(bureau, week_start, *, actor, now):
    """Chase every unsigned report of the week right below `bureau`; returns how many people were told."""
    waiting = WeeklyReport.objects.visible_to(actor).filter(
        organisation__parent=bureau,
        week_start=week_start,
        status__in=[WeeklyStatus.DRAFT, WeeklyStatus.SUBMITTED],
    )
    return sum(chase(report, actor=actor, now=now) for report in waiting)


@transaction.atomic
def paper_of(report, *, now):
    """The paper of a signed report, rendered when first asked for. Raises NotAllowed before it is signed."""
    report = (
        WeeklyReport.objects.select_for_update(of=("self",))
        .select_related("organisation__parent")
        .get(pk=report.pk)
    )
    if report.status not in {WeeklyStatus.SIGNED, WeeklyStatus.RECEIVED}:
        raise NotAllowed(_("The report becomes a paper when it is signed."))
    if report.paper is None:
        data = weekly_paper(report)
        report.paper = issue_paper(
            report, kind="weekly", organisation=report.organisation, addressee=report.organisation.parent,
            title=data["title"], template="papers/form.html", data=data, now=now, actor=report.signed_by,
        )  # fmt: skip
        report.save(update_fields=["paper"])
    return report.paper


def _begin(report, action, actor):
    """Lock the row, read it anew, check the rule, set the new state on the copy in hand."""
    fresh = (
        WeeklyReport.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=report.pk)
    )
    standing = standing_of(actor.posts, fresh.organisation.path)
    fresh.status = target_of(WEEKLY_RULES, action, fresh.status, standing)
    return fresh


def _submitted(report, action, actor, now, *, is_nil):
    report.submitted_at, report.submitted_by, report.is_nil = now, actor, is_nil
    report.save(update_fields=["status", "submitted_at", "submitted_by", "is_nil"])
    settle(report.get_absolute_url())
    heads = [person for person in _people(report, HEADS, now) if person != actor]
    text = _("To sign: weekly report %(week)s") % {"week": report.label}
    notify(
        heads, "reports.submit_weekly", text, url=report.get_absolute_url(), now=now,
        organisation=report.organisation, needs_action=True,
    )  # fmt: skip
    return _finish(report, action, actor, now, is_nil=is_nil)


def _to_draft(report, action, actor, note, now, roles):
    note = (note or "").strip()
    if not note:
        raise ValidationError({"note": _("Please give the reason.")})
    report.submitted_at = report.submitted_by = None
    report.is_nil = False
    report.save(update_fields=["status", "submitted_at", "submitted_by", "is_nil"])
    settle(report.get_absolute_url())
    text = _("Weekly report %(week)s came back: %(note)s") % {"week": report.label, "note": note}
    people = [person for person in _people(report, roles, now) if person != actor]
    notify(
        people, f"reports.{action}_weekly", text,
        url=report.get_absolute_url(), now=now, organisation=report.organisation, needs_action=True,
    )  # fmt: skip
    return _finish(report, action, actor, now, note=note)


def _finish(report, action, actor, now, *, note="", **changes):
    if action in {WeeklyAction.SIGN, WeeklyAction.RECEIVE}:
        settle(report.get_absolute_url())
    record_event(
        report, f"reports.{action}_weekly", organisation=report.organisation, actor=actor, note=note,
        post=actor.post_for(report.organisation, WEEKLY_RULES[action].roles),
        week=report.week_start, **changes,
    )  # fmt: skip
    return report


def _people(report, roles, now):
    return list(User.objects.holding(roles, report.organisation, localdate(now)))
