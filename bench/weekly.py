"""A city's weekly figures: queries and seconds for 2,600 schools on PostgreSQL, beside bare SQL."""

import json
import os
import random
import time
from datetime import date, datetime, timedelta

from bench.child import output_of

MONDAY = date(2026, 11, 16)
SCHOOLS = {"small": 260, "normal": 2600}
DISTRICTS = 12
DAYS = 60
HAZARDS_A_SCHOOL = 40
BARE = """
SELECT school_id, CASE WHEN grade = '' THEN proposed_grade ELSE grade END, category_id, source, closure,
  count(*)
FROM hazards_hazard WHERE found_on <= %(end)s AND (closed_on IS NULL OR closed_on >= %(start)s)
   OR due_on BETWEEN %(start)s AND %(end)s
GROUP BY 1, 2, 3, 4, 5
""", """
SELECT school_id, sum(items), sum(problems), sum(patrols), sum(bulk), count(*) FILTER (WHERE is_due)
FROM inspections_patrolday WHERE day BETWEEN %(start)s AND %(end)s GROUP BY 1
""", """
SELECT school_id, day, is_due, patrols, items, problems, bulk FROM inspections_patrolday
WHERE day BETWEEN %(start)s AND %(end)s
""", """
SELECT school_id, number, title, place, category_id, status, found_on, due_on, closed_on, closure
FROM hazards_hazard WHERE found_on <= %(end)s AND (closed_on IS NULL OR closed_on >= %(start)s)
"""  # fmt: skip


def run(report):
    """Measure in a child with the settings of production; add the rows that it prints."""
    printed = output_of(
        "bench.weekly", BENCH_SCALE=report.scale, DJANGO_SETTINGS_MODULE="schoolsafety.settings.base"
    )
    for name, value, unit, more in json.loads(printed.splitlines()[-1]):
        report.add("weekly", name, value, unit, **more)


def main():
    """The child: build the city, measure, print the rows as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolsafety.settings.base")
    import django  # noqa: PLC0415 -- the address of the database must be known first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- Django is set up by then

    call_command("migrate", verbosity=0)
    schools = SCHOOLS.get(os.environ.get("BENCH_SCALE", "normal"), SCHOOLS["normal"])
    build(schools, random.Random(1))
    print(json.dumps(measure(schools)))


def measure(schools):
    """[(name, value, unit, {baseline, note})]."""
    from django.db import connection  # noqa: PLC0415 -- Django is set up by then
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- Django is set up by then

    from reports import services  # noqa: PLC0415 -- Django is set up by then
    from reports.figures.bulletin import bulletin_figures  # noqa: PLC0415 -- Django is set up by then
    from reports.figures.period import SHANGHAI  # noqa: PLC0415 -- Django is set up by then
    from reports.figures.weekly import weekly_figures  # noqa: PLC0415 -- Django is set up by then
    from schoolsafety.core.models import Organisation  # noqa: PLC0415 -- Django is set up by then

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    on, now = date(2026, 11, 20), datetime(2026, 11, 20, 16, tzinfo=SHANGHAI)
    weekly_figures(MONDAY, on=on)  # warm
    bare = median(lambda: bare_seconds(connection))
    figures = median(lambda: weekly_figures(MONDAY, on=on))
    with CaptureQueriesContext(connection) as queries:
        weekly_figures(MONDAY, on=on)
    first = timed(lambda: services.draft_week(MONDAY, now=now))
    again = timed(lambda: services.draft_week(MONDAY, now=now))
    city = Organisation.objects.get(parent=None)
    month = timed(lambda: bulletin_figures(city, date(2026, 10, 1), on=date(2026, 11, 1)))
    note, beside = f"{schools} schools", {"baseline": bare, "note": f"{schools} schools; beside bare SQL"}
    return [
        ("figures of all schools and bureaus", figures, "s", beside),
        ("queries for them", len(queries), "queries", {"note": "the same for any number of schools"}),
        ("reports drafted and stored", first, "s", {"note": note}),
        ("drafted again, drawn anew", again, "s", {"note": note}),
        ("figures of the city's bulletin", month, "s", {"note": note}),
    ]  # fmt: skip


def bare_seconds(connection):
    """The grouping alone: no models, no figures, rows fetched and dropped."""
    period = {"start": MONDAY, "end": date(2026, 11, 20)}
    with connection.cursor() as cursor:
        for sql in BARE:
            cursor.execute(sql, period)
            cursor.fetchall()


def median(work, rounds=5):
    return sorted(timed(work) for _ in range(rounds))[rounds // 2]


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def build(count, rng):
    """Bureaus, schools, terms, sixty days of patrols and forty hazards a school, written in bulk."""
    from schoolsafety.core.models import Organisation, SchoolTerm  # noqa: PLC0415 -- Django is set up by then

    city = Organisation.objects.create(code="C", name="测试市教育局", kind="city_bureau", paper_code="测")
    SchoolTerm.objects.create(
        organisation=city, name="t", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 20)
    )
    districts = [
        Organisation.objects.create(
            code=f"D{n:02d}", name=f"第{n}区教育局", kind="district_bureau", parent=city
        )
        for n in range(DISTRICTS)
    ]
    schools = [
        Organisation(code=f"S{n:05d}", name=f"第{n}小学", kind="primary", parent=districts[n % DISTRICTS])
        for n in range(count)
    ]
    Organisation.objects.bulk_create(schools, batch_size=500)
    for school in schools:
        school.path = f"{school.parent.path}{school.pk}/"
    Organisation.objects.bulk_update(schools, ["path"], batch_size=500)
    build_days(schools, rng)
    build_hazards(schools, rng)


def build_days(schools, rng):
    from inspections.models import PatrolDay  # noqa: PLC0415 -- Django is set up by then

    days = [MONDAY + timedelta(days=n) for n in range(-DAYS, 5)]
    rows = (
        PatrolDay(
            school=school, day=day, patrols=rng.random() < 0.96, items=30, normal=29, problems=1, bulk=20
        )
        for day in days
        if day.weekday() < 5
        for school in schools
    )
    PatrolDay.objects.bulk_create(rows, batch_size=2000)


def build_hazards(schools, rng):
    from hazards.models import Category, Hazard  # noqa: PLC0415 -- Django is set up by then
    from reports.figures.period import midnight  # noqa: PLC0415 -- Django is set up by then

    codes = ["XF", "JZ", "SP", "DQ", "ZA"]
    categories = [Category.objects.get_or_create(code=code, defaults={"name": code})[0] for code in codes]

    def one(school, number):
        day = MONDAY + timedelta(days=rng.randrange(-DAYS, 5))
        shut = day + timedelta(days=rng.randrange(4)) if rng.random() < 0.9 else None
        is_major = not shut and rng.random() < 0.05
        state = "closed" if shut else "planning" if is_major else "rectifying"
        at = midnight(day) + timedelta(hours=8)
        return Hazard(
            number=f"{school.code}-{number}", school=school, title="疏散通道堆物", place="一层东侧",
            category=rng.choice(categories), source=rng.choice(["patrol", "snap", "inspection"]),
            status=state, grade="major" if is_major else "general", found_at=at, found_on=day, reported_at=at,
            due_on=day, submitted_at=at if shut else None, closed_on=shut, closed_at=at if shut else None,
            closure="rectified" if shut else "",
        )  # fmt: skip

    rows = (one(school, number) for school in schools for number in range(HAZARDS_A_SCHOOL))
    Hazard.objects.bulk_create(rows, batch_size=2000)


if __name__ == "__main__":
    main()
