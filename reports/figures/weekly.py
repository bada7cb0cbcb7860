"""The figures of one week for every school and bureau, drawn at once."""

from collections import defaultdict

from hazards.models import Hazard
from inspections.models import PatrolDay
from schoolsafety.core.models import Organisation

from . import period as periods
from .counting import EFFECTIVE, below, counts_of, present
from .rollup import nothing, roll_up, sum_of

LISTED = 40  # hazards in one list of a school's report; the rest is counted and stands in the ledger
MAJORS_LISTED = 100


def weekly_figures(week_start, *, on, root=None):
    """{organisation id: figures} of all schools at or below `root` (default: everywhere) and of what is above
    them up to `root`. Seven queries, however many schools.

    `week_start` is a Monday; `on` the day of drawing: days after it are not counted. A school's
    figures hold {period, counts, days, majors, lists}, a bureau's {period, counts, majors, children}.
    """
    period = periods.week(week_start, on)
    units = load_units(period.start, root)
    schools = school_figures(period, {pk: unit for pk, unit in units.items() if unit.is_school}, root)
    return schools | bureau_figures(period, units, schools)


def load_units(start, root=None):
    """{id: Organisation} of the bureaus and schools at or below `root` that were open on `start`."""
    chosen = Organisation.objects.open_on(start)
    chosen = chosen.below(root) if root else chosen
    return {unit.pk: unit for unit in chosen.order_by("code") if unit.is_school or unit.is_bureau}


def school_figures(period, schools, root=None):
    """{school id: figures} for the schools of `schools` ({id: Organisation}): six queries."""
    paths = {pk: school.path for pk, school in schools.items()}
    counts, majors = counts_of(period, paths, root)
    days, lists = days_of(period, root), lists_of(period, root)
    return {
        pk: {
            "period": period.as_json(),
            "counts": counts[pk],
            "days": days.get(pk, []),
            "majors": majors.get(pk, []),
            "lists": lists.get(pk, _no_lists()),
        }
        for pk in schools
    }


def bureau_figures(period, units, schools):
    """{bureau id: figures}: pure sums of the `schools`' figures along the tree."""
    counts = {pk: figures["counts"] for pk, figures in schools.items() if pk in units}
    paths = {pk: units[pk].path for pk in counts}
    totals = roll_up(counts, paths) | counts
    found = {}
    for pk, unit in units.items():
        if unit.is_school or pk not in totals:
            continue
        below_it = [school for school in counts if paths[school].startswith(unit.path)]
        majors = [major for school in below_it for major in schools[school]["majors"]]
        children = [child for child in units.values() if child.parent_id == pk and child.pk in totals]
        found[pk] = {
            "period": period.as_json(),
            "counts": totals[pk],
            "majors": [_named(major, units) for major in majors[:MAJORS_LISTED]],
            "majors_left_out": max(0, len(majors) - MAJORS_LISTED),
            "children": [
                {"id": child.pk, "code": child.code, "name": child.label, "counts": totals[child.pk]}
                for child in children
            ],
        }
    return found


def is_sum_of_children(figures):
    """Do a bureau's counts equal the sum of the counts of its children? Pure."""
    return figures["counts"] == sum_of([nothing(), *(child["counts"] for child in figures["children"])])


def days_of(period, root=None):
    """{school id: [{day, due, patrols, items, problems, bulk}]} of the period: one query."""
    rows = below(PatrolDay.objects.filter(day__gte=period.start, day__lte=period.until), root)
    found = defaultdict(list)
    columns = ("school_id", "day", "is_due", "patrols", "items", "problems", "bulk")
    for school, day, is_due, patrols, items, problems, bulk in rows.order_by("day").values_list(*columns):
        found[school].append(
            {"day": str(day), "is_due": is_due, "patrols": patrols, "items": items, "problems": problems,
             "bulk": bulk}
        )  # fmt: skip
    return found


def lists_of(period, root=None):
    """{school id: {"new", "open", "closed": [facts], "left_out": {list: n}}}: one query."""
    rows = below(Hazard.objects.filter(present(period)), root).annotate(effective=EFFECTIVE)
    columns = (
        "school_id", "number", "title", "place", "category__name", "effective", "status", "found_on",
        "due_on", "closed_on", "closure",
    )  # fmt: skip
    found = defaultdict(_no_lists)
    for row in rows.order_by("school_id", "found_on", "pk").values_list(*columns).iterator(chunk_size=5000):
        school, facts = row[0], dict(zip(FACTS, row[1:], strict=True))
        is_open = facts["closed_on"] is None or facts["closed_on"] > period.until
        names = ["open" if is_open else "closed", *(["new"] if facts["found_on"] >= period.start else [])]
        for name in names:
            _put(found[school], name, facts)
    return found


FACTS = (
    "number", "title", "place", "category", "grade", "status", "found_on", "due_on", "closed_on", "closure",
)  # fmt: skip


def _no_lists():
    return {"new": [], "open": [], "closed": [], "left_out": {"new": 0, "open": 0, "closed": 0}}


def _put(lists, name, facts):
    if len(lists[name]) < LISTED:
        dates = {key: str(facts[key] or "") for key in ("found_on", "due_on", "closed_on")}
        lists[name].append(facts | dates)
    else:
        lists["left_out"][name] += 1


def _named(major, units):
    return major | {"school_name": units[major["school"]].label}
