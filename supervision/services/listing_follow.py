"""What a listing holds of its hazard: locked against the close-out, its term kept, its draft dropped."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.models import Extension
from hazards.workflow import Action, Grade, NotAllowed, Status

from ..workflow.listing import RUNNING, ListingAction, ListingStatus
from .listing_shared import current_of, log, next_report


def lock(hazard):
    """The sentence that refuses the close-out of a hazard under listed supervision, or "" (one query)."""
    listing = current_of(hazard) if hazard.grade == Grade.MAJOR else None
    if listing is None or listing.status not in RUNNING:
        return ""
    return _("Listed supervision %(number)s has not ended: delist it first.") % {"number": listing.number}


def follow(move, *, actor, now):
    """Keep the listing in step with its hazard, in the transaction of the move; raises NotAllowed.

    A listed hazard leaves by no side door, and no deadline of its own outlasts the term.
    """
    hazard = move.hazard
    if Grade.MAJOR not in {move.facts.grade, hazard.grade}:
        return
    listing = current_of(hazard)
    if listing is None:
        return
    has_left = hazard.status == Status.CLOSED or hazard.grade != Grade.MAJOR
    if listing.status == ListingStatus.DRAFT:
        if has_left:
            _drop(listing, actor)
        return
    if has_left:
        words = _("Listed supervision %(number)s has not ended: delist it first, or a leader ends it.")
        raise NotAllowed(words % {"number": listing.number})
    _keep_term(listing, move)
    if move.action in {Action.SEND_BACK, Action.RETURN_PLAN}:
        _resume(listing, actor, now)


def _drop(listing, actor):
    """A draft of a hazard that is closed or no major one any more has lost its ground."""
    listing.status = ListingStatus.WITHDRAWN
    listing.save(update_fields=["status"])
    log(listing, ListingAction.DISCARD, actor=actor)


def _keep_term(listing, move):
    words = {"number": listing.number, "day": listing.due_on}
    if move.action == Action.ASK_EXTENSION:
        asked = Extension.objects.filter(hazard=move.hazard, decided_at=None).first()
        if asked and asked.asked_due_on > listing.due_on:
            text = _("Under listed supervision %(number)s until %(day)s: ask there for a longer term.")
            raise NotAllowed(text % words)
    if move.hazard.due_on and move.hazard.due_on > listing.due_on:
        text = _("The term of listed supervision %(number)s ends on %(day)s: no deadline lies after it.")
        raise NotAllowed(text % words)


def _resume(listing, actor, now):
    """Sent back on the hazard's own page: the application or the acceptance falls, reports begin again."""
    if listing.status not in {ListingStatus.APPLIED, ListingStatus.ACCEPTED}:
        return
    listing.acceptances.filter(held_at__isnull=True).update(
        held_at=now, held_by=actor, is_passed=False, opinion=_("Sent back on the page of the hazard.")
    )
    listing.status = ListingStatus.LISTED
    listing.next_report_on = next_report(listing, localdate(now))
    listing.save(update_fields=["status", "next_report_on"])
    log(listing, "resume", actor=actor)
