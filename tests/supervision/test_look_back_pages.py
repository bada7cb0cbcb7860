"""The pages of look-backs: for whom they are, refusals, lists and their cost, rules, the desk."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from hazards.models import Hazard
from hazards.workflow import Status
from schoolsafety.core.duties import Rank
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Organisation
from supervision import hooks_looking_back
from supervision.duties_looking_back import look_back_duties
from supervision.models import LookBack, LookBackRule
from supervision.navigation_looking_back import look_backs_due
from supervision.services import looking_back
from supervision.workflow.looking_back import LookBackStatus
from tests.factories import HazardFactory
from tests.inspections.conftest import picture
from tests.supervision.stop_ways import fields_of, url

LIST = reverse("supervision:look_backs")
RELAPSE = reverse("supervision:relapse")
RULES = reverse("supervision:look_back_rules")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def plan(school, clerk, leader, now, today):
    """plan(days): a look-back at a hazard that the leader closed, due so many days from now."""

    def made(days=3, at=school, **what):
        hazard = HazardFactory(school=at, closed=True, closed_by=leader, **what)
        row = looking_back.plan(hazard, actor=clerk, due_on=today, now=now)
        LookBack.objects.filter(pk=row.pk).update(due_on=today + timedelta(days=days))
        return LookBack.objects.select_related("hazard", "school").get(pk=row.pk)

    return made


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def words(**changes):
    return {"result": "held", "note": "通道畅通", "photos": picture()} | changes


def test_from_the_hazards_page_to_a_look_and_its_result(client, school, clerk, leader, officer, today):
    hazard = HazardFactory(school=school, closed=True, closed_by=leader)
    address = reverse("supervision:look_back_new", args=[hazard.number])
    client.force_login(clerk)
    assert address in client.get(hazard.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"due_on": ""}).status_code == 400
    assert client.post(address, {"due_on": today}).status_code == 302
    look = LookBack.objects.get()
    assert address not in client.get(hazard.get_absolute_url()).content.decode()
    assert look.get_absolute_url() in client.get(hazard.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403  # one is planned already
    client.force_login(officer)
    assert look.get_absolute_url() not in client.get(hazard.get_absolute_url()).content.decode()
    client.force_login(clerk)
    assert client.get(url("look_back_result", look)).status_code == 200
    assert client.post(url("look_back_result", look), words()).status_code == 302
    client.force_login(officer)
    page = client.get(hazard.get_absolute_url()).content.decode()
    assert look.get_absolute_url() in page
    assert "通道畅通" in page
    assert "通道畅通" in client.get(look.get_absolute_url()).content.decode()
    photo = attachments_of(look).get()
    assert client.get(reverse("core:attachment", args=[photo.pk])).status_code == 200


def test_a_rebound_by_the_page_reopens_the_hazard(client, plan, clerk):
    look = plan()
    client.force_login(clerk)
    data = words(result="rebound", note="又堆满杂物", due_on="", again_on="")
    assert client.post(url("look_back_result", look), data).status_code == 302
    assert Hazard.objects.get(pk=look.hazard_id).status == Status.RECTIFYING
    assert "已反弹" in client.get(look.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"note": ""}, "note"),
        ({"photos": []}, "photos"),
        ({"result": ""}, "result"),
        ({"result": "partial", "again_on": ""}, "again_on"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_what_was_typed_stays(client, plan, clerk, changes, field):
    look = plan()
    before = fields_of(look)
    client.force_login(clerk)
    answer = client.post(url("look_back_result", look), words(**changes))
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}
    assert fields_of(look) == before
    if field != "note":
        assert "通道畅通" in answer.content.decode()


@pytest.mark.parametrize("who", ["stranger", "officer", "admin"])
def test_whom_a_look_does_not_concern_finds_nothing(client, plan, request, who):
    look = plan()
    before = fields_of(look)
    client.force_login(request.getfixturevalue(who))
    assert client.get(look.get_absolute_url()).status_code == 404
    assert client.get(url("look_back_result", look)).status_code == 404
    assert client.post(url("look_back_result", look), words()).status_code == 404
    assert fields_of(look) == before


def test_whoever_closed_it_is_refused_in_words(client, plan, leader, auditor):
    look = plan()
    client.force_login(leader)
    answer = client.get(url("look_back_result", look))
    assert answer.status_code == 403
    assert "办理销号的人不能" in answer.content.decode()
    assert client.post(url("look_back_result", look), words()).status_code == 400
    client.force_login(auditor)
    assert client.get(url("look_back_result", look)).status_code == 403


def test_a_stranger_orders_nothing(client, school, stranger, officer, today):
    hazard = HazardFactory(school=school, closed=True)
    address = reverse("supervision:look_back_new", args=[hazard.number])
    client.force_login(stranger)
    assert client.get(address).status_code == client.post(address, {"due_on": today}).status_code == 404
    client.force_login(officer)
    assert client.get(address).status_code == 403
    assert client.post(address, {"due_on": today}).status_code == 400
    assert not LookBack.objects.exists()


# The lists.


@pytest.mark.parametrize("state", ["", "?state=done"])
def test_the_list_costs_the_same_for_one_row_and_for_three(client, plan, clerk, now, state):
    def one():
        row = plan()
        if state:
            looking_back.record(
                row, actor=clerk, now=now, result="held", note="保持", photos=[picture()]
            )  # fmt: skip

    client.force_login(clerk)
    one()
    cost(client, LIST + state)
    first = cost(client, LIST + state)
    one()
    one()
    assert cost(client, LIST + state) == first


def test_tabs_show_what_is_due_late_first_and_what_was_seen(client, plan, clerk, now):
    late, soon, done = plan(-4), plan(5), plan()
    looking_back.record(
        done, actor=clerk, now=now, result="rebound", note="反弹了", photos=[picture()]
    )  # fmt: skip
    client.force_login(clerk)
    page = client.get(LIST)
    assert [row["url"] for row in page.context["rows"]] == [late.get_absolute_url(), soon.get_absolute_url()]
    assert page.context["rows"][0]["late"] == 4
    for state in ("done", "rebound"):
        found = client.get(f"{LIST}?state={state}").context["rows"]
        assert [row["url"] for row in found] == [done.get_absolute_url()]


def test_the_workbook_holds_what_the_tab_shows(client, plan, clerk, now):
    plan()
    done = plan()
    looking_back.record(done, actor=clerk, now=now, result="held", note="通道畅通", photos=[picture()])
    client.force_login(clerk)
    answer = client.get(f"{LIST}?state=done&export=1")
    rows = load_workbook(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][0] == done.hazard.number
    assert rows[1][9:12] == ["陈涛", "保持", "通道畅通"]


@pytest.mark.parametrize("who", ["officer", "stranger", "auditor", "admin"])
def test_everybody_may_ask_for_the_list_and_sees_the_own(client, plan, request, who):
    plan()
    client.force_login(request.getfixturevalue(who))
    page = client.get(LIST)
    assert len(page.context["rows"]) == (who == "auditor")


def test_the_relapse_rate_costs_the_same_for_one_and_for_three(client, plan, clerk, now):
    def done(result):
        looking_back.record(
            plan(), actor=clerk, now=now, result=result, note="看过", photos=[picture()]
        )  # fmt: skip

    client.force_login(clerk)
    assert client.get(RELAPSE).context["total"]["rate"] == ""
    done("held")
    cost(client, RELAPSE)
    first = cost(client, RELAPSE)
    done("rebound")
    done("held")
    assert cost(client, RELAPSE) == first
    total = client.get(RELAPSE).context["total"]
    assert (total["rebound"], total["final"], total["rate"]) == (1, 3, "33.3%")
    page = client.get(RELAPSE).content.decode()
    assert "6.1% – 79.2%" in page
    assert "95% 置信区间" in page


def test_the_relapse_rate_is_narrowed_by_period_category_and_place(
    client, plan, clerk, now, today, other_district
):
    row = plan()
    looking_back.record(row, actor=clerk, now=now, result="held", note="看过", photos=[picture()])
    client.force_login(clerk)
    for query, final in {
        f"?since={today}": 1, f"?since={today + timedelta(days=1)}": 0, f"?until={today}": 1,
        f"?until={today - timedelta(days=1)}": 0, "?category=XF": 1, "?category=SP": 0,
        f"?within={row.organisation_id}": 1, f"?within={other_district.pk}": 1, "?since=x": 1,
    }.items():  # fmt: skip
        assert client.get(RELAPSE + query).context["total"]["final"] == final, query


# The rules.


def test_a_leader_sets_and_changes_rules_others_read(client, district, other_district, leader, clerk, city):
    client.force_login(clerk)
    assert client.get(RULES).status_code == 200
    assert client.get(reverse("supervision:look_back_rule_new")).status_code == 403
    client.force_login(leader)
    address = reverse("supervision:look_back_rule_new")
    assert client.get(address).status_code == 200
    data = {"organisation": district.pk, "grade": "major", "category": "", "days": "45", "is_on": "on"}
    assert client.post(address, data | {"days": "0"}).status_code == 400
    assert client.post(address, data | {"organisation": other_district.pk}).status_code == 400
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 400  # one a grade
    rule = LookBackRule.objects.get()
    assert "45" in client.get(RULES).content.decode()
    assert client.get(url("look_back_rule", rule)).status_code == 200
    assert (
        client.post(url("look_back_rule", rule), data | {"days": "60", "grade": "general"}).status_code == 302
    )
    rule.refresh_from_db()
    assert (rule.days, rule.grade) == (60, "major")
    above = LookBackRule.objects.create(organisation=city, grade="general", days=90)
    assert "90" in client.get(RULES).content.decode()
    assert client.get(url("look_back_rule", above)).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "officer", "admin", "clerk"])
def test_nobody_else_changes_a_rule(client, district, request, who):
    rule = LookBackRule.objects.create(organisation=district, grade="major", days=45)
    client.force_login(request.getfixturevalue(who))
    assert client.get(url("look_back_rule", rule)).status_code == 403
    assert client.post(url("look_back_rule", rule), {"days": "1"}).status_code == 403
    assert LookBackRule.objects.get().days == 45


def test_the_rules_cost_the_same_for_one_and_for_three(client, district, leader):
    client.force_login(leader)
    LookBackRule.objects.create(organisation=district, grade="major", days=45)
    cost(client, RULES)
    one = cost(client, RULES)
    LookBackRule.objects.create(organisation=district, grade="general", days=60)
    LookBackRule.objects.create(organisation=district, grade="major", days=20, category_id="XF")
    assert cost(client, RULES) == one


# The desk.


def test_the_bureau_hears_of_what_is_due_this_week(
    plan, clerk, leader, officer, city_clerk, now, django_assert_num_queries
):
    plan(30)
    assert look_back_duties(clerk, now) == []
    plan(5)
    duty = look_back_duties(clerk, now)[0]
    assert (duty.rank, duty.weight, duty.tag) == (Rank.SOON, 1, "")
    plan(-2)
    assert clerk.posts
    with django_assert_num_queries(1):
        duty = look_back_duties(clerk, now)[0]
    assert (duty.rank, duty.weight, duty.kind) == (Rank.TODAY, 2, "late")
    assert look_back_duties(officer, now) == look_back_duties(city_clerk, now) == []
    assert (look_backs_due(clerk), look_backs_due(city_clerk)) == (2, 0)


def test_a_closed_hazard_costs_one_query(plan, clerk, now):
    look = plan()
    hazard = Hazard.objects.select_related("school").get(pk=look.hazard_id)
    assert clerk.posts
    with CaptureQueriesContext(connection) as queries:
        assert hooks_looking_back.acts(hazard, clerk) == []
        assert len(hooks_looking_back.box(hazard, clerk, now)) == 1
    assert len(queries) == 1
    assert look.status == LookBackStatus.DUE
    assert Organisation.objects.filter(pk=look.organisation_id).exists()
