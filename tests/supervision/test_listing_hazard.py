"""A hazard under listed supervision: locked, kept in step, no side door; what its pages show of it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards import services as hazards
from hazards.models import Hazard
from hazards.presentation import allowed
from hazards.workflow import Action, Grade, NotAllowed, Status
from supervision.listing_pages import acts_of, part_of
from supervision.services import listing_drafting, listing_ending
from supervision.services.listing_follow import lock
from supervision.workflow.listing import Ground, ListingStatus
from tests.factories import HazardFactory
from tests.inspections.conftest import picture
from tests.supervision.listing_ways import (
    NOW,
    accepted_at,
    applied_at,
    close,
    delisted_at,
    draft_at,
    fresh,
    hazard_of,
    listed_at,
    major_at,
    verbs_of,
)


@pytest.fixture
def listed(school, district, clerk, leader):
    return listed_at(school, district, clerk, leader)


def test_the_close_out_waits_for_the_delisting(listed, officer, clerk, leader):
    accepted = accepted_at(listed, officer, clerk)
    with pytest.raises(NotAllowed, match=listed.number):
        close(listed, clerk)
    hazard = hazard_of(listed)
    assert listed.number in lock(hazard)
    assert Action.CLOSE not in allowed(hazard, clerk, hazards.facts_of(hazard, clerk))
    listing_ending.delist(accepted, actor=leader, now=NOW)
    assert close(listed, clerk).status == Status.CLOSED


def test_a_draft_locks_nothing_and_falls_with_the_hazard(school, district, clerk, officer):
    draft = draft_at(school, district, clerk)
    hazard = hazard_of(draft)
    hazards.submit(hazard, actor=officer, measure="已更换", photos=[picture()], now=NOW)
    hazards.verify(hazard, actor=clerk, mode="on_site", now=NOW)
    assert lock(hazard) == ""
    close(draft, clerk)
    assert fresh(draft).status == ListingStatus.WITHDRAWN
    assert verbs_of(draft)[-1] == "discard_listing"


@pytest.mark.parametrize("way", ["transfer", "merge", "regrade"])
def test_a_listed_hazard_leaves_by_no_side_door(listed, school, clerk, way):
    hazard = hazard_of(listed)
    other = major_at(school)
    acts = {
        "transfer": lambda: hazards.transfer(hazard, actor=clerk, to="区住建局", note="移交", now=NOW),
        "merge": lambda: hazards.merge(hazard, into=other, actor=clerk, note="同一处", now=NOW),
        "regrade": lambda: hazards.regrade(
            hazard, actor=clerk, grade=Grade.GENERAL, reason="重新判定", now=NOW
        ),
    }
    with pytest.raises(NotAllowed, match=listed.number):
        acts[way]()
    assert (hazard_of(listed).status, hazard_of(listed).grade) == (Status.RECTIFYING, Grade.MAJOR)


def test_after_a_leader_ended_it_the_hazard_may_be_handed_over(listed, clerk, leader):
    listing_ending.lift(listed, actor=leader, now=NOW, ground=Ground.TRANSFERRED, note="移交区住建局")
    hazards.transfer(hazard_of(listed), actor=clerk, to="区住建局", note="移交", now=NOW)
    assert hazard_of(listed).status == Status.CLOSED


def test_sent_back_on_its_own_page_the_supervision_goes_on(listed, officer, clerk):
    applied_at(listed, officer)
    hazards.send_back(hazard_of(listed), actor=clerk, note="照片不清", now=NOW)
    after = fresh(listed)
    assert (after.status, after.next_report_on) == (ListingStatus.LISTED, date(2026, 12, 1))
    assert after.acceptances.get().is_passed is False
    assert verbs_of(listed)[-1] == "resume_listing"


def test_an_acceptance_falls_when_the_hazard_is_sent_back(listed, officer, clerk, leader):
    accepted_at(listed, officer, clerk)
    hazards.send_back(hazard_of(listed), actor=leader, note="又松动", now=NOW)
    assert fresh(listed).status == ListingStatus.LISTED
    with pytest.raises(NotAllowed):
        listing_ending.delist(fresh(listed), actor=leader, now=NOW)


def test_no_deadline_of_the_hazard_outlasts_the_term(listed, officer, clerk):
    hazard = hazard_of(listed)
    with pytest.raises(NotAllowed, match=listed.number):
        hazards.ask_extension(hazard, actor=officer, reason="到货迟", due_on=date(2027, 3, 31), now=NOW)
    assert not hazard.extensions.exists()
    Hazard.objects.filter(pk=hazard.pk).update(due_on=date(2026, 12, 1))
    hazards.ask_extension(hazard, actor=officer, reason="到货迟", due_on=date(2026, 12, 9), now=NOW)
    with pytest.raises(NotAllowed, match="2027-02-22"):
        hazards.decide_extension(
            hazard, actor=clerk, is_granted=True, answer="", new_due_on=date(2027, 3, 1), now=NOW
        )
    hazards.decide_extension(hazard, actor=clerk, is_granted=True, answer="", now=NOW)
    assert hazard_of(listed).due_on == date(2026, 12, 9)


def test_after_a_relapse_it_can_be_listed_again(listed, school, district, officer, clerk, leader):
    delisted_at(listed, officer, clerk, leader)
    close(listed, clerk)
    hazard = hazards.reopen(hazard_of(listed), actor=clerk, note="反弹", now=NOW, due_on=date(2026, 12, 1))
    assert listing_drafting.draft_refusal(hazard) is None
    assert draft_at(school, district, clerk, hazard=hazard).pk != listed.pk


# What the pages show.


def queries(act):
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def test_the_box_and_the_button_cost_one_query_each_and_none_for_a_general_hazard(school, clerk, officer):
    major, general = major_at(school), HazardFactory(school=school, rectifying=True)
    assert clerk.posts  # asked once a request
    assert officer.posts
    assert queries(lambda: part_of(general, clerk, NOW) + acts_of(general, clerk)) == 0
    assert queries(lambda: part_of(major, clerk, NOW)) == 1
    assert queries(lambda: acts_of(major, clerk)) == 1
    assert queries(lambda: acts_of(major, officer)) == 0


def test_a_hazards_page_leads_to_its_listing_and_to_a_new_one(
    client, school, district, clerk, leader, officer
):
    hazard = major_at(school)
    client.force_login(clerk)
    assert f"/listings/new/?hazard={hazard.number}" in client.get(hazard.get_absolute_url()).content.decode()
    listing = listed_at(school, district, clerk, leader, hazard=hazard)
    page = client.get(hazard.get_absolute_url()).content.decode()
    assert listing.get_absolute_url() in page
    assert "/listings/new/" not in page
    client.force_login(officer)
    page = client.get(hazard.get_absolute_url()).content.decode()
    assert listing.get_absolute_url() in page
    assert "/listings/new/" not in page


def test_a_school_sees_no_draft_on_the_hazards_page(client, school, district, clerk, officer):
    draft = draft_at(school, district, clerk)
    client.force_login(officer)
    assert draft.get_absolute_url() not in client.get(draft.hazard.get_absolute_url()).content.decode()


def test_the_sign_hangs_on_the_schools_page_while_it_runs(client, listed, school, officer, clerk, leader):
    client.force_login(officer)
    assert listed.number in client.get(school.get_absolute_url()).content.decode()
    delisted_at(listed, officer, clerk, leader)
    assert listed.number not in client.get(school.get_absolute_url()).content.decode()
