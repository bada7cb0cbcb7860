"""Appeals against measures, decided by another leader; the register of bans and who looks into it."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from hazards.workflow import NotAllowed
from schoolsafety.core.papers import render_again
from supervision.models import Measure
from supervision.queries_measures import waiting_for
from supervision.services import measures
from supervision.workflow.measure_kinds import KIND_RULES
from tests.factories import UserFactory
from tests.geometry import is_red, pages_of, rules_of
from tests.inspections.test_notice_papers import text_of
from tests.supervision.measure_ways import (
    NOW,
    TODAY,
    days,
    decided,
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
        decided(measure, leader, leader, now=days(16))
    other = UserFactory(post=(city, "city_leader"))
    with pytest.raises(NotAllowed, match="草拟"):  # nothing is issued that nobody drafted
        measures.decide_appeal(measure, actor=other, now=days(16))
    decided(measure, clerk, other, answer="事实清楚", now=days(16))
    assert Measure.objects.get(pk=measure.pk).status == "issued"
    with pytest.raises(NotAllowed):
        measures.decide_appeal(measure, actor=other, now=days(16))


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
    decided(measure, clerk, city_leader, result="revoked", answer="事实不清", now=at)
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
        return decided(measure, clerk, city_leader, result="changed", answer="缩短期限", **values)

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


# The paper of the decision.

DECISIONS = {
    "interview": ("upheld", {}, ["维持约谈（江北教安约〔2026〕1号）"]),
    "circular": ("revoked", {}, ["江北区教育局文件", "撤销通报批评（江北教安批〔2026〕1号）"]),
    "yellow_card": (
        "changed",
        {"until": TODAY + timedelta(days=60)},
        ["变更为2027年1月23日", "其余内容继续"],
    ),
    "accountability": ("changed", {}, ["变更责任追究决定", "变更内容见复核情况"]),
    "discipline": ("upheld", {}, ["维持处分决定"]),
    "ban": ("upheld", {}, ["维持禁止从事学校管理事务决定", "上一级教育主管部门"]),
    "penalty": ("changed", {"amount": Decimal(15000)}, ["由20,000.00元变更为15,000.00元", "行政诉讼的权利"]),
}


@pytest.mark.parametrize("kind", sorted(DECISIONS))
def test_the_decision_is_a_paper_in_the_form_of_its_measure(school, clerk, leader, principal, kind):
    result, values, words = DECISIONS[kind]
    measure = issued(kind, school, clerk, leader, contact="陈涛 0000-5550100")
    at = days(31) if kind == "penalty" else NOW
    measures.appeal(measure, actor=principal, reason="事实有出入。\n请求复核。", now=at)
    second = UserFactory(post=(school.parent, "district_leader"))
    row = decided(measure, clerk, second, now=at, result=result, **values)
    assert row.number == "江北教安核〔2026〕1号"
    assert row.paper.sha256 == hashlib.sha256(render_again(row.paper)).hexdigest()
    pages = pages_of((settings.MEDIA_ROOT / row.paper.file).read_bytes())
    text = text_of(pages)
    common = [
        "申诉的复核决定",
        "申诉理由：事实有出入",
        "复核情况：原决定事实清楚",
        "江北区育才小学：",
        "联系人：陈涛",
    ]
    for part in [row.number, *common, *words]:
        assert part in text, part
    assert "草稿" not in text
    rules = [rule for rule in rules_of(pages[0], wider_than=150) if is_red(rule.colour)]
    is_letter = KIND_RULES[kind].template.endswith("letter.html")
    assert {round(rule.width) for rule in rules} == {170 if is_letter else 156}
    if is_letter:
        assert max(rule.top for rule in rules) == pytest.approx(297 - 20, abs=2)


def test_a_city_leader_decides_in_the_name_of_the_city(school, clerk, leader, principal, city_leader, city):
    city.paper_code = "临教安"
    city.save()
    measure = issued("circular", school, clerk, leader)
    measures.appeal(measure, actor=principal, reason="x", now=NOW)
    row = decided(measure, clerk, city_leader)
    assert row.number == "临教安核〔2026〕1号"
    assert row.paper.organisation == city


def test_the_draft_of_a_decision_changes_nothing_and_keeps_what_another_wrote(
    school, clerk, leader, principal
):
    measure = issued("yellow_card", school, clerk, leader)
    measures.appeal(measure, actor=principal, reason="x", now=NOW)
    sooner = measure.until - timedelta(days=30)
    draft = {"actor": clerk, "result": "changed", "now": NOW, "until": sooner}
    row = measures.draft_decision(measure, answer="缩短", version=1, **draft)
    with pytest.raises(measures.EditedMeanwhile):
        measures.draft_decision(measure, answer="另写", version=1, **draft)
    with pytest.raises(ValidationError):
        measures.draft_decision(measure, answer=" ", version=row.version, **draft)
    row.refresh_from_db()
    assert (row.answer, row.number, row.decided_at) == ("缩短", None, None)
    assert Measure.objects.get(pk=measure.pk).until == measure.until
    assert "decide_appeal_measure" not in verbs_of(measure)


def test_staff_find_what_to_draft_and_leaders_what_to_decide(school, clerk, leader, principal):
    measure = issued("circular", school, clerk, leader)
    measures.finish(measure, "report", actor=principal, done_on=TODAY, now=NOW, text="已改")
    second = UserFactory(post=(school.parent, "district_leader"))
    measures.appeal(measure, actor=principal, reason="x", now=NOW)
    assert list(waiting_for(clerk, TODAY)) == [measure]
    assert not waiting_for(leader, TODAY).exists()  # who issued it
    row = measures.draft_decision(measure, actor=clerk, result="upheld", answer="维持", version=1, now=NOW)
    assert not waiting_for(clerk, TODAY).exists()
    assert list(waiting_for(second, TODAY)) == [row.measure]
