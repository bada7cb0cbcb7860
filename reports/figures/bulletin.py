"""The figures of one bureau's month: what a bulletin says, frozen with it."""

from hazards.models import Category, Hazard
from hazards.standing import backlog_ages

from ..models import WeeklyReport
from . import period as periods
from .counting import EFFECTIVE, below, counts_of, open_at_end, overdue_at_end
from .rollup import both, sum_of
from .series import monthly_series
from .weekly import load_units

OVERDUE_LISTED = 200
MAJORS_LISTED = 100


def bulletin_figures(organisation, month, *, on):
    """All figures of a bureau's month: totals, series, comparison, lists, one row a school.

    `month` is its first day, `on` the day of drawing. Schools stand in the order of their codes,
    never in the order of a result. A fixed number of queries for any number of schools.
    """
    period = periods.month(month, on)
    units = load_units(period.start, organisation)
    schools = {pk: unit for pk, unit in units.items() if unit.is_school}
    counts, majors = counts_of(period, {pk: unit.path for pk, unit in schools.items()}, organisation)
    sent = weekly_sending(organisation, period)
    rows = [_school_row(unit, counts[pk], sent.get(pk, _none_due())) for pk, unit in schools.items()]
    series = monthly_series(organisation, month, on=on)
    under_way = [
        major | {"school_name": schools[major["school"]].label} for pk in schools for major in majors[pk]
    ]
    return {
        "period": period.as_json(),
        "organisation": {"id": organisation.pk, "code": organisation.code, "name": organisation.name},
        "counts": sum_of(counts.values()),
        "series": series[1:],
        "previous": _known(series[-2]),
        "last_year": _known(series[0]),
        "ages": backlog_ages(below(Hazard.objects.filter(open_at_end(period)), organisation), period.until),
        "majors": under_way[:MAJORS_LISTED],
        "majors_left_out": max(0, len(under_way) - MAJORS_LISTED),
        "overdue": _overdue_list(organisation, period, schools),
        "schools": rows,
        "weekly": {name: sum(row["weekly"][name] for row in rows) for name in ("due", "late", "missing")},
        "category_names": dict(Category.objects.values_list("code", "name")),
    }


def weekly_sending(organisation, period):
    """{school id: {due, late, missing}} of the weekly reports that fell due in the period: one query."""
    rows = WeeklyReport.objects.filter(
        organisation__path__startswith=organisation.path,
        due_at__gte=period.begins_at, due_at__lt=period.ends_at,
    )  # fmt: skip
    found: dict = {}
    for pk, signed_at, due_at in rows.values_list("organisation_id", "signed_at", "due_at"):
        row = found.setdefault(pk, _none_due())
        row["due"] += 1
        row["missing"] += signed_at is None
        row["late"] += signed_at is not None and signed_at > due_at
    return found


def is_exemplary(row):
    """Nothing missed, everything sent and rectified in time, and something was looked for and found."""
    patrol, weekly = row["patrol"], row["weekly"]
    walked = patrol["due"] > 0 and not patrol["missed"]
    sent = weekly["due"] > 0 and not weekly["late"] and not weekly["missing"]
    return walked and sent and row["new"] > 0 and row["overdue"] == 0 and row["on_time"] == row["due"]


def _overdue_list(organisation, period, schools):
    """{rows: [facts], left_out}: in the order of school codes, then of deadlines."""
    rows = below(Hazard.objects.filter(overdue_at_end(period)), organisation).annotate(effective=EFFECTIVE)
    columns = ("school_id", "number", "title", "effective", "found_on", "due_on")
    rows = rows.order_by("school__code", "due_on", "pk").values_list(*columns)
    facts = [
        {"school": school, "school_name": schools[school].label, "number": number, "title": title,
         "grade": grade, "found_on": str(found), "due_on": str(due), "days_late": (period.until - due).days}
        for school, number, title, grade, found, due in rows
        if school in schools
    ]  # fmt: skip
    return {"rows": facts[:OVERDUE_LISTED], "left_out": max(0, len(facts) - OVERDUE_LISTED)}


def _school_row(unit, counts, sent):
    numbers = {
        name: both(counts, name) for name in ("carried", "new", "closed", "open", "overdue", "due", "on_time")
    }
    return numbers | {
        "id": unit.pk, "code": unit.code, "name": unit.label, "patrol": counts["patrol"], "weekly": sent,
        "major_open": counts["major"]["open"], "categories": counts["categories"],
    }  # fmt: skip


def _known(row):
    """A month of the series; None if nothing was recorded yet."""
    return row if row["new"] is not None else None


def _none_due():
    return {"due": 0, "late": 0, "missing": 0}
