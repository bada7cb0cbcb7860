"""The pages of weekly reports: lists, one report, acts, papers."""

import pytest

from reports import services
from reports.models import WeeklyReport
from reports.schedule import weekly_papers
from reports.workflow import WeeklyStatus
from schoolsafety.core.models import Job, Notification
from tests.factories import OrganisationFactory
from tests.reports.conftest import FRIDAY, MONDAY, at, cost, found, sign_in

LIST = "/weekly/"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(at("2026-11-20 16:30"))


def page(report, rest=""):
    return f"/weekly/{report.pk}/{rest}"


def test_the_officer_sees_the_figures_and_writes_the_words(client, officer, report):
    sign_in(client, officer)
    answer = client.get(page(report))
    assert answer.status_code == 200
    assert "应巡查天数" in answer.text
    answer = client.post(
        page(report), {"reasons": "等配件", "matters": "", "remarks": "", "version": 1}, follow=True
    )
    assert answer.status_code == 200
    report.refresh_from_db()
    assert report.reasons == "等配件"


def test_a_stale_form_shows_both_texts_and_loses_none(client, officer, principal, report):
    services.write(
        report,
        actor=principal,
        values={"reasons": "校长写的", "matters": "", "remarks": ""},
        version=1,
        now=FRIDAY,
    )
    sign_in(client, officer)
    answer = client.post(page(report), {"reasons": "主任写的", "matters": "", "remarks": "", "version": 1})
    assert answer.status_code == 400
    assert "校长写的" in answer.text
    assert "主任写的" in answer.text
    answer = client.post(page(report), {"reasons": "合并", "matters": "", "remarks": "", "version": 2})
    assert answer.status_code == 302


def test_too_long_a_text_is_refused_beside_its_field(client, officer, report):
    sign_in(client, officer)
    answer = client.post(page(report), {"reasons": "长" * 2001, "matters": "", "remarks": "", "version": 1})
    assert answer.status_code == 400
    assert "id_reasons_error" in answer.text
    report.refresh_from_db()
    assert report.reasons == ""


def test_from_draft_to_received_in_the_browser(client, officer, principal, clerk, report):
    for person, action, state in (
        (officer, "submit", "submitted"), (principal, "sign", "signed"), (clerk, "receive", "received"),
    ):  # fmt: skip
        sign_in(client, person)
        assert client.post(page(report, f"{action}/")).status_code == 302
        report.refresh_from_db()
        assert report.status == state


def test_the_principal_signs_with_one_press_on_the_report(client, officer, principal, report):
    services.submit(report, actor=officer, now=FRIDAY)
    sign_in(client, principal)
    assert f'action="{page(report, "sign/")}"' in client.get(page(report)).text


def test_sending_back_asks_for_the_reason(client, officer, principal, report):
    services.submit(report, actor=officer, now=FRIDAY)
    sign_in(client, principal)
    assert client.get(page(report, "send_back/")).status_code == 200
    assert client.post(page(report, "send_back/"), {"note": ""}).status_code == 400
    assert client.post(page(report, "send_back/"), {"note": "请补充"}).status_code == 302
    report.refresh_from_db()
    assert report.status == WeeklyStatus.DRAFT


def test_the_officer_cannot_sign(client, officer, report):
    services.submit(report, actor=officer, now=FRIDAY)
    sign_in(client, officer)
    answer = client.post(page(report, "sign/"))
    assert answer.status_code == 400
    assert "当前" in answer.text
    report.refresh_from_db()
    assert report.status == WeeklyStatus.SUBMITTED


def test_overdue_without_reasons_is_said_and_nothing_is_half_done(client, officer, school, report):
    found(school, "2026-11-10", rectifying=True)
    sign_in(client, officer)
    client.post(page(report, "refresh/"))
    assert client.post(page(report, "submit/")).status_code == 400
    report.refresh_from_db()
    assert report.status == WeeklyStatus.DRAFT


@pytest.mark.parametrize("rest", ["", "pdf/", "sign/", "submit/"])
def test_a_stranger_cannot_even_see_it(client, stranger, report, rest):
    sign_in(client, stranger)
    assert client.get(page(report, rest)).status_code == 404
    assert client.post(page(report, rest)).status_code == 404


@pytest.mark.parametrize("action", ["write", "burn"])
def test_an_unknown_act_is_not_found(client, officer, report, action):
    sign_in(client, officer)
    assert client.post(page(report, f"{action}/")).status_code == 404


def test_nil_is_offered_only_when_nothing_was_found(client, officer, report):
    sign_in(client, officer)
    assert "零报告" not in client.get(page(report)).text
    report.figures["counts"]["general"]["new"] = 0
    report.save()
    assert "零报告" in client.get(page(report)).text


def test_the_pdf_is_a_draft_before_and_the_same_paper_after_signing(client, officer, principal, report):
    sign_in(client, officer)
    assert client.get(page(report, "pdf/")).content.startswith(b"%PDF")
    assert WeeklyReport.objects.get(pk=report.pk).paper is None
    services.submit(report, actor=officer, now=FRIDAY)
    services.sign(report, actor=principal, now=FRIDAY)
    first, second = (b"".join(client.get(page(report, "pdf/")).streaming_content) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF")


def test_a_school_sees_its_own_weeks(client, officer, report):
    sign_in(client, officer)
    answer = client.get(LIST)
    assert "2026-W47" in answer.text
    assert "江北区实验中学" not in answer.text


def test_the_district_sees_who_has_not_sent(client, clerk, officer, principal, report):
    services.submit(report, actor=officer, now=FRIDAY)
    services.sign(report, actor=principal, now=FRIDAY)
    sign_in(client, clerk)
    answer = client.get(LIST)
    assert "2份周报中有1份未上报" in answer.text
    missing = client.get(f"{LIST}?week={MONDAY}&state=missing")
    assert "江北区实验中学" in missing.text
    assert "育才小学" not in missing.text.split("下级单位")[1]


def test_the_city_looks_into_a_district(client, city_clerk, district, report):
    sign_in(client, city_clerk)
    assert "江北区教育局" in client.get(LIST).text
    assert "育才小学" in client.get(f"{LIST}?within={district.pk}&week={MONDAY}").text


@pytest.mark.parametrize("within", ["abc", "999999"])
def test_a_place_that_is_not_there_is_not_found(client, clerk, report, within):
    sign_in(client, clerk)
    assert client.get(f"{LIST}?within={within}").status_code == 404


def test_a_week_that_is_none_shows_the_latest(client, clerk, report):
    sign_in(client, clerk)
    assert "2026-W47" in client.get(f"{LIST}?week=gestern").text


def test_chasing_all_from_the_list(client, clerk, district, officer, stranger, report):
    sign_in(client, clerk)
    answer = client.post(f"{LIST}chase/", {"bureau": district.pk, "week": str(MONDAY)})
    assert answer.status_code == 302
    assert Notification.objects.filter(verb="reports.chase_weekly").count() == 2


@pytest.mark.parametrize("path", ["chase/", "papers/"])
def test_only_the_bureau_chases_and_makes_papers(client, auditor, officer, district, report, path):
    values = {"bureau": district.pk, "week": str(MONDAY)}
    sign_in(client, auditor)
    assert client.post(LIST + path, values).status_code == 403
    sign_in(client, officer)
    assert client.post(LIST + path, values).status_code == 404
    assert not Notification.objects.filter(verb="reports.chase_weekly").exists()


@pytest.mark.parametrize("values", [{}, {"bureau": "x", "week": "y"}, {"week": "2026-11-17"}])
def test_a_crooked_post_is_not_found(client, clerk, district, report, values):
    sign_in(client, clerk)
    assert client.post(f"{LIST}chase/", {"bureau": district.pk} | values).status_code == 404


def test_the_papers_of_a_week_are_made_by_one_job(client, clerk, officer, principal, district, report):
    services.submit(report, actor=officer, now=FRIDAY)
    services.sign(report, actor=principal, now=FRIDAY)
    sign_in(client, clerk)
    client.post(f"{LIST}papers/", {"bureau": district.pk, "week": str(MONDAY)})
    job = Job.objects.get(name="reports.weekly_papers")
    assert weekly_papers(job, **job.arguments) == {"papers": 1}
    assert weekly_papers(job, **job.arguments) == {"papers": 0}
    report.refresh_from_db()
    assert report.paper is not None


def test_the_list_costs_the_same_for_one_school_and_for_three(client, term, district, school, clerk):
    sign_in(client, clerk)
    services.draft_week(MONDAY, now=FRIDAY)
    before = cost(client, LIST)
    OrganisationFactory.create_batch(2, parent=district)
    services.draft_week(MONDAY, now=FRIDAY)
    assert len(client.get(LIST).context["rows"]) == 3
    assert cost(client, LIST) == before


def test_the_schools_list_costs_the_same_for_one_week_and_for_three(client, term, school, officer):
    sign_in(client, officer)
    services.draft_week(MONDAY, now=FRIDAY)
    before = cost(client, LIST)
    for day in (2, 9):
        services.draft_week(MONDAY.replace(day=day), now=FRIDAY)
    assert cost(client, LIST) == before


def test_fifty_schools_a_page_in_the_order_of_codes(client, term, district, clerk):
    OrganisationFactory.create_batch(53, parent=district)
    services.draft_week(MONDAY, now=FRIDAY)
    sign_in(client, clerk)
    first = client.get(LIST)
    assert len(first.context["rows"]) == 50
    second = client.get(LIST + first.context["following"])
    assert len(second.context["rows"]) == 3
    codes = [row["code"] for row in [*first.context["rows"], *second.context["rows"]]]
    assert codes == sorted(codes)
