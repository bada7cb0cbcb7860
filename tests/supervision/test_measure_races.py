"""Several people at the same measure or proposal at the same moment: one act, one number. PostgreSQL only."""

import pytest
from django.db import connection

from hazards.workflow import NotAllowed
from schoolsafety.core.models import NumberSequence
from supervision.models import Appeal, Measure, MeasureTrigger, Proposal
from supervision.services import measures
from tests.factories import UserFactory
from tests.hazards.test_races import PEOPLE, together
from tests.supervision.measure_ways import NOW, TODAY, hazard_at, issued, ready, verbs_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def leaders(district):
    return [UserFactory(post=(district, "district_leader")) for _index in range(PEOPLE)]


@pytest.fixture
def proposal(school):
    MeasureTrigger.objects.exclude(code="overdue-interview").update(is_active=False)
    hazard_at(school)
    measures.propose_all(today=TODAY, now=NOW)
    return Proposal.objects.get()


def test_four_leaders_issue_one_draft_and_one_number_is_drawn(school, clerk, leaders):
    measure = ready("circular", school, clerk)
    results = together(lambda index: measures.issue(measure, actor=leaders[index], now=NOW))
    assert sum(isinstance(result, Measure) for result in results) == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == PEOPLE - 1
    assert NumberSequence.objects.get(series="circular").last == 1
    assert verbs_of(measure).count("issue_measure") == 1


def test_four_people_take_one_proposal_up_and_one_draft_is_made(proposal, leaders):
    results = together(lambda index: measures.take_up(proposal, actor=leaders[index], now=NOW))
    assert sum(isinstance(result, Measure) for result in results) == 1
    assert Measure.objects.count() == 1


def test_two_runs_at_once_propose_once(school):
    hazard_at(school)
    results = together(lambda index: measures.propose_all(today=TODAY, now=NOW))
    assert sum(result for result in results if isinstance(result, int)) == Proposal.objects.count() == 1


def test_one_appeal_is_filed_however_often_it_is_pressed(school, clerk, leader, principal):
    measure = issued("circular", school, clerk, leader)
    together(lambda index: measures.appeal(measure, actor=principal, reason="有误", now=NOW))
    assert Appeal.objects.count() == 1
