"""Judging a major hazard: what the criteria say, who decides, what is kept, what is flagged."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category
from hazards.services import report
from hazards.workflow import Grade, NotAllowed, Source, Status
from schoolsafety.core.audit import history_of
from schoolsafety.core.duties import duties_of
from schoolsafety.core.models import Preference
from supervision.models import Judgement, MajorCriterion
from supervision.services import judging
from supervision.workflow.judging import Answer, Outcome, flags_of, outcome_of
from tests.hazards.ways import verbs_of

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
MET, NOT, MISSING = Answer.MET.value, Answer.NOT_MET.value, Answer.MISSING.value


def direct(answer):
    return {"mode": "direct", "area": "fire", "group": "", "at_least": None, "answer": answer}


def combined(answer, at_least=2, group="A"):
    return {"mode": "combined", "area": "fire", "group": group, "at_least": at_least, "answer": answer}


@pytest.fixture
def hazard(school, officer):
    return report(
        school, actor=officer, title="疏散通道堆物", place="教学楼一层", source=Source.SNAP, found_at=NOW,
        category=Category.objects.get(code="XF"), proposed_grade=Grade.MAJOR, now=NOW,
    )  # fmt: skip


@pytest.fixture
def criteria(db):
    return list(MajorCriterion.objects.order_by("pk")[:3])


def answers(criteria, *said):
    return [(row, answer, "看到的事实") for row, answer in zip(criteria, said, strict=False)]


def decide(hazard, clerk, criteria, *said, is_major=True, **what):
    values = {"reason": "通道被占，只剩一个出口", "now": NOW} | what
    hazard.refresh_from_db()
    return judging.judge(
        hazard, actor=clerk, is_major=is_major, answers=answers(criteria, *said), **values
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ([], Outcome.NOT_WALKED),
        ([direct(NOT), direct(NOT)], Outcome.NOT_MAJOR),
        ([direct(NOT), direct(MET)], Outcome.MAJOR),
        ([direct(NOT), direct(MISSING)], Outcome.UNCLEAR),
        ([direct(MISSING), direct(MET)], Outcome.MAJOR),
        ([combined(MET), combined(NOT), combined(NOT)], Outcome.NOT_MAJOR),
        ([combined(MET), combined(MET), combined(NOT)], Outcome.MAJOR),
        ([combined(MET), combined(MISSING), combined(NOT)], Outcome.UNCLEAR),
        ([combined(MISSING), combined(NOT), combined(NOT)], Outcome.NOT_MAJOR),
        ([combined(MET), combined(MET, group="B"), combined(NOT)], Outcome.NOT_MAJOR),
        ([combined(MET, 3), combined(MET, 3), combined(NOT, 3)], Outcome.NOT_MAJOR),
        ([combined(MET), combined(NOT), direct(MET)], Outcome.MAJOR),
    ],
)
def test_what_the_answers_come_to(said, outcome):
    assert outcome_of(said) == outcome


@pytest.mark.parametrize(
    ("left", "is_flagged"), [(None, False), (6, False), (5, True), (0, True), (-3, True)]
)
def test_only_a_downgrade_near_or_past_the_deadline_is_late(left, is_flagged):
    flags = flags_of(Outcome.NOT_MAJOR, is_major=False, was_major=True, workdays_left=left, late_days=5)
    assert ("late_downgrade" in flags) is is_flagged
    never = flags_of(Outcome.NOT_MAJOR, is_major=False, was_major=False, workdays_left=left, late_days=5)
    assert never == []


def test_the_ten_criteria_of_fire_wait_for_a_check(db):
    rows = MajorCriterion.objects.in_force(NOW.date())
    assert rows.count() == 10
    assert {(row.area, row.mode, row.is_verified) for row in rows} == {("fire", "direct", False)}
    assert not MajorCriterion.objects.in_force(datetime(2024, 6, 23, tzinfo=NOW.tzinfo).date()).exists()


def test_a_judgement_grades_and_keeps_facts_reason_and_wording(hazard, clerk, criteria, district):
    row = decide(hazard, clerk, criteria, NOT, MET, NOT)
    hazard.refresh_from_db()
    assert (hazard.grade, hazard.status, hazard.grade_reason) == (
        Grade.MAJOR, Status.PLANNING, "通道被占，只剩一个出口",
    )  # fmt: skip
    assert (row.outcome, row.is_major, row.flags, row.organisation) == (Outcome.MAJOR, True, [], district)
    assert (row.answers[1]["text"], row.answers[1]["facts"]) == (criteria[1].text, "看到的事实")
    criteria[1].text = "改过的条文"
    criteria[1].save()
    assert Judgement.objects.get(pk=row.pk).answers[1]["text"] != "改过的条文"
    assert Judgement.objects.count() == 1
    assert verbs_of(hazard) == ["report", "grade", "supervision.judge"]


def test_not_major_is_kept_with_its_facts_too(hazard, clerk, criteria):
    row = decide(hazard, clerk, criteria, NOT, NOT, NOT, is_major=False, reason="出口宽度达标")
    hazard.refresh_from_db()
    assert (hazard.grade, row.outcome, row.reason) == (Grade.GENERAL, Outcome.NOT_MAJOR, "出口宽度达标")
    assert [answer["answer"] for answer in row.answers] == [NOT, NOT, NOT]


@pytest.mark.parametrize(
    ("said", "is_major", "flag"),
    [
        ((MET,), False, "against"),
        ((MISSING,), False, "fact_missing"),
        ((NOT,), True, "beyond"),
        ((), True, "not_walked"),
    ],
)
def test_a_decision_beside_the_criteria_is_flagged(hazard, clerk, criteria, said, is_major, flag):
    assert decide(hazard, clerk, criteria, *said, is_major=is_major).flags == [flag]


def test_a_grade_without_the_walk_leaves_a_judgement_that_says_so(hazard, clerk):
    hazards.grade(hazard, actor=clerk, grade=Grade.MAJOR, reason="漏电", now=NOW)
    row = Judgement.objects.get()
    assert (row.outcome, row.flags, row.reason) == (Outcome.NOT_WALKED, ["not_walked"], "漏电")


def test_a_plain_general_grade_leaves_none(school, officer, clerk):
    plain = report(
        school, actor=officer, title="堆物", place="楼道", source=Source.SNAP, found_at=NOW, now=NOW,
        category=Category.objects.get(code="XF"), proposed_grade=Grade.GENERAL,
    )  # fmt: skip
    hazards.grade(plain, actor=clerk, grade=Grade.GENERAL, reason="小问题", now=NOW)
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("by_walk", [True, False])
def test_a_downgrade_before_the_deadline_is_flagged_whichever_way(hazard, clerk, criteria, by_walk):
    due = NOW.date() + timedelta(days=7)  # five workdays later
    decide(hazard, clerk, criteria, MET, due_on=due)
    if by_walk:
        row = decide(hazard, clerk, criteria, NOT, is_major=False, after=judging.newest_of(hazard))
    else:
        hazards.regrade(hazard, actor=clerk, grade=Grade.GENERAL, reason="复核", now=NOW)
        row = Judgement.objects.first()
    assert (row.is_late_downgrade, row.workdays_left, row.due_before) == (True, 5, due)
    assert "late_downgrade" in row.flags
    assert list(Judgement.objects.to_look_over()) == [row]


def test_the_bureau_sets_how_near_is_late(hazard, clerk, criteria, district):
    Preference.objects.create(organisation=district, key="supervision.late_downgrade_days", value=4)
    decide(hazard, clerk, criteria, MET, due_on=NOW.date() + timedelta(days=7))
    row = decide(hazard, clerk, criteria, NOT, is_major=False, after=judging.newest_of(hazard))
    assert (row.is_late_downgrade, row.workdays_left) == (False, 5)


def test_the_same_grade_again_is_a_judgement_and_no_regrade(hazard, clerk, criteria):
    hazards.grade(hazard, actor=clerk, grade=Grade.MAJOR, reason="漏电", now=NOW)
    hazard.refresh_from_db()
    row = decide(hazard, clerk, criteria, MET, after=judging.newest_of(hazard))
    assert (row.outcome, row.was_major, row.is_major) == (Outcome.MAJOR, True, True)
    assert verbs_of(hazard) == ["report", "grade", "supervision.judge"]
    with pytest.raises(ValidationError) as refused:
        decide(
            hazard, clerk, criteria, MET, after=judging.newest_of(hazard), due_on=NOW.date()
        )  # fmt: skip
    assert "due_on" in refused.value.message_dict


@pytest.mark.parametrize("who", ["officer", "principal", "auditor", "admin", "stranger"])
def test_only_the_bureau_judges(hazard, criteria, who, request):
    with pytest.raises(NotAllowed):
        decide(hazard, request.getfixturevalue(who), criteria, MET)
    assert not Judgement.objects.exists()


def test_a_closed_hazard_is_not_judged(hazard, clerk, criteria):
    hazards.dismiss(hazard, actor=clerk, note="不是隐患", now=NOW)
    hazard.refresh_from_db()
    with pytest.raises(NotAllowed):
        decide(hazard, clerk, criteria, MET)


def test_whoever_comes_second_sees_the_first_judgement(hazard, clerk, leader, criteria):
    decide(hazard, clerk, criteria, MET)
    hazard.refresh_from_db()
    with pytest.raises(NotAllowed, match="刚刚有人判定过"):
        decide(hazard, leader, criteria, NOT, is_major=False, after=0)
    assert Judgement.objects.count() == 1


def test_a_reason_is_needed(hazard, clerk, criteria):
    with pytest.raises(ValidationError):
        decide(hazard, clerk, criteria, MET, reason="  ")
    assert not Judgement.objects.exists()


@pytest.fixture
def late(hazard, clerk, criteria):
    decide(hazard, clerk, criteria, MET, due_on=NOW.date() + timedelta(days=2))
    return decide(hazard, clerk, criteria, NOT, is_major=False, after=judging.newest_of(hazard))


def test_a_leader_looks_a_late_downgrade_over_once(late, leader, hazard):
    duty = [duty for duty in duties_of(leader, timezone.now()) if "judgements" in duty.url]
    assert len(duty) == 1
    judging.look_over(late, actor=leader, note="已到现场，确属一般", now=NOW)
    with pytest.raises(NotAllowed):
        judging.look_over(late, actor=leader, note="再看", now=NOW)
    late.refresh_from_db()
    assert (late.seen_by, late.seen_note) == (leader, "已到现场，确属一般")
    assert history_of(hazard)[0].verb == "supervision.look_over"
    assert not [duty for duty in duties_of(leader, timezone.now()) if "judgements" in duty.url]


@pytest.mark.parametrize("who", ["clerk", "officer", "auditor", "stranger"])
def test_only_another_leader_looks_over(late, who, request):
    with pytest.raises(NotAllowed):
        judging.look_over(late, actor=request.getfixturevalue(who), note="看过", now=NOW)


def test_whoever_judged_does_not_look_over(hazard, leader, criteria):
    decide(hazard, leader, criteria, MET, due_on=NOW.date() + timedelta(days=2))
    late = decide(hazard, leader, criteria, NOT, is_major=False, after=judging.newest_of(hazard))
    with pytest.raises(NotAllowed):
        judging.look_over(late, actor=leader, note="看过", now=NOW)
    assert not [duty for duty in duties_of(leader, timezone.now()) if "judgements" in duty.url]
