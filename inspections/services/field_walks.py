"""A walk that a phone made: becomes a patrol with its findings and hazards, like one walked online."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.preferences import preference

from ..models import ChecklistItem, ChecklistTemplate, Finding, Patrol, Point, Zone
from ..workflow import LATE_AFTER
from . import arrivals, checklists, patrols, plan
from .field_clock import PhoneClock


def take_walk(uuid, record, school, *, actor, now, album, facts):
    """Make the patrol of a phone's record; returns (Patrol, texts of the items not looked at, flags).

    `facts` go into its event. The walk stands under the version of the checklist with which it was begun;
    what the version in force asks beyond it counts as not looked at, and later walks ask it.
    """
    walk, clock = record.walk, PhoneClock(record.skew, now)
    items = _items_of(walk, school)
    started, day = _begun(record, clock)
    patrol = Patrol.objects.create(
        school=school, officer=actor, day=day, template_id=walk.template, item_ids=walk.items,
        client_uuid=uuid, photo_item_ids=_drawn(items, walk, school), started_at=started,
        answers={str(item): said for item, said in walk.answers.items()}, note=walk.note,
        checkins=_checkins(walk, items, school, clock),
    )  # fmt: skip
    missed = _missed(items.values(), school, day)
    patrol.missed_item_ids = [item.pk for item in missed]
    patrol.is_late_entry = patrols.is_late(patrol, now)
    for item, photos in walk.photos.items():
        album.give(photos, patrol, f"item-{item}")
    _findings(patrol, record.findings, items, clock, album)
    patrol = patrols.hand_in(patrol, actor=actor, now=now, **facts)
    flags = ["late"] * patrol.is_late_entry + ["second_round"] * (patrol.round > 1)
    return patrol, [item.text for item in missed], flags


def _items_of(walk, school):
    """{pk: ChecklistItem} of the walk; ValidationError if they are not of one checklist of this school."""
    known = ChecklistTemplate.objects.filter(pk=walk.template, is_published=True).first()
    if known is None or (known.organisation_id and known.organisation_id not in school.path_ids()):
        raise ValidationError({"walk.template": _("There is no such checklist for this school.")})
    rows = ChecklistItem.objects.filter(template=known, pk__in=walk.items).select_related("category")
    items = {row.pk: row for row in rows}
    if len(items) != len(walk.items):
        raise ValidationError({"walk.items": _("An item is not part of this checklist.")})
    return items


def _begun(record, clock):
    """(started at, day) as far as the phone's clock can be believed; else the arrival and its day.

    ValidationError beside `walk.day` for a day that nobody could have made up for when the walk was begun.
    """
    length = record.finished - record.started
    if clock.is_doubtful(record.started, record.finished):
        fair = length if timedelta(0) <= length < LATE_AFTER else timedelta(0)
        return clock.now - fair, timezone.localdate(clock.now)
    started = clock.corrected(record.started)
    # A walk is of the day on which it was begun, or of one before it that the officer makes up for. How long
    # the record then waited on the phone does not count: online, too, only the beginning is asked.
    begun_on = timezone.localdate(started)
    day = min(record.walk.day, begun_on)
    try:
        patrols.check_day(day, begun_on)
    except ValidationError as reason:
        raise ValidationError({"walk.day": reason}) from reason
    return started, day


def _drawn(items, walk, school):
    """The items of which the server wanted a photo that day: drawn anew here, whatever the phone says."""
    drawn = plan.photo_items(walk.items, school, walk.day, preference(school, "patrol.photo_items"))
    return [pk for pk in walk.items if pk in drawn or items[pk].must_photograph]


def _missed(asked, school, day):
    """The items of the list now in force for `day` that the phone's list did not have."""
    codes = {item.code for item in asked}
    template = checklists.template_for(school, day)
    return [item for item in patrols.items_for(school, template, [day])[day] if item.code not in codes]


def _checkins(walk, items, school, clock):
    """The check-ins with their times by the server's clock."""
    kinds = list(dict.fromkeys(items[pk].zone_kind for pk in walk.items))
    said = [row.model_copy(update={"t": clock.corrected(row.t)}) for row in walk.checkins]
    return arrivals.kept(school, kinds, said)


def _findings(patrol, rows, items, clock, album):
    zones = {zone.kind: zone for zone in Zone.objects.filter(school=patrol.school_id).order_by("-order")}
    points = {point.pk: point for point in Point.objects.filter(school=patrol.school_id)}
    for n, row in enumerate(rows):
        check_finding(row, n, patrol.school)
        item = items[row.item]
        zone = zones.get(item.zone_kind)
        finding = Finding.objects.create(
            patrol=patrol, school=patrol.school, item=item, zone=zone, point=points.get(row.point),
            client_uuid=row.uuid, phrase=row.phrase, note=row.note, proposed_grade=row.grade,
            place=row.place or (zone.name if zone else item.get_zone_kind_display()),
            is_fixed_on_spot=row.fixed, noted_at=clock.corrected(row.t),
        )  # fmt: skip
        album.give(row.photos, finding, "before")
        album.give(row.after, finding, "after")


def check_finding(row, n, school):
    """What every finding needs; ValidationError beside its field, named "findings.<n>.<field>"."""
    faults = {}
    if not (row.phrase or row.note.strip()):
        faults["note"] = _("Say what is wrong: choose a phrase or write it.")
    if not row.photos:
        faults["photos"] = _("Take a photo of what is wrong.")
    if row.fixed and row.grade != "general":
        faults["fixed"] = _("A suspected major hazard cannot be fixed on the spot.")
    if row.fixed and not row.after:
        faults["after"] = _("Fixed on the spot needs a photo of after.")
    if row.fixed and not row.note.strip() and preference(school, "field.comment_fixed"):
        faults["note"] = _("Say how it was fixed on the spot.")
    if faults:
        raise ValidationError({f"findings.{n}.{field}": text for field, text in faults.items()})
