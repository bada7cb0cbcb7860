"""The verbs of measures: drafted by staff, decided by a leader, a penalty only after notice and hearing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hazards import services as hazards
from hazards.services import moving
from hazards.workflow import NotAllowed
from schoolsafety.core.models import Notification, NumberSequence
from supervision.models import Measure
from supervision.services import measures
from supervision.services.measure_drafting import add_months
from supervision.workflow.measure_kinds import KIND_RULES, Kind
from tests.factories import UserFactory
from tests.supervision.measure_ways import (
    NOW,
    RECORD,
    TODAY,
    days,
    draft_of,
    hazard_at,
    heard,
    held,
    issued,
    noticed,
    ready,
    state_of,
    verbs_of,
)

# The review of a bureau's supervision is decided above it: test_supervision_reviews.py.
KINDS = [kind.value for kind in KIND_RULES if kind != Kind.SUPERVISION]


def told(user):
    return list(Notification.objects.filter(user=user).values_list("text", flat=True))


@pytest.mark.parametrize("kind", KINDS)
def test_staff_drafts_and_a_leader_issues_each_kind_with_number_and_paper(kind, school, clerk, leader):
    measure = issued(kind, school, clerk, leader)
    assert measure.status == "issued"
    suffix = {"circular": "批", "interview": "约", "yellow_card": "黄", "penalty": "罚", "referral": "函"}
    assert measure.number == f"江北教安{suffix.get(kind, '责')}〔2026〕1号"
    assert measure.paper.sha256
    assert measure.steps.exists()
    assert verbs_of(measure)[0] == "draft_measure"
    assert verbs_of(measure)[-1] == "issue_measure"


@pytest.mark.parametrize("kind", KINDS)
def test_staff_does_not_issue(kind, school, clerk):
    measure = ready(kind, school, clerk)
    before = state_of(measure)
    with pytest.raises(NotAllowed):
        measures.issue(measure, actor=clerk, now=NOW)
    assert state_of(measure) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_that_lacks_something_is_not_handed_in(kind, school, clerk):
    empty = measures.draft(school, kind=kind, actor=clerk, now=NOW)
    with pytest.raises(ValidationError) as refused:
        measures.submit(empty, actor=clerk, now=NOW)
    assert {"请写明措施的依据。", "请写明事实。"} <= set(refused.value.messages)
    assert Measure.objects.get(pk=empty.pk).status == "draft"


def test_a_leader_sends_a_draft_back_with_a_reason(school, clerk, leader):
    measure = ready("circular", school, clerk)
    assert any("通报" in text for text in told(leader))
    with pytest.raises(ValidationError):
        measures.send_back(measure, actor=leader, note=" ", now=NOW)
    measures.send_back(measure, actor=leader, note="事实不清", now=NOW)
    assert Measure.objects.get(pk=measure.pk).status == "draft"
    with pytest.raises(NotAllowed):
        measures.send_back(measure, actor=leader, note="事实不清", now=NOW)


def test_issuing_twice_uses_one_number(school, clerk, leader):
    measure = ready("circular", school, clerk)
    measures.issue(measure, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        measures.issue(measure, actor=leader, now=NOW)
    assert NumberSequence.objects.get(series="circular").last == 1


def test_people_of_other_places_do_nothing(school, clerk, stranger, officer, other_district):
    measure = ready("circular", school, clerk)
    foreign = UserFactory(post=(other_district, "district_leader"))
    before = state_of(measure)
    for actor in (stranger, officer, foreign):
        for act in (
            lambda who: measures.issue(measure, actor=who, now=NOW),
            lambda who: measures.discard(measure, actor=who, note="x", now=NOW),
            lambda who: measures.edit(measure, actor=who, values={}, version=1, now=NOW),
            lambda who: measures.draft(school, kind="circular", actor=who, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                act(actor)
    assert state_of(measure) == before


def test_a_draft_changed_meanwhile_is_not_overwritten(school, clerk):
    measure = draft_of("circular", school, clerk)
    measures.edit(measure, actor=clerk, values={"facts": "一"}, version=1, now=NOW)
    with pytest.raises(measures.EditedMeanwhile):
        measures.edit(measure, actor=clerk, values={"facts": "二"}, version=1, now=NOW)
    assert Measure.objects.get(pk=measure.pk).facts == "一"


def test_a_hazard_of_another_school_and_a_stop_are_not_drafted(school, neighbour, clerk):
    with pytest.raises(ValidationError):
        measures.draft(school, kind="circular", actor=clerk, now=NOW, hazard=hazard_at(neighbour))
    with pytest.raises(ValidationError):
        measures.draft(school, kind="stop", actor=clerk, now=NOW)


# The penalty: prior notice, statement, hearing, decision (行政处罚法 Art. 44, 45, 63).


def test_a_penalty_is_not_issued_before_notice_and_hearing(school, clerk, leader):
    measure = ready("penalty", school, clerk)
    with pytest.raises(NotAllowed, match="告知"):
        measures.issue(measure, actor=leader, now=NOW)
    measure = measures.give_notice(measure, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        measures.issue(measure, actor=leader, now=NOW)
    assert Measure.objects.get(pk=measure.pk).number is None


def test_the_database_itself_refuses_a_penalty_nobody_was_heard_on(school, clerk, leader):
    measure = issued("penalty", school, clerk, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(heard_at=None)


def test_only_a_penalty_has_a_prior_notice(school, clerk, leader):
    with pytest.raises(NotAllowed):
        measures.give_notice(ready("circular", school, clerk), actor=leader, now=NOW)


def test_the_notice_says_until_when_the_school_may_speak(school, clerk, leader, principal):
    measure = noticed(school, clerk, leader)
    assert measure.notice_number == "江北教安罚告〔2026〕1号"
    assert measure.statement_due_on == TODAY + timedelta(days=7)  # five workdays
    assert any("告知" in text for text in told(principal))
    with pytest.raises(NotAllowed):  # nobody cuts its time short
        measures.hear(measure, actor=clerk, hearing="none", note="无", now=days(7))
    measures.hear(measure, actor=clerk, hearing="none", note="无", now=days(8))


def test_what_the_school_said_must_be_judged(school, clerk, leader, principal):
    measure = noticed(school, clerk, leader)
    measures.state(measure, actor=principal, statement="正在整改", now=NOW)
    measures.state(measure, actor=principal, statement="补充材料", now=NOW)
    with pytest.raises(ValidationError):
        measures.hear(measure, actor=clerk, hearing="none", note="无", now=NOW)
    measure = measures.hear(measure, actor=clerk, hearing="statement", note="不予采纳", now=NOW)
    assert measure.statement == "正在整改\n补充材料"
    assert measure.status == "heard"


def test_a_hearing_that_was_asked_for_is_held(school, clerk, leader, principal):
    measure = noticed(school, clerk, leader)
    measures.state(measure, actor=principal, statement="要求听证", wants_hearing=True, now=NOW)
    with pytest.raises(ValidationError):
        measures.hear(measure, actor=clerk, hearing="statement", note="已阅", now=NOW)
    assert measures.hear(measure, actor=clerk, hearing="hearing", note="已听证", now=NOW).heard_at


def test_a_warning_has_no_formal_hearing(school, clerk, leader, principal):
    measure = noticed(school, clerk, leader, sanction="warning", amount=None)
    with pytest.raises(ValidationError):
        measures.state(measure, actor=principal, statement="x", wants_hearing=True, now=NOW)


def test_nothing_becomes_heavier_for_what_was_said(school, clerk, leader, principal):
    measure = heard(school, clerk, leader, principal)
    with pytest.raises(ValidationError):
        measures.edit(measure, actor=clerk, values={"amount": Decimal(20001)}, version=1, now=NOW)
    values = {"amount": Decimal(10000), "sanction": "licence"}
    measures.edit(measure, actor=clerk, values=values, version=1, now=NOW)
    fresh = measures.issue(measure, actor=leader, now=NOW)
    assert (fresh.amount, fresh.sanction) == (10000, "fine")


def test_a_penalty_that_is_not_imposed_is_told(school, clerk, leader, principal):
    measure = heard(school, clerk, leader, principal)
    measures.discard(measure, actor=clerk, note="采纳申辩，不予处罚", now=NOW)
    assert Measure.objects.visible_to(principal).get().status == "discarded"
    assert any("不予" in text for text in told(principal))


# Steps and their clocks.


def test_the_interview_sets_the_clocks_of_commitment_and_report(school, clerk, leader, officer, principal):
    measure = issued("interview", school, clerk, leader)
    assert [step.step for step in measure.steps.all()] == ["hold"]
    measure = held(school, clerk, leader)
    hold, commit, report = measure.steps.all()
    assert hold.paper.title == "约谈记录（育才小学）"
    assert commit.due_on == report.due_on == TODAY + timedelta(days=9)  # five workdays after Thursday
    with pytest.raises(NotAllowed):  # the school's own
        measures.finish(measure, "report", actor=clerk, done_on=TODAY, now=NOW, text="x")
    for step, actor in (("commit", principal), ("report", officer)):
        measures.finish(measure, step, actor=actor, done_on=report.due_on, now=days(9), text="已完成")
    with pytest.raises(NotAllowed):
        measures.finish(measure, "report", actor=officer, done_on=report.due_on, now=days(9), text="x")
    assert measures.end(measure, actor=clerk, now=days(10)).status == "ended"


def test_a_step_needs_words_and_a_day_that_has_been(school, clerk, leader, officer):
    measure = issued("circular", school, clerk, leader)
    for wrong in (
        {"text": " "},
        {"done_on": TODAY + timedelta(days=1)},
        {"done_on": TODAY - timedelta(days=1)},
    ):
        given = {"text": "已改", "done_on": TODAY} | wrong
        with pytest.raises(ValidationError):
            measures.finish(measure, "report", actor=officer, now=NOW, **given)
    interview, record = issued("interview", school, clerk, leader), RECORD | {"promise": ""}
    with pytest.raises(ValidationError):
        measures.finish(interview, "hold", actor=clerk, done_on=TODAY, now=NOW, **record)


def test_a_penalty_is_published_within_seven_workdays_and_a_fine_is_paid(school, clerk, leader):
    measure = issued("penalty", school, clerk, leader)  # issued on Thursday 24 December
    due = {step.step: step.due_on for step in measure.steps.all()}
    assert set(due) == {"publish", "perform"}
    assert (due["publish"] - TODAY).days == 30 + 11  # seven workdays; New Year's Day is one here
    warning = issued("penalty", school, clerk, leader, sanction="warning", amount=None)
    assert [step.step for step in warning.steps.all()] == ["publish"]


def test_a_sanction_works_as_long_as_the_law_says_and_is_followed_up(school, clerk, leader):
    measure = issued("discipline", school, clerk, leader)
    assert measure.until == add_months(TODAY, 12)
    measures.finish(measure, "carry_out", actor=clerk, done_on=TODAY, now=NOW, text="已宣布并归档")
    with pytest.raises(NotAllowed, match="期限"):
        measures.end(measure, actor=clerk, now=days(100))
    assert measures.end(measure, actor=clerk, now=days(366)).status == "ended"


def test_dismissal_has_no_end(school, clerk, leader):
    assert issued("discipline", school, clerk, leader, sanction="dismissal").until is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [((2026, 8, 31), 6, (2027, 2, 28)), ((2024, 2, 29), 12, (2025, 2, 28)), ((2026, 12, 1), 1, (2027, 1, 1))],
)
def test_months_end_with_the_month(day, months, expected):
    assert add_months(TODAY.replace(*day), months) == TODAY.replace(*expected)


def test_a_yellow_card_is_lifted_by_a_leader_with_a_reason(school, clerk, leader, principal):
    measure = issued("yellow_card", school, clerk, leader)
    with pytest.raises(NotAllowed):
        measures.lift(measure, actor=clerk, note="已整改", now=NOW)
    with pytest.raises(ValidationError):
        measures.lift(measure, actor=leader, note="", now=NOW)
    measures.lift(measure, actor=leader, note="已整改到位", now=NOW)
    assert any("解除" in text for text in told(principal))
    with pytest.raises(NotAllowed):
        measures.lift(measure, actor=leader, note="再次", now=NOW)


@pytest.mark.parametrize("kind", ["interview", "circular", "accountability", "discipline", "penalty"])
def test_other_kinds_are_not_lifted(kind, school, clerk, leader):
    with pytest.raises(NotAllowed):
        measures.lift(issued(kind, school, clerk, leader), actor=leader, note="x", now=NOW)


def test_a_measure_with_an_open_step_does_not_end(school, clerk, leader):
    with pytest.raises(NotAllowed, match="事项"):
        measures.end(issued("circular", school, clerk, leader), actor=clerk, now=NOW)


# The close-out of the hazard.


@pytest.fixture
def submitted(school, officer):
    return hazard_at(
        school, rectifying=False, submitted=True, submitted_by=officer, source="inspection", due_on=TODAY
    )


def close(hazard, clerk):
    return hazards.close(hazard, actor=clerk, closure="rectified", note="", now=NOW)


def test_a_measure_that_is_not_over_holds_the_close_out(submitted, school, clerk, leader, officer):
    measure = issued("circular", school, clerk, leader, hazard=submitted)
    with pytest.raises(NotAllowed, match=measure.number):
        close(submitted, clerk)
    measures.finish(measure, "report", actor=officer, done_on=TODAY, now=NOW, text="已改")
    measures.end(measure, actor=clerk, now=NOW)
    assert close(submitted, clerk).status == "closed"


def test_a_draft_or_a_referral_or_a_released_measure_holds_nothing(submitted, school, clerk, leader):
    draft_of("circular", school, clerk, hazard=submitted)
    issued("referral", school, clerk, leader, hazard=submitted)
    measure = issued("yellow_card", school, clerk, leader, hazard=submitted)
    with pytest.raises(ValidationError):
        measures.release(measure, actor=clerk, note="", now=NOW)
    measures.release(measure, actor=clerk, note="警告期与整改无关", now=NOW)
    assert close(submitted, clerk).status == "closed"


def test_a_draft_may_say_from_the_start_that_it_does_not_hold_and_must_say_why(submitted, school, clerk):
    draft = draft_of(
        "yellow_card", school, clerk, hazard=submitted, is_holding=False, release_note="另行督办"
    )
    assert measures.submit(draft, actor=clerk, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft_of("yellow_card", school, clerk, hazard=submitted, is_holding=False)


def test_the_lock_names_no_measure_about_a_person(submitted, school, clerk, leader):
    measure = issued("accountability", school, clerk, leader, hazard=submitted)
    sentences = [str(lock(submitted)) for lock in moving.LOCKS]
    assert any("措施" in sentence for sentence in sentences)
    assert not any(measure.number in sentence for sentence in sentences)


# Who sees what.


@pytest.mark.parametrize("kind", KINDS)
def test_a_school_sees_nothing_that_is_only_drafted(kind, school, clerk, officer, principal, auditor):
    measure = ready(kind, school, clerk)
    assert not Measure.objects.visible_to(principal).exists()
    assert not Measure.objects.visible_to(officer).exists()
    assert Measure.objects.visible_to(auditor).get() == measure


def test_a_school_sees_what_was_issued_and_persons_only_the_principal(
    school, clerk, leader, officer, principal, staff, stranger
):
    rows = {kind: issued(kind, school, clerk, leader) for kind in KINDS}
    personal = {"accountability", "discipline", "ban"}
    for user, hidden in (
        (principal, {"referral"}), (officer, {"referral", *personal}), (staff, set(rows)),
        (stranger, set(rows)), (clerk, set()),
    ):  # fmt: skip
        seen = set(Measure.objects.visible_to(user).values_list("kind", flat=True))
        assert seen == set(rows) - hidden, user


def test_every_kind_has_its_rule_and_only_the_stop_is_another_parts():
    assert set(Kind) - set(KIND_RULES) == {Kind.STOP}
