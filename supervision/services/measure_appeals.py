"""Appeals against a measure: filed by the principal in time, a decision drafted, issued by another leader."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, NotAllowed
from schoolsafety.core.drafts import change
from schoolsafety.core.files import store_document
from schoolsafety.core.models import Organisation
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_ROLES, Role

from ..models import Appeal
from ..papers import appeals as papers
from ..workflow import measures as rules
from ..workflow.measure_kinds import KIND_RULES, Kind
from ..workflow.measures import Action, Result, Status
from .measure_shared import begin, log, needed, tell_bureau, tell_school
from .measure_steps import begin_taking_back

# What a changed decision may change, never to the worse, and how its value is read from the draft.
CHANGEABLE = {"until": date.fromisoformat, "amount": Decimal}


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
    tell_bureau(measure, _("Appeal against %(measure)s, %(school)s"), now=now)
    return row


@transaction.atomic
def draft_decision(measure, *, actor, result, answer, version, now, until=None, amount=None):
    """Draft the decision, or change its draft: upheld, changed (an earlier end or a smaller amount) or
    revoked, with its reasons. Nothing holds yet and the school learns nothing of it.

    `version` is that of the appeal which the form was opened with: raises EditedMeanwhile.
    """
    words = needed("answer", answer)
    measure = begin(measure, Action.DRAFT_DECISION, actor=actor, now=now)
    row = open_appeal(measure)
    changes = milder(measure, {"until": until, "amount": amount}) if result == Result.CHANGED else {}
    change(row, version, {"result": result, "answer": words, "changes": changes})
    row.drafted_at, row.drafted_by = now, actor
    row.save()
    log(measure, "draft_decision_measure", actor=actor, roles=BUREAU, version=row.version)
    tell_bureau(measure, _("To decide: the appeal against %(measure)s, %(school)s"), now=now, leaders=True)
    return row


@transaction.atomic
def decide_appeal(measure, *, actor, now):
    """Another leader than who issued the measure issues the drafted decision: number, paper, effect."""
    measure = begin(measure, Action.DECIDE_APPEAL, actor=actor, now=now)
    row = open_appeal(measure)
    if row.result == Result.CHANGED:
        _apply(measure, row)
    elif row.result == Result.REVOKED:
        measure.status, measure.over_at, measure.over_note = Status.REVOKED, now, row.answer[:300]
    if row.result != Result.UPHELD and measure.kind == Kind.PENALTY:
        begin_taking_back(measure, timezone.localdate(now))
    row.decided_at, row.decided_by = now, actor
    _put_on_paper(measure, row)
    row.save()
    measure.save()
    log(
        measure, "decide_appeal_measure", actor=actor, roles=rules.roles_of(Action.DECIDE_APPEAL),
        note=row.answer, result=row.result, changes=row.changes, number=measure.number, decision=row.number,
        sha256=row.paper.sha256,
    )  # fmt: skip
    tell_school(measure, _("The appeal against %(measure)s is decided"), now=now, needs_action=False)
    return row


def decision_before(measure, *, actor, now):
    """The paper of the drafted decision as `actor` would issue it now, marked as a draft; NotAllowed if
    nothing is drafted. Nothing is saved."""
    row = Appeal.objects.filter(measure=measure, decided_at=None, drafted_at__isnull=False).first()
    if row is None:
        raise NotAllowed(_("The decision is drafted first."))
    row.measure, row.decided_at = measure, now
    paths = _posts_over(actor, measure.school, BUREAU_ROLES)
    bureau = Organisation.objects.get(path=max(paths, key=len)) if paths else measure.organisation
    return papers.decision(row, papers.DRAFT_NUMBER, bureau) | {"urgency": "草稿"}


def open_appeal(measure):
    """The appeal that waits for its decision, locked."""
    row = Appeal.objects.select_for_update(of=("self",)).get(measure=measure, decided_at=None)
    row.measure = measure
    return row


def milder(measure, values):
    """{field: [old, new]} of the milder values; ValidationError for a worse one, and where nothing changes
    of a measure that has a period or an amount; of others the answer says it."""
    changes = {}
    for name in CHANGEABLE:
        old, new = getattr(measure, name), values[name]
        if new is None or new == old:
            continue
        if old is None or new > old:
            raise ValidationError({name: _("An appeal does not make it worse.")})
        changes[name] = [str(old), str(new)]
    if not changes and any(getattr(measure, name) is not None for name in CHANGEABLE):
        raise ValidationError({"until": _("Say what changes.")})
    return changes


def _apply(measure, row):
    """Put the drafted values into the measure, compared anew with what stands now."""
    values = dict.fromkeys(CHANGEABLE)
    values |= {name: CHANGEABLE[name](new) for name, (_old, new) in row.changes.items()}
    row.changes = milder(measure, values)
    for name in row.changes:
        setattr(measure, name, values[name])


def _put_on_paper(measure, row):
    """Number and paper of the decision, in the name of the bureau whose leader decides."""
    paths = _posts_over(row.decided_by, measure.school, BUREAU_LEADERS)
    bureau = Organisation.objects.get(path=max(paths, key=len))
    row.number = number_for(bureau, "appeal", timezone.localdate(row.decided_at))
    data = papers.decision(row, row.number, bureau)
    # No addressee: who may fetch it is asked of the measure, not of everybody at the school.
    row.paper = issue_paper(
        measure, kind="appeal", organisation=bureau, number=row.number, title=data["title"].replace("\n", ""),
        template=KIND_RULES[Kind(measure.kind)].template, data=data, now=row.decided_at, actor=row.decided_by,
    )  # fmt: skip


def _posts_over(person, school, roles):
    return [path for path, role in person.posts if role in roles and school.path.startswith(path)]
