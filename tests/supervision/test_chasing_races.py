"""Several people at the same hazard, pause or escalation at the same moment. PostgreSQL only."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils.timezone import get_default_timezone

from hazards.models import Hazard
from hazards.workflow import NotAllowed
from supervision.models import Chase, Escalation, Pause
from supervision.services import chasing, escalating, pausing
from supervision.workflow.chasing import Level, PauseStatus
from tests.factories import HazardFactory, UserFactory
from tests.together import PEOPLE, together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=get_default_timezone())
TODAY = NOW.date()


@pytest.fixture
def clerks(district):
    return [UserFactory(post=(district, "district_staff")) for _index in range(PEOPLE)]


def outcome(results, kind):
    """How many were done, how many refused; nothing else may come of it."""
    done = sum(isinstance(result, kind) for result in results)
    refused = sum(isinstance(result, NotAllowed) for result in results)
    assert done + refused == len(results), results
    return done, refused


def test_four_chase_one_hazard_and_the_school_hears_once(school, officer, clerks):
    hazard = HazardFactory(school=school, rectifying=True, due_on=TODAY - timedelta(days=5))
    results = together(
        lambda index: chasing.chase_one(hazard, actor=clerks[index], now=NOW, text="请整改")
    )  # fmt: skip
    assert outcome(results, Chase) == (1, PEOPLE - 1)
    assert Chase.objects.count() == 1


def test_four_set_a_pause_and_the_deadline_moves_once(school, clerks):
    hazard = HazardFactory(school=school, rectifying=True, due_on=TODAY + timedelta(days=2))
    last = TODAY + timedelta(days=4)
    results = together(
        lambda index: pausing.begin(
            hazard, actor=clerks[index], now=NOW, starts_on=TODAY, ends_on=last, reason="大风"
        )
    )
    assert outcome(results, Pause) == (1, PEOPLE - 1)
    assert Hazard.objects.get(pk=hazard.pk).due_on == TODAY + timedelta(days=9)


def test_four_end_a_pause_and_the_deadline_moves_back_once(school, clerks):
    hazard = HazardFactory(school=school, rectifying=True, due_on=TODAY + timedelta(days=2))
    pause = pausing.begin(
        hazard, actor=clerks[0], now=NOW, starts_on=TODAY, ends_on=TODAY + timedelta(days=4), reason="大风"
    )
    results = together(
        lambda index: pausing.resume(pause, actor=clerks[index], now=NOW + timedelta(days=2))
    )  # fmt: skip
    assert outcome(results, Pause) == (1, PEOPLE - 1)
    assert Hazard.objects.get(pk=hazard.pk).due_on == TODAY + timedelta(days=4)
    assert Pause.objects.get().status == PauseStatus.OVER


def test_two_mornings_propose_once_and_two_leaders_decide_once(school, district):
    leaders = [UserFactory(post=(district, "district_leader")) for _index in range(PEOPLE)]
    hazard = HazardFactory(school=school, rectifying=True, due_on=TODAY - timedelta(days=7))
    for hours in range(2):
        Chase.objects.create(hazard=hazard, school=school, at=NOW - timedelta(hours=hours))
    assert sum(together(lambda _index: escalating.propose_all(today=TODAY, now=NOW))) == 1
    row = Escalation.objects.get()
    assert row.level == Level.LEADER
    results = together(lambda index: escalating.take_up(row, actor=leaders[index], note="限期", now=NOW))
    assert outcome(results, Escalation) == (1, PEOPLE - 1)
