"""Each verb of a listing: what it changes, whom it tells, whom it refuses, and that twice is once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from hazards import services as hazards
from hazards.workflow import NotAllowed, Status
from schoolsafety.core.models import Notification, NumberSequence, Preference
from schoolsafety.core.roles import Role
from schoolsafety.core.tree import move
from supervision.models import Listing
from supervision.services import listing_drafting, listing_ending, listing_public, listing_running
from supervision.workflow.listing import Ground, ListingLevel, ListingStatus, ReportState
from tests.factories import HazardFactory, UserFactory
from tests.inspections.conftest import picture
from tests.supervision.listing_ways import (
    NOW,
    PUBLIC,
    TODAY,
    accepted_at,
    applied_at,
    close,
    delisted_at,
    draft_at,
    fresh,
    hazard_of,
    later,
    listed_at,
    major_at,
    published_at,
    reported_at,
    values_for,
    verbs_of,
)


@pytest.fixture
def draft(school, district, clerk):
    return draft_at(school, district, clerk)


@pytest.fixture
def listed(school, district, clerk, leader):
    return listed_at(school, district, clerk, leader)


@pytest.fixture
def city_leader(city):
    return UserFactory(username="city_leader", name="许巍", post=(city, Role.CITY_LEADER))


def told(user):
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("verb", flat=True))


# Draft.


def test_a_draft_takes_its_words_from_the_case_and_the_settings(draft, school, district, clerk, principal):
    assert draft.status == ListingStatus.DRAFT
    assert (draft.number, draft.level, draft.organisation) == (None, ListingLevel.DISTRICT, district)
    assert draft.due_on == date(2027, 2, 22)  # ninety days
    assert draft.plan_due_on is None  # the bureau accepted it already
    assert [stage.due_on for stage in draft.stages.all()] == sorted(
        stage.due_on for stage in draft.stages.all()
    )
    assert verbs_of(draft) == ["draft_listing"]
    assert not NumberSequence.objects.filter(series="listing").exists()


def test_a_plan_that_is_not_accepted_yet_gets_a_day(school, district, clerk):
    hazard = major_at(school, status=Status.PLANNING)
    hazard.plan.accepted_at = None
    hazard.plan.save()
    draft = draft_at(school, district, clerk, hazard=hazard)
    assert draft.plan_due_on == date(2026, 12, 8)  # ten workdays
    assert draft.stages.first().due_on == draft.plan_due_on


def test_the_principal_answers_for_it_by_name(school, district, clerk, principal):
    assert "刘芳" in draft_at(school, district, clerk).responsible


def test_the_bureaus_own_settings_count(school, district, clerk):
    Preference.objects.create(organisation=district, key="listing.term_days", value=30)
    Preference.objects.create(organisation=district, key="listing.cycle", value=1)
    listing = draft_at(school, district, clerk)
    assert (listing.due_on, listing.cycle) == (date(2026, 12, 24), 1)


def test_a_city_person_makes_a_city_listing(school, city, city_clerk):
    listing = draft_at(school, listing_drafting.bureau_of(city_clerk, school), city_clerk)
    assert (listing.level, listing.organisation) == (ListingLevel.CITY, city)


def test_only_a_bureau_above_the_school_drafts(school, district, other_district, officer, auditor):
    hazard = major_at(school)
    foreign = UserFactory(post=(other_district, Role.DISTRICT_STAFF))
    for actor, bureau in [(officer, district), (auditor, district), (foreign, other_district)]:
        values, stages = values_for(hazard, bureau, actor)
        with pytest.raises(NotAllowed):
            listing_drafting.draft(hazard, bureau=bureau, actor=actor, now=NOW, values=values, stages=stages)
    with pytest.raises(NotAllowed):
        listing_drafting.bureau_of(officer, school)
    assert not Listing.objects.exists()


def test_one_listing_a_hazard_and_only_for_an_open_major(draft, school, district, clerk):
    for hazard in [draft.hazard, HazardFactory(school=school, rectifying=True), HazardFactory(school=school)]:
        with pytest.raises(NotAllowed):
            draft_at(school, district, clerk, hazard=hazard)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("due_on", {"due_on": TODAY}),
        ("due_on", {"due_on": TODAY + timedelta(days=366)}),
        ("plan_due_on", {"plan_due_on": date(2027, 3, 1)}),
        ("demands", {"demands": "  "}),
        ("stages", {"stages": [("后", date(2027, 1, 2)), ("先", date(2027, 1, 1))]}),
        ("stages", {"stages": [("太晚", date(2027, 2, 23))]}),
    ],
)
def test_bad_words_and_days_are_refused_beside_their_field(school, district, clerk, name, changes):
    with pytest.raises(ValidationError) as refused:
        draft_at(school, district, clerk, **changes)
    assert name in refused.value.message_dict
    assert not Listing.objects.exists()


def test_the_supervising_person_belongs_to_the_bureau(school, district, clerk, officer):
    with pytest.raises(ValidationError) as refused:
        draft_at(school, district, clerk, supervisor=officer)
    assert "supervisor" in refused.value.message_dict


def test_a_draft_is_changed_once_a_version(draft, clerk):
    values, _stages = values_for(draft.hazard, draft.organisation, clerk, demands="立即封闭外廊")
    changed = listing_drafting.edit(
        draft, actor=clerk, now=NOW, values=values, stages=[("封闭", date(2026, 12, 1))], version=1
    )
    assert (changed.demands, changed.version) == ("立即封闭外廊", 2)
    assert [stage.name for stage in changed.stages.all()] == ["封闭"]
    with pytest.raises(listing_drafting.EditedMeanwhile):
        listing_drafting.edit(draft, actor=clerk, now=NOW, values=values, stages=[], version=1)


def test_a_withdrawn_draft_frees_the_hazard(draft, school, district, clerk):
    withdrawn = listing_drafting.discard(draft, actor=clerk, now=NOW, note="另行处理")
    assert withdrawn.status == ListingStatus.WITHDRAWN
    with pytest.raises(NotAllowed):
        listing_drafting.discard(draft, actor=clerk, now=NOW)
    assert draft_at(school, district, clerk, hazard=draft.hazard).pk != draft.pk


# Issue.


def test_a_leader_issues_it_with_number_paper_and_clocks(officer, principal, listed, leader):
    assert (listed.status, listed.number) == (ListingStatus.LISTED, "江北教安督〔2026〕1号")
    assert listed.next_report_on == date(2026, 12, 1)
    assert listed.publish_due_on == date(2026, 12, 1)  # five workdays
    assert listed.paper.number == listed.number
    assert hazard_of(listed).due_on == listed.due_on == listed.first_due_on
    assert verbs_of(listed)[-1] == "issue_listing"
    assert told(officer) == told(principal) == ["supervision.listing_listed"]


def test_staff_do_not_issue_and_nobody_twice(draft, clerk, leader, principal):
    for actor in (clerk, principal):
        with pytest.raises(NotAllowed):
            listing_running.issue(draft, actor=actor, now=NOW)
    listing_running.issue(draft, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        listing_running.issue(draft, actor=leader, now=NOW)
    assert NumberSequence.objects.get(series="listing").last == 1


def test_what_was_handed_in_meanwhile_is_not_listed(draft, leader):
    type(draft.hazard).objects.filter(pk=draft.hazard_id).update(status=Status.SUBMITTED)
    with pytest.raises(NotAllowed):
        listing_running.issue(draft, actor=leader, now=NOW)
    assert not NumberSequence.objects.filter(series="listing").exists()


def test_a_term_that_ran_out_on_the_desk_is_refused(draft, leader):
    with pytest.raises(ValidationError) as refused:
        listing_running.issue(draft, actor=leader, now=later(100))
    assert "due_on" in refused.value.message_dict


def test_a_bureau_without_a_mark_issues_nothing(draft, leader, district):
    district.paper_code = ""
    district.save()
    with pytest.raises(ValidationError, match="代字"):
        listing_running.issue(draft, actor=leader, now=NOW)
    assert fresh(draft).status == ListingStatus.DRAFT


def test_after_a_move_the_new_superior_answers(draft, school, other_district, leader, admin):
    move(school, new_parent=other_district, actor=admin, note="区划调整")
    with pytest.raises(NotAllowed):
        listing_running.issue(draft, actor=leader, now=NOW)
    chief = UserFactory(post=(other_district, Role.DISTRICT_LEADER))
    with pytest.raises(ValidationError):  # who was to supervise stands in the old district
        listing_running.issue(draft, actor=chief, now=NOW)
    Listing.objects.update(supervisor=chief)
    moved = listing_running.issue(draft, actor=chief, now=NOW)
    assert (moved.organisation, moved.number) == (other_district, "江南教安督〔2026〕1号")


def test_the_supervision_is_handed_over_within_the_bureau(listed, clerk, leader, officer):
    with pytest.raises(ValidationError):
        listing_running.hand_over(listed, actor=clerk, now=NOW, supervisor=officer)
    with pytest.raises(NotAllowed):
        listing_running.hand_over(listed, actor=officer, now=NOW, supervisor=leader)
    after = listing_running.hand_over(listed, actor=clerk, now=NOW, supervisor=leader)
    assert after.supervisor == leader
    assert told(leader)[-1] == "supervision.listing_hand_over"
    assert verbs_of(after)[-1] == "hand_over_listing"


# Progress.


def test_a_report_covers_the_coming_day_and_tells_the_supervisor(listed, officer, clerk):
    row = reported_at(listed, officer, now=later(3), photos=[picture()], stages=[listed.stages.first().pk])
    assert (row.due_on, row.is_late) == (date(2026, 12, 1), False)
    assert fresh(listed).next_report_on == date(2026, 12, 8)
    assert listed.stages.first().done_on == date(2026, 11, 27)
    assert told(clerk)[-1] == "supervision.listing_listed"
    assert verbs_of(listed)[-1] == "report_listing"


def test_a_late_report_is_marked_and_the_cycle_goes_on(listed, officer):
    row = reported_at(listed, officer, now=later(16))
    assert row.is_late is True
    assert fresh(listed).next_report_on == date(2026, 12, 15)


def test_only_the_school_reports_with_words(listed, officer, staff, clerk, stranger):
    for actor in (staff, clerk, stranger):
        with pytest.raises(NotAllowed):
            reported_at(listed, actor)
    with pytest.raises(ValidationError) as refused:
        reported_at(listed, officer, text=" ", protection="")
    assert set(refused.value.message_dict) == {"text", "protection"}
    assert not listed.reports.exists()


def test_a_report_is_read_once(listed, officer, clerk, city_clerk):
    row = reported_at(listed, officer)
    answered = listing_running.answer(row, actor=city_clerk, now=NOW, state=ReportState.READ)
    assert (answered.state, answered.read_by) == (ReportState.READ, city_clerk)
    with pytest.raises(ValidationError):
        listing_running.answer(row, actor=clerk, now=NOW, state=ReportState.RETURNED, answer="缺照片")
    assert told(officer)[-1] == "supervision.listing_listed"


def test_a_returned_report_is_made_again_within_days(listed, officer, clerk):
    row = reported_at(listed, officer)
    with pytest.raises(ValidationError) as refused:
        listing_running.answer(row, actor=clerk, now=NOW, state=ReportState.RETURNED, answer=" ")
    assert "answer" in refused.value.message_dict
    listing_running.answer(row, actor=clerk, now=NOW, state=ReportState.RETURNED, answer="缺现场照片")
    assert fresh(listed).next_report_on == date(2026, 11, 27)  # three workdays
    reported_at(listed, officer, now=later(2))
    assert fresh(listed).next_report_on == date(2026, 12, 1)


def test_the_school_does_not_read_its_own_report(listed, officer, principal):
    row = reported_at(listed, officer)
    with pytest.raises(NotAllowed):
        listing_running.answer(row, actor=principal, now=NOW, state=ReportState.READ)


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
