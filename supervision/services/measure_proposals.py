"""Proposals of measures: made by triggers, decided by a person. Also the triggers' own changes."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, NotAllowed, Status
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_LEADERS

from ..models import Measure, MeasureTrigger, Proposal
from ..workflow.measure_kinds import Kind
from ..workflow.measure_triggers import Look, ProposalStatus, is_met
from ..workflow.measures import UNFINISHED
from .measure_drafting import draft
from .measure_looks import look_at_all
from .measure_shared import needed
from .measure_words import for_paper


class Triggers:
    """The triggers in force on a day; per code a bureau's own row hides the ones above it (one query)."""

    def __init__(self, on):
        self._rows = list(MeasureTrigger.objects.in_force(on).select_related("legal_basis"))
        self._known = {}

    def at(self, school):
        """The triggers that hold at `school`."""
        path = school.path_ids()
        if school.parent_id not in self._known:
            rank = {None: -1} | {pk: depth for depth, pk in enumerate(path[:-1])}
            fitting = [row for row in self._rows if row.organisation_id in rank]
            nearest = {row.code: row for row in sorted(fitting, key=lambda row: rank[row.organisation_id])}
            self._known[school.parent_id] = [row for row in nearest.values() if row.is_active]
        return self._known[school.parent_id]


def propose_all(*, today, now, schools=None):
    """Write what the triggers propose on `today`; returns how many are new. Safe to run twice: the same
    finding has the same key. Of the rungs that one finding reaches only the highest is proposed, and
    nothing while such a measure is proposed already or under way."""
    lapse(now=now)
    triggers, under_way = Triggers(today), _under_way()
    bureaus = {row.pk: row for row in Organisation.objects.bureaus()}
    made = 0
    for found in look_at_all(today, schools):
        met = [row for row in triggers.at(found.school) if row.look == found.look and _is_met(row, found)]
        trigger = max(met, key=lambda row: (row.threshold, row.code), default=None)
        about = (found.school.pk, found.hazard.pk if found.hazard else None, trigger and trigger.kind)
        if trigger is not None and about not in under_way:
            made += _propose(trigger, found, triggers, bureaus, now)
            under_way.add(about)
    return made


def _is_met(trigger, found):
    return bool(trigger.kind) and is_met(trigger, found.count, grade=found.grade, long_count=found.long_count)


def _under_way():
    """(school, hazard, kind) of the measures that are not over and of the open proposals: two queries."""
    names = ("school_id", "hazard_id", "kind")
    rows = set(Measure.objects.filter(status__in=UNFINISHED).values_list(*names))
    return rows | set(Proposal.objects.filter(status=ProposalStatus.OPEN).values_list(*names))


@transaction.atomic
def _propose(trigger, found, triggers, bureaus, now):
    """1 if the finding is new, else 0."""
    school = found.school
    bureau = next((bureaus[pk] for pk in reversed(school.path_ids()[:-1]) if pk in bureaus), None)
    if bureau is None:
        return 0
    heavier = [row for row in triggers.at(school) if row.look == Look.FUNDS] if found.aggravating else []
    basis = "\n".join(part for part in (trigger.basis, *(row.basis for row in heavier)) if part)
    proposal, is_new = Proposal.objects.get_or_create(
        key=f"{trigger.code}:{found.subject}",
        defaults={
            "school": school, "organisation": bureau, "hazard": found.hazard, "trigger": trigger,
            "kind": trigger.kind, "facts": found.facts, "basis": basis, "made_at": now,
            "aggravating": [found.aggravating] if heavier else [],
        },
    )  # fmt: skip
    if is_new:
        _supersede(proposal, found)
        record_event(
            proposal, "supervision.propose_measure", organisation=bureau, school=school.name,
            trigger=trigger.code, kind=trigger.kind, facts=found.facts,
        )  # fmt: skip
    return int(is_new)


def _supersede(proposal, found):
    """A lower rung that is still proposed for the same finding gives way to the new one."""
    same = Proposal.objects.filter(key__endswith=f":{found.subject}", trigger__look=found.look)
    lower = same.filter(status=ProposalStatus.OPEN).exclude(pk=proposal.pk)
    for pk in list(lower.values_list("pk", flat=True)):
        _lapse(pk, proposal.made_at, "supersede_proposal")


def lapse(*, now):
    """Proposals about hazards that were closed meanwhile lapse; returns how many."""
    rows = Proposal.objects.filter(status=ProposalStatus.OPEN, hazard__status=Status.CLOSED)
    return sum(_lapse(pk, now, "lapse_proposal") for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _lapse(pk, now, verb):
    row = _locked(pk)
    if row.status != ProposalStatus.OPEN:
        return 0
    row.status, row.decided_at = ProposalStatus.LAPSED, now
    row.save(update_fields=["status", "decided_at"])
    record_event(row, f"supervision.{verb}", organisation=row.organisation)
    return 1


@transaction.atomic
def take_up(proposal, *, actor, now):
    """A person takes it up: a draft with basis, facts and words filled in; returns the Measure.

    None for a stop of use, which another part orders. Who comes second is refused.
    """
    row = _begin(proposal, actor)
    row.status, row.decided_at, row.decided_by = ProposalStatus.TAKEN, now, actor
    row.save(update_fields=["status", "decided_at", "decided_by"])
    measure = None
    if row.kind != Kind.STOP:
        facts, aggravating = for_paper(row)
        measure = draft(
            row.school, kind=row.kind, actor=actor, now=now, hazard=row.hazard, proposal=row,
            facts=facts, aggravating=aggravating, basis=row.basis,
        )  # fmt: skip
    _log(row, "take_up_proposal", actor)
    return measure


@transaction.atomic
def dismiss(proposal, *, actor, reason, now):
    """A person decides that nothing follows, and says why."""
    words = needed("reason", reason)
    row = _begin(proposal, actor)
    row.status, row.decided_at, row.decided_by, row.reason = ProposalStatus.DISMISSED, now, actor, words
    row.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    _log(row, "dismiss_proposal", actor, note=words)
    return row


def may_decide(proposal, user):
    """Is it open, and does this person act for the bureau there?"""
    return proposal.status == ProposalStatus.OPEN and bool(user.roles_at(proposal.school) & BUREAU)


@transaction.atomic
def save_trigger(trigger, *, organisation, actor, values, today):
    """A bureau's own version of a trigger from `today` on; returns it. The version before stays as it was,
    so that proposals made from it keep it. A second change on the same day changes that day's row."""
    if not actor.roles_at(organisation) & BUREAU_LEADERS or not organisation.is_bureau:
        raise NotAllowed(_("A leader of the bureau changes what proposes a measure."))
    if not values.get("kind") and trigger.look != Look.FUNDS:
        raise ValidationError({"kind": _("Say what is proposed.")})
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    own = MeasureTrigger.objects.in_force(today).filter(organisation=organisation, code=trigger.code).first()
    if own is not None and own.in_force_from < today:
        own.in_force_to = today - timedelta(days=1)
        own.save(update_fields=["in_force_to"])
        own = None
    row = own or MeasureTrigger(
        organisation=organisation, code=trigger.code, look=trigger.look, in_force_from=today
    )
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record_event(
        row, "supervision.save_trigger", organisation=organisation, actor=actor, code=row.code,
        post=actor.post_for(organisation, BUREAU_LEADERS), threshold=row.threshold, measure=row.kind,
        grade=row.grade, is_active=row.is_active, basis=row.basis,
    )  # fmt: skip
    return row


def _locked(pk):
    rows = Proposal.objects.select_for_update(of=("self",))
    return rows.select_related("school", "organisation", "hazard", "trigger").get(pk=pk)


def _begin(proposal, actor):
    """The row under lock, still open and this person's to decide; else NotAllowed."""
    row = _locked(proposal.pk)
    if not actor.roles_at(row.school) & BUREAU:
        raise NotAllowed(_("The bureau decides on proposals."))
    if row.status != ProposalStatus.OPEN:
        words = {"status": row.get_status_display()}
        raise NotAllowed(_("This proposal is decided already: “%(status)s”.") % words)
    return row


def _log(row, verb, actor, note=""):
    record_event(
        row, f"supervision.{verb}", organisation=row.organisation, actor=actor, note=note, kind=row.kind,
        post=actor.post_for(row.school, BUREAU),
    )  # fmt: skip
