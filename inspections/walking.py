"""What the pages of a walk show: zones with their items, progress, review, receipt. Reads only."""

from schoolsafety.core import files
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import SCHOOL_ROLES

from .models import ChecklistItem, Finding, Zone
from .services import patrols
from .workflow import Answer, Mode, ZoneKind


def own_school(user):
    """The one school at which a person holds a school post; None for everyone else."""
    paths = {path for path, role in user.posts if role in SCHOOL_ROLES}
    if len(paths) != 1:
        return None
    return Organisation.objects.visible_to(user).get(path=next(iter(paths)))


def page_of(patrol):
    """The context of the walk's page (five queries, however many items)."""
    zones = zones_of(patrol)
    done = len(patrol.answers)
    return {
        "patrol": patrol, "school": patrol.school, "zones": zones, "done": done,
        "total": len(patrol.item_ids), "left": len(patrol.item_ids) - done,
    }  # fmt: skip


def zones_of(patrol):
    """[{key, name, items, ids, done, total, rest, has_bulk, next}] in the order in which the school walks."""
    items = ChecklistItem.objects.in_bulk(patrol.item_ids)
    names = {}
    for zone in Zone.objects.filter(school=patrol.school_id, is_active=True):
        names.setdefault(zone.kind, zone.name)
    order = [*names, *(kind for kind in ZoneKind.values if kind not in names)]
    findings = {row.item_id: row for row in Finding.objects.filter(patrol=patrol)}
    shown = set(files.attachments_of(patrol).values_list("purpose", flat=True))
    groups = {kind: [] for kind in order}
    for pk in patrol.item_ids:
        groups[items[pk].zone_kind].append(_line(patrol, items[pk], findings.get(pk), shown))
    zones = [
        _zone(kind, names.get(kind) or ZoneKind(kind).label, rows) for kind, rows in groups.items() if rows
    ]
    for zone, following in zip(zones, [*zones[1:], None], strict=True):
        zone["next"] = following["ids"][0] if following else None
    return zones


def zone_of(patrol, key):
    """One zone by its key; ValueError if the walk has no such zone."""
    for zone in zones_of(patrol):
        if zone["key"] == key:
            return zone
    raise ValueError(key)


def review_of(patrol):
    """The context of the review page."""
    zones = zones_of(patrol)
    lines = [line for zone in zones for line in zone["items"]]
    return {
        "patrol": patrol, "zones": zones,
        "missing": [line for line in lines if not line["answer"]],
        "each": sum(1 for line in lines if line["answer"] and line["mode"] != Mode.BULK),
        "bulk": sum(1 for line in lines if line["mode"] == Mode.BULK),
        "findings": Finding.objects.filter(patrol=patrol).select_related("item", "zone"),
        "can_submit": not patrols.missing_items(patrol),
    }  # fmt: skip


def receipt_of(patrol):
    """The context of the receipt: counts and the hazards that grew out of the findings."""
    minutes = round((patrol.submitted_at - patrol.started_at).total_seconds() / 60)
    findings = Finding.objects.filter(patrol=patrol).select_related("hazard", "item")
    return {"patrol": patrol, "findings": findings, "minutes": minutes, "total": len(patrol.answers)}


def finding_initial(patrol, item):
    """What was said of the item before, for the form; None if nothing."""
    row = Finding.objects.filter(patrol=patrol, item=item).first()
    if row is None:
        return None
    fields = ["phrase", "note", "proposed_grade", "place", "is_fixed_on_spot", "point"]
    return {name: getattr(row, name) for name in fields}


def _line(patrol, item, finding, shown):
    said = patrol.answers.get(str(item.pk), "")
    return {
        "pk": item.pk, "text": item.text, "code": item.code, "answer": said[:1], "mode": said[1:],
        "must_photo": item.pk in patrol.photo_item_ids, "has_photo": f"item-{item.pk}" in shown,
        "finding": finding,
    }  # fmt: skip


def _zone(kind, name, lines):
    rest = [line for line in lines if not line["answer"] and not line["must_photo"]]
    return {
        "key": kind, "name": name, "items": lines, "ids": [line["pk"] for line in lines],
        "done": sum(1 for line in lines if line["answer"]), "total": len(lines), "rest": len(rest),
        "has_bulk": any(line["answer"] == Answer.NORMAL and line["mode"] == Mode.BULK for line in lines),
    }  # fmt: skip
