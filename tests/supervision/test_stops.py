"""Orders to stop use: drafted, issued, signed for, withdrawn; what is kept, what the hazard feels."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import Closure, NotAllowed, Status
from schoolsafety.core.models import Notification, NumberSequence, Preference
from schoolsafety.core.tree import move
from supervision.models import Resumption, StopOrder
from supervision.services import resuming, stops
from supervision.workflow.stops import RULES, Facts, StopAction, StopStatus, refusal
from tests.factories import HazardFactory
from tests.supervision.stop_ways import (
    NOW,
    TODAY,
    applied,
    drafted,
    fields_of,
    issued,
    later,
    major_at,
    move_to,
    reviewed,
    verbs_of,
)


def test_staff_draft_with_suggested_words_and_a_leader_is_told(school, district, clerk, leader):
    order = drafted(major_at(school, description="箱门缺失"), clerk)
    assert (order.status, order.number, order.organisation) == (StopStatus.DRAFT, None, district)
    assert (order.place, order.reason) == ("东楼地下室", "配电箱线路裸露：箱门缺失")
    assert "第六十五条" in order.basis
    assert "撤出全部人员" in order.demands
    assert [row.user for row in Notification.objects.filter(needs_action=True)] == [leader]


def test_issue_gives_number_paper_limit_and_news(school, clerk, leader, officer, principal):
    hazard = major_at(school)
    order = issued(hazard, clerk, leader)
    assert (order.number, order.status) == ("江北教安停〔2026〕1号", StopStatus.IN_FORCE)
    assert (order.starts_on, order.limit_on) == (TODAY, date(2027, 5, 24))
    assert (order.paper.number, order.paper.addressee) == (order.number, school)
    told = Notification.objects.filter(needs_action=True, url=order.get_absolute_url())
    assert {row.user for row in told} == {officer, principal}
    assert verbs_of(order) == ["draft_stop", "issue_stop"]
    assert verbs_of(hazard) == ["stop_use"]


@pytest.mark.parametrize("who", ["clerk", "officer", "principal", "auditor", "stranger", "admin"])
def test_only_a_leader_issues(school, clerk, request, who):
    order = drafted(major_at(school), clerk)
    before = fields_of(order)
    with pytest.raises(NotAllowed):
        stops.issue(order, actor=request.getfixturevalue(who), now=NOW)
    assert fields_of(order) == before
    assert not NumberSequence.objects.filter(series="stop").exists()


@pytest.mark.parametrize("who", ["officer", "principal", "staff", "auditor", "stranger", "admin"])
def test_only_the_bureau_drafts(school, request, who):
    with pytest.raises(NotAllowed):
        drafted(major_at(school), request.getfixturevalue(who))
    assert not StopOrder.objects.exists()


def test_only_an_open_major_hazard_has_its_use_stopped(school, clerk):
    for hazard in (HazardFactory(school=school, rectifying=True), HazardFactory(school=school, closed=True)):
        with pytest.raises(NotAllowed):
            drafted(hazard, clerk)


def test_a_hazard_has_one_live_order(school, clerk, leader):
    hazard = major_at(school)
    order = drafted(hazard, clerk)
    with pytest.raises(NotAllowed):
        drafted(hazard, clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        StopOrder.objects.create(
            hazard=hazard, school=school, organisation=order.organisation, created_at=NOW, place="x",
            starts_on=TODAY,
        )  # fmt: skip
    stops.discard(order, actor=clerk, now=NOW)
    assert drafted(hazard, clerk).status == StopStatus.DRAFT


def test_words_that_are_missing_are_named_beside_their_field(school, clerk):
    with pytest.raises(ValidationError) as error:
        drafted(major_at(school), clerk, demands="  ")
    assert set(error.value.error_dict) == {"demands"}
    assert not StopOrder.objects.exists()


def test_a_draft_is_not_issued_once_the_hazard_is_lowered(school, clerk, leader):
    hazard = major_at(school)
    order = drafted(hazard, clerk)
    Hazard.objects.filter(pk=hazard.pk).update(grade="general")
    with pytest.raises(ValidationError):
        stops.issue(order, actor=leader, now=NOW)
    assert StopOrder.objects.get(pk=order.pk).number is None
    assert not NumberSequence.objects.filter(series="stop", last__gt=0).exists()


def test_an_order_binds_from_the_day_of_issue_at_the_earliest(school, clerk, leader):
    order = drafted(major_at(school), clerk, starts_on=TODAY)
    assert stops.issue(order, actor=leader, now=later(3)).starts_on == TODAY + timedelta(days=3)


def test_the_limit_follows_the_bureaus_setting(school, district, clerk, leader):
    Preference.objects.create(organisation=district, key="stops.limit_months", value=3)
    assert issued(major_at(school), clerk, leader).limit_on == date(2027, 2, 24)


@pytest.mark.parametrize(
    ("day", "months", "limit"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
    ],
)
def test_half_a_year_ends_on_a_day_that_exists(day, months, limit):
    assert stops.limit_of(day, months) == limit


def test_pressing_twice_issues_once(school, clerk, leader):
    order = drafted(major_at(school), clerk)
    stale = StopOrder.objects.get(pk=order.pk)
    stops.issue(order, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        stops.issue(stale, actor=leader, now=NOW)
    assert NumberSequence.objects.get(series="stop").last == 1


def test_the_school_signs_once(school, clerk, leader, officer, principal):
    order = issued(major_at(school), clerk, leader)
    signed = stops.sign_for(order, actor=officer, now=NOW)
    assert (signed.received_by, signed.received_at) == (officer, NOW)
    with pytest.raises(NotAllowed):
        stops.sign_for(order, actor=principal, now=later(1))
    assert StopOrder.objects.get(pk=order.pk).received_by == officer


def test_a_wrong_order_is_withdrawn_with_its_reason_and_its_number_stays(
    school, clerk, leader, officer, principal
):
    order = issued(major_at(school), clerk, leader)
    applied(order, officer, principal)
    with pytest.raises(ValidationError):
        stops.withdraw(order, actor=leader, note=" ", now=NOW)
    with pytest.raises(NotAllowed):
        stops.withdraw(order, actor=clerk, note="认定有误", now=NOW)
    order = stops.withdraw(order, actor=leader, note="认定有误", now=NOW)
    assert (order.status, order.number, order.ended_at) == ("withdrawn", "江北教安停〔2026〕1号", NOW)
    assert Resumption.objects.get().voided_at == NOW
    assert issued(major_at(school), clerk, leader).number == "江北教安停〔2026〕2号"


def test_after_a_move_the_new_bureau_answers_for_the_order(
    school, other_district, clerk, leader, city, admin
):
    order = issued(major_at(school), clerk, leader)
    move(school, new_parent=other_district, actor=admin, note="区划调整")
    order.school.refresh_from_db()
    with pytest.raises(NotAllowed):
        stops.withdraw(order, actor=leader, note="认定有误", now=NOW)


# The hazard and its order.


def test_a_hazard_is_not_written_off_while_its_use_is_stopped(school, clerk, leader, officer):
    hazard = major_at(school)
    issued(hazard, clerk, leader)
    move_to(hazard, Status.VERIFIED, by=officer, verified_by_id=clerk.pk)
    with pytest.raises(NotAllowed, match="江北教安停〔2026〕1号"):
        hazards.close(hazard, actor=leader, now=NOW)
    assert Hazard.objects.get(pk=hazard.pk).status == Status.VERIFIED
    assert "close" not in verbs_of(hazard)


def test_nor_is_it_handed_to_another_authority(school, clerk, leader):
    hazard = major_at(school)
    issued(hazard, clerk, leader)
    with pytest.raises(NotAllowed):
        hazards.transfer(hazard, actor=clerk, to="供电公司", note="校外线路", now=NOW)


def test_an_order_stands_also_when_its_hazard_is_made_a_general_one(school, clerk, leader):
    hazard = major_at(school)
    issued(hazard, clerk, leader)
    hazards.regrade(hazard, actor=leader, grade="general", reason="复核后降级", now=NOW)
    with pytest.raises(NotAllowed):
        hazards.transfer(hazard, actor=clerk, to="供电公司", note="校外线路", now=NOW)


@pytest.mark.parametrize(
    ("closure", "status"),
    [(Closure.USE_STOPPED, StopStatus.FOR_GOOD), (Closure.DEMOLISHED, StopStatus.GONE)],
)
def test_what_stays_out_of_use_or_is_pulled_down_may_be_closed(
    school, clerk, leader, officer, closure, status
):
    hazard = major_at(school)
    order = issued(hazard, clerk, leader)
    move_to(hazard, Status.VERIFIED, by=officer, verified_by_id=clerk.pk)
    hazards.close(hazard, actor=leader, now=NOW, closure=closure)
    order.refresh_from_db()
    assert (order.status, order.ended_at) == (status, NOW)
    hazards.reopen(hazard, actor=leader, note="又在使用", now=later(1))
    order.refresh_from_db()
    assert order.status == (StopStatus.IN_FORCE if status == StopStatus.FOR_GOOD else StopStatus.GONE)


def test_a_draft_goes_with_its_hazard(school, clerk, leader, officer):
    hazard = major_at(school)
    order = drafted(hazard, clerk)
    move_to(hazard, Status.VERIFIED, by=officer, verified_by_id=clerk.pk)
    hazards.close(hazard, actor=leader, now=NOW)
    order.refresh_from_db()
    assert order.status == StopStatus.DISCARDED


def test_after_consent_the_hazard_is_written_off_as_ever(school, clerk, leader, officer, principal):
    hazard = major_at(school)
    order = issued(hazard, clerk, leader)
    reviewed(order, officer, principal, clerk)
    resuming.decide(order, actor=leader, now=NOW, is_granted=True)
    move_to(hazard, Status.VERIFIED, by=officer, verified_by_id=clerk.pk)
    assert hazards.close(hazard, actor=leader, now=NOW).status == Status.CLOSED


def test_every_action_has_its_rule_and_no_state_lets_an_auditor_act():
    assert set(RULES) == set(StopAction)
    facts = Facts(is_signed_for=False, is_handed_in=True)
    assert all(refusal(a, s, {"auditor", "administrator"}, facts) for a in StopAction for s in StopStatus)
