"""Ways that the tests of stops of use walk: a major hazard, an order, an application, a review."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate

from hazards.models import Hazard, RectificationPlan
from hazards.workflow import Grade, Status
from schoolsafety.core.audit import history_of
from supervision.services import resuming, stops
from tests.factories import HazardFactory
from tests.hazards.ways import plan_values
from tests.inspections.conftest import picture

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
TODAY = localdate(NOW)


def later(days):
    return NOW + timedelta(days=days)


def a_paper(name="评估报告.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF", "application/pdf")


def major_at(school, status=Status.RECTIFYING, **what):
    """A graded major hazard whose plan is complete, in the state that is asked for."""
    values = {
        "status": status, "grade": Grade.MAJOR, "proposed_grade": Grade.MAJOR, "title": "配电箱线路裸露",
        "place": "东楼地下室", "graded_at": NOW, "interim_at": NOW, "found_at": NOW - timedelta(days=3),
    }  # fmt: skip
    hazard = HazardFactory(school=school, **(values | what))
    RectificationPlan.objects.create(
        hazard=hazard, responsible_signed_at=NOW, signed_at=NOW, accepted_at=NOW, **plan_values()
    )
    return hazard


def move_to(hazard, status, by=None, **what):
    """Put the hazard into a state past the services, as its own tests cover the way there."""
    values = {"status": status} | what
    if status in {Status.SUBMITTED, Status.VERIFIED}:
        values |= {"submitted_at": NOW, "submitted_by": by}
    if status == Status.VERIFIED:
        values |= {"verified_at": NOW, "verification": "on_site"}
    Hazard.objects.filter(pk=hazard.pk).update(**values)
    return Hazard.objects.select_related("school").get(pk=hazard.pk)


def drafted(hazard, clerk, now=NOW, **fields):
    return stops.draft(hazard, actor=clerk, now=now, **fields)


def issued(hazard, clerk, leader, now=NOW, **fields):
    return stops.issue(drafted(hazard, clerk, now=now, **fields), actor=leader, now=now)


def application(**changes):
    """What a school writes to resume use, assessed by a body, with its report."""
    return {
        "plan": "更换箱体并加锁，重新布线", "done": "1.箱体已更换；2.线路已穿管", "assessor": "body",
        "body": "临江市建筑安全检测有限公司", "certificate": "AQPJ-2026-018", "assessed_on": TODAY,
        "conclusion": "满足安全使用条件", "report": [a_paper()], "photos": [picture()],
    } | changes  # fmt: skip


def applied(order, officer, principal, now=NOW, **changes):
    """The hazard handed in, then the application; returns it."""
    move_to(order.hazard, Status.SUBMITTED, by=officer)
    order.hazard.refresh_from_db()
    return resuming.apply(order, actor=principal, now=now, **application(**changes))


def review_words(**changes):
    return {
        "reviewed_on": TODAY, "reviewers": "陈涛、周琳", "findings": "箱体已更换，线路穿管，警示标志齐全",
        "is_proposed": True, "photos": [picture()],
    } | changes  # fmt: skip


def reviewed(order, officer, principal, clerk, now=NOW):
    applied(order, officer, principal, now=now)
    return resuming.review(order, actor=clerk, now=now, **review_words())


def url(name, row):
    return reverse(f"supervision:{name}", args=[row.pk])


def verbs_of(subject):
    """What happened to it, oldest first, as the short verbs."""
    return [event.verb.partition(".")[2] for event in reversed(history_of(subject))]


def fields_of(row):
    """What another person's act must leave as it was."""
    fresh = type(row).objects.get(pk=row.pk)
    return [(field.name, getattr(fresh, field.attname)) for field in fresh._meta.fields], verbs_of(fresh)
