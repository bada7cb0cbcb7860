"""What the pages of a walk show: zones with their items, progress, review, receipt. Reads only."""

from collections import defaultdict
from datetime import datetime

from schoolsafety.core import files
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import SCHOOL_ROLES

from .models import ChecklistItem, Finding, Patrol, Point, Zone
from .queries import figures_of
from .services import patrols
from .workflow import MAJOR_LEVELS, Answer, Mode, PatrolStatus, ZoneKind

MOST_SCHOOLS = 5


def own_schools(user):
    """The schools at which a person holds a school post, by code (one query, none without such a post)."""
    paths = {path for path, role in user.posts if role in SCHOOL_ROLES}
    if not paths:
        return []
    rows = Organisation.objects.visible_to(user).schools().filter(path__in=paths)
    return list(rows.order_by("code")[:MOST_SCHOOLS])


def today_of(user, school, day):
    """The context of the page of the day: whose walks there are, and those begun earlier and not ended."""
    rows = Patrol.objects.visible_to(user).filter(school=school).select_related("officer", "field_record")
    walks = list(rows.filter(day=day).order_by("started_at"))
    for walk in walks:
        walk.figures = figures_of(walk) if walk.status == PatrolStatus.SUBMITTED else None
    left = rows.filter(status=PatrolStatus.WALKING, officer=user).exclude(day=day).order_by("day")
    mine = next((w for w in walks if w.status == PatrolStatus.WALKING and w.officer_id == user.pk), None)
    return {
        "school": school, "day": day, "walks": walks, "left": list(left[:10]), "mine": mine,
        "may_walk": bool(user.roles_at(school) & patrols.WALKERS),
    }  # fmt: skip


def page_of(patrol, user):
    """The context of the walk's page, in a fixed number of queries however many items."""
    return {
        "patrol": patrol, "school": patrol.school, "zones": zones_of(patrol),
        "may_answer": patrol.officer_id == user.pk and patrol.status == PatrolStatus.WALKING,
    } | progress_of(patrol)  # fmt: skip


def progress_of(patrol):
    """{done, total} of a walk, without a query."""
    return {"done": len(patrol.answers), "total": len(patrol.item_ids)}


def zones_of(patrol):
    """[{key, name, items, ids, done, total, rest, has_bulk, next}] in the order in which the school walks."""
    items = ChecklistItem.objects.in_bulk(patrol.item_ids)
    names: dict[str, str] = {}
    for zone in Zone.objects.filter(school=patrol.school_id, is_active=True):
        names.setdefault(zone.kind, zone.name)
    order = [*names, *(kind for kind in ZoneKind.values if kind not in names)]
    findings = {row.item_id: row for row in Finding.objects.filter(patrol=patrol).select_related("hazard")}
    shown = defaultdict(list)
    for photo in files.attachments_of(patrol):
        shown[photo.purpose].append(photo)
    groups: dict[str, list] = {kind: [] for kind in order}
    for pk in patrol.item_ids:
        groups[items[pk].zone_kind].append(_line(patrol, items[pk], findings.get(pk), shown[f"item-{pk}"]))
    zones = [
        _zone(kind, names.get(kind) or ZoneKind(kind).label, rows) for kind, rows in groups.items() if rows
    ]
    for zone, following in zip(zones, [*zones[1:], None], strict=True):
        zone["next"] = following["key"] if following else None
    return zones


def zone_of(patrol, key):
    """One zone by its key; ValueError if the walk has no such zone."""
    for zone in zones_of(patrol):
        if zone["key"] == key:
            return zone
    raise ValueError(key)


def zone_with(patrol, item_id):
    """(zone, line) of one item of the walk; ValueError if it is not part of it."""
    for zone in zones_of(patrol):
        for line in zone["items"]:
            if line["pk"] == item_id:
                return zone, line
    raise ValueError(item_id)


def review_of(patrol, user):
    """The context of the review page."""
    zones = zones_of(patrol)
    lines = [line for zone in zones for line in zone["items"]]
    return {
        "patrol": patrol, "zones": zones, "user_walks": patrol.officer_id == user.pk,
        "missing": [line for line in lines if not line["answer"]],
        "each": sum(1 for line in lines if line["answer"] and line["mode"] != Mode.BULK),
        "bulk": sum(1 for line in lines if line["mode"] == Mode.BULK),
        "not_applicable": sum(1 for line in lines if line["answer"] == Answer.NOT_APPLICABLE),
        "findings": [line for line in lines if line["finding"]],
        "can_submit": all(line["answer"] for line in lines),
    }  # fmt: skip


def receipt_of(patrol):
    """The context of the receipt: counts, the hazards that grew out of the findings, every answer."""
    zones = zones_of(patrol)
    found = [line["finding"] for zone in zones for line in zone["items"] if line["finding"]]
    figures = figures_of(patrol)
    return {
        "patrol": patrol, "zones": zones, "findings": found, "total": len(patrol.answers),
        "minutes": figures["minutes"], "figures": figures, "checkins": _checkins(patrol, zones),
        "phone": getattr(patrol, "field_record", None), "missed": _missed(patrol),
    }  # fmt: skip


def _missed(patrol):
    """The texts of the items that were not looked at; no query for a walk that lacks none."""
    if not patrol.missed_item_ids:
        return []
    return list(ChecklistItem.objects.filter(pk__in=patrol.missed_item_ids).values_list("text", flat=True))


def _checkins(patrol, zones):
    """[{zone, point, at, how, reason}] in words; no query for a walk without check-ins."""
    if not patrol.checkins:
        return []
    zone_names = {zone["key"]: zone["name"] for zone in zones}
    order = {kind: n for n, kind in enumerate(zone_names)}
    codes = [row["point"] for row in patrol.checkins if row["point"]]
    rows = Point.objects.filter(school=patrol.school_id, code__in=codes).values_list("code", "name")
    point_names = dict(rows)
    return [
        row | {
            "zone": zone_names.get(row["zone"]) or ZoneKind(row["zone"]).label,
            "point": f"{point_names.get(row['point'], '')} {row['point']}".strip(),
            "at": datetime.fromisoformat(row["at"]) if row["at"] else None,
        }
        for row in sorted(patrol.checkins, key=lambda row: order.get(row["zone"], len(order)))
    ]  # fmt: skip


def finding_initial(patrol, item, found):
    """The form's first values: what was said of the item before (`found`), else what the item suggests."""
    if found is None:
        return {"proposed_grade": "major" if item.level_if_failed in MAJOR_LEVELS else "general"}
    fields = ["phrase", "note", "proposed_grade", "place", "is_fixed_on_spot", "point"]
    return {name: getattr(found, name) for name in fields}


def _line(patrol, item, finding, photos):
    said = patrol.answers.get(str(item.pk), "")
    return {
        "pk": item.pk, "text": item.text, "code": item.code, "answer": said[:1], "mode": said[1:],
        "must_photo": item.pk in patrol.photo_item_ids, "photos": photos, "finding": finding,
    }  # fmt: skip


def _zone(kind, name, lines):
    rest = [line for line in lines if not line["answer"] and not line["must_photo"]]
    return {
        "key": kind, "name": name, "items": lines, "ids": [line["pk"] for line in lines],
        "done": sum(1 for line in lines if line["answer"]), "total": len(lines), "rest": len(rest),
        "has_bulk": any(line["answer"] == Answer.NORMAL and line["mode"] == Mode.BULK for line in lines),
    }  # fmt: skip
