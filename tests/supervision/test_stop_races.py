"""Several people at the same order, look or draw at the same moment. PostgreSQL only."""

import pytest
from django.db import connection

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import NotAllowed, Status
from schoolsafety.core.models import NumberSequence
from supervision.models import Draw, LookBack, Resumption, StopOrder
from supervision.services import looking_back, lottery, resuming, stops
from supervision.workflow.stops import STANDS
from tests.factories import HazardFactory, UserFactory
from tests.inspections.conftest import picture
from tests.supervision.stop_ways import (
    NOW,
    TODAY,
    drafted,
    issued,
    later,
    major_at,
    move_to,
    reviewed,
    verbs_of,
)
from tests.together import PEOPLE, together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def leaders(district):
    return [UserFactory(post=(district, "district_leader")) for _index in range(PEOPLE)]


@pytest.fixture
def clerks(district):
    return [UserFactory(post=(district, "district_staff")) for _index in range(PEOPLE)]


def outcome(results, kind):
    """How many were done, how many refused; nothing else may come of it."""
    done = sum(isinstance(result, kind) for result in results)
    refused = sum(isinstance(result, NotAllowed) for result in results)
    assert done + refused == len(results), results
    return done, refused


def test_four_leaders_issue_one_draft_and_one_number_is_drawn(school, clerk, leaders):
    order = drafted(major_at(school), clerk)
    results = together(lambda index: stops.issue(order, actor=leaders[index], now=NOW))
    assert outcome(results, StopOrder) == (1, PEOPLE - 1)
    assert NumberSequence.objects.get(series="stop").last == 1
    assert verbs_of(order) == ["draft_stop", "issue_stop"]


def test_four_clerks_draft_for_one_hazard_and_one_does_it(school, clerks):
    hazard = major_at(school)
    results = together(lambda index: stops.draft(hazard, actor=clerks[index], now=NOW))
    assert outcome(results, StopOrder) == (1, PEOPLE - 1)


def test_four_decisions_and_one_holds(school, clerk, officer, principal, leaders):
    order = issued(major_at(school), clerk, leaders[0])
    reviewed(order, officer, principal, clerk)
    results = together(
        lambda index: resuming.decide(
            order, actor=leaders[index], now=NOW, is_granted=index % 2 == 0, answer="理由"
        )
    )
    assert outcome(results, Resumption) == (1, PEOPLE - 1)
    assert NumberSequence.objects.get(series="resume").last == 1


def test_an_order_is_issued_or_the_hazard_closed_never_both(school, clerk, officer, leaders):
    hazard = major_at(school)
    order = drafted(hazard, clerk)
    move_to(hazard, Status.VERIFIED, by=officer, verified_by=clerk)

    def act(index):
        if index % 2:
            return stops.issue(order, actor=leaders[index], now=NOW)
        return hazards.close(hazard, actor=leaders[index], now=NOW)

    together(act)
    stands = StopOrder.objects.get().status in STANDS
    assert stands is not (Hazard.objects.get().status == Status.CLOSED)


def test_four_results_and_one_counts(school, clerks, leaders):
    hazard = HazardFactory(school=school, closed=True, closed_by=leaders[0])
    row = looking_back.plan(hazard, actor=clerks[0], due_on=TODAY, now=NOW)
    results = together(
        lambda index: looking_back.record(
            row, actor=clerks[index], now=NOW, result="rebound", note="又堆物", photos=[picture()]
        )
    )
    assert outcome(results, LookBack) == (1, PEOPLE - 1)
    assert Hazard.objects.get().reopened_count == 1


def test_four_presses_draw_once(school, district, clerks):
    for _index in range(6):
        HazardFactory(school=school, closed=True, closed_on=TODAY)
    draw = lottery.freeze(
        district, actor=clerks[0], now=NOW, closed_from=TODAY, closed_to=TODAY, size=3, due_on=TODAY,
        seed_kind="sealed",
    )  # fmt: skip
    results = together(lambda index: lottery.perform(draw, actor=clerks[index], now=later(1)))
    assert outcome(results, Draw) == (1, PEOPLE - 1)
    assert LookBack.objects.count() == 3


def test_two_draws_at_once_over_the_same_cases_both_end(school, district, clerks):
    for _index in range(6):
        HazardFactory(school=school, closed=True, closed_on=TODAY)
    draws = [
        lottery.freeze(
            district, actor=clerks[0], now=NOW, closed_from=TODAY, closed_to=TODAY, size=6, due_on=TODAY,
            seed_kind="sealed",
        )
        for _index in range(PEOPLE)
    ]  # fmt: skip
    results = together(lambda index: lottery.perform(draws[index], actor=clerks[index], now=later(1)))
    assert outcome(results, Draw) == (PEOPLE, 0)
    assert LookBack.objects.count() == 6
