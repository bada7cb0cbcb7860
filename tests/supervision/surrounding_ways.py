"""Ways that tests of surroundings and of missing money walk."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.workflow import Grade, Source
from supervision.services import funding, surrounding_letters
from supervision.services.surroundings import report_surrounding


def a_photo(colour="red"):
    stream = BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "JPEG")
    return SimpleUploadedFile("photo.jpg", stream.getvalue(), "image/jpeg")


def a_pdf(name="复函.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF", "application/pdf")


def place_at(school, actor, now, **changes):
    """A food stall sixty metres from the gate."""
    facts = {
        "kind": "food_stall", "title": "流动食品摊占道经营", "place": "校门东侧人行道", "distance": 60,
        "agency": "江北区城市管理局", "found_on": timezone.localdate(now), "protection": "护学岗疏导",
    } | changes  # fmt: skip
    return report_surrounding(school, actor=actor, now=now, **facts)


def letter_sent(places, clerk, leader, now, **words):
    """A letter about `places`, issued by the leader."""
    letter = surrounding_letters.draft_letter(places, actor=clerk, now=now, **words)
    return surrounding_letters.issue_letter(letter, actor=leader, now=now)


def protected(school, actor, now, *, grade=Grade.GENERAL, title="看台栏杆锈蚀", due_in=-3):
    """A hazard with interim protection, late already unless `due_in` days say otherwise."""
    hazard = hazards.report(
        school, actor=actor, title=title, place="操场看台", source=Source.SNAP, proposed_grade=grade,
        category=Category.objects.get(code="JZ"), found_at=now, now=now,
    )  # fmt: skip
    hazards.protect(hazard, actor=actor, closed="看台停用", watch="赵敏，每日巡查", now=now)
    Hazard.objects.filter(pk=hazard.pk).update(due_on=timezone.localdate(now) + timedelta(days=due_in))
    return Hazard.objects.select_related("school").get(pk=hazard.pk)


def need_facts(**changes):
    return {
        "cost": Decimal("12000.00"), "reason": "公用经费已用完", "pupils": 600, "likelihood": "6",
        "severity": "15",
    } | changes  # fmt: skip


def waiting(school, officer, clerk, now, *, title="看台栏杆锈蚀", grade=Grade.GENERAL, **facts):
    """A need that the bureau has acknowledged."""
    hazard = protected(school, officer, now, title=title, grade=grade)
    need = funding.declare_need(hazard, actor=officer, now=now, **need_facts(**facts))
    return funding.acknowledge(need, actor=clerk, now=now)


SOME_DAY = date(2026, 11, 24)
