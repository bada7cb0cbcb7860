"""The pages of missing money: every address, who sees what, what was typed stays, what they cost."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from python_calamine import load_workbook

from hazards.workflow import Grade
from supervision import hooks_funding, pages_funding
from supervision.duties_funding import funding_duties
from supervision.models import FundingNeed, FundingRequest
from supervision.services import funding, funding_requests
from tests.supervision.surrounding_ways import need_facts, protected, waiting

LEDGER = reverse("supervision:funding")
REQUESTS = reverse("supervision:funding_requests")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def hazard(school, officer, now):
    return protected(school, officer, now)


@pytest.fixture
def need(school, officer, clerk, now):
    return waiting(school, officer, clerk, now, title="看台栏杆锈蚀")


@pytest.fixture
def as_user(client):
    def enter(user):
        client.force_login(user)
        return client

    return enter


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def act(row, action):
    name = "funding_act" if isinstance(row, FundingNeed) else "funding_request_act"
    return reverse(f"supervision:{name}", args=[row.pk, action])


def typed(**changes):
    return {name: str(value) for name, value in need_facts().items()} | changes


def test_the_lists_cost_the_same_for_one_row_and_for_three(as_user, school, officer, clerk, need, now):
    funding_requests.draft_request([need], actor=clerk, now=now)
    client = as_user(clerk)
    one = [cost(client, address) for address in (LEDGER, REQUESTS)]
    for title in ("甲", "乙"):
        more = waiting(school, officer, clerk, now, title=title)
        funding_requests.draft_request([more], actor=clerk, now=now)
    assert [cost(client, address) for address in (LEDGER, REQUESTS)] == one


def test_a_request_costs_the_same_for_one_need_and_for_three(as_user, school, officer, clerk, need, now):
    few = funding_requests.draft_request([need], actor=clerk, now=now)
    needs = [waiting(school, officer, clerk, now, title=title) for title in ("甲", "乙", "丙")]
    new = f"{reverse('supervision:funding_request_new')}?"
    client = as_user(clerk)
    assert cost(client, new + "&".join(f"need={one.pk}" for one in needs)) == cost(
        client, f"{new}need={needs[0].pk}"
    )
    many = funding_requests.draft_request(needs, actor=clerk, now=now)
    cost(client, few.get_absolute_url())
    assert cost(client, many.get_absolute_url()) == cost(client, few.get_absolute_url())


def test_a_need_is_declared_from_the_hazards_page(as_user, hazard, officer, staff, stranger):
    address = reverse("supervision:funding_declare", args=[hazard.number])
    client = as_user(officer)
    assert address in client.get(hazard.get_absolute_url()).content.decode()
    assert client.get(address).context["form"].initial["pupils"] == 900
    answer = client.post(address, typed(cost="-1", reason="经费不足"))
    assert answer.status_code == 400
    assert "cost" in answer.context["form"].errors
    assert "经费不足" in answer.content.decode()
    assert "pupils" in client.post(address, typed(pupils="900000")).context["form"].errors
    assert client.post(address, typed()).url == hazard.get_absolute_url()
    need = FundingNeed.objects.get()
    assert need.get_absolute_url() in client.get(hazard.get_absolute_url()).content.decode()
    assert client.get(address).url == need.get_absolute_url()
    assert client.post(address, typed()).status_code == 400
    assert as_user(staff).get(reverse("supervision:funding_need", args=[need.pk])).status_code == 200
    assert as_user(stranger).get(address).status_code == 404


def test_without_protection_the_page_says_what_comes_first(as_user, school, officer, hazard):
    type(hazard).objects.filter(pk=hazard.pk).update(interim_at=None)
    address = reverse("supervision:funding_declare", args=[hazard.number])
    client = as_user(officer)
    assert client.get(address).status_code == 403
    assert address not in client.get(hazard.get_absolute_url()).content.decode()
    assert client.post(address, typed()).status_code == 400
    assert not FundingNeed.objects.exists()


def test_the_bureau_acknowledges_with_corrections(as_user, hazard, officer, clerk, now):
    need = funding.declare_need(hazard, actor=officer, now=now, **need_facts())
    assert as_user(officer).get(act(need, "acknowledge")).status_code == 403
    client = as_user(clerk)
    assert client.get(act(need, "acknowledge")).status_code == 200
    assert client.get(act(need, "nonsense")).status_code == 404
    assert client.post(act(need, "acknowledge"), typed(cost="")).status_code == 400
    assert client.post(act(need, "acknowledge"), typed(cost="8000.10")).status_code == 302
    need.refresh_from_db()
    assert (need.status, need.cost) == ("waiting", Decimal("8000.10"))
    assert client.get(act(need, "acknowledge")).status_code == 403


def test_who_declared_it_cannot_acknowledge_it(as_user, hazard, clerk, now):
    need = funding.declare_need(hazard, actor=clerk, now=now, **need_facts())
    client = as_user(clerk)
    assert client.get(act(need, "acknowledge")).status_code == 403
    assert act(need, "acknowledge") not in client.get(need.get_absolute_url()).content.decode()
    assert client.post(act(need, "acknowledge"), typed()).status_code == 400


@pytest.mark.parametrize(("action", "state"), [("refuse", "refused"), ("withdraw", "lapsed")])
def test_acts_with_a_reason(as_user, need, clerk, action, state):
    client = as_user(clerk)
    assert client.post(act(need, action), {"note": ""}).status_code == 400
    assert client.post(act(need, action), {"note": "本年度无专项"}).status_code == 302
    need.refresh_from_db()
    assert (need.status, need.answer) == (state, "本年度无专项")
    assert client.get(act(need, action)).status_code == 403


def test_not_acknowledging_needs_a_reason(as_user, hazard, officer, clerk, now):
    need = funding.declare_need(hazard, actor=officer, now=now, **need_facts())
    client = as_user(clerk)
    assert client.post(act(need, "return"), {"note": "可列公用经费"}).status_code == 302
    assert "可列公用经费" in client.get(need.get_absolute_url()).content.decode()


def test_money_is_recorded(as_user, need, officer, clerk, now):
    assert as_user(officer).get(act(need, "fund")).status_code == 403
    client = as_user(clerk)
    assert client.get(act(need, "fund")).context["form"].initial["amount"] == need.cost
    values = {"amount": "12000", "source": "", "funded_on": str(localdate(now)), "due_on": ""}
    answer = client.post(act(need, "fund"), values)
    assert "source" in answer.context["form"].errors
    assert client.post(act(need, "fund"), values | {"source": "专项", "amount": "0"}).status_code == 400
    assert client.post(act(need, "fund"), values | {"source": "专项"}).status_code == 302
    page = client.get(need.get_absolute_url()).content.decode()
    assert "12,000.00 · 专项" in page
    assert client.get(f"{LEDGER}?tab=funded").context["rows"][0]["pk"] == need.pk


def test_the_ledger_shows_rank_formula_total_and_tabs(as_user, school, neighbour, officer, clerk, need, now):
    top = waiting(school, officer, clerk, now, title="外墙瓷砖脱落", cost=Decimal(1000), severity="40")
    client = as_user(clerk)
    page = client.get(LEDGER)
    assert [row["pk"] for row in page.context["rows"]] == [top.pk, need.pk]
    row = page.context["rows"][0]
    assert (row["rank"], row["risk"], row["worth"]) == (1, "1440", "14,400.00")
    assert page.context["missing"] == "13,000.00"
    text = page.content.decode()
    for words in ("看台停用，赵敏，每日巡查", "风险值＝等级系数", "13,000.00"):
        assert words in text, words
    counts = {tab["label"]: tab["count"] for tab in page.context["tabs"]}
    assert counts["待资金"] == 2
    assert client.get(f"{LEDGER}?within={neighbour.pk}").context["rows"] == []
    assert client.get(f"{LEDGER}?tab=nonsense").context["tab"] == "counted"
    assert client.get(f"{LEDGER}?page=x").status_code == 404


def test_the_ledger_has_pages(as_user, school, officer, clerk, need, now, monkeypatch):
    monkeypatch.setattr(pages_funding, "ROWS", 1)
    waiting(school, officer, clerk, now, title="甲", cost=Decimal(1))
    client = as_user(clerk)
    page = client.get(LEDGER)
    assert page.context["newer"] is None
    second = client.get(LEDGER + page.context["older"])
    assert [row["rank"] for row in second.context["rows"]] == [2]
    assert second.context["older"] is None


def test_the_ledger_is_exported_as_ranked(as_user, school, officer, clerk, need, now):
    top = waiting(school, officer, clerk, now, title="甲", cost=Decimal("1000.55"))
    answer = as_user(clerk).get(f"{LEDGER}?export=1")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert [line[0] for line in sheet[1:]] == [1, 2]
    assert {top.hazard.number, 1000.55} <= set(sheet[1])


def test_a_stranger_finds_nothing(as_user, stranger, need, clerk, now):
    request = funding_requests.draft_request([need], actor=clerk, now=now)
    client = as_user(stranger)
    assert client.get(LEDGER).context["rows"] == []
    for address in (
        need.get_absolute_url(), act(need, "fund"), request.get_absolute_url(), act(request, "issue"),
        reverse("supervision:funding_request_preview", args=[request.pk]),
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"note": "x"}).status_code == 404, address


def test_a_school_does_not_see_the_bureaus_draft(as_user, officer, need, clerk, now):
    request = funding_requests.draft_request([need], actor=clerk, now=now)
    client = as_user(officer)
    assert client.get(request.get_absolute_url()).status_code == 404
    assert client.get(REQUESTS).context["page"].rows == []
    assert request.title not in client.get(need.get_absolute_url()).content.decode()


def test_a_request_is_drafted_from_the_ledger_and_issued(as_user, need, officer, clerk, leader):
    client = as_user(clerk)
    new = client.post(LEDGER, {"does": "request", "need": [need.pk]}).url
    assert client.post(LEDGER, {"does": "request"}).url == LEDGER
    words = {name: str(value) for name, value in client.get(new).context["form"].initial.items()}
    answer = client.post(new, words | {"need": [need.pk], "addressee": ""})
    assert "addressee" in answer.context["form"].errors
    answer = client.post(new, words | {"need": [need.pk], "addressee": "江北区人民政府"})
    request = FundingRequest.objects.get()
    assert answer.url == request.get_absolute_url()
    assert client.post(new, words | {"need": [need.pk]}).status_code == 400  # it stands in a draft already
    assert client.get(request.get_absolute_url()).status_code == 200
    preview = client.get(reverse("supervision:funding_request_preview", args=[request.pk]))
    assert preview.content.startswith(b"%PDF")
    assert client.get(act(request, "edit")).status_code == 200
    assert client.post(act(request, "edit"), words | {"version": "1"}).status_code == 302
    assert client.post(act(request, "edit"), words | {"version": "1"}).status_code == 400
    assert client.get(act(request, "issue")).status_code == 403
    assert client.post(act(request, "issue")).status_code == 400
    assert client.get(act(request, "nonsense")).status_code == 404
    client = as_user(leader)
    assert client.get(act(request, "issue")).status_code == 200
    assert client.post(act(request, "issue")).status_code == 302
    request.refresh_from_db()
    preview = client.get(reverse("supervision:funding_request_preview", args=[request.pk]))
    assert preview.url == f"/papers/{request.paper_id}/"
    assert request.number in as_user(officer).get(need.get_absolute_url()).content.decode()


def test_a_draft_request_is_thrown_away(as_user, need, clerk, now):
    request = funding_requests.draft_request([need], actor=clerk, now=now)
    client = as_user(clerk)
    assert client.get(act(request, "discard")).status_code == 200
    assert client.post(act(request, "discard")).status_code == 302
    assert client.post(act(request, "discard")).status_code == 400


def test_nothing_chosen_is_said(as_user, clerk):
    page = as_user(clerk).get(reverse("supervision:funding_request_new"))
    assert page.status_code == 200
    assert LEDGER in page.content.decode()


def test_the_desk_of_the_bureau(hazard, officer, clerk, now, django_assert_num_queries):
    funding.declare_need(hazard, actor=officer, now=now, **need_facts())
    assert clerk.posts
    with django_assert_num_queries(1):
        duties = funding_duties(clerk, now)
    assert [duty.weight for duty in duties] == [1]
    assert funding_duties(officer, now) == []


def test_a_hazard_that_cannot_have_a_need_asks_nothing(
    school, officer, clerk, now, django_assert_num_queries
):
    hazard = protected(school, officer, now, grade=Grade.GENERAL)
    hazard.interim_at = None
    with django_assert_num_queries(0):
        assert hooks_funding.need_of(hazard, clerk, now) == []


def test_the_hazards_list_has_a_tab_for_what_waits(as_user, need, officer):
    page = as_user(officer).get(f"{reverse('hazards:list')}?queue=funds")
    assert [row["number"] for row in page.context["rows"]] == [need.hazard.number]
    late = as_user(officer).get(f"{reverse('hazards:list')}?queue=overdue")
    assert late.context["rows"] == []
