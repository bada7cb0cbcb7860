"""One phone whose replies get lost, sending the same thing several times at once. PostgreSQL only."""

import hashlib
import json
import uuid

import pytest
from django.db import connection

from hazards.models import Hazard
from inspections.field_payload import RecordIn
from inspections.models import FieldPhoto, FieldRecord, Patrol, PatrolDay
from inspections.services import field_photos, field_records
from inspections.services.field_errors import Conflict
from schoolsafety.core.models import Attachment
from tests.together import PEOPLE, together

from .conftest import TUESDAY
from .phones import jpeg

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


def take(phone, number, record):
    """Take the record in as the view does."""
    content = json.dumps(record).encode()
    return field_records.take_record(
        number, RecordIn.model_validate_json(content), sha256=hashlib.sha256(content).hexdigest(),
        actor=phone.user, now=TUESDAY,
    )  # fmt: skip


@pytest.mark.parametrize("round_", range(3))
def test_one_record_sent_four_times_at_once_is_one_patrol_with_one_receipt(phone, round_):
    number = uuid.uuid4()
    record = phone.walk(number, problems=2)

    results = together(lambda _index: take(phone, number, record))

    assert sorted(is_new for _receipt, is_new in results) == [False] * (PEOPLE - 1) + [True]
    assert len({json.dumps(receipt, sort_keys=True) for receipt, _is_new in results}) == 1
    assert (Patrol.objects.count(), FieldRecord.objects.count(), Hazard.objects.count()) == (1, 1, 2)
    assert PatrolDay.objects.get().patrols == 1


def test_four_records_at_once_get_rounds_of_their_own(phone):
    numbers = [uuid.uuid4() for _index in range(PEOPLE)]
    records = [phone.walk(number) for number in numbers]

    results = together(lambda index: take(phone, numbers[index], records[index]))

    assert len({receipt["number"] for receipt, _is_new in results}) == PEOPLE
    assert PatrolDay.objects.get().patrols == PEOPLE


def test_one_photo_sent_four_times_at_once_is_one_photo(phone):
    number, content = uuid.uuid4(), jpeg()
    results = together(
        lambda _index: field_photos.take_photo(
            number, content, record_uuid=uuid.uuid4(), sha256=hashlib.sha256(content).hexdigest(),
            actor=phone.user, school=phone.school, taken=TUESDAY, now=TUESDAY,
        )
    )  # fmt: skip

    assert sum(is_new for _photo, is_new in results) == 1
    assert (FieldPhoto.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize("kinds", ["ww", "ss", "ws"])
@pytest.mark.parametrize("round_", range(3))
def test_a_finding_sent_at_once_with_two_records_belongs_to_one(phone, kinds, round_):
    numbers = [uuid.uuid4(), uuid.uuid4()]
    makers = {"w": lambda number: phone.walk(number, problems=1), "s": phone.snap}
    records = [makers[kind](number) for kind, number in zip(kinds, numbers, strict=True)]
    records[1]["findings"][0]["uuid"] = records[0]["findings"][0]["uuid"]

    results = together(lambda index: take(phone, numbers[index], records[index]), count=2)

    (refused,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refused, Conflict), refused
    assert refused.code == "changed"
    assert (FieldRecord.objects.count(), Hazard.objects.count()) == (1, 1)


def test_two_records_that_name_the_same_photo_cannot_both_have_it(phone):
    number = uuid.uuid4()
    first, second = phone.snap(number), phone.snap(number)
    second["findings"][0]["photos"] = first["findings"][0]["photos"]
    other = uuid.uuid4()

    results = together(lambda index: take(phone, [number, other][index], [first, second][index]), count=2)

    assert sum(isinstance(result, Exception) for result in results) == 1
    assert Hazard.objects.count() == 1
