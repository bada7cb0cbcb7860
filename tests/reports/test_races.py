"""Several workers and people at the same week and month at the same moment. PostgreSQL only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from hazards.workflow import NotAllowed
from reports import services
from reports.models import Bulletin, BulletinReceipt, WeeklyReport
from schoolsafety.core.models import Event, Paper
from tests.factories import UserFactory
from tests.reports.conftest import FRIDAY, MONDAY, at, found

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]
NOW = at("2026-11-20 16:30")


def together(*acts):
    """Run every act in a thread of its own, all starting at once; returns results and exceptions."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return act()
        except Exception as failure:
            return failure
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_four_workers_draft_one_report_for_each(term, school, neighbour, district):
    found(school, "2026-11-18")
    together(*[lambda: services.draft_week(MONDAY, now=FRIDAY)] * 4)
    assert WeeklyReport.objects.count() == 4
    assert WeeklyReport.objects.get(organisation=district).figures["counts"]["general"]["new"] == 1


@pytest.mark.parametrize("round_", range(3))
def test_drafting_never_overwrites_what_is_being_submitted(term, school, officer, round_):
    services.draft_week(MONDAY, now=FRIDAY)
    report = WeeklyReport.objects.get(organisation=school)
    # Drawn first, the new figures say that something is late: without reasons it would be refused.
    WeeklyReport.objects.filter(pk=report.pk).update(reasons="材料未到")
    found(school, "2026-11-18")
    together(
        lambda: services.submit(report, actor=officer, now=NOW),
        lambda: services.draft_week(MONDAY, now=NOW),
    )
    report.refresh_from_db()
    settled = report.figures
    services.draft_week(MONDAY, now=NOW)
    report.refresh_from_db()
    assert report.status == "submitted"
    assert report.figures == settled


def test_two_principals_sign_once(term, school, officer):
    heads = [UserFactory(post=(school, "principal")) for _ in range(2)]
    services.draft_week(MONDAY, now=FRIDAY)
    report = services.submit(WeeklyReport.objects.get(organisation=school), actor=officer, now=NOW)
    results = together(*[lambda head=head: services.sign(report, actor=head, now=NOW) for head in heads])
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    assert Event.objects.filter(verb="reports.sign_weekly").count() == 1


def test_four_readers_of_a_new_paper_get_one(term, school, officer, principal):
    services.draft_week(MONDAY, now=FRIDAY)
    report = services.submit(WeeklyReport.objects.get(organisation=school), actor=officer, now=NOW)
    services.sign(report, actor=principal, now=NOW)
    papers = together(*[lambda: services.paper_of(report, now=NOW)] * 4)
    assert {paper.pk for paper in papers} == set(Paper.objects.values_list("pk", flat=True))
    assert Paper.objects.count() == 1


def test_a_bulletin_is_drafted_and_issued_once(term, district, school, clerk, leader):
    drafts = together(*[lambda: services.draft(district, date(2026, 10, 1), now=NOW)] * 4)
    assert {draft.pk for draft in drafts} == {Bulletin.objects.get().pk}
    bulletin = services.submit_bulletin(drafts[0], actor=clerk, now=NOW)
    services.approve(bulletin, actor=leader, now=NOW)
    results = together(*[lambda: services.issue(bulletin, actor=clerk, now=NOW)] * 3)
    assert sum(isinstance(result, Bulletin) for result in results) == 1
    assert Bulletin.objects.get().number == "江北教安通〔2026〕1号"
    assert BulletinReceipt.objects.count() == 1
