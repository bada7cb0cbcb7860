"""The pages of bulletins: archive, reading, writing, receipts."""

import pytest

from reports import services
from reports.models import Bulletin
from schoolsafety.core.roles import Role
from tests.factories import OrganisationFactory, UserFactory
from tests.reports.conftest import at, cost, sign_in

LIST = "/bulletins/"
NOW = at("2026-11-02 09:00")


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


def page(bulletin, rest=""):
    return f"/bulletins/{bulletin.pk}/{rest}"


@pytest.fixture
def issued(bulletin, clerk, leader):
    services.submit_bulletin(bulletin, actor=clerk, now=NOW)
    services.approve(bulletin, actor=leader, now=NOW)
    return services.issue(bulletin, actor=clerk, now=NOW)


def form_of(bulletin, **changes):
    head = {"title": bulletin.title, "recipients": bulletin.recipients, "copies": bulletin.copies}
    return head | bulletin.sections | {"version": bulletin.version} | changes


def test_from_draft_to_issue_in_the_browser(client, clerk, leader, bulletin):
    for person, action, state in (
        (clerk, "submit", "review"),
        (leader, "approve", "approved"),
        (clerk, "issue", "issued"),
    ):
        sign_in(client, person)
        assert client.post(page(bulletin, f"{action}/")).status_code == 302
        bulletin.refresh_from_db()
        assert bulletin.status == state
    assert "江北教安通〔2026〕1号" in client.get(page(bulletin)).text


def test_every_chart_has_its_table_with_the_same_numbers(client, clerk, bulletin):
    sign_in(client, clerk)
    answer = client.get(page(bulletin))
    assert answer.text.count('<svg class="chart"') == answer.text.count('class="chart-table"') == 4


def test_the_text_is_written_and_the_figures_are_not(client, clerk, bulletin):
    sign_in(client, clerk)
    assert client.get(page(bulletin, "edit/")).status_code == 200
    figures = bulletin.figures
    answer = client.post(page(bulletin, "edit/"), form_of(bulletin, praise="育才小学", figures="{}"))
    assert answer.status_code == 302
    bulletin.refresh_from_db()
    assert (bulletin.sections["praise"], bulletin.figures) == ("育才小学", figures)


def test_an_empty_section_is_refused_and_the_rest_kept(client, clerk, bulletin):
    sign_in(client, clerk)
    answer = client.post(page(bulletin, "edit/"), form_of(bulletin, situation="", praise="写到一半"))
    assert answer.status_code == 400
    assert "写到一半" in answer.text
    assert "id_situation_error" in answer.text


def test_a_stale_form_shows_both_texts(client, clerk, leader, bulletin):
    old = form_of(bulletin, praise="我的")
    services.edit(bulletin, actor=leader, values=form_of(bulletin, praise="领导的"), version=1, now=NOW)
    sign_in(client, clerk)
    answer = client.post(page(bulletin, "edit/"), old)
    assert answer.status_code == 400
    assert "我的" in answer.text
    assert "领导的" in answer.text


def test_after_approval_nobody_writes(client, clerk, leader, bulletin):
    services.submit_bulletin(bulletin, actor=clerk, now=NOW)
    sign_in(client, clerk)
    assert "id_situation" not in client.get(page(bulletin, "edit/")).text
    assert client.post(page(bulletin, "edit/"), form_of(bulletin, praise="偷改")).status_code == 400
    assert Bulletin.objects.get().sections["praise"] != "偷改"


def test_sending_back_asks_for_the_reason(client, clerk, leader, bulletin):
    services.submit_bulletin(bulletin, actor=clerk, now=NOW)
    sign_in(client, leader)
    assert client.get(page(bulletin, "send_back/")).status_code == 200
    assert client.post(page(bulletin, "send_back/"), {"note": ""}).status_code == 400
    assert client.post(page(bulletin, "send_back/"), {"note": "再核"}).status_code == 302


def test_staff_cannot_approve(client, clerk, bulletin):
    services.submit_bulletin(bulletin, actor=clerk, now=NOW)
    sign_in(client, clerk)
    assert client.post(page(bulletin, "approve/")).status_code == 400
    assert Bulletin.objects.get().status == "review"


@pytest.mark.parametrize("rest", ["", "edit/", "pdf/", "receipts/", "approve/"])
def test_a_school_sees_no_draft(client, principal, bulletin, rest):
    sign_in(client, principal)
    assert client.get(page(bulletin, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["burn/", "write/"])
def test_an_unknown_act_is_not_found(client, clerk, bulletin, rest):
    sign_in(client, clerk)
    assert client.post(page(bulletin, rest)).status_code == 404


def test_a_school_reads_and_confirms(client, principal, issued):
    sign_in(client, principal)
    assert "待阅" in client.get(LIST).text
    answer = client.get(page(issued))
    assert "已阅确认" in answer.text
    assert b"".join(client.get(page(issued, "pdf/")).streaming_content).startswith(b"%PDF")
    assert client.post(page(issued, "read/")).status_code == 302
    assert issued.receipts.filter(read_by=principal).count() == 1
    assert "已阅确认" not in client.get(page(issued)).text
    assert client.get(page(issued, "receipts/")).status_code == 404


def test_another_districts_school_sees_nothing(client, issued, other_district):
    far = UserFactory(post=(OrganisationFactory(parent=other_district), Role.PRINCIPAL))
    sign_in(client, far)
    assert client.get(page(issued)).status_code == 404
    assert client.post(page(issued, "read/")).status_code == 404


def test_a_draft_cannot_be_confirmed(client, clerk, bulletin):
    sign_in(client, clerk)
    client.post(page(bulletin, "read/"))
    assert not bulletin.receipts.exists()


def test_the_bureau_sees_who_has_not_read(client, clerk, principal, issued):
    services.confirm_reading(issued, actor=principal, now=NOW)
    sign_in(client, clerk)
    assert "2家单位中已有1家确认阅读" in client.get(page(issued)).text
    answer = client.get(page(issued, "receipts/?state=unread"))
    assert "江北区实验中学" in answer.text
    assert "育才小学" not in answer.text
    assert "育才小学" in client.get(page(issued, "receipts/")).text


def test_a_new_draft_is_made_for_a_month_that_is_over(client, clerk, term, district):
    sign_in(client, clerk)
    assert client.get(f"{LIST}new/").status_code == 200
    assert client.post(f"{LIST}new/", {"month": "2026-09-01"}).status_code == 302
    assert Bulletin.objects.get().month.month == 9


@pytest.mark.parametrize("month", ["", "2026-11-01", "2020-01-01", "gestern"])
def test_another_month_is_refused(client, clerk, term, district, month):
    sign_in(client, clerk)
    assert client.post(f"{LIST}new/", {"month": month}).status_code == 400
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("person", ["principal", "auditor"])
def test_who_cannot_draft_has_no_page_for_it(request, client, district, person):
    sign_in(client, request.getfixturevalue(person))
    assert client.get(f"{LIST}new/").status_code == 404


def test_receipts_cost_the_same_for_two_schools_and_for_five(client, issued, district, clerk):
    sign_in(client, clerk)
    before = cost(client, page(issued, "receipts/"))
    for school in OrganisationFactory.create_batch(3, parent=district):
        issued.receipts.create(organisation=school)
    assert len(client.get(page(issued, "receipts/")).context["rows"]) == 5
    assert cost(client, page(issued, "receipts/")) == before


def test_the_archive_costs_the_same_for_one_bulletin_and_for_three(client, bulletin, district, clerk):
    sign_in(client, clerk)
    before = cost(client, LIST)
    for month in (8, 9):
        services.draft(district, at(f"2026-0{month}-01 00:00").date(), now=NOW)
    assert cost(client, LIST) == before
