"""A measure on its way out: prior notice, statement, hearing, issue; and its end: lifted, ended."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, SCHOOL
from schoolsafety.core.files import store_document
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preference
from schoolsafety.core.workdays import calendar_for

from ..papers import measures as papers
from ..workflow import measures as rules
from ..workflow.measure_kinds import HEARING_ON_REQUEST, KIND_RULES, LETTER, SANCTION_MONTHS, Kind
from ..workflow.measures import Action, Hearing
from .measure_appeals import decision_before
from .measure_drafting import add_months, check
from .measure_shared import begin, log, needed, tell_bureau, tell_school
from .measure_steps import begin_steps


@transaction.atomic
def give_notice(measure, *, actor, now):
    """The prior notice of a penalty: facts, basis, what is intended, and until when the school may speak."""
    measure = begin(measure, Action.GIVE_NOTICE, actor=actor, now=now)
    today = timezone.localdate(now)
    check(measure, today)
    measure.statement_due_on = _statement_due(measure, today)
    measure.noticed_at, measure.noticed_by = now, actor
    measure.notice_number = number_for(measure.organisation, "penalty_notice", today)
    measure.notice_paper = issue_paper(
        measure, kind="penalty_notice", organisation=measure.organisation, number=measure.notice_number,
        title=f"行政处罚事先告知书（{measure.school.label}）", template=LETTER,
        data=papers.prior_notice(measure, measure.notice_number), now=now, actor=actor,
    )  # fmt: skip
    measure.save()
    log(
        measure, "give_notice_measure", actor=actor, roles=rules.roles_of(Action.GIVE_NOTICE),
        number=measure.notice_number, sha256=measure.notice_paper.sha256,
    )  # fmt: skip
    tell_school(measure, _("Prior notice of a penalty: you may state your case"), now=now)
    return measure


def paper_before(measure, action, *, actor, now):
    """The paper that `action` would issue now, marked as a draft, for reading; nothing is saved."""
    if action == Action.DECIDE_APPEAL:
        return decision_before(measure, actor=actor, now=now)
    if action != Action.GIVE_NOTICE:
        return papers.draft_of(measure, now=now)
    measure.noticed_at, measure.statement_due_on = now, _statement_due(measure, timezone.localdate(now))
    return papers.prior_notice(measure, papers.DRAFT_NUMBER) | {"urgency": "草稿"}


def _statement_due(measure, today):
    days = preference(measure.school, "measures.statement_days")
    return calendar_for(measure.school).add(today, days)


@transaction.atomic
def state(measure, *, actor, statement, now, wants_hearing=False, document=None):
    """The school states its case, may ask for a formal hearing, may add a document. Later words are added."""
    words = needed("statement", statement)
    measure = begin(measure, Action.STATE, actor=actor, now=now)
    if wants_hearing and measure.sanction not in HEARING_ON_REQUEST:
        raise ValidationError({"wants_hearing": _("There is no formal hearing for what is intended here.")})
    measure.statement = "\n".join(part for part in (measure.statement, words) if part)
    measure.wants_hearing = measure.wants_hearing or wants_hearing
    measure.stated_at, measure.stated_by = now, actor
    measure.save()
    if document:
        keep(measure, document, "statement", actor=actor, now=now)
    log(measure, "state_measure", actor=actor, roles=SCHOOL, note=words, hearing=measure.wants_hearing)
    tell_bureau(measure, _("%(school)s stated its case on an intended penalty"), now=now)
    return measure


@transaction.atomic
def hear(measure, *, actor, hearing, note, now):
    """What was said and how it is judged; a formal hearing that was asked for must have been held."""
    measure = begin(measure, Action.HEAR, actor=actor, now=now)
    if measure.wants_hearing and hearing != Hearing.HEARING:
        raise ValidationError({"hearing": _("The school asked for a formal hearing.")})
    if measure.stated_at and hearing == Hearing.NONE:
        raise ValidationError({"hearing": _("The school stated its case.")})
    measure.hearing, measure.hearing_note = hearing, needed("note", note)
    measure.heard_at, measure.heard_by = now, actor
    measure.save()
    log(measure, "hear_measure", actor=actor, roles=BUREAU, note=measure.hearing_note, hearing=hearing)
    tell_bureau(measure, _("To decide: %(kind)s, %(school)s"), now=now, leaders=True)
    return measure


@transaction.atomic
def issue(measure, *, actor, now):
    """The leader decides: number, paper, period, steps with their clocks; the school is told.

    The second of two people is refused; whatever fails gives the number back.
    """
    measure = begin(measure, Action.ISSUE, actor=actor, now=now)
    today, rule = timezone.localdate(now), KIND_RULES[Kind(measure.kind)]
    check(measure, today)
    if months := SANCTION_MONTHS.get(measure.sanction) if measure.kind == Kind.DISCIPLINE else None:
        measure.until = add_months(today, months)
    measure.number = number_for(measure.organisation, rule.series, today)
    measure.issued_at, measure.issued_by = now, actor
    data = papers.measure(measure, measure.number)
    # No addressee: who may fetch it is asked of the measure, not of everybody at the school.
    measure.paper = issue_paper(
        measure, kind=measure.kind, organisation=measure.organisation, number=measure.number,
        title=data["title"].replace("\n", "")[:200], template=rule.template, data=data, now=now, actor=actor,
    )  # fmt: skip
    measure.save()
    begin_steps(measure, today)
    log(
        measure, "issue_measure", actor=actor, roles=rules.roles_of(Action.ISSUE), number=measure.number,
        sha256=measure.paper.sha256,
    )  # fmt: skip
    tell_school(measure, _("%(kind)s: %(measure)s"), now=now)
    return measure


@transaction.atomic
def lift(measure, *, actor, note, now):
    """The leader lifts it before its time, with the reason."""
    words = needed("note", note)
    measure = begin(measure, Action.LIFT, actor=actor, now=now)
    measure.over_at, measure.over_note = now, words
    measure.save()
    log(
        measure, "lift_measure", actor=actor, roles=rules.roles_of(Action.LIFT), note=words,
        number=measure.number,
    )  # fmt: skip
    tell_school(measure, _("Lifted: %(measure)s"), now=now, needs_action=False)
    return measure


@transaction.atomic
def end(measure, *, actor, now, note=""):
    """It has run its course: every step is done and its period is over."""
    measure = begin(measure, Action.END, actor=actor, now=now)
    measure.over_at, measure.over_note = now, note.strip()
    measure.save()
    log(measure, "end_measure", actor=actor, roles=BUREAU, note=measure.over_note, number=measure.number)
    tell_school(measure, _("Ended: %(measure)s"), now=now, needs_action=False)
    return measure


def keep(measure, upload, purpose, *, actor, now):
    """Store one document of the measure."""
    return store_document(
        upload, owner=measure, organisation=measure.school, purpose=purpose, actor=actor, now=now
    )
