"""What every verb shares: lock, check against the workflow, change, save, log, tell whose turn it is."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.roles import BUREAU_STAFF, Role

from .. import workflow
from ..models import Extension, Hazard, RectificationPlan
from ..workflow import Action, Facts, Source, Status, missing_slots


@dataclass
class Move:
    """A locked hazard on its way: what it was, what it becomes, and the rule that allowed it."""

    hazard: Hazard
    before: str
    rule: workflow.Rule
    action: Action


def facts_of(hazard, actor):
    """What the guards may look at, for this hazard and this person (at most three queries)."""
    settings = preferences_for(hazard.school, ["hazards.plan_variant", "hazards.school_may_close"])
    plan = RectificationPlan.objects.filter(hazard=hazard).first() if hazard.grade == "major" else None
    return Facts(
        grade=hazard.grade,
        proposed_grade=hazard.proposed_grade,
        is_own_submission=hazard.submitted_by_id == actor.pk,
        is_own_verification=hazard.verified_by_id == actor.pk,
        missing=tuple(missing_slots(plan, settings["hazards.plan_variant"]))
        if hazard.grade == "major"
        else (),
        is_protected=bool(hazard.interim_at),
        has_open_extension=Extension.objects.filter(hazard=hazard, decided_at=None).exists(),
        school_may_close=bool(settings["hazards.school_may_close"]),
        is_own_finding=hazard.source in {Source.PATROL, Source.SNAP, Source.IMPORT},
    )


def begin(hazard, action, *, actor):
    """Lock the row, read it anew, check the rule; returns the Move. Call inside a transaction.

    The caller's copy may be stale: whoever comes second is refused here. Raises NotAllowed.
    """
    fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    roles, facts = actor.roles_at(fresh.school), facts_of(fresh, actor)
    target = workflow.target_of(action, fresh.status, roles, facts)
    move = Move(fresh, fresh.status, workflow.rule_for(action, fresh.status, roles), action)
    fresh.status = target
    return move


def finish(move, *, actor, now, fields=(), note="", photos=(), purpose="after", **changes):
    """Save what changed, keep the photos, write the event, tell whose turn it is; returns the hazard."""
    hazard = move.hazard
    hazard.save(update_fields=["status", *fields])
    for photo in photos:
        files.store_photo(
            photo, owner=hazard, organisation=hazard.school, purpose=purpose, actor=actor, now=now
        )
    if move.before != hazard.status:
        changes = {"status": [move.before, hazard.status], **changes}
    if photos:
        changes["photos"] = len(photos)
    record_event(
        hazard, f"hazards.{move.action}", organisation=hazard.school, actor=actor, note=note,
        post=actor.post_for(hazard.school, move.rule.roles), **changes,
    )  # fmt: skip
    if move.before != hazard.status:
        tell_whose_turn(hazard, now=now)
    return hazard


def tell_whose_turn(hazard, *, now):
    """One line to those who act next; the red mark of the step before goes out."""
    url = hazard.get_absolute_url()
    settle(url)
    roles, sentence = TURNS.get(hazard.status, (None, None))
    if roles is None:
        return
    at_school = roles & {Role.SAFETY_OFFICER, Role.PRINCIPAL}
    organisation = hazard.school if at_school else hazard.school.parent or hazard.school
    people = User.objects.holding(roles, organisation, timezone.localdate(now))
    notify(
        people, f"hazards.{hazard.status}", f"{sentence} {hazard.number} {hazard.title}", url=url, now=now,
        organisation=hazard.school, needs_action=True,
    )  # fmt: skip


TURNS = {
    Status.PLANNING: (frozenset({Role.SAFETY_OFFICER}), _("Fill in the five implementations:")),
    Status.SIGNED: (BUREAU_STAFF, _("Accept the plan:")),
    Status.RECTIFYING: (frozenset({Role.SAFETY_OFFICER}), _("Rectify:")),
    Status.VERIFIED: (BUREAU_STAFF, _("Write off:")),
}


@transaction.atomic
def protect(hazard, *, actor, closed, watch, now, note="", photos=()):
    """Record the interim protection: what is closed, who watches."""
    move = begin(hazard, Action.PROTECT, actor=actor)
    hazard = move.hazard
    hazard.interim_closed, hazard.interim_watch, hazard.interim_at = closed, watch, now
    return finish(
        move, actor=actor, now=now, note=note, photos=photos, purpose="interim",
        fields=["interim_closed", "interim_watch", "interim_at"], closed=closed, watch=watch,
    )  # fmt: skip


@transaction.atomic
def comment(hazard, *, actor, note, now, photos=()):
    """Add words and photos to the history; the state stays."""
    move = begin(hazard, Action.COMMENT, actor=actor)
    return finish(move, actor=actor, now=now, note=note, photos=photos, purpose="note")
