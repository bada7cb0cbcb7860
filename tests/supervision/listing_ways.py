"""Ways that many tests of listed supervision walk: a major under way, drafted, issued, applied, accepted."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.timezone import localdate

from hazards import services as hazards
from hazards.models import Hazard, RectificationPlan
from hazards.workflow import Status
from schoolsafety.core.audit import history_of
from schoolsafety.core.models import Notification
from supervision.models import Listing
from supervision.services import listing_drafting, listing_ending, listing_public, listing_running
from tests.factories import HazardFactory
from tests.inspections.conftest import picture

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
TODAY = localdate(NOW)
PUBLIC = {
    "public_what": "教学楼外廊栏杆松动",
    "public_where": "教学楼三层外廊",
    "public_advice": "请勿倚靠栏杆，按指引绕行。",
}


def later(days, now=NOW):
    return now + timedelta(days=days)


def major_at(school, **what):
    """A graded major hazard under rectification: the five implementations filled in, signed and accepted."""
    values = {"status": Status.RECTIFYING, "proposed_grade": "major", "grade": "major"}
    hazard = HazardFactory(school=school, **values | {"title": "教学楼外廊栏杆松动", "due_on": TODAY} | what)
    RectificationPlan.objects.create(
        hazard=hazard, responsible_person="王建国", responsible_post="总务主任", responsible_signed_at=NOW,
        deadline=TODAY, measures="更换栏杆", funds_planned=4800, funds_allocated=4800,
        funds_source="公用经费", contingency="封闭外廊", guard_person="赵敏", signed_at=NOW, accepted_at=NOW,
    )  # fmt: skip
    return hazard


def values_for(hazard, bureau, actor, now=NOW, **changes):
    """(values, stages) of a draft as suggested, with `changes`."""
    values, stages = listing_drafting.suggestions(hazard, bureau, actor=actor, today=localdate(now))
    return values | changes, stages


def draft_at(school, bureau, clerk, now=NOW, hazard=None, stages=None, **changes):
    hazard = hazard or major_at(school)
    values, suggested = values_for(hazard, bureau, clerk, now, **changes)
    stages = suggested if stages is None else stages
    return listing_drafting.draft(hazard, bureau=bureau, actor=clerk, now=now, values=values, stages=stages)


def listed_at(school, bureau, clerk, leader, now=NOW, **what):
    return listing_running.issue(draft_at(school, bureau, clerk, now, **what), actor=leader, now=now)


def published_at(school, bureau, clerk, leader, now=NOW, **what):
    listing = listed_at(school, bureau, clerk, leader, now, **what)
    return listing_public.publish(listing, actor=leader, now=now, **PUBLIC)


def reported_at(listing, officer, now=NOW, **what):
    values = {"text": "已拆除松动段", "protection": "封闭外廊，专人值守"} | what
    return listing_running.report(listing, actor=officer, now=now, **values)


def applied_at(listing, officer, now=NOW, **what):
    values = {
        "assessment": "栏杆更换完成，荷载检测合格",
        "assessed_by": "市房屋检测站",
        "photos": [picture()],
    }
    listing_ending.apply(listing, actor=officer, now=now, **values | what)
    return fresh(listing)


def accepted_at(listing, officer, clerk, now=NOW):
    listing = applied_at(listing, officer, now)
    return listing_ending.judge(listing, actor=clerk, now=now, is_passed=True, people="陈涛、周琳")


def delisted_at(listing, officer, clerk, leader, now=NOW):
    return listing_ending.delist(accepted_at(listing, officer, clerk, now), actor=leader, now=now)


def fresh(listing):
    return Listing.objects.select_related("hazard", "school", "organisation").get(pk=listing.pk)


def hazard_of(listing):
    return Hazard.objects.select_related("school").get(pk=listing.hazard_id)


def close(listing, actor, now=NOW):
    return hazards.close(hazard_of(listing), actor=actor, now=now)


def url(name, listing, *more):
    return reverse(f"supervision:{name}", args=[listing.pk, *more])


def act_url(listing, action):
    return reverse("supervision:listing_act", args=[listing.pk, str(action)])


def verbs_of(subject):
    """What happened to it, oldest first, as the short verbs."""
    return [event.verb.partition(".")[2] for event in reversed(history_of(subject))]


def state_of(listing):
    """What another person's act must leave as it was: every field, the parts, the hazard, the history."""
    row = Listing.objects.get(pk=listing.pk)
    parts = [list(getattr(row, name).order_by("pk").values()) for name in PARTS]
    hazard = Hazard.objects.filter(pk=row.hazard_id).values().get()
    return (
        [(field.name, getattr(row, field.attname)) for field in row._meta.fields],
        parts,
        hazard,
        verbs_of(row),
    )


def told(user):
    """The verbs of what a person was told, oldest first."""
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("verb", flat=True))


PARTS = ["stages", "reports", "extensions", "acceptances"]
