"""Joint meetings (联席会议) about hazards around schools: called, recorded with minutes, called off."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.services.moving import keep_proof, needed
from hazards.workflow import BUREAU
from schoolsafety.core.audit import record_event

from ..models import JointMeeting, MeetingPlace, Surrounding
from ..workflow.surroundings import UNSOLVED, MeetingState, demand
from . import surroundings
from .surrounding_letters import bureau_over


@transaction.atomic
def call_meeting(rows, *, actor, now, title, held_on, members, venue=""):
    """Put unsolved places on the list of a joint meeting; returns the JointMeeting.

    Raises NotAllowed without a bureau's post over all of them, ValidationError for solved ones.
    """
    title, members = needed("title", title), needed("members", members, _("Name the members."))
    seen = Surrounding.objects.filter(pk__in=[row.pk for row in rows], status__in=UNSOLVED)
    chosen = list(seen.select_related("school").order_by("school__path", "pk"))
    if not chosen or len(chosen) != len(rows):
        raise ValidationError(_("Choose places that are not solved yet."))
    bureau = bureau_over(actor, [row.school for row in chosen])
    meeting = JointMeeting.objects.create(
        organisation=bureau, title=title, held_on=held_on, venue=venue, members=members, created_at=now,
        created_by=actor,
    )  # fmt: skip
    MeetingPlace.objects.bulk_create(
        MeetingPlace(meeting=meeting, surrounding=row, order=order, lead=row.agency)
        for order, row in enumerate(chosen, start=1)
    )
    _log(meeting, "call", actor=actor, places=[row.number for row in chosen], held_on=held_on)
    return meeting


@transaction.atomic
def record_meeting(meeting, *, actor, now, held_on, members, minutes, venue="", decisions=None, proofs=()):
    """The minutes, and of each place ({place pk: {"decision", "lead", "due_on"}}) what was decided."""
    minutes, members = needed("minutes", minutes), needed("members", members, _("Name the members."))
    if held_on > localdate(now):
        raise ValidationError({"held_on": _("The day lies in the future.")})
    meeting = _begin(meeting, actor=actor)
    meeting.status, meeting.recorded_at, meeting.held_on = MeetingState.HELD, now, held_on
    meeting.members, meeting.minutes, meeting.venue = members, minutes, venue
    meeting.save()
    for place in meeting.places.select_related("surrounding__school"):
        for name, value in (decisions or {}).get(place.pk, {}).items():
            setattr(place, name, value)
        place.save()
        surroundings.mark(
            [place.surrounding], "discuss", None, actor=actor, meeting=meeting.title, lead=place.lead,
            due_on=place.due_on,
        )  # fmt: skip
    meeting.school = meeting.organisation  # whose files they are
    for proof in proofs:
        keep_proof(meeting, proof, "minutes", actor=actor, now=now)
    _log(meeting, "record", actor=actor, held_on=held_on)
    return meeting


@transaction.atomic
def call_off_meeting(meeting, *, actor, now, note):
    """It does not take place; the list stays for the record."""
    note = needed("note", note)
    meeting = _begin(meeting, actor=actor)
    meeting.status = MeetingState.CALLED_OFF
    meeting.save(update_fields=["status"])
    _log(meeting, "call_off", actor=actor, note=note)
    return meeting


def meeting_refusal(state, roles):
    """None if the meeting can still be recorded or called off by these roles, else the sentence."""
    if state != MeetingState.PLANNED:
        return _("You cannot do this while it is “%(state)s”.") % {"state": MeetingState(state).label}
    return None if roles & BUREAU else _("You hold no post that may do this.")


def _begin(meeting, *, actor):
    rows = JointMeeting.objects.select_for_update(of=("self",)).select_related("organisation")
    fresh = rows.get(pk=meeting.pk)
    demand(meeting_refusal(fresh.status, actor.roles_at(fresh.organisation)))
    return fresh


def _log(meeting, verb, *, actor, note="", **changes):
    record_event(
        meeting, f"supervision.{verb}_meeting", organisation=meeting.organisation, actor=actor, note=note,
        post=actor.post_for(meeting.organisation, BUREAU), **changes,
    )  # fmt: skip
