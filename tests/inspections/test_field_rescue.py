"""A rescue file comes in whole, once, under its author's name; what is refused leaves nothing."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from hazards.models import Hazard
from inspections.models import FieldPhoto, FieldRecord, Finding, Patrol
from inspections.services import field_rescue
from schoolsafety.core import files
from schoolsafety.core.models import Attachment, Event, Post
from schoolsafety.core.roles import Role
from tests.factories import UserFactory
from tests.inspections.conftest import TUESDAY
from tests.inspections.phones import Phone
from tests.inspections.rescue_files import nothing_is_left, take
from tests.together import PEOPLE, together

PAGE = "/m/rescue/"


pytestmark = pytest.mark.usefixtures("tuesday", "media")


@pytest.fixture
def phone(home_phone):
    return home_phone


def test_a_walk_with_findings_comes_in_whole(phone, officer):
    number = uuid.uuid4()
    body = phone.send(number, phone.walk(number, problems=2))

    report = take(phone.file(), officer)

    (row,) = report.rows
    record = FieldRecord.objects.get()
    assert (row.state, row.why, report.is_cut, report.is_unfinished) == ("taken", "", False, False)
    assert row.number == record.patrol.number == record.reply["number"]
    assert record.client_uuid == number
    assert record.payload_sha256 == hashlib.sha256(body.encode()).hexdigest()
    assert (record.officer, record.brought_in_by, record.patrol.officer) == (officer, officer, officer)
    for finding in Finding.objects.all():
        (photo,) = files.attachments_of(finding, "before")
        sent = next(each for each in phone.photos if each["uuid"] == str(photo.client_uuid))
        assert photo.original_sha256 == sent["sha256"]
    assert Hazard.objects.count() == 2
    assert FieldPhoto.objects.filter(used_at=None).count() == 0


def test_the_file_twice_takes_nothing_in_twice(phone, officer):
    phone.made("walk", problems=1)
    phone.made()
    first = take(phone.file(), officer)
    before = (FieldRecord.objects.count(), Attachment.objects.count(), Event.objects.count())

    again = take(phone.file(), officer)

    assert [row.state for row in first.rows] == ["taken", "taken"]
    assert [row.state for row in again.rows] == ["here", "here"]
    assert [row.number for row in again.rows] == [row.number for row in first.rows]
    assert (FieldRecord.objects.count(), Attachment.objects.count(), Event.objects.count()) == before


def test_the_phone_may_still_send_it_and_gets_the_same_receipt(phone, officer, school, client):
    number = uuid.uuid4()
    body = phone.send(number, phone.snap(number))
    take(phone.file(), officer)

    client.force_login(officer)
    answer = client.put(f"/api/m/records/{number}", body.encode(), content_type="application/json")

    assert answer.status_code == 200
    assert answer.json() == FieldRecord.objects.get().reply


def test_a_photo_that_came_before_is_not_wanted_again(phone, officer, school, client):
    number = uuid.uuid4()
    phone.send(number, phone.snap(number))
    online = Phone(client, officer, school, TUESDAY)
    sent = phone.photos[0]
    content = field_rescue.b64decode(sent["data"])
    assert online.send_photo(number, sent["uuid"], content)[1].status_code == 201

    report = take(phone.file(), officer)

    assert report.rows[0].state == "taken"
    assert FieldPhoto.objects.count() == 1


@pytest.mark.parametrize("who", ["principal", "admin"])
def test_who_answers_for_the_school_brings_it_in_and_the_officer_stays_its_author(
    phone, officer, who, request
):
    by = request.getfixturevalue(who)
    phone.made("walk", problems=1)

    report = take(phone.file(), by)

    record, hazard = FieldRecord.objects.get(), Hazard.objects.get()
    event = Event.objects.get(verb="inspections.bring_in_record")
    payload = json.loads(event.payload)
    assert (report.rows[0].state, report.rows[0].officer) == ("taken", "李明")
    assert (record.officer, record.patrol.officer, hazard.found_by) == (officer, officer, officer)
    assert (record.brought_in_by, event.actor, event.subject_id) == (by, by, record.patrol_id)
    assert payload["changes"]["officer"] == "李明"
    assert payload["actor"]["post"].startswith(who if who == "principal" else "administrator")
    # An administrator keeps accounts, not cases: the number is told, the way to the case is not.
    assert bool(report.rows[0].url) == (who == "principal")


def test_what_was_recorded_before_the_officer_left_can_be_brought_in_by_the_principal_only(
    phone, officer, principal
):
    number = uuid.uuid4()
    body = phone.send(number, phone.snap(number))
    left = (TUESDAY - timedelta(days=1)).date()
    Post.objects.filter(user=officer).update(starts_on=left - timedelta(days=300), ends_on=left)
    del officer.posts
    client = Client()
    client.force_login(officer)

    by_phone = client.put(f"/api/m/records/{number}", body.encode(), content_type="application/json")
    alone = take(phone.file(), officer)
    today = take(phone.file(), principal)  # made today, when the post had ended

    assert (by_phone.status_code, by_phone.json()["code"]) == (403, "role")
    assert (alone.rows[0].state, today.rows[0].state) == ("refused", "refused")
    assert nothing_is_left()

    Post.objects.filter(user=officer).update(ends_on=TUESDAY.date() - timedelta(days=1))
    record = json.loads(body) | {
        "started": (TUESDAY - timedelta(days=1, minutes=20)).isoformat(),
        "finished": (TUESDAY - timedelta(days=1)).isoformat(),
    }
    phone.lines.clear()
    body = phone.send(number, record)
    yesterday = take(phone.file(), principal)

    assert yesterday.rows[0].state == "taken", yesterday.rows[0].why
    assert FieldRecord.objects.get().officer == officer
    # From now on the phone gets its receipt, though the post is gone.
    sent = client.put(f"/api/m/records/{number}", body.encode(), content_type="application/json")
    assert (sent.status_code, sent.json()["number"]) == (200, yesterday.rows[0].number)


@pytest.mark.parametrize("who", ["stranger", "staff", "clerk", "leader", "auditor"])
def test_others_bring_nothing_in_and_learn_nothing(phone, who, request):
    phone.made()
    other = request.getfixturevalue(who)
    unknown = json.loads(phone.lines[0]["body"]) | {"owner": 10**6}

    report = take(phone.file(), other)
    phone.lines.clear()
    phone.send(uuid.uuid4(), unknown)
    nobody = take(phone.file(), other)

    assert (report.rows[0].state, report.rows[0].officer) == ("refused", "")
    assert report.rows[0].why == nobody.rows[0].why
    assert nothing_is_left()


def test_a_record_for_a_school_where_one_holds_no_post_is_refused(phone, officer, neighbour):
    record = phone.snap(number := uuid.uuid4())
    phone.send(number, record | {"school": neighbour.pk})

    report = take(phone.file(), officer)

    assert (report.rows[0].state, report.rows[0].why) == ("refused", "你没有在该校巡查的职务。")
    assert nothing_is_left()


def test_on_a_schools_page_only_that_schools_records_count(phone, admin, school, neighbour, stranger):
    phone.made()
    report = take(phone.file(), admin, school=neighbour)

    assert report.rows[0].state == "refused"
    assert nothing_is_left()
    assert take(phone.file(), admin, school=school).rows[0].state == "taken"


def test_the_same_number_with_other_words_is_refused(phone, officer):
    number = phone.made()
    take(phone.file(), officer)
    changed = json.loads(phone.lines[0]["body"])
    changed["findings"][0]["note"] = "后来改的"
    phone.lines.clear()
    phone.send(number, changed)

    report = take(phone.file(), officer)

    assert report.rows[0].state == "refused"
    assert Hazard.objects.get().description == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
def test_four_people_with_the_same_file_at_once_make_one_record(phone, officer, school):
    phone.made("walk", problems=2)
    content = phone.bytes()
    people = [officer, *(UserFactory(post=(school, Role.PRINCIPAL)) for _each in range(PEOPLE - 1))]

    reports = together(lambda index: take(content, people[index]))

    assert sorted(report.rows[0].state for report in reports) == ["here", "here", "here", "taken"]
    assert (FieldRecord.objects.count(), Patrol.objects.count(), Hazard.objects.count()) == (1, 1, 2)
    assert Event.objects.filter(verb="inspections.bring_in_record").count() == 1
