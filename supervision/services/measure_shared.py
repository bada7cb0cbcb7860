"""What every verb of a measure shares: lock, facts, check against the workflow, log, tell."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event
from schoolsafety.core.directory import authority
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.roles import BUREAU_LEADERS, Role

from ..models import Measure
from ..workflow import measures as rules
from ..workflow.measure_kinds import KIND_RULES, Kind
from ..workflow.measures import SCHOOL_ACTIONS, Action, Facts


def appeal_ends(measure):
    """The last day of an appeal; None for a measure that has none or is not issued."""
    days = KIND_RULES[Kind(measure.kind)].appeal_days
    if not days or not measure.issued_at or measure.concerns_others:
        return None
    return timezone.localdate(measure.issued_at) + timedelta(days=days)


def facts_of(measure, actor, today):
    """What the guards may look at on `today` (two queries once it is issued)."""
    is_issued = measure.issued_at is not None
    last = appeal_ends(measure)
    appeal = measure.appeals.filter(decided_at=None).first() if is_issued else None
    return Facts(
        kind=measure.kind,
        has_statement=bool(measure.stated_at),
        is_term_over=bool(measure.statement_due_on and measure.statement_due_on < today),
        open_steps=measure.steps.filter(done_at=None).count() if is_issued else 0,
        is_period_over=measure.until is None or measure.until < today,
        has_open_appeal=appeal is not None,
        has_drafted_decision=appeal is not None and appeal.drafted_at is not None,
        is_appeal_over=last is not None and last < today,
        is_issuer=measure.issued_by_id == actor.pk,
        is_holding=measure.holds,
    )


def roles_for(measure, action, user):
    """The roles that count: a school's own act at the school, any other at the bureau that answers."""
    return user.roles_at(measure.school if action in SCHOOL_ACTIONS else authority(measure))


def actions_of(measure, user, now):
    """What this person may do with the measure now, in the order of `Action`."""
    facts = facts_of(measure, user, timezone.localdate(now))
    return [
        action
        for action in Action
        if rules.refusal(action, measure.status, roles_for(measure, action, user), facts) is None
    ]


def why_not(measure, action, user, now):
    """The reason why this person may not take `action` now, or None."""
    facts = facts_of(measure, user, timezone.localdate(now))
    return rules.refusal(action, measure.status, roles_for(measure, action, user), facts)


def is_printable(measure):
    """Has the draft what its paper cannot do without?"""
    rule = KIND_RULES[Kind(measure.kind)]
    lacks_day = "meet_at" in rule.fields and measure.meet_at is None
    lacks_unit = bool(rule.unit) and measure.unit_id is None
    lacks_unit |= any(not measure.review.get(one, {}).get("answer") for one in rule.questions)
    lacks_unit |= "accident_on" in rule.fields and measure.accident_on is None
    return not (lacks_day or lacks_unit or (rule.needs_until and measure.until is None))


def begin(measure, action, *, actor, now):
    """Lock the row, read it anew, check the rule; returns it with its new status, not yet saved.

    The caller's copy may be stale: whoever comes second is refused here. Raises NotAllowed.
    """
    fresh = locked(measure)
    facts = facts_of(fresh, actor, timezone.localdate(now))
    roles = roles_for(fresh, action, actor)
    fresh.status = rules.target_of(action, fresh.status, roles, facts)
    return fresh


def locked(measure):
    """The row under lock, with what papers and messages need."""
    rows = Measure.objects.select_for_update(of=("self",))
    return rows.select_related(
        "school__parent", "organisation", "hazard", "unit", "created_by", "issued_by", "paper"
    ).get(pk=measure.pk)


def log(measure, verb, *, actor, roles, note="", **changes):
    """The event: in the school's history once the school was told, before that in the bureau's."""
    was_told = bool(measure.number or measure.noticed_at) and not measure.concerns_others
    place = measure.school if was_told else measure.organisation
    record_event(
        measure, f"supervision.{verb}", organisation=place, actor=actor, note=note,
        post=actor.post_for(place, roles), kind=measure.kind, status=measure.status, **changes,
    )  # fmt: skip


def tell_school(measure, text, *, now, needs_action=True):
    """One line to officer and principal; of what concerns a person, to the principal alone; of what concerns
    a bureau, to its leaders, once it is issued."""
    rule = KIND_RULES[Kind(measure.kind)]
    if measure.is_about_a_bureau:
        if measure.number:  # nothing before the decision
            _tell(measure, measure.unit, BUREAU_LEADERS, text, now, needs_action)
        return
    if measure.concerns_others:
        return
    roles = {Role.PRINCIPAL} if rule.is_personal else {Role.PRINCIPAL, Role.SAFETY_OFFICER}
    _tell(measure, measure.school, roles, text, now, needs_action)


def tell_bureau(measure, text, *, now, leaders=False):
    """One line to those of the bureau whose turn it is: its leaders, or its staff and leaders."""
    _tell(measure, authority(measure), BUREAU_LEADERS if leaders else rules.BUREAU, text, now, True)


def _tell(measure, place, roles, text, now, needs_action):
    url = measure.get_absolute_url()
    settle(url)
    people = User.objects.holding(roles, place, timezone.localdate(now))
    words = {"measure": str(measure), "kind": measure.get_kind_display(), "school": measure.school.label}
    notify(
        people, f"supervision.measure_{measure.status}", text % words, url=url,
        organisation=measure.school, needs_action=needs_action, now=now,
    )  # fmt: skip


def needed(field, text):
    """The words without the space around them; ValidationError beside `field` when there are none."""
    words = (text or "").strip()
    if not words:
        raise ValidationError({field: _("Please fill this in.")})
    return words
