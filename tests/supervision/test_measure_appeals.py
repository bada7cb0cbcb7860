"""Appeals against measures, decided by another leader; the register of bans and who looks into it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from hazards.workflow import NotAllowed
from supervision.models import Measure
from supervision.services import measures
from tests.factories import UserFactory
from tests.supervision.measure_ways import (
    NOW,
    TODAY,
    days,
    issued,
    verbs_of,
)


def test_the_principal_appeals_in_time_and_another_leader_decides(
    school, clerk, leader, officer, principal, city
):
    measure = issued("circular", school, clerk, leader)
    with pytest.raises(NotAllowed):
        measures.appeal(measure, actor=officer, reason="事实有误", now=NOW)
    with pytest.raises(ValidationError):
        measures.appeal(measure, actor=principal, reason=" ", now=NOW)
    with pytest.raises(NotAllowed, match="期限"):
        measures.appeal(measure, actor=principal, reason="事实有误", now=days(16))
    row = measures.appeal(measure, actor=principal, reason="事实有误", now=days(15))
    assert row.due_on == TODAY + timedelta(days=45)
    with pytest.raises(NotAllowed):
        measures.appeal(measure, actor=principal, reason="再次", now=days(15))
    with pytest.raises(NotAllowed, match="签发人"):
        measures.decide_appeal(measure, actor=leader, result="upheld", answer="维持", now=days(16))
    other = UserFactory(post=(city, "city_leader"))
    measures.decide_appeal(measure, actor=other, result="upheld", answer="事实清楚", now=days(16))
    assert Measure.objects.get(pk=measure.pk).status == "issued"
    with pytest.raises(NotAllowed):
        measures.decide_appeal(measure, actor=other, result="upheld", answer="再次", now=days(16))


@pytest.fixture
def city_leader(city):
    return UserFactory(post=(city, "city_leader"))


def test_an_open_appeal_keeps_a_measure_from_ending(school, clerk, leader, officer, principal):
    measure = issued("circular", school, clerk, leader)
    measures.finish(measure, "report", actor=officer, done_on=TODAY, now=NOW, text="已改")
    measures.appeal(measure, actor=principal, reason="事实有误", now=NOW)
    with pytest.raises(NotAllowed, match="申诉"):
        measures.end(measure, actor=clerk, now=NOW)


def test_a_published_penalty_that_is_revoked_is_taken_back_in_three_days(
    school, clerk, leader, principal, city_leader
):
    measure = issued("penalty", school, clerk, leader)
    at = days(32)
    measures.finish(
        measure, "publish", actor=clerk, done_on=TODAY + timedelta(days=32), now=at, text="局网站"
    )
    measures.appeal(measure, actor=principal, reason="处罚过重", now=at)
    measures.decide_appeal(measure, actor=city_leader, result="revoked", answer="事实不清", now=at)
    fresh = Measure.objects.get(pk=measure.pk)
    assert (fresh.status, fresh.over_note) == ("revoked", "事实不清")
    step = fresh.steps.get(step="unpublish")
    assert step.due_on == TODAY + timedelta(days=35)
    measures.finish(fresh, "unpublish", actor=clerk, done_on=step.due_on, now=days(35), text="已撤回并说明")
    with pytest.raises(NotAllowed):  # nothing else goes on
        measures.finish(fresh, "perform", actor=principal, done_on=step.due_on, now=days(35), text="x")


def test_an_appeal_makes_it_milder_only(school, clerk, leader, principal, city_leader):
    measure = issued("yellow_card", school, clerk, leader)
    measures.appeal(measure, actor=principal, reason="期限过长", now=NOW)

    def decide(**values):
        return measures.decide_appeal(
            measure, actor=city_leader, result="changed", answer="缩短期限", now=NOW, **values
        )

    for wrong in ({"until": measure.until + timedelta(days=1)}, {}):
        with pytest.raises(ValidationError):
            decide(**wrong)
    sooner = measure.until - timedelta(days=90)
    row = decide(until=sooner)
    assert row.changes == {"until": [str(measure.until), str(sooner)]}
    assert Measure.objects.get(pk=measure.pk).until == sooner


def test_there_is_no_appeal_against_a_referral(school, clerk, leader, principal):
    with pytest.raises(NotAllowed):
        measures.appeal(issued("referral", school, clerk, leader), actor=principal, reason="x", now=NOW)


# The register of bans.


def test_a_ban_is_found_by_name_in_the_whole_city_and_the_look_up_is_kept(
    school, clerk, leader, other_district
):
    ban = issued("ban", school, clerk, leader)
    elsewhere = UserFactory(post=(other_district, "district_staff"))
    assert not Measure.objects.visible_to(elsewhere).exists()
    assert measures.check_person(" 刘芳 ", actor=elsewhere, today=TODAY) == [ban]
    assert measures.check_person("刘方", actor=elsewhere, today=TODAY) == []
    assert measures.check_person("刘芳", actor=elsewhere, today=ban.until + timedelta(days=1)) == []
    measures.lift(ban, actor=leader, note="复核后解除", now=NOW)
    assert measures.check_person("刘芳", actor=elsewhere, today=TODAY) == []
    events = [event for event in verbs_of(other_district) if event == "check_person"]
    assert len(events) == 4


def test_only_a_bureau_looks_a_person_up(officer, principal, auditor, clerk):
    for actor in (officer, principal, auditor):
        with pytest.raises(NotAllowed):
            measures.check_person("刘芳", actor=actor, today=TODAY)
    with pytest.raises(ValidationError):
        measures.check_person("  ", actor=clerk, today=TODAY)
