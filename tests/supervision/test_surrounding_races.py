"""Several people at the same place or need at the same moment: one wins, one letter. PostgreSQL only."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate

from hazards.workflow import NotAllowed
from supervision.models import FundingNeed, Surrounding, SurroundingLetter
from supervision.services import funding, surrounding_letters, surroundings
from tests.factories import UserFactory
from tests.supervision.surrounding_ways import need_facts, place_at, protected
from tests.together import PEOPLE, together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def clerks(district):
    return [UserFactory(post=(district, "district_staff")) for _index in range(PEOPLE)]


def one_won(results, kind):
    assert sum(isinstance(result, kind) for result in results) == 1, results
    assert sum(isinstance(result, ValidationError | NotAllowed) for result in results) == PEOPLE - 1, results


def test_four_people_write_about_one_place_and_one_letter_stands(school, officer, clerks):
    now = timezone.now()
    places = [place_at(school, officer, now), place_at(school, officer, now)]
    results = together(
        lambda index: surrounding_letters.draft_letter(
            places if index % 2 else places[::-1], actor=clerks[index], now=now
        )
    )
    one_won(results, SurroundingLetter)
    assert SurroundingLetter.objects.count() == 1


def test_four_people_draft_one_reminder(school, officer, clerks, leader):
    now = timezone.now()
    draft = surrounding_letters.draft_letter([place_at(school, officer, now)], actor=clerks[0], now=now)
    letter = surrounding_letters.issue_letter(draft, actor=leader, now=now)
    SurroundingLetter.objects.update(reply_due_on=localdate(now) - timedelta(days=1))
    results = together(lambda index: surrounding_letters.draft_reminder(letter, actor=clerks[index], now=now))
    assert len({result.pk for result in results}) == 1


def test_a_hazard_is_handed_over_once(school, officer, clerks):
    now = timezone.now()
    hazard = protected(school, officer, now)
    facts = {"kind": "works", "title": "塔吊", "place": "北侧", "distance": 9, "agency": "住建局"}
    results = together(
        lambda index: surroundings.take_over(
            hazard, actor=clerks[index], now=now, note="校外", found_on=localdate(now), **facts
        )
    )
    one_won(results, Surrounding)
    assert Surrounding.objects.count() == 1


def test_a_need_is_declared_and_acknowledged_once(school, officer, clerks):
    now = timezone.now()
    hazard = protected(school, officer, now)
    results = together(lambda _index: funding.declare_need(hazard, actor=officer, now=now, **need_facts()))
    one_won(results, FundingNeed)
    need = FundingNeed.objects.get()
    one_won(together(lambda index: funding.acknowledge(need, actor=clerks[index], now=now)), FundingNeed)
