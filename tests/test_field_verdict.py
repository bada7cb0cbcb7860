"""The judge of the storm sees what it is there to see: a loss, a double, a photo on another's record."""

import copy
from datetime import UTC, datetime

import pytest

from tests.field_cargo import Packer
from tests.field_verdict import _places, judge

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = {
    "uid": 7, "school": {"pk": 3}, "days": {"2026-11-24": {"items": list(range(1, 31)), "photo": [4, 9]}},
    "template": {"pk": 1, "items": [{"pk": pk} for pk in range(1, 31)]}, "categories": [{"code": "XF"}],
    "hazards": [{"number": "S-2026-0001", "may_submit": True}],
}  # fmt: skip


@pytest.fixture
def parcels():
    packer = Packer(DAY, photos=3, seed=5, now=NOW)
    return [packer.pack(number) for number in range(9)]


@pytest.fixture
def truth(parcels):
    """What a server holds that took everything in once."""
    return {
        "records": [
            {
                "cid": one.cid, "sha256": one.cid,
                "reply": {"uuid": one.cid, "received": "2026-11-24T08:00:00.123456Z"},
            }
            for one in parcels
        ],
        "patrols": [
            {"cid": one.cid, "number": f"XC-{one.number}", "status": "submitted"}
            for one in parcels if one.kind == "patrol"
        ],
        "findings": [uuid for one in parcels if one.kind == "patrol" for uuid in one.findings],
        "hazards": [uuid for one in parcels for uuid in one.findings],
        "photos": [{"cid": photo.cid, "used": True} for one in parcels for photo in one.photos],
        "attachments": [
            {
                "model": model, "owner": None if one.kind == "evidence" else photo.owner,
                "number": "S-2026-0001", "purpose": photo.purpose, "sha256": photo.sha256,
                "picture": f"record {photo.mark.record}, photo {photo.mark.photo}, run {photo.mark.run}",
            }
            for one in parcels for photo in one.photos for model in _places(one, photo)
        ],
        "events": {
            "inspections.submit_patrol": 3, "hazards.report": 9, "inspections.receive_from_phone": 6,
            "hazards.submit": 1, "hazards.supplement": 2,
        },
        "patrols of the days": 3,
    }  # fmt: skip


@pytest.fixture
def phones(parcels):
    receipt = {"received": "2026-11-24T08:00:00.123Z"}
    queue = [
        {"cid": one.cid, "state": "sent", "receipt": receipt | {"uuid": one.cid}, "sha256": one.cid}
        for one in parcels
    ]
    return [{"queue": queue, "photos": 0, "drafts": 0}]


def test_all_once_is_clean(parcels, truth, phones):
    assert judge(parcels, truth, phones).differences == {}


@pytest.mark.parametrize(
    ("table", "sort"),
    [("records", "records"), ("patrols", "patrols"), ("findings", "findings"), ("hazards", "hazards"),
     ("photos", "photos taken in"), ("attachments", "photos at their records, by picture")],
)  # fmt: skip
def test_a_loss_and_a_double_are_seen(parcels, truth, phones, table, sort):
    less, more = copy.deepcopy(truth), copy.deepcopy(truth)
    more[table].append(less[table].pop())
    assert judge(parcels, less, phones).differences[f"{sort} lost"]
    assert judge(parcels, more, phones).differences[f"{sort} doubled"]


def test_two_photos_that_changed_places_are_seen_by_their_pictures(parcels, truth, phones):
    """The rows are as they should be; only the bytes behind them are each other's."""
    first, last = truth["attachments"][0], truth["attachments"][-1]
    first["picture"], last["picture"] = last["picture"], first["picture"]
    found = judge(parcels, truth, phones).differences
    assert len(found["photos at their records, by picture lost"]) == 2
    assert len(found["photos whose bytes are not those sent"]) == 2


def test_a_record_taken_in_again_under_a_new_number_is_seen(parcels, truth, phones):
    for row in [row for row in truth["attachments"] if row["owner"]][:3]:
        truth["attachments"].append(row | {"owner": "new"})
    assert len(judge(parcels, truth, phones).differences["pictures, wherever they are doubled"]) == 3


@pytest.mark.parametrize(
    ("change", "sort"),
    [({"state": "queued"}, "records shown as sent lost"),
     ({"receipt": {"uuid": "x"}}, "receipts that are not the server's"),
     ({"sha256": "x"}, "records whose bytes are not those sent")],
)  # fmt: skip
def test_what_a_phone_shows_is_compared(parcels, truth, phones, change, sort):
    phones[0]["queue"][0] |= change
    assert judge(parcels, truth, phones).differences[sort]


def test_what_stays_on_a_phone_is_seen(parcels, truth, phones):
    phones[0] |= {"photos": 1, "drafts": 2}
    found = judge(parcels, truth, phones).differences
    assert found["photos left on the phones"]
    assert found["drafts left on the phones"]


@pytest.mark.parametrize("verb", ["inspections.submit_patrol", "hazards.report", "hazards.supplement"])
def test_an_event_too_many_is_seen(parcels, truth, phones, verb):
    truth["events"][verb] += 1
    assert not judge(parcels, truth, phones).is_clean
