"""Several people at the same walk at the same moment. PostgreSQL only."""

from datetime import timedelta

import pytest
from django.db import connection

from inspections.models import Patrol, PatrolDay
from inspections.services import patrols
from tests.factories import UserFactory
from tests.together import PEOPLE, together

from .conftest import TUESDAY

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def officers(school, term):
    return [UserFactory(post=(school, "safety_officer")) for _index in range(PEOPLE)]


def ready(school, officer):
    walk = patrols.start(school, actor=officer, now=TUESDAY)
    for pk in walk.photo_item_ids:
        patrols.answer(walk, actor=officer, item_id=pk, value="x", now=TUESDAY)
    patrols.answer_rest(walk, actor=officer, item_ids=walk.item_ids)
    return walk


@pytest.mark.parametrize("round_", range(3))
def test_officers_who_hand_in_at_once_get_rounds_of_their_own(school, officers, round_):
    walks = [ready(school, officer) for officer in officers]

    results = together(
        lambda index: patrols.submit(walks[index], actor=officers[index], now=TUESDAY + timedelta(minutes=9))
    )

    assert sorted(result.round for result in results) == [1, 2, 3, 4]
    assert len({result.number for result in results}) == PEOPLE
    assert PatrolDay.objects.get().patrols == PEOPLE


def test_one_walk_handed_in_four_times_at_once_counts_once(school, officers):
    walk = ready(school, officers[0])

    results = together(lambda _index: patrols.submit(walk, actor=officers[0], now=TUESDAY))

    assert {result.number for result in results} == {Patrol.objects.get().number}
    assert PatrolDay.objects.get().patrols == 1


def test_four_presses_at_once_begin_one_walk(school, officers):
    results = together(lambda _index: patrols.start(school, actor=officers[0], now=TUESDAY))

    assert {result.pk for result in results} == {Patrol.objects.get().pk}


def test_answers_given_at_once_are_all_kept(school, officers):
    walk = patrols.start(school, actor=officers[0], now=TUESDAY)
    plain = [pk for pk in walk.item_ids if pk not in walk.photo_item_ids][:PEOPLE]

    together(
        lambda index: patrols.answer(walk, actor=officers[0], item_id=plain[index], value="n", now=TUESDAY)
    )

    assert set(Patrol.objects.get().answers) == {str(pk) for pk in plain}
