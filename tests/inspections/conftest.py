"""What the tests of walks share: a school day, a picture, a walk under way."""

import uuid
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from inspections.services import patrols
from tests.inspections.phones import Phone
from tests.inspections.rescue_files import PhoneAtHome

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=SHANGHAI)


def picture(name="photo.jpg", color=(120, 90, 60)):
    """A small JPEG as a browser would send it."""
    stream = BytesIO()
    Image.new("RGB", (64, 48), color).save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


@pytest.fixture
def walk(school, officer, term):
    return patrols.start(school, actor=officer, now=TUESDAY)


@pytest.fixture
def whole_walk(walk, officer):
    """A walk with every item answered: the drawn ones with a photo, the rest in one press."""
    for pk in walk.photo_item_ids:
        patrols.answer(walk, actor=officer, item_id=pk, value="n", now=TUESDAY, photo=picture())
    patrols.answer_rest(walk, actor=officer, item_ids=walk.item_ids)
    walk.refresh_from_db()
    return walk


@pytest.fixture
def tuesday(monkeypatch):
    """The server's clock stands still."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.fixture
def media(settings, tmp_path):
    """Files of this test alone: what is left behind can be counted."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def phone(client, officer, school, term):
    """The officer's phone, with the day's data on it."""
    return Phone(client, officer, school, TUESDAY)


@pytest.fixture
def home_phone(officer, school, term):
    """The officer's phone that reaches no network: what it has goes into a rescue file."""
    return PhoneAtHome(officer, school, TUESDAY)


@pytest.fixture
def number():
    """The number of a record."""
    return uuid.uuid4()
