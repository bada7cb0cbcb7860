"""The archive of hazards around schools: reported or handed over, solved with proof, looked at again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Hazard
from hazards.services.moving import keep, keep_proof, needed, people_for
from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from hazards.workflow import Action as HazardAction
from schoolsafety.core.audit import record_event
from schoolsafety.core.files import attachments_of
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.numbering import next_number
from schoolsafety.core.preferences import preference
from schoolsafety.core.workdays import calendar_for

from ..models import LetterPlace, Surrounding
from ..workflow.surroundings import (
    LIVE,
    REPORTERS,
    RULES,
    Action,
    LetterState,
    Outcome,
    State,
    demand,
    refusal,
)

FACTS = ["kind", "title", "place", "distance", "agency", "description", "protection", "found_on"]


@transaction.atomic
def report_surrounding(school, *, actor, now, photos=(), hazard=None, **facts):
    """Put a danger outside a school into its archive; returns the Surrounding with its number.

    `facts` are the fields FACTS, `distance` in metres. Raises NotAllowed for a person without a post
    there, ValidationError for missing words or a day that lies ahead.
    """
    if not actor.roles_at(school) & REPORTERS:
        raise NotAllowed(_("You hold no post that may report hazards there."))
    row = Surrounding(school=school, hazard=hazard, reported_at=now, reported_by=actor)
    _take(row, facts, now)
    year = localdate(now).year
    row.number = f"{school.code}-ZB-{year}-{next_number(school, 'surrounding', year):03d}"
    row.save()
    keep(row, photos, "before", actor=actor, now=now)
    _log(
        row, "report", actor=actor, note=row.description, title=row.title, place=row.place,
        distance=row.distance, photos=len(photos), hazard=hazard.number if hazard else "",
    )  # fmt: skip
    roles = SCHOOL if actor.roles_at(school) & BUREAU else BUREAU
    _tell(row, roles, _("Around %(school)s: %(title)s"), actor=actor, now=now)
    return row


@transaction.atomic
def take_over(hazard, *, actor, now, note, **facts):
    """Move a school's hazard that lies outside its power into this archive; it is closed as transferred.

    Returns the Surrounding; the photos are shared. Raises NotAllowed where the hazard cannot be
    transferred (state, or not the bureau), ValidationError when it was handed over already.
    """
    note = needed("note", note)
    locked = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    if Surrounding.objects.filter(hazard=locked, status__in=LIVE).exists():
        raise ValidationError(_("It was handed over to the archive already."))
    row = report_surrounding(locked.school, actor=actor, now=now, hazard=locked, **facts)
    hazards.transfer(locked, actor=actor, to=row.agency, note=f"{row.number}：{note}", now=now)
    keep(row, attachments_of(locked, "before").filter(kind="photo"), "before", actor=actor, now=now)
    return row


@transaction.atomic
def edit_surrounding(row, *, actor, now, photos=(), **facts):
    """Correct the record before a letter went out; returns it."""
    row = begin(row, Action.EDIT, actor=actor)
    before = {name: getattr(row, name) for name in FACTS}
    _take(row, facts, now)
    row.save()
    keep(row, photos, "before", actor=actor, now=now)
    changes = {
        name: [before[name], getattr(row, name)] for name in FACTS if before[name] != getattr(row, name)
    }
    _log(row, "edit", actor=actor, **changes)
    return row


@transaction.atomic
def solve_surrounding(row, *, actor, now, note, solved_on, proofs=()):
    """It is gone, with a photo or a paper that shows it; somebody else looks again later."""
    note = needed("note", note, _("Say how it was solved."))
    _not_ahead("solved_on", solved_on, now)
    row = begin(row, Action.SOLVE, actor=actor)
    if not proofs:
        raise ValidationError({"proofs": _("Add a photo or a paper that shows it is gone.")})
    before, row.status = row.status, State.SOLVED
    row.solved_on, row.solved_note, row.solved_by = solved_on, note, actor
    days = preference(row.school, "surroundings.look_again_days")
    row.look_again_on = calendar_for(row.school).add(localdate(now), days)
    row.save()
    for proof in proofs:
        keep_proof(row, proof, "after", actor=actor, now=now)
    _log(
        row, "solve", actor=actor, note=note, status=[before, row.status], solved_on=solved_on,
        look_again_on=row.look_again_on,
    )  # fmt: skip
    return row


@transaction.atomic
def look_again(row, *, actor, now, outcome, note="", photos=()):
    """Looked at again by someone else: gone for good, or back and open as before."""
    row = begin(row, Action.LOOK_AGAIN, actor=actor)
    row.outcome, row.looked_on = Outcome(outcome), localdate(now)
    if row.outcome == Outcome.BACK:
        note = needed("note", note, _("Say what is there again."))
        row.came_back_count += 1
        row.status = State.SENT if _is_in_a_sent_letter(row) else State.RECORDED
    else:
        row.status = State.CLOSED
    row.save()
    keep(row, photos, "later", actor=actor, now=now)
    _log(row, "look_again", actor=actor, note=note, status=[State.SOLVED, row.status], outcome=row.outcome)
    settle(row.get_absolute_url())
    if row.outcome == Outcome.BACK:
        _tell(row, BUREAU, _("It is back around %(school)s: %(title)s"), actor=actor, now=now)
    return row


@transaction.atomic
def drop_surrounding(row, *, actor, now, note):
    """Not a hazard: out of the archive with a reason; its number stays used."""
    note = needed("note", note)
    row = begin(row, Action.DROP, actor=actor)
    if LetterPlace.objects.filter(surrounding=row, is_current=True).exists():
        raise ValidationError(_("It stands in an open letter. Record the answer or discard the draft first."))
    before, row.status = row.status, State.DROPPED
    row.save(update_fields=["status"])
    _log(row, "drop", actor=actor, note=note, status=[before, row.status])
    settle(row.get_absolute_url())
    return row


def follow(move, *, actor, now):
    """A hazard that goes on in this archive is not reopened beside it; raises NotAllowed."""
    if move.action != HazardAction.REOPEN:
        return
    row = Surrounding.objects.filter(hazard=move.hazard, status__in=LIVE).first()
    if row is not None:
        words = {"number": row.number}
        raise NotAllowed(_("It goes on in the archive of surroundings as %(number)s.") % words)


def begin(row, action, *, actor):
    """Lock the row, read it anew, check the rule; raises NotAllowed. The second of two is refused."""
    rows = Surrounding.objects.select_for_update(of=("self",)).select_related("school")
    fresh = rows.get(pk=row.pk)
    is_own = fresh.solved_by_id == actor.pk
    demand(refusal(action, fresh.status, actor.roles_at(fresh.school), is_own_word=is_own))
    return fresh


def mark(rows, verb, status, *, actor, **facts):
    """What a letter or a meeting does to its places: the new state (None: it stays), one event each."""
    for row in rows:
        changes = dict(facts)
        if status and row.status != status:
            changes["status"] = [row.status, status]
            row.status = status
            row.save(update_fields=["status"])
        _log(row, verb, actor=actor, **changes)


def _take(row, facts, now):
    """The facts into the row, each checked."""
    for name in FACTS:
        if name in facts:
            setattr(row, name, facts[name])
    row.title = needed("title", row.title, _("Say what is wrong."))
    row.place = needed("place", row.place, _("Say where it is."))
    row.agency = needed("agency", row.agency, _("Name the agency."))
    _not_ahead("found_on", row.found_on, now)


def _not_ahead(field, day, now):
    if day > localdate(now):
        raise ValidationError({field: _("The day lies in the future.")})


def _is_in_a_sent_letter(row):
    sent = LetterPlace.objects.filter(surrounding=row, is_current=True, letter__status=LetterState.SENT)
    return sent.exists()


def _log(row, verb, *, actor, note="", **changes):
    roles = RULES[verb].roles if verb in RULES else REPORTERS
    record_event(
        row, f"supervision.{verb}_surrounding", organisation=row.school, actor=actor, note=note,
        post=actor.post_for(row.school, roles), **changes,
    )  # fmt: skip


def _tell(row, roles, text, *, actor, now):
    people = [one for one in people_for(row.school, roles, localdate(now)) if one.pk != actor.pk]
    notify(
        people, "supervision.surrounding", text % {"school": row.school.label, "title": row.title},
        url=row.get_absolute_url(), organisation=row.school, now=now,
    )  # fmt: skip
