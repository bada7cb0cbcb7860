"""Orders to stop the use of a place: drafted, issued, signed for, withdrawn; and ended with their hazard."""

from calendar import monthrange

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import BUREAU, Action, Grade, NotAllowed, Status
from inspections.services.notices import bureau_of
from schoolsafety.core.audit import record_event
from schoolsafety.core.directory import authority
from schoolsafety.core.drafts import change
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preference, preferences_for

from ..models import Resumption, StopOrder
from ..papers import stops as papers
from ..workflow.stops import ENDS, LIVE, STANDS, Extent, StopAction, StopStatus
from .stop_shared import begin, log, needed, on_hazard, tell

WORDS = ["basis", "demands", "appeal", "contact"]
FIELDS = ["extent", "place", "reason", *WORDS, "starts_on"]


def draft_refusal(hazard, user):
    """None if this person may draft an order for the hazard, else the reason (at most one query)."""
    if not user.roles_at(hazard.school) & BUREAU:
        return _("The bureau orders a stop of use.")
    if hazard.grade != Grade.MAJOR or hazard.status == Status.CLOSED:
        return _("Use is stopped for an open major hazard only.")
    if StopOrder.objects.filter(hazard=hazard, status__in=LIVE).exists():
        return _("The hazard has an order already.")
    return None


def suggestions(hazard, today):
    """The fields of a new order: place and reason from the hazard, words from the bureau's settings."""
    wanted = preferences_for(hazard.school, [f"stops.{name}" for name in WORDS])
    more = hazard.grade_reason.strip() or hazard.description.strip()
    reason = "：".join(words for words in (hazard.title, more) if words)
    return {name: wanted[f"stops.{name}"] for name in WORDS} | {
        "extent": Extent.PARTIAL, "place": hazard.place, "reason": reason, "starts_on": today,
    }  # fmt: skip


@transaction.atomic
def draft(hazard, *, actor, now, **fields):
    """A draft order for one open major hazard; returns it. A hazard has one live order at most.

    `fields` are those of FIELDS that replace what is suggested. Raises NotAllowed with the reason.
    """
    hazard = Hazard.objects.select_for_update(of=("self",)).select_related("school__parent").get(pk=hazard.pk)
    reason = draft_refusal(hazard, actor)
    if reason:
        raise NotAllowed(str(reason))
    values = _checked(suggestions(hazard, timezone.localdate(now)) | fields)
    order = StopOrder.objects.create(
        hazard=hazard, school=hazard.school, organisation=bureau_of(actor, hazard.school), created_at=now,
        created_by=actor, **values,
    )  # fmt: skip
    record_event(
        order, "supervision.draft_stop", organisation=order.organisation, actor=actor, hazard=hazard.number,
        post=actor.post_for(hazard.school, BUREAU), extent=order.extent, place=order.place,
    )  # fmt: skip
    tell(order, now=now, actor=actor)
    return order


@transaction.atomic
def edit(order, *, actor, now, version, **fields):
    """Change the words of a draft; `version` is the one the form was opened with. Raises EditedMeanwhile."""
    order = begin(order, StopAction.EDIT, actor=actor)
    change(order, version, _checked({name: getattr(order, name) for name in FIELDS} | fields))
    order.save()
    log(order, StopAction.EDIT, actor=actor, place=order.place, version=order.version)
    return order


@transaction.atomic
def discard(order, *, actor, now):
    """Throw a draft away; the hazard can have another."""
    order = begin(order, StopAction.DISCARD, actor=actor)
    order.ended_at = now
    order.save()
    log(order, StopAction.DISCARD, actor=actor)
    tell(order, now=now)
    return order


@transaction.atomic
def issue(order, *, actor, now):
    """A leader issues it: number, frozen paper, the usual limit; the school is told. Raises ValidationError
    if the hazard was closed or lowered since the draft."""
    order = begin(order, StopAction.ISSUE, actor=actor)
    hazard, today = order.hazard, timezone.localdate(now)
    if hazard.grade != Grade.MAJOR or hazard.status == Status.CLOSED:
        raise ValidationError(_("Use is stopped for an open major hazard only."))
    order.starts_on = max(order.starts_on, today)  # it binds from the day of issue at the earliest
    order.limit_on = limit_of(order.starts_on, preference(order.school, "stops.limit_months"))
    order.number = number_for(authority(order), "stop", today)
    order.issued_at, order.issued_by = now, actor
    order.paper = issue_paper(
        order, kind="stop", organisation=authority(order), addressee=order.school, number=order.number,
        title=f"{papers.title_of(order)}（{order.school.label}）", template=papers.TEMPLATE,
        data=papers.stop_order(order, order.number, authority(order)), now=now, actor=actor,
    )  # fmt: skip
    order.save()
    log(
        order, StopAction.ISSUE, actor=actor, number=order.number, sha256=order.paper.sha256,
        place=order.place, starts_on=order.starts_on,
    )  # fmt: skip
    on_hazard(order, "supervision.stop_use", actor=actor)
    tell(order, now=now, actor=actor)
    return order


@transaction.atomic
def sign_for(order, *, actor, now):
    """The school signs for the order; a second signature is refused in words."""
    order = begin(order, StopAction.SIGN_FOR, actor=actor)
    order.received_at, order.received_by = now, actor
    order.save(update_fields=["received_at", "received_by"])
    log(order, StopAction.SIGN_FOR, actor=actor)
    return order


@transaction.atomic
def withdraw(order, *, actor, note, now):
    """A leader takes a wrong order back, with the reason; its number stays used. Use may go on."""
    order = begin(order, StopAction.WITHDRAW, actor=actor)
    order.withdrawal_note, order.ended_at = needed("note", note), now
    order.save()
    _void_open(order, now)
    log(order, StopAction.WITHDRAW, actor=actor, note=note, number=order.number)
    on_hazard(order, "supervision.withdraw_stop_use", actor=actor)
    tell(order, now=now, actor=actor)
    return order


def follow(move, *, actor, now):
    """After a move of a hazard: no close-out past a standing order; its end or return follows the hazard's.

    Only what is pulled down or stays out of use for good may be closed while use is stopped.
    """
    hazard = move.hazard
    if hazard.status == Status.CLOSED and move.before != Status.CLOSED:
        for order in _locked(hazard, LIVE):
            _end_with(order, hazard.closure, actor=actor, now=now)
    elif move.action == Action.REOPEN:
        for order in _locked(hazard, {StopStatus.FOR_GOOD}):
            order.status, order.ended_at = StopStatus.IN_FORCE, None
            order.save(update_fields=["status", "ended_at"])
            _event_of_hazard(order, actor=actor, status=[StopStatus.FOR_GOOD, order.status])


def limit_of(day, months):
    """The day `months` after `day`, the last of a shorter month: until then a stop is usual."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def _end_with(order, closure, *, actor, now):
    before = order.status
    if before == StopStatus.DRAFT:
        order.status = StopStatus.DISCARDED
    elif closure in ENDS:
        order.status = ENDS[closure]
    else:
        raise NotAllowed(
            _("Use of “%(place)s” is stopped by %(number)s: it is resumed or the order withdrawn first.")
            % {"place": order.place, "number": order.number}
        )
    order.ended_at = now
    order.save(update_fields=["status", "ended_at"])
    _void_open(order, now)
    _event_of_hazard(order, actor=actor, status=[before, order.status])
    tell(order, now=now)


def _event_of_hazard(order, *, actor, **changes):
    place = order.school if order.number else order.organisation
    post = actor.post_for(order.school, BUREAU) if actor else ""
    record_event(
        order, "supervision.follow_hazard_stop", organisation=place, actor=actor, post=post,
        hazard=order.hazard.number, **changes,
    )  # fmt: skip


def _void_open(order, now):
    Resumption.objects.filter(order=order, decided_at=None, voided_at=None).update(voided_at=now)


def _locked(hazard, states):
    """The orders in these states, locked; also of a hazard that was made a general one: its order stands."""
    rows = StopOrder.objects.select_for_update(of=("self",)).filter(hazard=hazard, status__in=states)
    found = list(rows.select_related("school__parent", "organisation"))
    for order in found:
        order.hazard = hazard
    return found


def _checked(values):
    """The fields of an order with all words that it needs, or ValidationError beside the empty one."""
    for name in ("place", "reason", "basis", "demands"):
        values[name] = needed(name, values[name])
    return values


def is_standing(hazard):
    """Does an order bind the school because of this hazard now?"""
    return StopOrder.objects.filter(hazard=hazard, status__in=STANDS).exists()
