"""The field client's interface: what is taken in, once; what is refused, and how it says so."""

import json
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hazards.models import Hazard
from inspections.models import FieldPhoto, FieldRecord, Finding, Patrol, PatrolDay
from inspections.services import points
from inspections.views.field_api import document
from schoolsafety.core import files
from schoolsafety.core.models import Attachment, Event
from tests.inspections.conftest import TUESDAY
from tests.inspections.phones import API, Phone, jpeg

pytestmark = pytest.mark.usefixtures("tuesday")


def test_the_session_says_who_and_when_and_gives_the_token(client, officer):
    nobody = client.get(f"{API}/session").json()
    client.force_login(officer)
    somebody = client.get(f"{API}/session")

    assert (nobody["user"], nobody["uid"]) == (None, None)
    assert (somebody.json()["user"], somebody.json()["uid"]) == ("李明", officer.pk)
    assert somebody.json()["csrf"]
    assert somebody.headers["Cache-Control"].startswith("no-store")


def test_the_days_data_names_one_school_only_and_is_sent_once(phone, client, school, neighbour, stranger):
    answer = client.get(f"{API}/bootstrap")
    again = client.get(f"{API}/bootstrap", headers={"If-None-Match": answer.headers["ETag"]})
    text = answer.content.decode()

    assert answer.json()["school"]["pk"] == school.pk
    assert len(answer.json()["days"]) == 7
    assert again.status_code == 304
    assert neighbour.name not in text
    assert stranger.name not in text
    assert client.get(f"{API}/bootstrap?school={neighbour.pk}").status_code == 404


def test_the_days_data_costs_the_same_for_one_open_hazard_and_for_three(phone, client):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{API}/bootstrap").status_code == 200
        return len(queries)

    def snap():
        record = uuid.uuid4()
        assert phone.send(record, phone.snap(record)).status_code == 201

    count()  # the school's first phone also makes its zones and points
    snap()
    first = count()
    snap(), snap()
    assert count() == first


def test_nobody_gets_the_days_data_without_signing_in(client, db):
    for answer in (client.get(f"{API}/bootstrap"), client.put(f"{API}/records/{uuid.uuid4()}", b"{}")):
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_a_walk_becomes_a_patrol_with_hazards_and_a_receipt(phone, number, school, officer):
    answer = phone.send(number, phone.walk(number, problems=2))
    receipt, patrol = answer.json(), Patrol.objects.get()

    assert answer.status_code == 201
    assert receipt["number"] == patrol.number
    assert receipt["uuid"] == str(number)
    assert patrol.officer == officer
    assert patrol.problem_count == 2
    assert patrol.bulk_count > 20
    assert sorted(row["number"] for row in receipt["findings"]) == sorted(
        Hazard.objects.values_list("number", flat=True)
    )
    for finding in Finding.objects.all():
        assert files.attachments_of(finding, "before").count() == 1
        assert files.attachments_of(finding.hazard, "before").count() == 1
    assert files.attachments_of(patrol).count() == len(patrol.photo_item_ids) >= 2
    assert PatrolDay.objects.get().patrols == 1
    assert receipt["flags"] == []
    assert receipt["missed"] == []


def test_the_event_of_a_walk_says_that_a_phone_made_it_and_when(phone, number):
    record = phone.walk(number)
    receipt = phone.send(number, record).json()
    said = json.loads(Event.objects.get(verb="inspections.submit_patrol").payload)["changes"]["phone"]

    assert said["offline"] is True
    assert said["sha256"] == receipt["sha256"]
    assert said["finished"].startswith(timezone.localtime(TUESDAY).strftime("%Y-%m-%dT")) or said["finished"]


def test_the_same_record_again_changes_nothing_and_gives_the_same_receipt(phone, number):
    record = phone.walk(number, problems=1)
    first, second = phone.send(number, record), phone.send(number, record)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (Patrol.objects.count(), Hazard.objects.count(), FieldRecord.objects.count()) == (1, 1, 1)
    assert PatrolDay.objects.get().patrols == 1


def test_another_record_under_a_used_number_is_a_conflict(phone, number):
    record = phone.walk(number)
    phone.send(number, record)
    answer = phone.send(number, record | {"skew": 7})

    assert (answer.status_code, answer.json()["code"]) == (409, "changed")


@pytest.mark.parametrize("kind", ["walk", "snap"])
@pytest.mark.parametrize("before", ["walk", "snap"])
def test_a_finding_is_taken_in_once_under_whatever_record(phone, number, before, kind):
    first = make(phone, before, other := uuid.uuid4())
    assert phone.send(other, first).status_code == 201
    second = make(phone, kind, number)
    second["findings"][0]["uuid"] = first["findings"][0]["uuid"]
    answer = phone.send(number, second)

    assert (answer.status_code, answer.json()["code"]) == (409, "changed")
    assert Hazard.objects.get().number not in answer.content.decode()
    assert (FieldRecord.objects.count(), Hazard.objects.count()) == (1, 1)
    assert Patrol.objects.count() == (before == "walk")
    assert phone.send(other, first).status_code == 200


@pytest.mark.parametrize("kind", ["walk", "snap"])
def test_the_finding_of_another_school_is_not_told(phone, number, stranger, neighbour, kind):
    foreign = Phone(Client(), stranger, neighbour, TUESDAY)
    first = foreign.snap(other := uuid.uuid4())
    assert foreign.send(other, first).status_code == 201
    second = make(phone, kind, number)
    second["findings"][0]["uuid"] = first["findings"][0]["uuid"]
    answer = phone.send(number, second)

    assert (answer.status_code, answer.json()["code"]) == (409, "changed")
    assert set(answer.json()) == {"code", "message"}
    for told in (Hazard.objects.get().number, neighbour.name, neighbour.code):
        assert told not in answer.json()["message"]
    assert not FieldRecord.objects.filter(client_uuid=number).exists()


def make(phone, kind, number):
    """A record with one finding."""
    return phone.walk(number, problems=1) if kind == "walk" else phone.snap(number)


def test_another_persons_record_is_neither_taken_nor_shown(phone, number, staff, school):
    record = phone.walk(number)
    other = Phone(Client(), staff, school, TUESDAY)
    answer = other.send(number, record)
    phone.send(number, record)
    later = other.send(number, record | {"owner": staff.pk})

    assert (answer.status_code, answer.json()["code"]) == (409, "owner")
    assert (later.status_code, later.json()["code"]) == (409, "owner")
    assert Patrol.objects.get().officer == phone.user


def test_a_stranger_can_send_nothing_to_a_school(number, school, stranger, neighbour, term):
    foreign = Phone(Client(), stranger, neighbour, TUESDAY)
    answer = foreign.send(number, foreign.walk(number) | {"school": school.pk})
    nowhere = foreign.send(number, foreign.walk(number) | {"school": 999999})

    assert (answer.status_code, answer.json()) == (403, nowhere.json())
    assert answer.json()["code"] == "role"
    assert not Patrol.objects.exists()


def test_an_officer_whose_post_ended_keeps_the_record_on_the_phone(phone, number, officer):
    record = phone.walk(number)
    officer.held_posts.update(ends_on=TUESDAY.date() - timedelta(days=1))
    answer = phone.send(number, record)

    assert (answer.status_code, answer.json()["code"]) == (403, "role")
    assert not FieldRecord.objects.exists()


def test_a_record_whose_photos_have_not_arrived_names_them(phone, number):
    record = phone.walk(number, problems=1)
    lost = str(uuid.uuid4())
    record["findings"][0]["photos"] = [lost]
    answer = phone.send(number, record)

    assert (answer.status_code, answer.json()["code"]) == (409, "photos")
    assert answer.json()["missing"] == [lost]
    assert not Patrol.objects.exists()


def test_a_photo_of_one_record_cannot_be_put_on_another(phone, number):
    other = uuid.uuid4()
    photo, _answer = phone.send_photo(other)
    record = phone.walk(number, problems=1)
    record["findings"][0]["photos"] = [str(photo)]

    assert phone.send(number, record).json()["code"] == "photos"


def test_a_photo_twice_in_one_record_is_refused(phone, number):
    record = phone.walk(number, problems=2)
    record["findings"][1]["photos"] = record["findings"][0]["photos"]

    assert phone.send(number, record).status_code == 422
    assert not FieldRecord.objects.exists()


def test_a_photo_arrives_once(phone, number):
    content = jpeg()
    photo, first = phone.send_photo(number, content=content)
    _same, again = phone.send_photo(number, photo, content)
    _same, other = phone.send_photo(number, photo, jpeg((1, 2, 3)))

    assert (first.status_code, again.status_code) == (201, 200)
    assert (other.status_code, other.json()["code"]) == (409, "changed")
    assert FieldPhoto.objects.count() == Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"not a photo", {}, 415, "not_a_photo"),
        (jpeg()[:200], {}, 422, "invalid"),
        (jpeg(), {"X-Content-SHA256": "0" * 64}, 422, "sha"),
        (jpeg(), {"X-Content-SHA256": ""}, 422, "sha"),
        (jpeg(), {"X-Parent": "x"}, 422, "invalid"),
        (jpeg(), {"X-Owner": "0"}, 409, "owner"),
        (b"\xff\xd8\xff" + b"0" * (1537 * 1024), {}, 413, "too_large"),
    ],
)
def test_a_bad_photo_is_refused_and_nothing_is_kept(phone, number, content, headers, status, code):
    _photo, answer = phone.send_photo(number, content=content, **headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert not FieldPhoto.objects.exists()
    assert not Attachment.objects.exists()


def two_findings_of_one_item(record):
    """As many findings as problems, but both of the same one."""
    fine = next(item for item, said in record["walk"]["answers"].items() if said == "nb")
    record["walk"]["answers"][fine] = "pf"
    record["findings"].append(record["findings"][0] | {"uuid": str(uuid.uuid4())})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record["walk"]["answers"].popitem(),
        lambda record: record["walk"].update(template=999999),
        lambda record: record["walk"]["answers"].update(dict.fromkeys(record["walk"]["answers"], "zz")),
        lambda record: record.update(findings=[]),
        lambda record: record["findings"][0].update(phrase="", note=" "),
        lambda record: record["findings"][0].update(photos=[]),
        two_findings_of_one_item,
        lambda record: record["findings"][0].update(fixed=True),
        lambda record: record["findings"][0].update(fixed=True, grade="major"),
        lambda record: record.update(kind="snap"),
        lambda record: record.update(started="yesterday"),
        lambda record: record.pop("walk"),
    ],
)
def test_a_bad_record_is_refused_and_leaves_nothing_half_done(phone, number, spoil):
    record = phone.walk(number, problems=1)
    spoil(record)
    answer = phone.send(number, record)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"]
    assert answer.json()["message"]
    assert not (Patrol.objects.exists())
    assert not (FieldRecord.objects.exists())
    assert not (Hazard.objects.exists())
    assert not FieldPhoto.objects.exclude(used_at=None).exists()


def test_what_is_no_json_is_refused(phone, number):
    assert phone.put(f"/records/{number}", b"{", "application/json").json()["code"] == "invalid"
    huge = b" " * (256 * 1024 + 1)
    assert phone.put(f"/records/{number}", huge, "application/json").status_code == 413


def test_an_old_client_is_told_to_update_and_keeps_its_queue(phone, number):
    answer = phone.send(number, phone.walk(number) | {"app": 0})

    assert (answer.status_code, answer.json()["code"]) == (426, "upgrade")


def test_a_phone_that_sends_too_fast_is_told_when_to_go_on(phone, number, settings):
    cache.clear()
    settings.FIELD_PUTS_PER_MINUTE = 2
    answers = [phone.send_photo(number)[1] for _n in range(4)]

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_write_without_the_token_is_refused_as_json(officer, school, term):
    client = Client(enforce_csrf_checks=True)
    phone = Phone(client, officer, school, TUESDAY)
    _photo, answer = phone.send_photo(uuid.uuid4())

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    token = client.get(f"{API}/session").json()["csrf"]
    _photo, answer = phone.send_photo(uuid.uuid4(), **{"X-CSRFToken": token})
    assert answer.status_code == 201


def test_a_point_is_found_by_code_and_token_at_ones_own_school_only(phone, client, school, stranger):
    points.set_up_school(school)
    point = school.points.first()
    by_code, by_token = client.get(f"{API}/points/{point.code}"), client.get(f"{API}/points/{point.token}")
    client.force_login(stranger)

    assert by_code.json() == by_token.json()
    assert by_code.json()["token"] == point.token
    assert client.get(f"{API}/points/{point.token}").status_code == 404


def test_the_document_of_the_interface_is_the_one_that_is_checked_in():
    kept = json.loads((settings.BASE_DIR / "docs" / "field-api.json").read_text())
    assert kept == document(), "manage.py field_api writes it anew"


def test_the_root_of_the_interface_tells_nothing(client, officer):
    client.force_login(officer)

    assert client.get(f"{API}/").status_code == 404
