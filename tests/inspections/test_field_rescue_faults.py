"""Rescue files that are damaged, changed, endless or none at all: each told, nothing half-done."""

import uuid

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from inspections.models import FieldPhoto, FieldRecord
from inspections.services import field_rescue
from tests.inspections.rescue_files import PhoneAtHome, nothing_is_left, take, upload

PAGE = "/m/rescue/"


pytestmark = pytest.mark.usefixtures("tuesday", "media")


@pytest.fixture
def phone(home_phone):
    return home_phone


@pytest.mark.parametrize("part", ["body", "photo", "sum of the body", "sum of the photo"])
def test_bytes_changed_by_hand_are_refused_and_leave_nothing(phone, officer, part):
    phone.made()
    record, photo = phone.lines
    if part == "body":
        record["body"] = record["body"].replace("灭火器压力不足", "一切正常")
    elif part == "photo":
        photo["data"] = PhoneAtHome.send_photo(phone, uuid.uuid4())[1] or phone.photos[-1]["data"]
    elif part == "sum of the body":
        record["sha256"] = "0" * 64
    else:
        photo["sha256"] = "0" * 64

    report = take(phone.file(), officer)

    assert report.rows[0].state == "refused"
    assert report.rows[0].why
    assert nothing_is_left()


def test_a_damaged_photo_among_good_ones_takes_the_good_ones_back_too(phone, officer):
    number = uuid.uuid4()
    photos = [str(phone.send_photo(number)[0]) for _each in range(3)]
    phone.send(number, phone.snap(number, photos=photos))
    last = next(line for line in phone.lines if line.get("uuid") == photos[-1])
    last["data"] = last["data"][:-8] + "!!!!!!!!"
    phone.made()

    report = take(phone.file(), officer)

    assert [row.state for row in report.rows] == ["refused", "taken"]
    assert FieldPhoto.objects.count() == 1
    stored = [path for path in (settings.MEDIA_ROOT / "photos").rglob("*") if path.is_file()]
    assert len(stored) == 2  # the one photo of the good record, and its thumbnail


def test_a_file_cut_short_yields_what_is_whole(phone, officer):
    phone.made()
    phone.made()
    content = phone.bytes(has_end=False)

    report = take(content[:-200], officer)

    assert report.is_cut
    assert report.rows[0].state == "taken"
    assert report.count("taken") == 1
    assert report.count("refused") >= 1
    assert FieldRecord.objects.count() == 1
    assert take(phone.file(), officer).count("taken") == 1  # the whole file afterwards brings the rest


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"PK\x03\x04 zip", "你好".encode("utf-16"), b"[1]\n", b'{"type":"rescue","version":2}\n'],
)
def test_what_is_no_rescue_file_is_refused_as_a_whole(content, officer):
    with pytest.raises(ValidationError):
        take(content, officer)
    assert nothing_is_left()


@pytest.mark.parametrize(
    "line",
    [
        b"{not json", b"[]", b'"text"', b"1" * 5000, b"[" * 100_000, b"\xff\xfe\x00", b'{"type":"record"}',
        b'{"type":"record","uuid":7,"body":{},"sha256":1}',
        b'{"type":"record","uuid":"x","body":"{}","sha256":""}',
        b'{"type":"record","uuid":"\\ud800","body":"\\ud800","sha256":"\\ud800"}',
    ],
)  # fmt: skip
def test_a_line_of_rubbish_is_told_and_the_next_record_still_comes_in(line, phone, officer):
    phone.made()
    head, *rest = phone.bytes().splitlines(keepends=True)

    report = take(head + line + b"\n" + b"".join(rest), officer)

    assert [row.state for row in report.rows] == ["refused", "taken"]
    assert report.rows[0].why


@pytest.mark.parametrize(
    "values", [{"uuid": None}, {"data": None}, {"data": "é"}, {"sha256": None}, {"taken": 5}]
)
def test_a_photo_with_strange_values_does_no_harm(values, phone, officer):
    phone.made()
    phone.lines[1] |= values

    report = take(phone.file(), officer)

    assert report.rows[0].state == ("taken" if "taken" in values else "refused")
    assert report.rows[0].state == "taken" or nothing_is_left()


def test_a_line_longer_than_any_photo_is_not_read_into_memory(phone, officer):
    phone.made()
    head, *rest = phone.bytes().splitlines(keepends=True)
    long = b'{"type":"photo","data":"' + b"A" * (field_rescue.MOST_LINE * 2) + b'"}\n'
    stream = upload(head + long + b"".join(rest))
    asked = []
    read = stream.readline
    stream.readline = lambda size=-1: asked.append(size) or read(size)

    report = take(stream, officer)

    assert [row.state for row in report.rows] == ["refused", "taken"]
    assert all(0 < size <= field_rescue.MOST_LINE + 1 for size in asked)


def test_a_file_saved_by_a_notepad_still_comes_in(phone, officer):
    phone.made()
    content = b"\xef\xbb\xbf" + phone.bytes().replace(b"\n", b"\r\n")

    assert take(content, officer).count("taken") == 1


def test_when_time_is_up_the_rest_waits_for_the_same_file(phone, officer):
    for _each in range(3):
        phone.made()
    left = iter([True, True, False])

    report = take(phone.file(), officer, may_go_on=lambda: next(left))

    assert (report.count("taken"), report.is_unfinished) == (2, True)
    again = take(phone.file(), officer)
    assert [row.state for row in again.rows] == ["here", "here", "taken"]


def test_there_is_an_end_to_the_records_of_a_file(phone, officer, monkeypatch):
    monkeypatch.setattr(field_rescue, "MOST_RECORDS", 2)
    for _each in range(3):
        phone.made()

    report = take(phone.bytes() + b"rubbish\n" * 9, officer)

    assert (len(report.rows), report.is_unfinished) == (2, True)


class TestPage:
    def post(self, client, phone, address=PAGE):
        return client.post(address, {"file": phone.file()})

    def test_it_says_what_became_of_each_record(self, client, phone, officer):
        phone.made()
        phone.made()
        phone.lines[2]["sha256"] = "0" * 64
        client.force_login(officer)

        answer = self.post(client, phone)

        text = answer.content.decode()
        assert answer.status_code == 200
        assert FieldRecord.objects.get().reply["number"] in text
        assert "收进 1 条，已有 0 条，未收 1 条" in text

    def test_a_wrong_file_is_told_beside_the_field(self, client, officer):
        client.force_login(officer)
        answer = client.post(PAGE, {"file": upload(b"something else\n")})

        assert answer.status_code == 400
        assert "这不是巡查端导出的文件" in answer.content.decode()
        assert client.post(PAGE, {}).status_code == 400

    def test_it_asks_for_login(self, client):
        assert client.get(PAGE).status_code == 302

    @pytest.mark.parametrize("who", ["stranger", "clerk", "auditor"])
    def test_the_school_of_others_is_not_found(self, client, school, who, request):
        client.force_login(request.getfixturevalue(who))
        assert client.get(f"{PAGE}?school={school.pk}").status_code == 404

    @pytest.mark.parametrize("wanted", ["", "x", "-1", "9" * 30, "999999"])
    def test_no_school_is_not_found(self, client, officer, wanted):
        client.force_login(officer)
        assert client.get(f"{PAGE}?school={wanted}").status_code == 404

    @pytest.mark.parametrize(("who", "is_there"), [("principal", True), ("admin", True), ("clerk", False)])
    def test_the_schools_page_leads_here_whoever_may(self, client, school, who, is_there, request):
        client.force_login(request.getfixturevalue(who))
        page = client.get(school.get_absolute_url()).content.decode()
        assert (f"{reverse('field:rescue')}?school={school.pk}" in page) is is_there
