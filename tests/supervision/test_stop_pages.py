"""The pages of stops of use: for whom they are, refusals, lists and their cost, the desk."""

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
from supervision import hooks_looking_back, hooks_stops
from supervision.addresses.stops import ACTS
from supervision.duties_stops import stop_duties
from supervision.models import Resumption, StopOrder
from supervision.services import resuming, stops
from supervision.views.stops import HANDLERS
from supervision.workflow.stops import StopAction, StopStatus
from tests.factories import HazardFactory
from tests.inspections.conftest import picture
from tests.supervision.stop_ways import (
    a_paper,
    application,
    applied,
    drafted,
    fields_of,
    issued,
    major_at,
    move_to,
    review_words,
    url,
    verbs_of,
)

LIST = reverse("supervision:stops")
WORDS = {
    "extent": "partial", "place": "东楼地下室", "reason": "线路裸露", "basis": "《安全生产法》第六十五条",
    "demands": "立即停用", "appeal": "", "contact": "",
}  # fmt: skip


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def order(school, clerk, leader, now):
    return issued(major_at(school), clerk, leader, now=now)


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_every_act_has_a_page():
    assert set(HANDLERS) == set(ACTS) == set(StopAction) - {StopAction.EDIT}


def test_from_the_hazards_page_to_a_draft_and_to_the_school(
    client, school, clerk, leader, principal, officer, today
):
    hazard = major_at(school)
    client.force_login(clerk)
    address = reverse("supervision:stop_new", args=[hazard.number])
    assert address in client.get(hazard.get_absolute_url()).content.decode()
    assert "东楼地下室" in client.get(address).content.decode()
    answer = client.post(address, WORDS | {"starts_on": today})
    order = StopOrder.objects.get()
    assert answer.url == order.get_absolute_url()
    assert address not in client.get(hazard.get_absolute_url()).content.decode()
    changed = WORDS | {"starts_on": today, "contact": "陈涛", "version": order.version}
    assert client.post(url("stop_edit", order), changed).status_code == 302
    assert client.get(url("stop_preview", order)).content.startswith(b"%PDF")
    assert client.post(url("stop_issue", order)).status_code == 400  # a clerk: refused in words
    client.force_login(leader)
    assert "立即停用" in client.get(url("stop_issue", order)).content.decode()
    assert client.post(url("stop_issue", order)).status_code == 302
    order.refresh_from_db()
    assert (order.contact, order.status) == ("陈涛", StopStatus.IN_FORCE)
    client.force_login(principal)
    assert client.get(url("stop_preview", order)).url == f"/papers/{order.paper_id}/"
    assert client.get(url("stop_sign_for", order)).status_code == 200
    assert client.post(url("stop_sign_for", order)).status_code == 302
    assert order.number in client.get(hazard.get_absolute_url()).content.decode()
    assert order.number in client.get(school.get_absolute_url()).content.decode()


def test_the_second_of_two_who_change_a_draft_is_told_and_keeps_what_was_typed(
    client, school, clerk, leader, today
):
    order = drafted(major_at(school), clerk)
    seen = WORDS | {"starts_on": today, "version": order.version}
    for person, contact, status in ((clerk, "陈涛", 302), (leader, "周琳", 400)):
        client.force_login(person)
        answer = client.post(
            url("stop_edit", order), seen | {"contact": contact, "demands": f"{contact}的话"}
        )
        assert answer.status_code == status
    page = answer.content.decode()
    assert "其他人刚刚修改了这份草稿" in page
    assert "周琳的话" in page
    order.refresh_from_db()
    assert (order.contact, order.demands) == ("陈涛", "陈涛的话")
    client.force_login(leader)  # nor does a form without its version pass
    assert client.post(url("stop_edit", order), seen | {"version": ""}).status_code == 400
    assert f'name="version" value="{order.version}"' in client.get(url("stop_edit", order)).content.decode()


def test_the_school_applies_the_bureau_reviews_and_a_leader_consents(
    client, order, officer, principal, clerk, leader, today
):
    move_to(order.hazard, Status.SUBMITTED, by=officer)
    client.force_login(principal)
    assert client.get(url("stop_apply", order)).status_code == 200
    words = application(assessed_on=today, report=a_paper(), photos=[picture()])
    assert client.post(url("stop_apply", order), words).status_code == 302
    request = Resumption.objects.get()
    assert attachments_of(request).count() == 2
    client.force_login(clerk)
    assert client.get(url("stop_review", order)).status_code == 200
    words = review_words(reviewed_on=today, is_proposed="1", photos=[])
    assert client.post(url("stop_review", order), words).status_code == 302
    client.force_login(leader)
    assert client.get(url("stop_decide", order)).status_code == 200
    assert client.post(url("stop_decide", order), {"is_granted": "1", "answer": ""}).status_code == 302
    page = client.get(url("stop", order)).content.decode()
    request.refresh_from_db()
    assert request.number in page
    assert "评估报告.pdf" in page
    client.force_login(principal)
    assert client.get(f"/papers/{request.paper_id}/").status_code == 200
    for file in attachments_of(request):
        assert client.get(reverse("core:attachment", args=[file.pk])).status_code == 200


@pytest.mark.parametrize(
    ("action", "data", "field"),
    [
        ("apply", {"plan": "更换箱体", "done": "", "assessor": "own"}, "done"),
        ("review", {"reviewers": "陈涛", "findings": "合格", "is_proposed": "1"}, "reviewers"),
        ("decide", {"is_granted": "0", "answer": ""}, "answer"),
        ("withdraw", {"note": ""}, "note"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_what_was_typed_stays(
    client, order, officer, principal, clerk, leader, now, today, action, data, field
):
    if action == "apply":
        move_to(order.hazard, Status.SUBMITTED, by=officer)
    elif action == "review":
        applied(order, officer, principal, now=now, assessed_on=today)
        data = data | {"reviewed_on": today}
    elif action == "decide":
        applied(order, officer, principal, now=now, assessed_on=today)
        resuming.review(order, actor=clerk, now=now, **review_words(reviewed_on=today))
    before = fields_of(order)
    client.force_login({"apply": principal, "review": clerk}.get(action, leader))
    answer = client.post(url(f"stop_{action}", order), data)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) >= {field}
    assert fields_of(order) == before
    if action == "apply":
        assert "更换箱体" in answer.content.decode()


def test_a_draft_lacking_words_keeps_what_was_typed(client, school, clerk, today):
    hazard = major_at(school)
    client.force_login(clerk)
    address = reverse("supervision:stop_new", args=[hazard.number])
    answer = client.post(address, WORDS | {"starts_on": today, "demands": "", "reason": "我写的理由"})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"demands"}
    assert "我写的理由" in answer.content.decode()
    assert not StopOrder.objects.exists()


@pytest.mark.parametrize("action", [*(action.value for action in ACTS), "edit", "preview"])
def test_a_stranger_finds_nothing_and_changes_nothing(client, order, stranger, action):
    before = fields_of(order)
    client.force_login(stranger)
    assert client.get(url(f"stop_{action}", order)).status_code == 404
    assert client.post(url(f"stop_{action}", order), {"note": "x"}).status_code == 404
    assert client.get(url("stop", order)).status_code == 404
    assert fields_of(order) == before


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_a_stranger_drafts_nothing(client, school, request, who):
    client.force_login(request.getfixturevalue(who))
    address = reverse("supervision:stop_new", args=[major_at(school).number])
    assert client.get(address).status_code == client.post(address, WORDS).status_code == 404


@pytest.mark.parametrize("who", ["officer", "principal", "auditor"])
def test_who_may_see_but_not_act_is_refused_in_words(client, order, request, who):
    client.force_login(request.getfixturevalue(who))
    answer = client.get(url("stop_withdraw", order))
    assert answer.status_code == 403
    assert "不能进行此操作" in answer.content.decode()
    address = reverse("supervision:stop_new", args=[order.hazard.number])
    assert client.get(address).status_code == 403


def test_a_draft_is_the_bureaus_own(client, school, clerk, principal, auditor):
    order = drafted(major_at(school), clerk)
    for who, status in [(principal, 404), (clerk, 200), (auditor, 200)]:
        client.force_login(who)
        assert client.get(url("stop", order)).status_code == status
    client.force_login(principal)
    assert "草稿" not in client.get(order.hazard.get_absolute_url()).content.decode()
    client.force_login(clerk)
    assert client.get(url("stop_discard", order)).status_code == 200
    assert client.post(url("stop_discard", order)).status_code == 302


def test_an_issued_order_is_not_edited(client, order, clerk):
    client.force_login(clerk)
    assert client.get(url("stop_edit", order)).status_code == 403


# The list.


def test_the_list_costs_the_same_for_one_row_and_for_three(client, school, clerk, leader, now):
    client.force_login(clerk)
    issued(major_at(school), clerk, leader, now=now)
    cost(client, LIST)
    one = cost(client, LIST)
    for _index in range(2):
        issued(major_at(school), clerk, leader, now=now)
    assert cost(client, LIST) == one


def test_tabs_words_and_place_narrow_the_list(
    client, school, neighbour, district, clerk, leader, officer, principal, now, today
):
    mine = issued(major_at(school), clerk, leader, now=now)
    other = issued(major_at(neighbour, place="实验楼"), clerk, leader, now=now)
    draft = drafted(major_at(school), clerk, now=now)
    StopOrder.objects.filter(pk=other.pk).update(limit_on=today - timedelta(days=1))
    applied(mine, officer, principal, now=now, assessed_on=today)
    client.force_login(clerk)
    for query, found in {
        "": {mine, other}, "?state=draft": {draft}, "?state=over": {other}, "?state=applied": {mine},
        "?state=ended": set(), "?state=nonsense": {mine, other}, "?q=实验楼": {other},
        f"?q={mine.number}": {mine}, f"?within={neighbour.pk}": {other}, "?within=x": {mine, other},
    }.items():  # fmt: skip
        page = client.get(LIST + query)
        assert {row["pk"] for row in page.context["rows"]} == {row.pk for row in found}, query
    assert "超过一般时限" in client.get(LIST).content.decode()
    client.force_login(principal)
    page = client.get(f"{LIST}?state=draft")
    assert {row["pk"] for row in page.context["rows"]} == {mine.pk}


def test_the_workbook_holds_what_the_list_leaves(client, school, neighbour, clerk, leader, now, today):
    order = issued(major_at(school), clerk, leader, now=now)
    issued(major_at(neighbour), clerk, leader, now=now)
    client.force_login(clerk)
    answer = client.get(f"{LIST}?within={school.pk}&export=1")
    rows = load_workbook(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["编号", "状态", "学校"]
    assert [row[:3] for row in rows[1:]] == [[order.number, "停用中", school.name]]
    assert (rows[1][7], rows[1][8], rows[1][9]) == (today, 1, order.limit_on)


def test_a_page_costs_the_same_for_one_application_and_for_three(
    client, school, clerk, leader, officer, principal, now, today
):
    def refused(times):
        order = issued(major_at(school), clerk, leader, now=now)
        for _index in range(times):
            applied(order, officer, principal, now=now, assessed_on=today)
            resuming.review(order, actor=clerk, now=now, **review_words(reviewed_on=today))
            resuming.decide(order, actor=leader, now=now, is_granted=False, answer="接地电阻超标")
        return order

    few, many = refused(1), refused(3)
    client.force_login(clerk)
    cost(client, url("stop", few))
    assert cost(client, url("stop", many)) == cost(client, url("stop", few))


def test_a_general_hazard_costs_no_query_more(client, school, clerk):
    """The boxes ask only where they can concern: major hazards, and closed ones."""
    hazard = HazardFactory(school=school, rectifying=True)
    hazard = Hazard.objects.select_related("school").get(pk=hazard.pk)
    assert clerk.posts
    with CaptureQueriesContext(connection) as queries:
        for hooks in (hooks_stops, hooks_looking_back):
            assert hooks.box(hazard, clerk, timezone.now()) == hooks.acts(hazard, clerk) == []
    assert len(queries) == 0


def test_a_major_hazard_costs_one(school, clerk, order):
    hazard = Hazard.objects.select_related("school").get(pk=order.hazard_id)
    assert clerk.posts
    with CaptureQueriesContext(connection) as queries:
        assert hooks_stops.acts(hazard, clerk) == []
        assert len(hooks_stops.box(hazard, clerk, timezone.now())) == 1
    assert len(queries) == 1


# The desk.


def words_of(user, now):
    return [(duty.rank, duty.button) for duty in stop_duties(user, now)]


def test_each_side_has_its_duty_in_turn(
    school, clerk, leader, officer, principal, staff, city_clerk, auditor, now, today
):
    order = drafted(major_at(school), clerk, now=now)
    assert words_of(leader, now) == [(Rank.SIGNATURE, "审阅并签发")]
    assert words_of(clerk, now) == words_of(officer, now) == words_of(city_clerk, now) == []
    order = stops.issue(order, actor=leader, now=now)
    assert words_of(officer, now) == [(Rank.SIGNATURE, "签收")]
    assert words_of(staff, now) == [(Rank.OTHERS, "查看")]
    stops.sign_for(order, actor=officer, now=now)
    assert words_of(principal, now) == [(Rank.OTHERS, "查看")]
    move_to(order.hazard, Status.SUBMITTED, by=officer)
    assert words_of(principal, now) == [(Rank.TODAY, "申请")]
    order.hazard.refresh_from_db()
    resuming.apply(order, actor=principal, now=now, **application(assessed_on=today))
    assert words_of(clerk, now) == [(Rank.TODAY, "现场审查")]
    assert words_of(clerk, now + timedelta(days=20)) == [(Rank.OVERDUE, "现场审查")]
    assert words_of(city_clerk, now) == []  # the district's own turn
    resuming.review(order, actor=clerk, now=now, **review_words(reviewed_on=today))
    assert words_of(leader, now) == [(Rank.SIGNATURE, "审批")]
    assert words_of(clerk, now) == []
    assert words_of(auditor, now) == []


def test_a_stop_over_its_limit_lies_on_the_desk(order, clerk, now, today):
    assert words_of(clerk, now) == []
    assert words_of(clerk, now + timedelta(days=200)) == [(Rank.SOON, "查看")]


def test_the_desk_costs_one_query(
    school, clerk, leader, officer, principal, now, today, django_assert_num_queries
):
    for _index in range(3):
        applied(
            issued(major_at(school), clerk, leader, now=now), officer, principal, now=now, assessed_on=today
        )
    for user in (clerk, officer):
        assert user.posts
        with django_assert_num_queries(1):
            assert len(stop_duties(user, now)) == 3


def test_a_hazard_locked_by_its_stop_says_so_on_its_page(client, order, officer, leader, clerk):
    move_to(order.hazard, Status.VERIFIED, by=officer, verified_by=clerk)
    client.force_login(leader)
    address = reverse("hazards:act", args=[order.hazard.number, "close"])
    answer = client.post(address, {"closure": "rectified"})
    assert answer.status_code == 400
    assert order.number in answer.content.decode()
    assert client.post(address, {"closure": "use_stopped"}).status_code == 302
    order.refresh_from_db()
    assert order.status == StopStatus.FOR_GOOD
    assert order.number in client.get(order.school.get_absolute_url()).content.decode()
    assert "close" in verbs_of(order.hazard)
