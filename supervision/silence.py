"""Schools that found nothing though schools of their kind and size do: figures, no judgement."""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from hazards.models import Hazard
from hazards.workflow import OWN_SOURCES
from inspections.models import Inspection
from inspections.workflow import InspectionStatus
from schoolsafety.core.models import Organisation
from schoolsafety.core.models.organisation import Kind
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.workdays import calendar_for

FEWEST = 5  # fewer schools of a kind give no rate of their own: all schools of the district give it
LONGEST = 400  # so far back school days are looked for: over a summer, not over years
LISTED = 10
KEYS = ["command.silent_days", "command.silent_percent"]


@dataclass
class Silent:
    """A school without a finding of its own, and the figures that make this unlikely."""

    school: Organisation
    rate: float  # findings per 1,000 pupil-days of its kind in its district
    is_of_kind: bool  # False: too few of its kind, the rate is that of all schools of the district
    expected: float  # findings to expect of so many pupils on so many school days
    chance: float  # of none at all: exp(-expected)
    last_on: date | None = None  # its last finding ever
    visit_pk: int | None = None  # a visit that is already being prepared


@dataclass
class Silence:
    """`number` silent schools, the most unlikely first; `quiet` of all `schools` found nothing at all."""

    rows: list
    number: int
    quiet: int
    schools: int
    since: date | None
    days: int
    percent: int


def expected_findings(schools, found, days):
    """[(index, rate, is_of_kind, expected)] of the schools that found nothing, by a Poisson model.

    `schools`: [(district, kind, pupils)], `found`: how many each found, on `days` school days. The rate is
    findings per pupil-day of the same kind in the same district. A school without pupils expects nothing.
    """
    kinds, districts = defaultdict(lambda: [0, 0, 0]), defaultdict(lambda: [0, 0, 0])
    for (district, kind, pupils), number in zip(schools, found, strict=True):
        for sums in (kinds[district, kind], districts[district]):
            sums[0] += 1
            sums[1] += number
            sums[2] += pupils * days
    rows = []
    for index, (district, kind, pupils) in enumerate(schools):
        if found[index]:
            continue
        is_of_kind = kinds[district, kind][0] >= FEWEST
        _count, number, exposure = kinds[district, kind] if is_of_kind else districts[district]
        rate = number / exposure if exposure else 0.0
        rows.append((index, rate, is_of_kind, rate * pupils * days))
    return rows


def silence_below(unit, *, on):
    """The Silence at and below the bureau `unit` on the day `on`: a fixed number of queries."""
    wanted = preferences_for(unit, KEYS)
    days, percent = wanted["command.silent_days"], wanted["command.silent_percent"]
    since = _since(unit, days, on)
    schools = list(
        Organisation.objects.below(unit).schools().open_on(on).only(
            "pk", "code", "name", "short_name", "kind", "pupils", "path", "parent_id"
        )
    )  # fmt: skip
    result = Silence([], 0, 0, len(schools), since, days, percent)
    if since is None:
        return result
    found = _found(unit, since, on)
    district_of = _districts(unit)
    facts = [(district_of(school), school.kind, school.pupils) for school in schools]
    quiet = expected_findings(facts, [found.get(school.pk, 0) for school in schools], days)
    rows = [
        Silent(schools[index], rate * 1000, is_of_kind, expected, math.exp(-expected))
        for index, rate, is_of_kind, expected in quiet
        if math.exp(-expected) * 100 < percent
    ]
    rows.sort(key=lambda row: (row.chance, row.school.code))
    result.quiet, result.number, result.rows = len(quiet), len(rows), rows
    return result


def with_details(rows):
    """Fill in the last finding of each row and a visit under way: two queries."""
    schools = [row.school.pk for row in rows]
    own = Hazard.objects.filter(school__in=schools, source__in=OWN_SOURCES).order_by()
    last = dict(own.values_list("school").annotate(Max("found_on")))
    drafts = Inspection.objects.filter(school__in=schools, status=InspectionStatus.DRAFT)
    visits = dict(drafts.values_list("school", "pk"))
    for row in rows:
        row.last_on, row.visit_pk = last.get(row.school.pk), visits.get(row.school.pk)
    return rows


def _since(unit, days, on):
    """The first of the last `days` school days before `on`; None if there were not so many."""
    calendar, day = calendar_for(unit), on
    for _step in range(LONGEST):
        day = date.fromordinal(day.toordinal() - 1)
        days -= calendar.is_school_day(day)
        if not days:
            return day
    return None


def _found(unit, since, on):
    """{school id: findings of its own from `since` to the day before `on`}: one query."""
    rows = Hazard.objects.filter(school__path__startswith=unit.path, source__in=OWN_SOURCES)
    rows = rows.filter(found_on__gte=since, found_on__lt=on).order_by()
    return dict(rows.values_list("school").annotate(Count("pk")))


def _districts(unit):
    """f(school) -> id of its district bureau, else of its superior: one query."""
    known = Organisation.objects.below(unit).filter(kind=Kind.DISTRICT_BUREAU)
    known = set(known.values_list("pk", flat=True))

    def district_of(school):
        return next((pk for pk in reversed(school.path_ids()) if pk in known), unit.pk)

    return district_of
