"""The end of a stop of use: application, review on site with its clock, consent or refusal."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from hazards.workflow import NotAllowed, Status
from schoolsafety.core.audit import history_of
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Notification, Preference
from supervision.models import Resumption, StopOrder
from supervision.services import resuming, stops
from supervision.workflow.stops import StopStatus
from tests.supervision.stop_ways import (
    NOW,
    TODAY,
    application,
    applied,
    fields_of,
    issued,
    later,
    major_at,
    move_to,
    review_words,
    reviewed,
    verbs_of,
)


@pytest.fixture
def order(school, clerk, leader):
    return issued(major_at(school), clerk, leader)


def test_the_principal_applies_and_the_clock_of_ten_days_starts(order, officer, principal, clerk):
    request = applied(order, officer, principal)
    assert request.review_due_on == date(2026, 12, 4)  # a Friday
    assert StopOrder.objects.get(pk=order.pk).status == StopStatus.APPLIED
    assert {file.purpose for file in attachments_of(request)} == {"assessment", "done"}
    told = Notification.objects.filter(needs_action=True, url=order.get_absolute_url())
    assert clerk in {row.user for row in told}
    assert verbs_of(order)[-1] == "apply_stop"


def test_a_clock_that_ends_on_a_day_off_ends_on_the_next_workday(order, officer, principal, district):
    Preference.objects.create(organisation=district, key="stops.review_days", value=11)
    assert applied(order, officer, principal).review_due_on == date(2026, 12, 7)  # from Saturday to Monday


def test_nobody_applies_before_the_hazard_is_handed_in(order, principal):
    with pytest.raises(NotAllowed):
        resuming.apply(order, actor=principal, now=NOW, **application())
    assert not Resumption.objects.exists()


@pytest.mark.parametrize("who", ["officer", "staff", "clerk", "leader", "auditor", "stranger"])
def test_only_the_principal_applies(order, officer, request, who):
    move_to(order.hazard, Status.SUBMITTED, by=officer)
    order.hazard.refresh_from_db()
    before = fields_of(order)
    with pytest.raises(NotAllowed):
        resuming.apply(order, actor=request.getfixturevalue(who), now=NOW, **application())
    assert fields_of(order) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plan": " "}, "plan"),
        ({"done": ""}, "done"),
        ({"conclusion": ""}, "conclusion"),
        ({"body": ""}, "body"),
        ({"certificate": ""}, "certificate"),
        ({"report": []}, "report"),
        ({"assessor": "own", "experts": "", "report": []}, "experts"),
        ({"assessed_on": TODAY + timedelta(days=1)}, "assessed_on"),
        ({"assessed_on": TODAY - timedelta(days=1)}, "assessed_on"),
    ],
)
def test_what_an_application_lacks_is_named_beside_its_field(order, officer, principal, changes, field):
    with pytest.raises(ValidationError) as error:
        applied(order, officer, principal, **changes)
    assert field in error.value.error_dict
    assert not Resumption.objects.exists()
    assert StopOrder.objects.get(pk=order.pk).status == StopStatus.IN_FORCE


def test_own_experts_need_no_certificate_and_no_report(order, officer, principal):
    request = applied(
        order, officer, principal, assessor="own", experts="王建国 总务主任\n孙工 电工（高级）", report=[]
    )
    assert (request.body, request.certificate) == ("", "")
    assert request.experts.splitlines() == ["王建国 总务主任", "孙工 电工（高级）"]


def test_two_reviewers_at_least(order, officer, principal, clerk):
    applied(order, officer, principal)
    for names in ["陈涛", "陈涛、陈涛", " 、陈涛"]:
        with pytest.raises(ValidationError) as error:
            resuming.review(order, actor=clerk, now=NOW, **review_words(reviewers=names))
        assert set(error.value.error_dict) == {"reviewers"}
    request = resuming.review(order, actor=clerk, now=NOW, **review_words(reviewers="陈涛， 周琳"))
    assert request.reviewers == "陈涛、周琳"


@pytest.mark.parametrize("days", [-1, 1])
def test_a_review_lies_between_the_application_and_today(order, officer, principal, clerk, days):
    applied(order, officer, principal)
    with pytest.raises(ValidationError) as error:
        resuming.review(order, actor=clerk, now=NOW, **review_words(reviewed_on=TODAY + timedelta(days=days)))
    assert set(error.value.error_dict) == {"reviewed_on"}


def test_a_late_review_is_kept_as_late(order, officer, principal, clerk):
    applied(order, officer, principal)
    day = TODAY + timedelta(days=13)
    resuming.review(order, actor=clerk, now=later(13), **review_words(reviewed_on=day))
    assert '"days_late":3' in history_of(order)[0].payload


def test_consent_ends_the_stop_with_a_numbered_paper(order, officer, principal, clerk, leader):
    reviewed(order, officer, principal, clerk)
    request = resuming.decide(order, actor=leader, now=NOW, is_granted=True, answer="每日巡查")
    order.refresh_from_db()
    assert (order.status, order.ended_at) == (StopStatus.RESUMED, NOW)
    assert (request.number, request.paper.number) == ("江北教安启〔2026〕1号",) * 2
    assert request.paper.title == "关于同意江北区育才小学恢复使用东楼地下室的批复"
    assert verbs_of(order.hazard)[-1] == "resume_use"
    told = Notification.objects.filter(verb="supervision.stop_resumed")
    assert {row.user for row in told} == {officer, principal}


def test_refused_the_stop_goes_on_and_the_school_applies_again(order, officer, principal, clerk, leader):
    reviewed(order, officer, principal, clerk)
    with pytest.raises(ValidationError) as error:
        resuming.decide(order, actor=leader, now=NOW, is_granted=False, answer="")
    assert set(error.value.error_dict) == {"answer"}
    request = resuming.decide(order, actor=leader, now=NOW, is_granted=False, answer="接地电阻超标")
    order.refresh_from_db()
    assert (order.status, order.ended_at) == (StopStatus.IN_FORCE, None)
    assert request.paper.title.startswith("关于不同意江北区育才小学")
    applied(order, officer, principal, now=later(5), assessed_on=TODAY + timedelta(days=5))
    assert Resumption.objects.filter(order=order).count() == 2


@pytest.mark.parametrize("who", ["clerk", "officer", "principal", "auditor"])
def test_only_a_leader_decides(order, officer, principal, clerk, request, who):
    reviewed(order, officer, principal, clerk)
    before = fields_of(order)
    with pytest.raises(NotAllowed):
        resuming.decide(order, actor=request.getfixturevalue(who), now=NOW, is_granted=True)
    assert fields_of(order) == before


def test_no_consent_once_the_hazard_was_sent_back(order, officer, principal, clerk, leader):
    reviewed(order, officer, principal, clerk)
    move_to(order.hazard, Status.RECTIFYING)
    with pytest.raises(ValidationError):
        resuming.decide(order, actor=leader, now=NOW, is_granted=True)
    assert StopOrder.objects.get(pk=order.pk).status == StopStatus.REVIEWED
    assert resuming.decide(order, actor=leader, now=NOW, is_granted=False, answer="退回").is_granted is False


def test_a_second_press_is_refused(order, officer, principal, clerk, leader):
    reviewed(order, officer, principal, clerk)
    resuming.decide(order, actor=leader, now=NOW, is_granted=True)
    with pytest.raises(NotAllowed):
        resuming.decide(order, actor=leader, now=NOW, is_granted=False, answer="再想想")
    with pytest.raises(NotAllowed):
        stops.withdraw(order, actor=leader, note="x", now=NOW)
    assert Resumption.objects.get().is_granted is True
