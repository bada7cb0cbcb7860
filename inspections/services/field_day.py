"""What a phone takes along into the basement: the days' lists, the points, the school's open hazards."""

import hashlib
import json
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from hazards.models import Category, Hazard
from hazards.workflow import Action, Grade, Status, rule_for, state_word
from schoolsafety.core import files
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.workdays import calendar_for

from ..field_payload import MIN_CLIENT, MOST_PHOTOS, PHOTOS_PER_FINDING
from ..models import Point, Zone
from ..workflow import LATE_DAYS, MAJOR_LEVELS, ZoneKind
from . import checklists, patrols, plan

DAYS = 7  # today and six more: a phone that comes home only at the weekend still has its lists
MOST_HAZARDS = 50
PHOTO_BYTES = 300 * 1024
SWITCHES = ["checkin", "mobile_photos", "album", "comment_fixed"]


def build(school, schools, *, user, now):
    """The day's data for one person at one school, as a dict; see docs/field-api.json (Bootstrap).

    A fixed number of queries. Nothing of another school, no names of other people, no photos.
    """
    today = timezone.localdate(now)
    template = checklists.template_for(school, today)
    settings = preferences_for(school, ["patrol.photo_items", *(f"field.{name}" for name in SWITCHES)])
    days = [today + timedelta(days=n) for n in range(DAYS)]
    lists = patrols.items_for(school, template, days)
    items = {item.pk: item for each in lists.values() for item in each}
    drawn, calendar = settings["patrol.photo_items"], calendar_for(school)
    return {
        "uid": user.pk, "name": str(user), "school": _school(school),
        "schools": [_school(one) for one in schools],
        "template": {
            "pk": template.pk, "version": template.version, "name": template.name,
            "items": [_item(item) for item in items.values()],
        },
        "days": {day.isoformat(): _day(lists[day], school, day, drawn, calendar) for day in days},
        "zones": _zones(school), "points": _points(school),
        "hazards": _hazards(school, user, today),
        "categories": [
            {"code": row.pk, "name": row.name} for row in Category.objects.filter(is_active=True)
        ],
        "switches": {name: settings[f"field.{name}"] for name in SWITCHES},
        "limits": {
            "photos_per_finding": PHOTOS_PER_FINDING, "photos_per_walk": MOST_PHOTOS,
            "photo_bytes": PHOTO_BYTES, "late_days": LATE_DAYS,
        },
        "min_client": MIN_CLIENT,
    }  # fmt: skip


def etag_of(data):
    """The fingerprint of the day's data: the same data, the same tag."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _school(school):
    return {"pk": school.pk, "name": school.label, "code": school.code}


def _item(item):
    is_major = item.level_if_failed in MAJOR_LEVELS
    return {
        "pk": item.pk, "code": item.code, "text": item.text, "zone": item.zone_kind,
        "grade": Grade.MAJOR if is_major else Grade.GENERAL, "must": item.must_photograph,
        "phrases": item.phrases, "category": item.category_id,
    }  # fmt: skip


def _day(items, school, day, count, calendar):
    """The walk of one day; the items to be photographed are drawn here, never on the phone."""
    ids = [item.pk for item in items]
    drawn = plan.photo_items(ids, school, day, count)
    photo = [item.pk for item in items if item.must_photograph or item.pk in drawn]
    return {"items": ids, "photo": photo, "is_school_day": calendar.is_school_day(day)}


def _zones(school):
    """The zones in the order in which the school walks, then the kinds that it has no zone for."""
    names = {}
    for zone in Zone.objects.filter(school=school, is_active=True):
        names.setdefault(zone.kind, zone.name)
    order = [*names, *(kind for kind in ZoneKind.values if kind not in names)]
    return [{"kind": kind, "name": names.get(kind) or str(ZoneKind(kind).label)} for kind in order]


def _points(school):
    rows = Point.objects.filter(school=school, is_active=True).select_related("zone")
    return [
        {"pk": row.pk, "code": row.code, "token": row.token, "name": row.name, "zone": row.zone.kind}
        for row in rows
    ]


def _hazards(school, user, today):
    """The school's open hazards, the most urgent first, with what this person may hand in about them."""
    rows = list(
        Hazard.objects.visible_to(user).open().filter(school=school).order_by("due_on", "pk")[:MOST_HAZARDS]
    )
    before, roles = files.photos_for(rows, "before"), user.roles_at(school)
    return [_hazard(row, before[row.pk], roles, today) for row in rows]


def _hazard(row, photos, roles, today):
    is_waiting = row.status in {Status.SUBMITTED, Status.VERIFIED}
    is_suspect = row.status == Status.REPORTED and (row.grade or row.proposed_grade) == Grade.MAJOR
    return {
        "number": row.number, "title": row.title, "place": row.place,
        "due": row.due_on.isoformat() if row.due_on else None,
        "is_late": bool(row.due_on and row.due_on < today and not is_waiting),
        "state": row.status, "word": str(state_word(row.status, row.grade, row.proposed_grade)),
        "grade": row.grade or row.proposed_grade,
        "may_submit": bool(rule_for(Action.SUBMIT, row.status, roles)) and not is_suspect,
        "before": reverse("core:attachment", args=[photos[0].pk]) if photos else None,
    }  # fmt: skip
