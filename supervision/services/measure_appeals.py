"""Appeals against a measure: filed by the principal in time, decided by another leader."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.files import store_document
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import Role

from ..models import Appeal
from ..workflow import measures as rules
from ..workflow.measures import Action, Kind, Result, Status
from .measure_shared import begin, log, needed, tell_bureau, tell_school
from .measure_steps import begin_taking_back

# What a changed decision may change, never to the worse.
CHANGEABLE = ["until", "amount"]


@transaction.atomic
def appeal(measure, *, actor, reason, now, document=None):
    """The principal objects; returns the Appeal. Raises NotAllowed when the days for it are over."""
    words = needed("reason", reason)
    measure = begin(measure, Action.APPEAL, actor=actor, now=now)
    days = preference(measure.school, "measures.appeal_decision_days")
    row = Appeal.objects.create(
        measure=measure, reason=words, filed_at=now, filed_by=actor,
        due_on=timezone.localdate(now) + timedelta(days=days),
    )  # fmt: skip
    if document:
        store_document(
            document, owner=measure, organisation=measure.school, purpose="appeal", actor=actor, now=now
        )
    log(measure, "appeal_measure", actor=actor, roles={Role.PRINCIPAL}, note=words, number=measure.number)
    tell_bureau(measure, _("Appeal against %(measure)s, %(school)s"), now=now, leaders=True)
    return row


@transaction.atomic
def decide_appeal(measure, *, actor, result, answer, now, until=None, amount=None):
    """Upheld, changed (an earlier end or a smaller amount) or revoked; by another than who issued it."""
    words = needed("answer", answer)
    measure = begin(measure, Action.DECIDE_APPEAL, actor=actor, now=now)
    row = Appeal.objects.select_for_update().get(measure=measure, decided_at=None)
    if result == Result.CHANGED:
        row.changes = _milder(measure, {"until": until, "amount": amount})
    elif result == Result.REVOKED:
        measure.status, measure.over_at, measure.over_note = Status.REVOKED, now, words[:300]
    if result != Result.UPHELD and measure.kind == Kind.PENALTY:
        begin_taking_back(measure, timezone.localdate(now))
    row.result, row.answer, row.decided_at, row.decided_by = result, words, now, actor
    row.save()
    measure.save()
    log(
        measure, "decide_appeal_measure", actor=actor, roles=rules.roles_of(Action.DECIDE_APPEAL), note=words,
        result=result, changes=row.changes, number=measure.number,
    )  # fmt: skip
    tell_school(measure, _("The appeal against %(measure)s is decided"), now=now, needs_action=False)
    return row


def _milder(measure, values):
    """Put the milder values into the measure; {field: [old, new]}. ValidationError for a worse one, and
    where nothing changes of a measure that has a period or an amount; of others the answer says it."""
    changes = {}
    for name in CHANGEABLE:
        old, new = getattr(measure, name), values[name]
        if new is None or new == old:
            continue
        if old is None or new > old:
            raise ValidationError({name: _("An appeal does not make it worse.")})
        setattr(measure, name, new)
        changes[name] = [str(old), str(new)]
    if not changes and any(getattr(measure, name) is not None for name in CHANGEABLE):
        raise ValidationError({"until": _("Say what changes.")})
    return changes
