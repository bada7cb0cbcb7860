"""A week's reports are drafted once, by whatever runs, however often."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from reports import services
from reports.figures.rollup import both
from reports.models import WeeklyReport
from reports.services import drafting
from schoolsafety.core.models import Preference
from tests.factories import CalendarDayFactory, OrganisationFactory
from tests.reports.conftest import FRIDAY, MONDAY, at, found


def test_everyone_gets_one_report(drafted, city, district, school, neighbour):
    assert {row.organisation_id for row in WeeklyReport.objects.all()} == {
        city.pk, district.pk, school.pk, neighbour.pk,
    }  # fmt: skip


def test_drafting_twice_makes_no_second_report(drafted):
    before = {row.pk: row.figures for row in WeeklyReport.objects.all()}
    assert services.draft_week(MONDAY, now=FRIDAY) == {"created": 0, "refreshed": 4}
    assert {row.pk: row.figures for row in WeeklyReport.objects.all()} == before


def test_a_job_killed_in_the_middle_is_finished_by_the_next_run(term, district, monkeypatch):
    OrganisationFactory.create_batch(5, parent=district)
    monkeypatch.setattr(drafting, "CHUNK", 2)

    def killed(done, total):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.draft_week(MONDAY, now=FRIDAY, report_progress=killed)
    assert WeeklyReport.objects.count() == 4
    services.draft_week(MONDAY, now=FRIDAY)
    assert WeeklyReport.objects.count() == 7
    assert WeeklyReport.objects.get(organisation=district).figures["counts"]["schools"] == 5


def test_a_draft_follows_the_records_and_a_submitted_report_does_not(report, officer, school):
    found(school, "2026-11-20")
    services.draft_week(MONDAY, now=FRIDAY)
    report.refresh_from_db()
    assert both(report.figures["counts"], "new") == 2
    report.reasons = "等待配件"
    report.save()
    services.submit(report, actor=officer, now=FRIDAY)
    found(school, "2026-11-20")
    assert services.draft_week(MONDAY, now=FRIDAY)["refreshed"] == 3
    report.refresh_from_db()
    assert both(report.figures["counts"], "new") == 2


def test_a_bureau_sums_what_the_reports_below_hold(report, officer, school, district, city):
    services.submit(report, actor=officer, now=FRIDAY)
    found(school, "2026-11-20")
    services.draft_week(MONDAY, now=at("2026-11-23 00:30"))
    above = WeeklyReport.objects.get(organisation=district).figures
    assert both(above["counts"], "new") == 2  # the submitted one still says 1, the neighbour 1
    assert WeeklyReport.objects.get(organisation=city).figures["counts"] == above["counts"]
    assert above["reports"]["signed"] == 0
    assert above["reports"]["due"] == 2


def test_the_report_falls_due_on_the_last_school_day(report):
    assert report.due_at == at("2026-11-20 17:00")


def test_a_bureau_has_one_workday_more(drafted, district):
    assert WeeklyReport.objects.get(organisation=district).due_at == at("2026-11-23 17:00")


def test_days_and_hour_are_the_bureaus_choice(term, city, school):
    Preference.objects.create(organisation=city, key="weekly.due_days_after", value=1)
    Preference.objects.create(organisation=city, key="weekly.due_hour", value=12)
    services.draft_week(MONDAY, now=FRIDAY)
    assert WeeklyReport.objects.get(organisation=school).due_at == at("2026-11-23 12:00")


def test_a_closed_friday_moves_the_deadline_to_thursday(term, district, school, neighbour):
    CalendarDayFactory(day=date(2026, 11, 20), kind="closure", organisation=school)
    services.draft_week(MONDAY, now=FRIDAY)
    assert WeeklyReport.objects.get(organisation=school).due_at == at("2026-11-19 17:00")
    assert WeeklyReport.objects.get(organisation=neighbour).due_at == at("2026-11-20 17:00")


def test_a_week_of_holidays_asks_for_no_report(term, school):
    for offset in range(7):
        CalendarDayFactory(day=MONDAY + timedelta(days=offset), kind="holiday")
    services.draft_week(MONDAY, now=FRIDAY)
    assert WeeklyReport.objects.count() == 0


def test_a_week_that_has_not_begun_is_refused(term, school):
    with pytest.raises(ValueError, match="not begun"):
        services.draft_week(MONDAY + timedelta(days=7), now=FRIDAY)


@pytest.mark.parametrize("count", [3, 30])
def test_drafting_costs_the_same_for_three_schools_and_for_thirty(
    term, district, count, django_assert_num_queries
):
    for school in OrganisationFactory.create_batch(count, parent=district):
        found(school, "2026-11-18")
    with django_assert_num_queries(20):
        services.draft_week(MONDAY, now=FRIDAY)


def test_the_command_drafts_one_bureau(
    term, city, district, school, neighbour, other_district, time_machine, capsys
):
    time_machine.move_to(FRIDAY)
    elsewhere = OrganisationFactory(parent=other_district)
    call_command("weekly_reports", week="2026-W47", organisation="LJ-JB")
    assert "3 drafted" in capsys.readouterr().out
    assert not WeeklyReport.objects.filter(organisation__in=[city, other_district, elsewhere]).exists()
    call_command("weekly_reports", week="2026-W47")
    assert WeeklyReport.objects.count() == 6


@pytest.mark.parametrize(
    ("week", "code", "message"),
    [
        ("2026-W54", None, "2026-W54"), ("next", None, "next"), ("2099-W01", None, "not begun"),
        ("2026-W47", "NOPE", "NOPE"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(term, week, code, message):
    with pytest.raises(CommandError, match=message):
        call_command("weekly_reports", week=week, organisation=code)
