"""A phone without a network: what it would send goes into a rescue file, as rescue.js writes it."""

import base64
import hashlib
import json
import uuid
from io import BytesIO

from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from hazards.models import Hazard
from inspections.models import FieldPhoto, FieldRecord, Patrol
from inspections.services import field_day, field_rescue
from schoolsafety.core.models import Attachment
from tests.inspections.phones import Phone, jpeg, stamp


class PhoneAtHome(Phone):
    """Its photos and records stay in `lines` until somebody takes the file to a computer."""

    def __init__(self, user, school, now):
        self.user, self.school, self.now, self.client = user, school, now, None
        self.day = field_day.build(school, [school], user=user, now=now)
        self.head = {"type": "rescue", "version": 1, "app": 1, "device": str(uuid.uuid4()), "records": 0}
        self.lines, self.photos = [], []

    def send_photo(self, record, number=None, content=None, **headers):
        # Each photo is another picture: were they alike, a mix-up would go unseen.
        number, content = number or uuid.uuid4(), content or jpeg((len(self.photos) * 7 % 255, 90, 60))
        self.photos.append({
            "type": "photo", "uuid": str(number), "parent": str(record), "taken": stamp(self.now),
            "sha256": hashlib.sha256(content).hexdigest(), "data": base64.b64encode(content).decode(),
        })  # fmt: skip
        return number, None

    def send(self, number, record, **headers):
        body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        mine = [photo for photo in self.photos if photo["parent"] == str(number)]
        self.lines += [
            {"type": "record", "uuid": str(number), "photos": len(mine), "body": body,
             "sha256": hashlib.sha256(body.encode()).hexdigest()},
            *mine,
        ]  # fmt: skip
        return body

    def made(self, kind="snap", **parts):
        """One more finished record; its number."""
        number = uuid.uuid4()
        self.send(number, getattr(self, kind)(number, **parts))
        return number

    def bytes(self, has_end=True):
        """The file."""
        rows = [self.head, *self.lines, *([{"type": "end"}] if has_end else [])]
        return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)

    def file(self, has_end=True):
        return upload(self.bytes(has_end))


def upload(content):
    """Bytes as the server gets them."""
    stream = BytesIO(content)
    stream.name, stream.size = "xiaoan-20261124-0730.txt", len(content)
    return stream


def take(content, actor, **more):
    """Bring the file in, and let happen what happens when the transaction is through."""
    stream = content if hasattr(content, "readline") else upload(content)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return field_rescue.take_file(stream, actor=actor, now=timezone.now(), **more)


def nothing_is_left():
    """No record, no photo row, no file, no hazard."""
    stored = [path for path in (settings.MEDIA_ROOT / "photos").rglob("*") if path.is_file()]
    rows = [model.objects.count() for model in (FieldRecord, FieldPhoto, Hazard, Patrol, Attachment)]
    return rows == [0] * 5 and stored == []
