"""A listing's term, its end and its public words: what changes, who is told, who is refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from hazards import services as hazards
from hazards.workflow import NotAllowed, Status
from schoolsafety.core.models import NumberSequence
from schoolsafety.core.roles import Role
from supervision.services import listing_ending, listing_public, listing_running
from supervision.workflow.listing import Ground, ListingStatus
from tests.factories import UserFactory
from tests.inspections.conftest import picture
from tests.supervision.listing_ways import (
    NOW,
    PUBLIC,
    TODAY,
    accepted_at,
    applied_at,
    close,
    delisted_at,
    fresh,
    hazard_of,
    later,
    listed_at,
    published_at,
    told,
    verbs_of,
)


@pytest.fixture
def listed(school, district, clerk, leader):
    return listed_at(school, district, clerk, leader)


@pytest.fixture
def city_leader(city):
    return UserFactory(username="city_leader", name="许巍", post=(city, Role.CITY_LEADER))


# The term.


def ask(listing, officer, now=NOW, days=40, **what):
    values = {"reason": "材料到货延迟", "safeguards": "继续封闭", "due_on": listing.due_on + timedelta(days)}
    return listing_running.ask_extension(listing, actor=officer, now=now, **values | what)


def test_a_longer_term_is_asked_in_time_and_decided_by_a_leader(listed, officer, clerk, leader):
    row = ask(listed, officer)
    assert (row.is_late, row.notice_due_on) == (False, date(2027, 1, 25))
    assert row.decide_due_on == date(2026, 12, 8)
    with pytest.raises(NotAllowed):
        ask(listed, officer)
    with pytest.raises(NotAllowed):
        listing_running.decide_extension(listed, actor=clerk, now=NOW, is_granted=True)
    decided = listing_running.decide_extension(
        listed, actor=leader, now=NOW, is_granted=True, new_due_on=date(2027, 3, 15)
    )
    after = fresh(listed)
    assert (decided.old_due_on, decided.new_due_on) == (date(2027, 2, 22), date(2027, 3, 15))
    assert (after.due_on, after.first_due_on) == (date(2027, 3, 15), date(2027, 2, 22))
    assert hazard_of(listed).due_on == date(2027, 3, 15)
    assert decided.paper.data["title"] == "重大事故隐患挂牌督办延期申请表"
    with pytest.raises(NotAllowed):
        listing_running.decide_extension(listed, actor=leader, now=NOW, is_granted=False, answer="不")


def test_a_late_request_is_taken_and_flagged(listed, officer):
    row = ask(listed, officer, now=later(80))
    assert row.is_late is True


def test_a_refused_request_leaves_the_term_and_needs_words(listed, officer, leader):
    ask(listed, officer)
    with pytest.raises(ValidationError):
        listing_running.decide_extension(listed, actor=leader, now=NOW, is_granted=False, answer="")
    row = listing_running.decide_extension(
        listed, actor=leader, now=NOW, is_granted=False, answer="可增派施工"
    )
    assert (row.is_granted, row.new_due_on) == (False, None)
    assert fresh(listed).due_on == hazard_of(listed).due_on == date(2027, 2, 22)


@pytest.mark.parametrize("days", [0, -3, 366])
def test_only_a_later_day_within_the_longest_term_can_be_asked_for(listed, officer, days):
    with pytest.raises(ValidationError) as refused:
        ask(listed, officer, days=days)
    assert "due_on" in refused.value.message_dict


def test_the_new_term_lies_after_the_present_one(listed, officer, leader):
    ask(listed, officer)
    with pytest.raises(ValidationError) as refused:
        listing_running.decide_extension(
            listed, actor=leader, now=NOW, is_granted=True, new_due_on=listed.due_on
        )
    assert "new_due_on" in refused.value.message_dict


# The end.


def test_applying_hands_the_hazard_in_by_the_same_act(listed, officer, clerk):
    after = applied_at(listed, officer)
    assert (after.status, after.next_report_on) == (ListingStatus.APPLIED, None)
    assert hazard_of(listed).status == Status.SUBMITTED
    assert hazard_of(listed).measure == "栏杆更换完成，荷载检测合格"
    row = after.acceptances.get()
    assert row.due_on == TODAY + timedelta(days=10)
    assert told(clerk)[-1] == "supervision.listing_applied"


def test_what_the_hazard_refuses_stops_the_application_too(listed, officer):
    with pytest.raises(ValidationError) as refused:
        applied_at(listed, officer, photos=[])
    assert "photos" in refused.value.message_dict
    assert fresh(listed).status == ListingStatus.LISTED
    assert not listed.acceptances.exists()


def test_a_hazard_handed_in_before_is_not_handed_in_again(listed, officer):
    hazards.submit(hazard_of(listed), actor=officer, measure="已更换", photos=[picture()], now=NOW)
    applied_at(listed, officer)
    assert hazard_of(listed).measure == "已更换"


def test_two_people_accept_and_the_hazard_is_verified(listed, officer, clerk, leader):
    after = accepted_at(listed, officer, clerk)
    row = after.acceptances.get()
    assert after.status == ListingStatus.ACCEPTED
    assert (row.people, row.is_passed) == ("陈涛、周琳", True)
    assert hazard_of(listed).status == Status.VERIFIED
    assert told(leader)[-1] == "supervision.listing_accepted"


@pytest.mark.parametrize("people", ["陈涛", "陈涛、陈涛", " ", "陈涛、李明"])
def test_one_person_or_the_applicant_is_not_enough(listed, officer, clerk, people):
    applied = applied_at(listed, officer)
    with pytest.raises(ValidationError) as refused:
        listing_ending.judge(applied, actor=clerk, now=NOW, is_passed=True, people=people)
    assert "people" in refused.value.message_dict
    assert fresh(listed).status == ListingStatus.APPLIED


def test_who_handed_it_in_does_not_accept_it_with_another_post(listed, officer, district):
    from schoolsafety.core.models import Post  # noqa: PLC0415 -- one test only

    applied = applied_at(listed, officer)
    Post.objects.create(
        user=officer, organisation=district, role=Role.DISTRICT_STAFF, starts_on=date(2020, 1, 1)
    )
    del officer.posts
    with pytest.raises(NotAllowed):
        listing_ending.judge(applied, actor=officer, now=NOW, is_passed=True, people="李明、周琳")


def test_the_district_does_not_accept_for_the_city(school, city, city_clerk, city_leader, officer, clerk):
    listing = applied_at(listed_at(school, city, city_clerk, city_leader), officer)
    with pytest.raises(NotAllowed):
        listing_ending.judge(listing, actor=clerk, now=NOW, is_passed=True, people="陈涛、周琳")
    after = listing_ending.judge(listing, actor=city_clerk, now=NOW, is_passed=True, people="吴昊、许巍")
    assert after.number == "临教安督〔2026〕1号"
    assert after.status == ListingStatus.ACCEPTED


def test_a_refused_acceptance_sends_the_hazard_back_and_the_cycle_begins_again(listed, officer, clerk):
    applied = applied_at(listed, officer)
    with pytest.raises(ValidationError):
        listing_ending.judge(applied, actor=clerk, now=NOW, is_passed=False, people="陈涛、周琳")
    after = listing_ending.judge(
        applied, actor=clerk, now=later(9), is_passed=False, people="陈涛、周琳", opinion="北段仍松动"
    )
    assert (after.status, fresh(after).next_report_on) == (ListingStatus.LISTED, date(2026, 12, 8))
    assert hazard_of(listed).status == Status.RECTIFYING
    assert applied_at(listed, officer, now=later(10)).acceptances.count() == 2


def test_a_leader_delists_and_then_the_hazard_can_be_closed(listed, officer, clerk, leader):
    accepted = accepted_at(listed, officer, clerk)
    with pytest.raises(NotAllowed):
        listing_ending.delist(accepted, actor=clerk, now=NOW)
    after = listing_ending.delist(accepted, actor=leader, now=NOW, note="保持巡查")
    assert (after.status, after.delisting_number) == (ListingStatus.DELISTED, "江北教安摘〔2026〕1号")
    assert (after.ground, after.delisting_publish_due_on) == (Ground.RECTIFIED, date(2026, 12, 1))
    assert close(listed, clerk).status == Status.CLOSED
    with pytest.raises(NotAllowed):
        listing_ending.delist(accepted, actor=leader, now=NOW)
    assert NumberSequence.objects.get(series="delisting").last == 1


def test_nothing_is_delisted_before_it_is_accepted(listed, officer, leader):
    for listing in (listed, applied_at(listed, officer)):
        with pytest.raises(NotAllowed):
            listing_ending.delist(listing, actor=leader, now=NOW)


def test_a_leader_may_end_it_for_another_reason_with_words(listed, clerk, leader):
    values = {"ground": Ground.TRANSFERRED, "note": "已移交区住建局"}
    with pytest.raises(NotAllowed):
        listing_ending.lift(listed, actor=clerk, now=NOW, **values)
    for bad, field in [({"note": " "}, "note"), ({"ground": Ground.RECTIFIED}, "ground")]:
        with pytest.raises(ValidationError) as refused:
            listing_ending.lift(listed, actor=leader, now=NOW, **values | bad)
        assert field in refused.value.message_dict
    after = listing_ending.lift(listed, actor=leader, now=NOW, **values)
    assert (after.status, after.ground) == (ListingStatus.DELISTED, Ground.TRANSFERRED)
    assert (after.next_report_on, verbs_of(after)[-1]) == (None, "lift_listing")


def test_nothing_is_left_open_when_the_supervision_ends(listed, officer, leader):
    ask(listed, officer)
    applied_at(listed, officer)
    after = listing_ending.lift(
        fresh(listed), actor=leader, now=NOW, ground=Ground.DEMOLISHED, note="外廊已整体拆除"
    )
    assert (after.extensions.get().is_granted, after.extensions.get().decided_by) == (False, leader)
    assert (after.acceptances.get().is_passed, after.acceptances.get().opinion) == (False, "外廊已整体拆除")


# For the public.


def test_a_leader_publishes_what_names_nobody(listed, clerk, leader, officer):
    with pytest.raises(NotAllowed):
        listing_public.publish(listed, actor=clerk, now=NOW, **PUBLIC)
    with pytest.raises(ValidationError) as refused:
        listing_public.publish(
            listed, actor=leader, now=NOW, **PUBLIC | {"public_advice": "请找李明，电话13800000000"}
        )
    assert len(refused.value.message_dict["public_advice"]) == 2
    after = listing_public.publish(listed, actor=leader, now=NOW, **PUBLIC)
    assert (after.published_at, after.published_by) == (NOW, leader)
    amended = listing_public.publish(
        listed, actor=leader, now=later(1), **PUBLIC | {"public_where": "教学楼"}
    )
    assert (amended.published_at, amended.public_where) == (NOW, "教学楼")


def test_staff_take_it_down_at_once_with_a_reason(school, district, clerk, leader, officer):
    listing = published_at(school, district, clerk, leader)
    with pytest.raises(ValidationError):
        listing_public.unpublish(listing, actor=clerk, now=NOW, note="")
    with pytest.raises(NotAllowed):
        listing_public.unpublish(listing, actor=officer, now=NOW, note="不要")
    after = listing_public.unpublish(listing, actor=clerk, now=NOW, note="地点写错")
    assert after.published_at is None
    with pytest.raises(NotAllowed):
        listing_public.unpublish(listing, actor=clerk, now=NOW, note="再来")


def test_the_delisting_is_published_once_by_a_leader(school, district, clerk, leader, officer):
    listing = delisted_at(published_at(school, district, clerk, leader), officer, clerk, leader)
    with pytest.raises(NotAllowed):
        listing_public.publish_delisting(listing, actor=clerk, now=NOW)
    after = listing_public.publish_delisting(listing, actor=leader, now=NOW)
    assert (after.delisting_published_at, verbs_of(after)[-1]) == (NOW, "publish_delisting_listing")
    with pytest.raises(NotAllowed):
        listing_public.publish_delisting(listing, actor=leader, now=NOW)
