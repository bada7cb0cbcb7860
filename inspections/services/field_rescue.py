"""Takes in a rescue file: what a phone could not send, brought by its officer or on the officer's behalf.

The file is lines of JSON (static/field/rescue.js says why): a head, for each record a line with the very
text that the phone would have sent, then its photos in base64, and an end. It is read line by line. Each
record is taken in whole or not at all, by the services that also serve the phone, so the same file may
come twice, and the phone may still send the record itself.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError as PayloadFault

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation, Post, User
from schoolsafety.core.roles import CASE_ROLES, Role

from ..field_payload import MOST_PHOTO_BYTES, MOST_PHOTOS, MOST_RECORD_BYTES, RecordIn, is_jpeg
from ..models import FieldPhoto, FieldRecord
from . import field_photos, field_records
from .field_clock import PhoneClock, moment_of
from .field_errors import Conflict, PhotosMissing
from .patrols import WALKERS

VERSION = 1
# Who may bring in what an officer of the school recorded (代为接收).
RECEIVERS = frozenset({Role.PRINCIPAL, Role.ADMINISTRATOR})
MOST_BYTES = 256 << 20
MOST_RECORDS = 300
MOST_LINE = 2304 << 10  # a photo of the largest size in base64, with room for its head
STATES = TAKEN, HERE, REFUSED = "taken", "here", "refused"


@dataclass
class Row:
    """What became of one record of the file."""

    line: int
    state: str = REFUSED
    why: str = ""
    kind: str = ""
    officer: str = ""
    finished: datetime | None = None
    photos: int = 0
    number: str = ""
    url: str = ""


@dataclass
class Report:
    """What became of a file. `is_cut`: its end is missing. `is_unfinished`: bring the same file once more."""

    rows: list[Row] = field(default_factory=list)
    is_cut: bool = True
    is_unfinished: bool = False

    def count(self, state):
        return sum(row.state == state for row in self.rows)


class Refused(Exception):
    """This record is not taken in, for the reason given."""


def take_file(stream, *, actor, now, school=None, may_go_on: Callable[[], bool] = lambda: True):
    """Take in the records of `stream` (a binary file); returns the Report, a row a record.

    `school` narrows to one school. When `may_go_on` says no, the rest is left for another time.
    Raises ValidationError if this is no rescue file at all.
    """
    report, record, number = Report(), None, 0
    for number, line in _lines(stream):
        kind = line.get("type")
        if number == 1:
            _check_head(line)
        elif kind == "photo":
            if record:
                record.photo(line)
        elif kind in {"record", "end"}:
            if record:
                record.finish()
            record, report.is_cut = None, kind != "end"
            if kind == "record" and (len(report.rows) >= MOST_RECORDS or not may_go_on()):
                report.is_unfinished = True
                return report
            if kind == "record":
                record = _begin(report, number, line, actor, now, school)
        elif len(report.rows) < MOST_RECORDS:
            report.rows.append(Row(number, why=_("Line %(n)d cannot be read.") % {"n": number}))
    if not number:
        _check_head({})
    if record:
        record.finish()
    return report


def _lines(stream):
    """(number, dict) of each line, {} for one that cannot be read; one line at a time in memory."""
    number = 0
    while raw := stream.readline(MOST_LINE + 1):
        number += 1
        is_long = len(raw) > MOST_LINE
        while is_long and not raw.endswith(b"\n") and (raw := stream.readline(MOST_LINE + 1)):
            pass
        try:
            line = {} if is_long else json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            line = {}
        yield number, line if isinstance(line, dict) else {}


def _check_head(line):
    if line.get("type") != "rescue":
        raise ValidationError(_("This is not a file that the patrol's queue exported."))
    if line.get("version") != VERSION:
        raise ValidationError(
            _("This file was made by another version of the page; update the server first.")
        )


def _begin(report, number, line, actor, now, school):
    """The record of this line if it waits for its photos; None when it is decided already."""
    report.rows.append(Row(number))
    record = _Record(report.rows[-1], actor, now)
    return record if record.begin(line, school) else None


class _Record:
    """One record of the file, while its photos go by."""

    def __init__(self, row, actor, now):
        self.row, self.actor, self.now = row, actor, now
        self.uuid: UUID | None = None
        self.fresh: list[UUID] = []  # photos that came with this file and belong to nothing yet
        self.missing: set[UUID] = set()

    def begin(self, line, school):
        """Read it and take it in if nothing is missing; is it waiting for its photos?"""
        try:
            self._read(line)
            self._find_officer(school)
            self._take()
        except PhotosMissing as more:
            self.missing = set(more.missing)
            return True
        except Refused as reason:
            self.row.why = str(reason)
        return False

    def photo(self, line):
        """Keep one photo that the record waits for; the others are here already."""
        uuid = _uuid(line.get("uuid"))
        if self.row.why or uuid not in self.missing or line.get("parent") != str(self.uuid):
            return
        try:
            is_new = self._keep(uuid, line)
        except Refused as reason:
            self._refuse(reason)
            return
        self.missing.discard(uuid)
        if is_new:
            self.fresh.append(uuid)

    def finish(self):
        """All its photos went by: taken in, or refused with nothing left behind."""
        if self.row.why:
            return
        try:
            self._take()
        except PhotosMissing as more:
            n = len(more.missing)
            self._refuse(_("%(n)d of its photos are not in the file, or the file is cut off.") % {"n": n})
        except Refused as reason:
            self._refuse(reason)

    def _read(self, line):
        body, sha256, self.uuid = line.get("body"), line.get("sha256"), _uuid(line.get("uuid"))
        if self.uuid is None or not isinstance(body, str) or not isinstance(sha256, str):
            raise Refused(_("The record cannot be read."))
        raw = body.encode(errors="replace")
        if len(raw) > MOST_RECORD_BYTES:
            raise Refused(_("The photo or record is too large."))
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise Refused(_("The record was changed after the phone wrote it: its check sum does not fit."))
        try:
            self.payload = RecordIn.model_validate_json(raw)
        except PayloadFault as fault:
            raise Refused(_("The record cannot be read.")) from fault
        self.sha256, photos = sha256, self.payload.photo_uuids()
        if len(photos) > MOST_PHOTOS:
            raise Refused(_("The record names more than %(n)d photos.") % {"n": MOST_PHOTOS})
        self.row.kind, self.row.finished = FieldRecord.Kind(self.payload.kind).label, self.payload.finished
        self.row.photos = len(photos)

    def _find_officer(self, only):
        """Whose record it is, if this person may bring it in; the same sentence for all who may not."""
        if only and self.payload.school != only.pk:
            raise Refused(_("This record is of another school."))
        self.school = (
            Organisation.objects.visible_to(self.actor).schools().filter(pk=self.payload.school).first()
        )
        if self.payload.owner == self.actor.pk:
            self.officer = self.actor
        else:
            officer = User.objects.visible_to(self.actor).filter(pk=self.payload.owner).first()
            if not (officer and self.school and self.actor.roles_at(self.school) & RECEIVERS):
                raise Refused(
                    _("Only whoever made it, the school's principal or an administrator can bring it in.")
                )
            self.officer = _as_then(officer, self.payload, self.now)
        self.row.officer = str(self.officer)

    def _keep(self, uuid, line):
        """Store one photo of the file; is it new here?"""
        data, sha256, taken = (line.get(name) for name in ("data", "sha256", "taken"))
        try:
            content = b64decode(data, validate=True) if isinstance(data, str) else b""
        except ValueError as broken:
            raise Refused(_("A photo in the file is damaged.")) from broken
        if len(content) > MOST_PHOTO_BYTES or not is_jpeg(content):
            raise Refused(_("A photo in the file is damaged."))
        try:
            return field_photos.take_photo(
                uuid, content, record_uuid=self.uuid, sha256=sha256, actor=self.officer, school=self.school,
                taken=moment_of(taken), now=self.now,
            )[1]  # fmt: skip
        except (Conflict, NotAllowed, ValidationError) as reason:
            raise Refused(_words(reason)) from reason

    @transaction.atomic
    def _take(self):
        """The record by the phone's own service; who brought it in goes into the history with it."""
        try:
            receipt, is_new = field_records.take_record(
                self.uuid, self.payload, sha256=self.sha256, actor=self.officer, now=self.now,
                brought_in_by=self.actor,
            )  # fmt: skip
        except (Conflict, NotAllowed, ValidationError) as reason:
            raise Refused(_words(reason)) from reason
        self.row.state, self.row.number = (TAKEN if is_new else HERE), receipt["number"]
        if self.school and self.actor.roles_at(self.school) & CASE_ROLES:
            self.row.url = receipt["url"]
        if is_new:
            self._tell()

    def _tell(self):
        row = FieldRecord.objects.get(client_uuid=self.uuid)
        subject, actor = row.patrol or row.hazard, self.actor
        record_event(
            subject, "inspections.bring_in_record", organisation=row.school, actor=actor,
            post=actor.post_for(row.school, RECEIVERS | WALKERS), record=str(self.uuid),
            officer=str(self.officer), sha256=self.sha256,
        )  # fmt: skip

    def _refuse(self, reason):
        """Nothing half-done: photos that only this file brought go again."""
        self.row.why = str(reason)
        field_photos.throw_away(FieldPhoto.objects.filter(client_uuid__in=self.fresh))


def _as_then(officer, payload, now):
    """The officer with the posts of today and of the day on which the record was made.

    Whoever lost the role meanwhile is refused when the phone sends; whoever answers for the school may
    still bring in what was recorded while the post was held. A clock that lies proves no such day.
    """
    day = timezone.localdate(PhoneClock(payload.skew, now).corrected(payload.started))
    held = Post.objects.held_on(day).filter(user=officer).values_list("organisation__path", "role")
    officer.posts = sorted({*officer.posts, *held})
    return officer


def _uuid(text: Any):
    try:
        return UUID(text)
    except (AttributeError, TypeError, ValueError):
        return None


def _words(reason):
    return " ".join(reason.messages) if isinstance(reason, ValidationError) else str(reason)
