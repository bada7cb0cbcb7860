"""What is wrong with a phone's record is told beside its field, in the person's language."""

import json
import re
import uuid
from inspect import getsource

import pytest
from django.utils import translation
from pydantic import ValidationError

from inspections import field_faults, field_payload
from inspections.field_payload import RecordIn
from inspections.models import FieldRecord, Patrol
from tests.inspections.conftest import TUESDAY
from tests.inspections.phones import API, stamp

pytestmark = pytest.mark.usefixtures("tuesday")

WRONG = [
    (lambda record: record.pop("finished"), "finished", "缺少这一项。", "This is missing."),
    (lambda record: record.update(started="yesterday"), "started", "这里要填带时区的时间。",
     "A time with its time zone is needed here."),
    (lambda record: record.update(finished="0001-01-01T00:00:00+14:00"), "finished",
     "手机时钟的年份不可能是这样。", "The clock of the phone shows a year that cannot be."),
    (lambda record: record["walk"].update(note="字" * 301), "walk.note", "太长：最多300个字。",
     "Too long: at most 300 characters."),
    (lambda record: record["walk"].update(items=[]), "walk.items", "项数太少：至少1项。",
     "Too few entries: at least 1."),
    (lambda record: record["findings"][0].update(grade="huge"), "findings.0.grade", "没有这个选项。",
     "This is none of the choices."),
    (lambda record: record["walk"]["answers"].popitem(), "walk",
     "每个检查项都要有且只有一个答案，不能有多余的答案。",
     "Each item needs one answer, and nothing else may have one."),
    (lambda record: record.update(findings=[]), "", "每个“有问题”的检查项要对应一处隐患，不能多也不能少。",
     "Each problem needs one finding, and each finding a problem."),
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("spoil", "field", "chinese", "english"), WRONG)
def test_a_fault_is_told_beside_its_field_in_the_persons_language(
    phone, number, spoil, field, chinese, english, language
):
    record = phone.walk(number, problems=1)
    spoil(record)
    phone.client.cookies["django_language"] = language
    answer = phone.send(number, record)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"] == {field: [chinese if language == "zh-hans" else english]}
    assert not FieldRecord.objects.exists()


VALUES = [
    None, "x", "", 1.5, True, -1, 10**18, 10**25, 10**40, "1e400", "NaN", "12.345", "x" * 3000,
    [], [1] * 500, [{}], ["x"], {}, {"1": 1}, "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z",
    "2026-13-01", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z",
]  # fmt: skip


def whole():
    """A record with everything in it that the schema knows, right or wrong for its kind."""
    moment = stamp(TUESDAY)
    return {
        "kind": "patrol", "owner": 1, "school": 1, "app": 1, "device": str(uuid.uuid4()), "offline": True,
        "started": moment, "finished": moment, "skew": 0,
        "walk": {
            "template": 1, "day": "2026-11-24", "items": [1], "answers": {"1": "pf"},
            "photos": {"1": [str(uuid.uuid4())]}, "note": "",
            "checkins": [{"zone": "gate", "point": 1, "t": moment, "how": "qr", "reason": ""}],
        },
        "findings": [{
            "uuid": str(uuid.uuid4()), "item": 1, "category": "XF", "phrase": "", "note": "",
            "grade": "major", "place": "", "point": 1, "fixed": False, "photos": [], "after": [], "t": moment,
        }],
        "evidence": {
            "hazard": "S-1", "measure": "", "responsible": "", "cost": "1.00", "photos": [], "is_done": True,
        },
    }  # fmt: skip


def places(node, path=()):
    """The path of every value in the record."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def test_every_fault_that_the_schema_can_find_has_words_of_its_own():
    met = set()
    for path in [*places(whole()), ()]:
        for value in [*VALUES, ...]:  # ...: it is not there at all
            node = record = whole()
            for key in path[:-1]:
                node = node[key]
            if not path:
                record = value if value is not ... else "\ud800"
            elif value is ...:
                del node[path[-1]]
            else:
                node[path[-1]] = value
            try:
                RecordIn.model_validate_json(json.dumps(record))
            except ValidationError as fault:
                met |= {row["type"] for row in fault.errors()}
    own = set(re.findall(r'PydanticCustomError\("(\w+)"', getsource(field_payload)))

    assert len(met) > 20
    assert (met | own) - set(field_faults.SENTENCES) == set()


def test_an_unknown_fault_is_told_in_general_words():
    rows = [
        {"type": "new_in_some_release", "loc": ("walk", "items", 3), "msg": "Input should be 100 % right"}
    ]
    with translation.override("zh-hans"):
        assert field_faults.faults_of(rows) == {"walk.items.3": ["这一项无法读取。"]}


def test_an_address_that_cannot_be_read_is_told_like_everything_else(phone):
    record = phone.put("/records/none", b"{}", "application/json")
    day = phone.client.get(f"{API}/bootstrap?school=x")

    for answer in (record, day):
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert answer.json()["message"] == "地址无法读取。"
    assert record.json()["errors"] == {"path.uuid": ["这不是记录、隐患或照片的编号。"]}
    assert day.json()["errors"] == {"query.school": ["这里要填数字。"]}


def test_a_character_that_no_database_keeps_does_not_keep_the_record_on_the_phone(phone, number):
    record = phone.walk(number, problems=1, note="晨\0检")
    record["findings"][0] |= {"note": "压力\0不足", "place": "\0", "phrase": "\0"}

    assert phone.send(number, record).status_code == 201
    patrol = Patrol.objects.get()
    assert (patrol.note, patrol.findings.get().note) == ("晨检", "压力不足")
