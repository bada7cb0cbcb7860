"""How a listing begins and runs: drafted, issued, reported on; what changes, who is told, who is refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from hazards.workflow import NotAllowed, Status
from schoolsafety.core.models import NumberSequence, Preference
from schoolsafety.core.roles import Role
from schoolsafety.core.tree import move
from supervision.models import Listing
from supervision.services import listing_drafting, listing_running
from supervision.workflow.listing import ListingLevel, ListingStatus, ReportState
from tests.factories import HazardFactory, UserFactory
from tests.inspections.conftest import picture
from tests.supervision.listing_ways import (
    NOW,
    TODAY,
    draft_at,
    fresh,
    hazard_of,
    later,
    listed_at,
    major_at,
    reported_at,
    told,
    values_for,
    verbs_of,
)


@pytest.fixture
def draft(school, district, clerk):
    return draft_at(school, district, clerk)


@pytest.fixture
def listed(school, district, clerk, leader):
    return listed_at(school, district, clerk, leader)


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
