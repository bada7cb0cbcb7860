"""Zones and points of a school: made by default from its facilities, changed by its officer."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import Role

from ..models import Point, Zone
from ..workflow import ZoneKind

EDITORS = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL, Role.ADMINISTRATOR})
# Which zones a school starts with, and the facility that each needs ("": every school).
DEFAULT_ZONES = [
    (ZoneKind.GATE, "校门与周界", ""),
    (ZoneKind.TEACHING, "教学楼", ""),
    (ZoneKind.CANTEEN, "食堂", "canteen"),
    (ZoneKind.DORMITORY, "学生宿舍", "boarding"),
    (ZoneKind.LABORATORY, "实验室", "laboratory"),
    (ZoneKind.GROUNDS, "操场与场地", ""),
    (ZoneKind.PLANT, "配电与设备间", ""),
    (ZoneKind.BUS, "校车", "bus"),
    (ZoneKind.OFFICE, "办公与档案", ""),
    (ZoneKind.OUTSIDE, "校园周边", ""),
]
DEFAULT_POINTS = {
    ZoneKind.GATE: ["校门传达室", "消防车通道"],
    ZoneKind.TEACHING: ["一层安全出口", "东侧楼梯", "西侧楼梯"],
    ZoneKind.CANTEEN: ["灶间", "留样柜", "库房"],
    ZoneKind.DORMITORY: ["宿舍门厅", "宿舍楼梯"],
    ZoneKind.LABORATORY: ["化学准备室"],
    ZoneKind.GROUNDS: ["操场器材区"],
    ZoneKind.PLANT: ["配电房"],
}


@transaction.atomic
def set_up_school(school):
    """Give a school its default zones and points; returns the zones. Does nothing where there are some."""
    if school.zones.exists():
        return list(school.zones.all())
    Organisation.objects.select_for_update(of=("self",)).get(pk=school.pk)  # two phones may ask at once
    if school.zones.exists():
        return list(school.zones.all())
    wanted = [row for row in DEFAULT_ZONES if not row[2] or row[2] in school.facilities]
    zones = Zone.objects.bulk_create(
        [
            Zone(school=school, kind=kind, name=name, order=order)
            for order, (kind, name, _f) in enumerate(wanted)
        ]
    )
    points, code = [], 1000
    for zone in zones:
        for name in DEFAULT_POINTS.get(zone.kind, []):
            code += 1
            points.append(_point(school, zone, f"{code}", name))
    Point.objects.bulk_create(points)
    return zones


@transaction.atomic
def save_zone(school, *, actor, values, zone=None):
    """Add or change a zone."""
    _may_edit(school, actor)
    zone = zone or Zone(school=school, order=school.zones.count())
    for name, value in values.items():
        setattr(zone, name, value)
    if school.zones.filter(name=zone.name).exclude(pk=zone.pk).exists():
        raise ValidationError({"name": _("There is a zone of this name.")})
    zone.save()
    record_event(zone, "inspections.save_zone", organisation=school, actor=actor, name=zone.name)
    return zone


@transaction.atomic
def save_point(school, *, actor, values, point=None):
    """Add or change a point. Its code and token never change: labels hang on walls."""
    _may_edit(school, actor)
    if point is None:
        point = _point(school, values["zone"], _free_code(school), values["name"])
    for name, value in values.items():
        setattr(point, name, value)
    point.save()
    record_event(point, "inspections.save_point", organisation=school, actor=actor, name=point.name)
    return point


def _point(school, zone, code, name):
    return Point(school=school, zone=zone, code=code, name=name, token=secrets.token_urlsafe(12))


def _free_code(school):
    taken = {int(code) for code in school.points.select_for_update().values_list("code", flat=True)}
    return str(next(code for code in range(1001, 10_000) if code not in taken))


def _may_edit(school, actor):
    if not actor.roles_at(school) & EDITORS:
        raise NotAllowed(_("You hold no post that may change points there."))
