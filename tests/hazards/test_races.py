"""Several people at the same case at the same moment: one wins, one event, one number. PostgreSQL only."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from hazards import services
from hazards.models import Category, Hazard
from hazards.workflow import Grade, NotAllowed, Source, Status
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


@pytest.mark.parametrize("round_", range(5))
def test_four_people_close_one_hazard_and_one_does_it(school, officer, clerks, round_):
    hazard = HazardFactory(school=school, submitted=True, submitted_by=officer)
    results = together(lambda index: services.close(hazard, actor=clerks[index], now=timezone.now()))
    assert sum(isinstance(result, Hazard) for result in results) == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == PEOPLE - 1
    assert verbs_of(hazard) == ["close"]


def test_closing_and_sending_back_at_once_leave_one_state(school, officer, clerks):
    hazard = HazardFactory(school=school, submitted=True, submitted_by=officer)
    acts = [
        lambda person: services.close(hazard, actor=person, now=timezone.now()),
        lambda person: services.send_back(hazard, actor=person, note="不行", now=timezone.now()),
    ]
    results = together(lambda index: acts[index % 2](clerks[index]))
    assert sum(isinstance(result, Hazard) for result in results) == 1
    hazard.refresh_from_db()
    assert verbs_of(hazard) == (["close"] if hazard.status == Status.CLOSED else ["send_back"])


def test_one_report_sent_four_times_at_once_is_one_hazard(school, officer):
    uuid, category, now = uuid4(), Category.objects.get(code="XF"), timezone.now()

    def send(_index):
        return services.report(
            school, actor=officer, title="通道堆物", place="一层", category=category, source=Source.SNAP,
            proposed_grade=Grade.GENERAL, found_at=now, now=now, client_uuid=uuid,
        )  # fmt: skip

    results = together(send)
    assert {result.pk for result in results} == {Hazard.objects.get().pk}
    assert verbs_of(results[0]) == ["report"]
    assert services.report(
        school, actor=officer, title="又一件", place="二层", category=category, source=Source.SNAP,
        proposed_grade=Grade.GENERAL, found_at=now, now=now,
    ).number.endswith("-0002")  # fmt: skip


def test_two_hazards_merged_into_each_other_at_once_leave_one_open(school, clerks):
    pair = HazardFactory.create_batch(2, school=school, rectifying=True)
    results = together(
        lambda index: services.merge(
            pair[index], into=pair[1 - index], actor=clerks[index], note="同一处", now=timezone.now()
        ),
        count=2,
    )
    assert sum(isinstance(result, Hazard) for result in results) == 1
    assert Hazard.objects.open().count() == 1
