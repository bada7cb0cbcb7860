"""Judging and close-out sheets by several people at the same moment. PostgreSQL only."""

import pytest
from django.db import connection
from django.utils import timezone

from hazards import services as hazards
from hazards.models import RectificationPlan
from hazards.workflow import Grade, NotAllowed, Status
from schoolsafety.core.models import NumberSequence, Paper
from supervision.models import CloseOut, Judgement, MajorCriterion
from supervision.services import closing, judging
from supervision.workflow.judging import Answer
from tests.factories import HazardFactory, UserFactory
from tests.hazards.ways import verbs_of
from tests.together import PEOPLE, together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def clerks(district):
    return [UserFactory(post=(district, "district_staff")) for _index in range(PEOPLE)]


def test_four_people_judge_one_hazard_and_one_does_it(school, clerks):
    hazard = HazardFactory(school=school, proposed_grade=Grade.MAJOR)
    answers = [(MajorCriterion.objects.order_by("pk").first(), Answer.MET, "无制度")]

    def act(index):
        return judging.judge(
            hazard, actor=clerks[index], is_major=index % 2 == 0, reason="理由", answers=answers,
            now=timezone.now(),
        )  # fmt: skip

    results = together(act)
    assert sum(isinstance(result, Judgement) for result in results) == 1, results
    assert sum(isinstance(result, NotAllowed) for result in results) == PEOPLE - 1
    assert Judgement.objects.count() == 1
    assert verbs_of(hazard) == ["grade", "supervision.judge"]


def test_a_sheet_asked_for_four_times_at_once_is_one(school, clerks):
    hazard = HazardFactory(school=school, closed=True)
    results = together(lambda index: closing.issue(hazard, actor=clerks[index], now=timezone.now()))
    assert {result.pk for result in results} == {CloseOut.objects.get().pk}, results
    assert Paper.objects.filter(kind="close_out").count() == 1
    assert NumberSequence.objects.get(series="close_out").last == 1


def test_close_outs_and_sheets_of_one_school_at_once_wait_for_each_other(school, officer, clerks):
    """Half write off, half ask for a sheet: whoever holds the chain also gets the number, nobody is stuck."""
    done = HazardFactory.create_batch(2, school=school, closed=True)
    open_ = HazardFactory.create_batch(
        2, school=school, status=Status.VERIFIED, grade=Grade.MAJOR, submitted_by=officer
    )
    now = timezone.now()
    for hazard in open_:
        RectificationPlan.objects.create(
            hazard=hazard, responsible_person="王", responsible_post="主任", responsible_signed_at=now,
            deadline=now.date(), measures="换", funds_planned=0, funds_allocated=0, funds_source="无需",
            contingency="停用", guard_person="赵", accepted_at=now,
        )  # fmt: skip
        type(hazard).objects.filter(pk=hazard.pk).update(verified_by=clerks[0], verified_at=now)
    acts = [
        lambda: closing.issue(done[0], actor=clerks[0], now=now),
        lambda: hazards.close(open_[0], actor=clerks[1], now=now),
        lambda: closing.issue(done[1], actor=clerks[2], now=now),
        lambda: hazards.close(open_[1], actor=clerks[3], now=now),
    ]
    results = together(lambda index: acts[index]())
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sorted(CloseOut.objects.values_list("number", flat=True)) == [
        f"江北教安销〔{timezone.localdate().year}〕{number}号" for number in range(1, 5)
    ]
