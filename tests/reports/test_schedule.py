"""What falls due while nothing ran is caught up, and nothing is done twice."""

from datetime import date

import pytest

from reports import schedule
from reports.models import Bulletin, WeeklyReport
from schoolsafety.core import jobs
from schoolsafety.core.models import Job
from tests.factories import CalendarDayFactory
from tests.reports.conftest import MONDAY, at


def test_a_week_falls_due_on_its_last_school_day_and_once_more_when_it_is_over(term):
    due = schedule.weeks_due(at("2026-11-16 01:00"), at("2026-11-23 08:00"))
    assert due == [("2026-11-16", {"week": "2026-11-16"}), ("2026-11-16:over", {"week": "2026-11-16"})]


def test_nothing_falls_due_a_minute_before(term):
    assert schedule.weeks_due(at("2026-11-16 01:00"), at("2026-11-20 15:59")) == []


def test_a_make_up_saturday_is_the_last_school_day(term):
    CalendarDayFactory(day=date(2026, 11, 21), kind="workday")
    assert schedule.weeks_due(at("2026-11-20 00:00"), at("2026-11-21 15:59")) == []
    assert len(schedule.weeks_due(at("2026-11-20 00:00"), at("2026-11-21 16:00"))) == 1


def test_the_holidays_ask_for_nothing(term):
    assert schedule.weeks_due(at("2027-02-01 00:00"), at("2027-02-15 00:00")) == []


def test_three_weeks_of_downtime_are_caught_up(term):
    keys = [key for key, _arguments in schedule.weeks_due(at("2026-11-02 01:00"), at("2026-11-20 18:00"))]
    assert keys == ["2026-11-02", "2026-11-02:over", "2026-11-09", "2026-11-09:over", "2026-11-16"]


def test_a_month_falls_due_on_the_first_of_the_next_in_the_morning():
    assert schedule.months_due(at("2026-10-31 00:00"), at("2026-11-01 05:59")) == []
    assert schedule.months_due(at("2026-10-31 00:00"), at("2026-11-01 06:00")) == [
        ("2026-10-01", {"month": "2026-10-01"})
    ]


def test_a_year_ends_with_december():
    assert schedule.months_due(at("2026-12-15 00:00"), at("2027-01-02 00:00")) == [
        ("2026-12-01", {"month": "2026-12-01"})
    ]


@pytest.fixture
def friday(time_machine):
    time_machine.move_to(at("2026-11-20 16:00"))


def run_all():
    for job in Job.objects.filter(name__startswith="reports.", state=Job.State.WAITING):
        assert jobs.run(job.pk, now=at("2026-11-20 16:00"))


def test_ticking_twice_gives_one_job_and_running_it_twice_one_report(term, school, friday):
    jobs.tick(now=at("2026-11-20 16:00"))
    jobs.tick(now=at("2026-11-20 16:00"))
    job = Job.objects.get(name="reports.draft_week", key="reports.draft_week:2026-11-16")
    run_all()
    job.refresh_from_db()
    assert (job.state, job.result["created"]) == (Job.State.DONE, 3)
    assert schedule.draft_week(job, week=str(MONDAY)) == {"created": 0, "refreshed": 3}
    assert WeeklyReport.objects.filter(organisation=school, week_start=MONDAY).count() == 1


def test_the_month_is_drafted_for_each_bureau_with_schools_once(
    term, city, district, other_district, school, friday
):
    job = jobs.enqueue("reports.draft_month", now=at("2026-11-20 16:00"), month="2026-10-01")
    assert schedule.draft_month(job, month="2026-10-01") == {"bulletins": 2}
    schedule.draft_month(job, month="2026-10-01")
    assert {row.organisation for row in Bulletin.objects.all()} == {city, district}
