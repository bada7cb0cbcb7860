"""A phone's record is taken in once: patrol, snap report or evidence, with its photos, all or nothing."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.workflow import NotAllowed, Source
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation

from ..field_payload import FindingOut, Receipt, RecordIn
from ..models import FieldRecord, Finding, Point
from .field_clock import PhoneClock
from .field_errors import Conflict
from .field_evidence import take_evidence
from .field_photos import Album
from .field_walks import check_finding, take_walk
from .patrols import WALKERS


def take_record(uuid, record: RecordIn, *, sha256, actor, now, brought_in_by=None):
    """Take one record in; returns (receipt as a dict, is it new).

    `uuid` is the key of idempotency: the same bytes (`sha256`) a second time give the first receipt and
    change nothing. Raises Conflict (other bytes, another person's number), NotAllowed (no post at the
    school any more), PhotosMissing, ValidationError ({field: text}). A finding, too, is taken in once: under
    another record's number it is a Conflict.
    """
    if record.owner != actor.pk:
        raise Conflict("owner", _("This record was made by somebody else, who must sign in to send it."))
    if known := _known(uuid, sha256, actor):
        return known, False
    school = Organisation.objects.visible_to(actor).schools().filter(pk=record.school).first()
    if school is None or not actor.roles_at(school) & WALKERS:
        raise NotAllowed(_("You hold no post that walks patrols there."))
    try:
        with transaction.atomic():
            row = _row(uuid, record, school, sha256, actor, now, brought_in_by)
            return _take_in(row, record, school, actor=actor, now=now), True
    except IntegrityError:  # the same record arrived twice at once, and the other one won
        if known := _known(uuid, sha256, actor):
            return known, False
        _check_is_new(record)
        raise


def _known(uuid, sha256, actor):
    """The receipt of the record that came before under this number; Conflict if it is another one."""
    row = FieldRecord.objects.filter(client_uuid=uuid).first()
    if row is None:
        return None
    if row.officer_id != actor.pk:
        raise Conflict("owner", _("This number belongs to somebody else's record."))
    if row.payload_sha256 != sha256:
        raise Conflict("changed", _("Another record was already taken in under this number."))
    return row.reply


def _row(uuid, record, school, sha256, actor, now, brought_in_by):
    """The row that holds the number: it is written first, so that of two arrivals one waits for the other."""
    return FieldRecord.objects.create(
        client_uuid=uuid, kind=record.kind, officer=actor, school=school, payload_sha256=sha256,
        received_at=now, client_started_at=record.started, client_finished_at=record.finished,
        skew_ms=record.skew, was_offline=record.offline, app_version=record.app, device=record.device,
        is_time_doubtful=PhoneClock(record.skew, now).is_doubtful(record.started, record.finished),
        brought_in_by=brought_in_by,
    )  # fmt: skip


def _check_is_new(record):
    """Conflict if a finding of this record came before under another record's number, wherever that was."""
    numbers = [row.uuid for row in record.findings]
    found, known = (
        model.objects.filter(client_uuid__in=numbers).order_by().values("client_uuid")
        for model in (Finding, Hazard)
    )
    if numbers and found.union(known).exists():
        raise _twice()


def _check_is_alone(row, record):
    """Conflict if one came meanwhile with another record: then it was that one's hazard that was found."""
    numbers = [finding.uuid for finding in record.findings]
    others = Q(field_records__isnull=False) | Q(finding__isnull=False) & ~Q(finding__patrol=row.patrol)
    if numbers and Hazard.objects.filter(others, client_uuid__in=numbers).exists():
        raise _twice()


def _twice():
    # The same words for a finding of another school: neither its number nor its school is told.
    return Conflict("changed", _("A finding of this record was already taken in with another record."))


def _take_in(row, record, school, *, actor, now):
    _check_is_new(record)
    album = Album(record.photo_uuids(), record_uuid=row.client_uuid, actor=actor, school=school, now=now)
    take = {"patrol": _patrol, "snap": _snap, "evidence": _evidence}[record.kind]
    receipt = take(row, record, school, actor, now, album)
    album.close()
    _check_is_alone(row, record)
    receipt.flags = ["doubtful_time"] * row.is_time_doubtful + receipt.flags
    row.reply = receipt.model_dump(mode="json")
    row.save()
    return row.reply


def _patrol(row, record, school, actor, now, album):
    row.patrol, missed, flags = take_walk(
        row.client_uuid, record, school, actor=actor, now=now, album=album, facts={"phone": _facts(row)}
    )
    found = Finding.objects.filter(patrol=row.patrol).select_related("hazard")
    findings = [_out(finding.client_uuid, finding.hazard) for finding in found]
    url = reverse("inspections:receipt", args=[row.patrol.pk])
    return _receipt(row, row.patrol.number, url, findings=findings, missed=missed, flags=flags)


def _snap(row, record, school, actor, now, album):
    finding = record.findings[0]
    check_finding(finding, 0, school)
    category = Category.objects.filter(pk=finding.category or "", is_active=True).first()
    if category is None:
        raise ValidationError({"findings.0.category": _("Choose a category.")})
    point = Point.objects.filter(school=school, pk=finding.point).select_related("zone").first()
    place = finding.place or (f"{point.zone.name} {point.name}" if point else "")
    hazard = hazards.report(
        school, actor=actor, title=finding.phrase or finding.note[:60], place=place, category=category,
        source=Source.SNAP, proposed_grade=finding.grade, description=finding.note, now=now,
        found_at=PhoneClock(record.skew, now).corrected(finding.t), client_uuid=finding.uuid,
        point_code=point.code if point else "", photos=album.take(finding.photos),
        after_photos=album.take(finding.after) if finding.fixed else [], fixed_on_spot=finding.fixed,
        measure=(finding.note or _("Fixed on the spot")) if finding.fixed else "",
    )  # fmt: skip
    _keep(row, hazard, actor)
    message = _("The bureau has been told at once.") if finding.grade == "major" else ""
    flags = ["late"] if hazard.is_backdated else []
    return _receipt(
        row, hazard.number, hazard.get_absolute_url(), findings=[_out(finding.uuid, hazard)], flags=flags,
        message=message,
    )  # fmt: skip


def _evidence(row, record, school, actor, now, album):
    hazard, why = take_evidence(
        record.evidence, school, actor=actor, now=now, photos=album.take(record.evidence.photos),
        client_uuid=row.client_uuid,
    )  # fmt: skip
    _keep(row, hazard, actor)
    flags = ["supplement"] if why else []
    return _receipt(row, hazard.number, hazard.get_absolute_url(), flags=flags, message=str(why))


def _keep(row, hazard: Hazard, actor):
    """Note on the hazard's history that it came from a phone, with the phone's times beside the server's."""
    row.hazard = hazard
    record_event(
        hazard, "inspections.receive_from_phone", organisation=row.school, actor=actor,
        post=actor.post_for(row.school, WALKERS), phone=_facts(row),
    )  # fmt: skip


def _facts(row):
    """What an event keeps of how a record came: enough to prove later what the phone said."""
    return {
        "record": str(row.client_uuid), "sha256": row.payload_sha256, "offline": row.was_offline,
        "started": row.client_started_at.isoformat(), "finished": row.client_finished_at.isoformat(),
        "skew_ms": row.skew_ms, "doubtful": row.is_time_doubtful, "app": row.app_version,
    } | ({"brought_in_by": str(row.brought_in_by)} if row.brought_in_by else {})  # fmt: skip


def _out(uuid, hazard):
    return FindingOut(uuid=uuid, number=hazard.number, url=hazard.get_absolute_url())


def _receipt(row, number, url, **more):
    return Receipt(
        uuid=row.client_uuid, kind=row.kind, number=number, received=row.received_at,
        sha256=row.payload_sha256, url=url, **more,
    )  # fmt: skip
