"""What the tests of hazards share: a photo, a paper, a signed-in browser, a major hazard on its way."""

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from hazards.models import Category, Hazard
from hazards.services import report
from hazards.workflow import Grade, Source
from tests.hazards.ways import plan_it

SHANGHAI = ZoneInfo("Asia/Shanghai")


def a_photo(name="photo.jpg", colour="red"):
    stream = BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


@pytest.fixture
def photo():
    return a_photo


@pytest.fixture
def paper():
    return lambda name="合同.pdf": SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF", "application/pdf")


@pytest.fixture
def category(db):
    return Category.objects.get(code="XF")


@pytest.fixture
def enter(db):
    """enter(user): a browser of one's own, signed in as that person."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def monday():
    """A plain workday, ten in the morning in Shanghai."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def make(school, officer, category):
    """make(**what): a hazard reported through the service."""

    def reported(**what):
        now = what.pop("now", timezone.now())
        values = {
            "actor": officer, "title": "疏散通道堆物", "place": "教学楼一层", "category": category,
            "source": Source.SNAP, "proposed_grade": Grade.GENERAL, "found_at": now, "now": now,
        }  # fmt: skip
        return report(what.pop("school", school), **values | what)

    return reported


@pytest.fixture
def major(make, clerk):
    """A graded major hazard whose plan is still empty."""
    from hazards.services import grade  # noqa: PLC0415 -- the fixture beside it has the same name elsewhere

    hazard = make(title="配电箱线路裸露", place="东楼地下室", proposed_grade=Grade.MAJOR)
    return grade(hazard, actor=clerk, grade=Grade.MAJOR, reason="漏电危险", now=timezone.now())


@pytest.fixture
def planned(major, officer, principal):
    """A major hazard whose plan is complete and not signed yet."""
    plan_it(major, officer, principal)
    return Hazard.objects.get(pk=major.pk)
