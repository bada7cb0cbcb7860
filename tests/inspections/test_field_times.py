"""What a phone's record becomes: days and clocks, rounds, reports, lists that changed meanwhile."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards.models import Hazard
from inspections.models import ChecklistTemplate, FieldRecord, Patrol
from inspections.services import checklists, field_photos
from inspections.workflow import LATE_DAYS
from schoolsafety.core import files
from schoolsafety.core.models import Attachment, Event, Notification
from tests.inspections.conftest import TUESDAY
from tests.inspections.phones import jpeg, stamp

pytestmark = pytest.mark.usefixtures("tuesday")


def test_a_clock_three_years_off_is_flagged_and_the_servers_time_decides(phone, number):
    off = timedelta(days=-1095)
    record = phone.walk(number, problems=1) | {
        "started": stamp(TUESDAY + off - timedelta(minutes=9)), "finished": stamp(TUESDAY + off),
        "skew": int(-off.total_seconds() * 1000),
    }  # fmt: skip
    record["findings"][0]["t"] = stamp(TUESDAY + off)
    receipt = phone.send(number, record).json()
    patrol, hazard = Patrol.objects.get(), Hazard.objects.get()

    assert "doubtful_time" in receipt["flags"]
    assert FieldRecord.objects.get().is_time_doubtful
    assert patrol.day == TUESDAY.date()
    assert patrol.submitted_at == TUESDAY
    assert patrol.submitted_at - patrol.started_at == timedelta(minutes=9)
    assert hazard.found_on == TUESDAY.date()
    assert hazard.due_on == TUESDAY.date()
    assert FieldRecord.objects.get().client_finished_at == TUESDAY + off


def test_a_clock_that_is_a_little_off_is_corrected(phone, number):
    record = phone.walk(number) | {"skew": 3_600_000}  # an hour behind
    for name in ("started", "finished"):
        record[name] = stamp(TUESDAY - timedelta(hours=1, minutes=3 if name == "finished" else 20))
    receipt = phone.send(number, record).json()

    assert receipt["flags"] == []
    assert Patrol.objects.get().started_at == TUESDAY - timedelta(minutes=20)


def test_a_walk_that_comes_two_days_later_is_a_late_entry_with_both_times(phone, number):
    ago = TUESDAY - timedelta(days=2)
    record = phone.walk(number) | {"started": stamp(ago), "finished": stamp(ago + timedelta(minutes=15))}
    record["walk"]["day"] = ago.date().isoformat()
    receipt = phone.send(number, record).json()
    patrol = Patrol.objects.get()

    assert "late" in receipt["flags"]
    assert patrol.is_late_entry
    assert (patrol.day, patrol.started_at, patrol.submitted_at) == (ago.date(), ago, TUESDAY)


@pytest.mark.parametrize(("days", "status"), [(LATE_DAYS, 201), (LATE_DAYS + 1, 422), (4000, 422)])
def test_a_walk_can_be_made_up_for_so_long_and_no_longer(phone, number, days, status):
    record = phone.walk(number)
    record["walk"]["day"] = (TUESDAY - timedelta(days=days)).date().isoformat()
    answer = phone.send(number, record)

    assert answer.status_code == status
    assert Patrol.objects.count() == FieldRecord.objects.count() == (status == 201)
    if status == 422:
        assert answer.json()["errors"] == {"walk.day": [f"补录最多只能补{LATE_DAYS}天内的巡查。"]}


def test_how_long_it_then_waits_on_the_phone_does_not_count(phone, number):
    begun = TUESDAY - timedelta(days=10)
    record = phone.walk(number) | {"started": stamp(begun), "finished": stamp(begun + timedelta(minutes=9))}
    record["walk"]["day"] = (begun - timedelta(days=LATE_DAYS)).date().isoformat()

    assert phone.send(number, record).status_code == 201


def test_a_second_walk_of_the_day_is_the_second_round(phone):
    first, second = uuid.uuid4(), uuid.uuid4()
    phone.send(first, phone.walk(first))
    receipt = phone.send(second, phone.walk(second)).json()

    assert "second_round" in receipt["flags"]
    assert receipt["number"].endswith("-2")


def test_a_snap_report_of_a_suspected_major_hazard_alarms_the_bureau(phone, number, clerk):
    receipt = phone.send(number, phone.snap(number, grade="major")).json()
    hazard = Hazard.objects.get()

    assert receipt["number"] == hazard.number
    assert hazard.source == "snap"
    assert files.attachments_of(hazard, "before").count() == Attachment.objects.count() == 1
    assert Notification.objects.filter(user=clerk).exists()
    assert "inspections.receive_from_phone" in Event.objects.values_list("verb", flat=True)


def test_a_photo_that_was_used_is_known_when_its_reply_was_lost(phone, number):
    content, photo = jpeg((9, 9, 9)), uuid.uuid4()
    phone.send_photo(number, photo, content)
    snap = phone.snap(number, photos=[str(photo)])
    assert phone.send(number, snap).status_code == 201

    _same, again = phone.send_photo(number, photo, content)
    assert again.status_code == 200
    assert phone.send(number, snap).status_code == 200


def test_an_item_that_came_into_the_list_meanwhile_counts_as_not_looked_at(phone, number, school, officer):
    record = phone.walk(number)
    mine = checklists.copy_template(phone_template(phone), organisation=school, actor=officer)
    checklists.save_item(
        mine, actor=officer, values={
            "code": "X-1", "category_id": phone.day["categories"][0]["code"], "text": "新增检查项",
            "text_en": "", "frequency": "D", "zone_kind": "gate", "level_if_failed": "G", "basis": "",
            "kinds": [], "facility": "", "must_photograph": False, "phrases": [],
        },
    )  # fmt: skip
    checklists.publish(mine, actor=officer, on=TUESDAY.date(), now=TUESDAY)
    receipt = phone.send(number, record).json()
    patrol = Patrol.objects.get()

    assert receipt["missed"] == ["新增检查项"]
    assert "有 1 项未查" in phone.client.get(receipt["url"]).content.decode()
    assert patrol.template_id == record["walk"]["template"]
    assert len(patrol.missed_item_ids) == 1


def phone_template(phone):
    return ChecklistTemplate.objects.get(pk=phone.day["template"]["pk"])


def test_photos_whose_record_never_came_are_thrown_away_with_their_bytes(
    phone, number, django_capture_on_commit_callbacks
):
    phone.send_photo(number)
    stored = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert field_photos.tidy_unused(now=TUESDAY + timedelta(days=6)) == 0
        assert field_photos.tidy_unused(now=TUESDAY + timedelta(days=8)) == 1

    assert not Attachment.objects.exists()
    with pytest.raises(FileNotFoundError):
        files.read(stored.file)


def test_photos_find_their_owner_in_one_update_however_many_and_only_the_lent_ones_go(
    phone, number, school, officer
):
    photos = [phone.send_photo(number)[0] for _each in range(5)]
    album = field_photos.Album(photos, record_uuid=number, actor=officer, school=school, now=TUESDAY)
    counts = []
    ContentType.objects.get_for_model(school)  # asked once in the life of a process
    for some, purpose in ((photos[:1], "before"), (photos[1:4], "after"), ([], "after")):
        with CaptureQueriesContext(connection) as queries:
            album.give(some, school, purpose)
        counts.append(len(queries))
    lent = album.take(photos[4:])
    album.close()

    assert counts == [1, 1, 0]
    assert {stored.client_uuid: (stored.owner, stored.purpose) for stored in Attachment.objects.all()} == {
        photos[0]: (school, "before"), **dict.fromkeys(photos[1:4], (school, "after")),
    }  # fmt: skip
    assert files.read(lent[0].file)  # its bytes are for whoever made a row of its own over them


def test_the_patrols_page_shows_the_phones_times_beside_the_servers(phone, client, number):
    off = timedelta(days=-1095)
    record = phone.walk(number) | {"started": stamp(TUESDAY + off), "finished": stamp(TUESDAY + off)}
    url = phone.send(number, record).json()["url"]
    text = client.get(url).content.decode()

    assert "手机登记：2023-11-25 07:30 开始" in text
    assert "2026-11-24 07:30 收到" in text
    assert "时间存疑" in text
    assert "离线登记" in text
    assert "未查" not in text


def test_the_history_of_a_snap_report_says_what_the_phones_clock_said(phone, client, number):
    url = phone.send(number, phone.snap(number)).json()["url"]

    assert "手机时间 2026-11-24 07:28" in client.get(url).content.decode()
