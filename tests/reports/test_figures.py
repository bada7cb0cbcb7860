"""The figures against a recount by hand, on random data, and at the edges of a week."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from hazards.models import Hazard
from inspections.models import PatrolDay
from reports.figures import period as periods
from reports.figures.bulletin import bulletin_figures
from reports.figures.rollup import both
from reports.figures.series import monthly_series
from reports.figures.weekly import is_sum_of_children, weekly_figures
from tests.factories import CategoryFactory, HazardFactory, OrganisationFactory
from tests.reports.conftest import MONDAY, at, found, walk

CANCELLED = {"transferred", "mistaken", "duplicate"}


def scatter(schools, seed):
    """Random hazards and patrol days around the week."""
    rng = random.Random(seed)
    categories = [CategoryFactory(code=code, name=code) for code in ("XF", "JZ", "SP")]
    for number in range(60):
        day = MONDAY + timedelta(days=rng.randrange(-20, 10))
        shut = day + timedelta(days=rng.randrange(0, 15)) if rng.random() < 0.6 else None
        handed = at(f"{day + timedelta(days=rng.randrange(0, 6))} 23:{rng.randrange(60):02d}")
        state = "closed" if shut else rng.choice(["reported", "rectifying", "submitted", "verified"])
        values = {"grade": rng.choice(["general", "major"]), "proposed_grade": "general"}
        if state == "reported":
            values = {"grade": "", "proposed_grade": rng.choice(["general", "major"])}
        deadline = day + timedelta(days=rng.randrange(0, 9))
        HazardFactory(
            number=f"R{seed}-{number}", school=rng.choice(schools), category=rng.choice(categories),
            status=state,             source=rng.choice(["patrol", "snap", "partner"]),
            found_on=day, found_at=at(f"{day} 09:00"),
            closed_on=shut, closed_at=at(f"{shut} 10:00") if shut else None,
            closure=rng.choice(["rectified", "demolished", "mistaken", "duplicate"]) if shut else "",
            submitted_at=handed if state != "reported" else None,
            due_on=deadline if state == "rectifying" or rng.random() < 0.9 else None,
            **values,
        )  # fmt: skip
    for school in schools:
        for offset in range(-3, 9):
            if rng.random() < 0.7:
                day = str(MONDAY + timedelta(days=offset))
                walk(
                    school,
                    day,
                    patrols=rng.choice([0, 1, 2]),
                    problems=rng.randrange(4),
                    is_due=rng.random() < 0.8,
                )


def recount(school, period):
    """What a person would count with the rows spread out on a table."""
    found = {grade: Counter() for grade in ("general", "major")} | {
        "closures": Counter(),
        "sources": Counter(),
    }
    for row in Hazard.objects.filter(school=school):
        tally = found[row.grade or row.proposed_grade]
        if row.found_on > period.until:
            continue
        handed = row.submitted_at.astimezone(periods.SHANGHAI).date() if row.submitted_at else None
        in_hand = handed and row.status in {"submitted", "verified", "closed"}
        if row.due_on and period.start <= row.due_on <= period.until and row.closure not in CANCELLED:
            tally["due"] += 1
            in_time = (in_hand and handed <= row.due_on) or (row.closed_on and row.closed_on <= row.due_on)
            tally["on_time"] += bool(in_time)
        if row.closed_on and row.closed_on < period.start:
            continue
        is_new = row.found_on >= period.start
        tally["new" if is_new else "carried"] += 1
        found["sources"][row.source] += is_new
        if row.closed_on and row.closed_on <= period.until:
            tally["closed"] += 1
            found["closures"][row.closure] += 1
            continue
        tally["open"] += 1
        tally["overdue"] += bool(
            row.due_on and row.due_on < period.until and not (in_hand and handed <= period.until)
        )
    return found


@pytest.fixture
def schools(city, district, other_district, school, neighbour):
    direct = OrganisationFactory(code="LJ001", parent=city)
    return [school, neighbour, direct, *(OrganisationFactory(parent=other_district) for _ in range(3))]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("on", [date(2026, 11, 20), date(2026, 11, 30)])
def test_the_week_equals_a_recount_by_hand(schools, seed, on):
    scatter(schools, seed)
    figures = weekly_figures(MONDAY, on=on)
    period = periods.week(MONDAY, on)
    for school in schools:
        counts, expected = figures[school.pk]["counts"], recount(school, period)
        for grade in ("general", "major"):
            assert {name: n for name, n in counts[grade].items() if n and name != "complete"} == {
                name: n for name, n in expected[grade].items() if n
            }
            assert (
                counts[grade]["carried"] + counts[grade]["new"] - counts[grade]["closed"]
                == counts[grade]["open"]
            )
        assert counts["closures"] == expected["closures"]
        assert counts["sources"] == +expected["sources"]
        days = PatrolDay.objects.filter(school=school, day__gte=period.start, day__lte=period.until)
        assert counts["patrol"]["due"] == sum(day.is_due for day in days)
        assert counts["patrol"]["missed"] == sum(day.is_due and not day.patrols for day in days)
        assert counts["patrol"]["each"] == sum(day.items - day.bulk for day in days)


@pytest.mark.parametrize("seed", range(4))
def test_every_bureau_is_the_sum_of_what_is_below_it(schools, city, district, other_district, seed):
    scatter(schools, seed)
    figures = weekly_figures(MONDAY, on=date(2026, 11, 30))
    for bureau in (city, district, other_district):
        assert is_sum_of_children(figures[bureau.pk])
    assert figures[city.pk]["counts"]["schools"] == 6


@pytest.mark.parametrize("seed", range(4))
def test_the_last_month_of_the_series_equals_the_month_itself(schools, city, seed):
    scatter(schools, seed)
    figures = bulletin_figures(city, date(2026, 11, 1), on=date(2026, 12, 1))
    last = figures["series"][-1]
    for name in ("new", "closed", "open", "due", "on_time"):
        assert last[name] == both(figures["counts"], name)
    assert last["patrol_due"] == figures["counts"]["patrol"]["due"]
    assert sum(row["new"] for row in figures["schools"]) == both(figures["counts"], "new")
    assert sum(n for *_rest, n in figures["ages"]) == both(figures["counts"], "open")


def test_a_hazard_of_sunday_belongs_to_the_week_and_one_of_monday_to_the_next(school):
    found(school, "2026-11-22")
    found(school, "2026-11-23")
    this = weekly_figures(MONDAY, on=date(2026, 12, 1))[school.pk]["counts"]
    following = weekly_figures(MONDAY + timedelta(days=7), on=date(2026, 12, 1))[school.pk]["counts"]
    assert (this["general"]["new"], following["general"]["new"]) == (1, 1)
    assert following["general"]["carried"] == 1


def test_handed_in_one_minute_before_midnight_in_shanghai_is_on_time(school):
    found(school, "2026-11-18", submitted=True, submitted_at=at("2026-11-18 23:59"))
    found(school, "2026-11-18", submitted=True, submitted_at=at("2026-11-19 00:00"))
    counts = weekly_figures(MONDAY, on=date(2026, 12, 1))[school.pk]["counts"]["general"]
    assert (counts["due"], counts["on_time"]) == (2, 1)


def test_what_is_due_today_is_not_overdue_yet(school):
    found(school, "2026-11-20", rectifying=True)
    counts = weekly_figures(MONDAY, on=date(2026, 11, 20))[school.pk]["counts"]["general"]
    assert (counts["open"], counts["overdue"]) == (1, 0)


def test_what_was_found_on_monday_is_new(school):
    found(school, "2026-11-16")
    found(school, "2026-11-15")
    lists = weekly_figures(MONDAY, on=date(2026, 11, 20))[school.pk]["lists"]
    assert [len(lists[name]) for name in ("new", "open", "closed")] == [1, 2, 0]


def test_what_was_closed_on_the_first_of_the_series_was_carried_into_it(district, school):
    found(school, "2026-09-30", closed_on="2026-10-01")
    (row,) = monthly_series(district, date(2026, 10, 1), on=date(2026, 11, 1), months=1)
    assert (row["new"], row["closed"], row["open"]) == (0, 1, 0)


def test_a_long_list_is_cut_and_says_by_how_much(school):
    for _ in range(43):
        found(school, "2026-11-18")
    lists = weekly_figures(MONDAY, on=date(2026, 11, 20))[school.pk]["lists"]
    assert (len(lists["new"]), lists["left_out"]["new"]) == (40, 3)


def test_a_closed_school_is_not_counted(school, neighbour):
    neighbour.closed_on = date(2026, 11, 1)
    neighbour.save()
    found(neighbour, "2026-10-30")
    assert neighbour.pk not in weekly_figures(MONDAY, on=date(2026, 11, 20))


@pytest.mark.parametrize("count", [3, 30])
def test_the_week_costs_seven_queries_for_three_schools_and_for_thirty(
    district, count, django_assert_num_queries
):
    for school in OrganisationFactory.create_batch(count, parent=district):
        found(school, "2026-11-18", major=True)
        walk(school, "2026-11-18")
    with django_assert_num_queries(7):
        weekly_figures(MONDAY, on=date(2026, 11, 20))


@pytest.mark.parametrize("count", [3, 30])
def test_the_month_costs_as_many_queries_for_three_schools_as_for_thirty(
    district, count, django_assert_num_queries
):
    for school in OrganisationFactory.create_batch(count, parent=district):
        found(school, "2026-10-18", rectifying=True)
        walk(school, "2026-10-19")
    with django_assert_num_queries(16):
        bulletin_figures(district, date(2026, 10, 1), on=date(2026, 11, 1))


def test_months_before_the_first_record_are_unknown_not_zero(district, school):
    found(school, "2026-09-10")
    figures = bulletin_figures(district, date(2026, 10, 1), on=date(2026, 11, 1))
    assert figures["last_year"] is None
    assert figures["previous"]["new"] == 1
    assert figures["series"][-3]["new"] is None
