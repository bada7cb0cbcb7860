"""What the triggers look at, each in a fixed number of queries: findings with their frozen facts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from hazards.models import Hazard
from hazards.workflow import Grade, Status
from inspections.models import Notice, PatrolDay
from inspections.workflow import NoticeStatus
from schoolsafety.core.models import Organisation
from schoolsafety.core.workdays import build_calendar, calendar_rows

from ..models import Measure, MeasureStep
from ..workflow import measures as rules
from ..workflow.measure_kinds import Kind, Side
from ..workflow.measure_triggers import LONG_DAYS, SHORT_DAYS, Look

SILENT_DAYS = 40  # calendar days back in which a run of missed patrols is looked for


@dataclass
class Found:
    """One finding at one school. `subject` tells it from another of the same trigger."""

    look: Look
    school: Organisation
    subject: str
    count: int
    facts: dict
    hazard: Hazard | None = None
    long_count: int = 0
    aggravating: dict | None = None  # facts of money that is not in place

    @property
    def grade(self):
        return self.hazard.effective_grade if self.hazard else ""


class Calendars:
    """The work calendar of each school, from two queries for all."""

    def __init__(self):
        ids = set(Organisation.objects.bureaus().values_list("pk", flat=True))
        self._rows, self._made = calendar_rows(ids), {}

    def of(self, school):
        key = school.parent_id
        if key not in self._made:
            self._made[key] = build_calendar(*self._rows, school.path_ids()[:-1])
        return self._made[key]


def look_at_all(today, schools=None):
    """Everything found on `today`, one Found after the other; `schools` (a queryset) narrows it."""
    calendars = Calendars()
    for look in (_overdue, _graded, _refused, _silent, _steps, _penalties):
        yield from look(today, calendars, schools)


def _within(rows, schools, field="school"):
    return rows if schools is None else rows.filter(**{f"{field}__in": schools})


def _case(hazard):
    return {"number": hazard.number, "title": hazard.title, "place": hazard.place}


def _money(hazard):
    """The aggravating facts of a hazard whose planned money is not all there; None if it is, or unplanned."""
    plan = getattr(hazard, "plan", None)
    if plan is None or plan.funds_planned is None or (plan.funds_allocated or 0) >= plan.funds_planned:
        return None
    return {"planned": f"{plan.funds_planned:,.2f}", "allocated": f"{plan.funds_allocated or 0:,.2f}"}


def _overdue(today, calendars, schools):
    rows = _within(Hazard.objects.overdue(today), schools).select_related("school", "plan")
    for hazard in rows.iterator(chunk_size=500):
        days = calendars.of(hazard.school).between(hazard.due_on, today)
        facts = _case(hazard) | {"due_on": str(hazard.due_on), "on": str(today), "n": days}
        yield Found(
            Look.OVERDUE, hazard.school, f"{hazard.pk}:{hazard.due_on}", days, facts, hazard,
            aggravating=_money(hazard),
        )  # fmt: skip


def _graded(today, calendars, schools):
    """What a major hazard still lacks: a signed plan, somebody who answers for it, protection."""
    rows = Hazard.objects.open().filter(grade=Grade.MAJOR, graded_at__isnull=False)
    rows = _within(rows, schools).select_related("school", "plan")
    for hazard in rows.iterator(chunk_size=500):
        graded_on, plan = timezone.localdate(hazard.graded_at), getattr(hazard, "plan", None)
        days = calendars.of(hazard.school).between(graded_on, today)
        facts = _case(hazard) | {"graded_on": str(graded_on), "n": days}
        lacks = {
            Look.NO_PLAN: hazard.status == Status.PLANNING,
            Look.UNSIGNED: hazard.status == Status.PLANNING and not (plan and plan.responsible_signed_at),
            Look.UNPROTECTED: hazard.interim_at is None,
        }
        for look, is_lacking in lacks.items():
            if is_lacking:
                yield Found(
                    look, hazard.school, f"{hazard.pk}:{graded_on}", days, facts, hazard,
                    aggravating=_money(hazard),
                )  # fmt: skip


def _refused(today, calendars, schools):
    """Notices whose receipt the school refused. The count is of workdays since the issue."""
    rows = _within(Notice.objects.filter(status=NoticeStatus.REFUSED), schools)
    for notice in rows.select_related("school").prefetch_related("items__hazard"):
        issued_on = timezone.localdate(notice.issued_at)
        items = list(notice.items.all())
        facts = {
            "number": notice.number, "issued_on": str(issued_on), "witness": notice.refusal_witness,
            "note": notice.refusal_note.rstrip("。.；; "),  # it stands inside a sentence
        }  # fmt: skip
        days = calendars.of(notice.school).between(issued_on, today)
        only = items[0].hazard if len(items) == 1 else None
        yield Found(Look.REFUSED, notice.school, str(notice.pk), days, facts, only)


def _silent(today, calendars, schools):
    """The run of due days without a patrol up to the newest due day before today."""
    rows = PatrolDay.objects.filter(is_due=True, day__lt=today, day__gte=today - timedelta(days=SILENT_DAYS))
    runs: dict[int, list] = defaultdict(list)
    ended: set[int] = set()
    days = _within(rows, schools).order_by("school_id", "-day").values_list("school_id", "day", "patrols")
    for school_pk, day, patrols in days.iterator(chunk_size=5000):
        if patrols:
            ended.add(school_pk)
        elif school_pk not in ended:
            runs[school_pk].append(day)
    for school in Organisation.objects.filter(pk__in=list(runs)):
        missed = runs[school.pk]
        facts = {"first": str(missed[-1]), "last": str(missed[0]), "n": len(missed)}
        yield Found(Look.SILENT, school, f"{school.pk}:{missed[-1]}", len(missed), facts)


def _steps(today, calendars, schools):
    """A school's commitment or report after a measure that is overdue."""
    rows = MeasureStep.objects.filter(
        side=Side.SCHOOL, done_at=None, due_on__lt=today, measure__status=rules.Status.ISSUED
    )
    rows = _within(rows, schools, "measure__school").select_related("measure__school", "measure__hazard")
    for step in rows:
        measure = step.measure
        facts = {"measure": str(measure), "step": step.step, "due_on": str(step.due_on)}
        yield Found(
            Look.STEP_LATE, measure.school, str(step.pk),
            calendars.of(measure.school).between(step.due_on, today), facts, measure.hazard,
        )  # fmt: skip


def _penalties(today, calendars, schools):
    """The counter of 安全生产法 Art. 113, where a major hazard is open at the school."""
    since = today - timedelta(days=LONG_DAYS)
    issued = Measure.objects.filter(kind=Kind.PENALTY, issued_at__isnull=False)
    issued = _within(issued.exclude(status=rules.Status.REVOKED), schools)
    days = defaultdict(list)
    for school_pk, at, pk in issued.order_by("issued_at").values_list("school_id", "issued_at", "pk"):
        if timezone.localdate(at) > since:
            days[school_pk].append((timezone.localdate(at), pk))
    majors = Hazard.objects.open().filter(grade=Grade.MAJOR).values("school")
    for school in Organisation.objects.filter(pk__in=list(days)).filter(pk__in=majors):
        found = days[school.pk]
        short = sum(1 for day, _pk in found if day > today - timedelta(days=SHORT_DAYS))
        facts = {"n": short, "year": len(found)}
        subject = f"{school.pk}:{found[-1][1]}"
        yield Found(Look.PENALTIES, school, subject, short, facts, long_count=len(found))
