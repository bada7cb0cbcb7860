"""Check-ins at the zones of a walk: what of them is kept, and what their plain numbers are."""

from ..models import Point

ARRIVED = frozenset({"qr", "code"})


def kept(school, kinds, said):
    """The rows that stay with a walk: one for each zone of it that has points, in the order of `kinds`.

    `said` are the phone's check-ins (`field_payload.CheckIn`). A point counts where it really hangs, so a
    label of another zone, or of another school, is no arrival here. Nobody checked in: no rows at all.
    """
    if not said:
        return []
    points = {row.pk: row for row in Point.objects.filter(school=school).select_related("zone")}
    rows = {kind: _row(kind) for kind in kinds if any(_hangs_in(row, kind) for row in points.values())}
    for checkin in said:
        point = points.get(checkin.point)
        has_arrived = checkin.how in ARRIVED and point is not None
        if checkin.how in ARRIVED and not has_arrived:
            continue
        kind = point.zone.kind if has_arrived else checkin.zone
        row = rows.get(kind)
        if row is not None and row["how"] not in ARRIVED:
            code = point.code if has_arrived else ""
            rows[kind] = _row(kind, code, checkin.t.isoformat(), checkin.how, checkin.reason.strip())
    return list(rows.values())


def _row(kind, code="", at="", how="", reason=""):
    return {"zone": kind, "point": code, "at": at, "how": how, "reason": reason}


def _hangs_in(point, kind):
    return point.is_active and point.zone.is_active and point.zone.kind == kind
