"""Workbooks in: parsed, checked row by row, previewed, and written all or nothing when accepted.

Declare an Importer; pages, template, preview, errors and acceptance are the same for every ledger.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineWorkbook

from . import jobs
from .audit import record_event
from .models import ImportBatch, Organisation
from .roles import Role
from .spreadsheets import Column, write_workbook

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 1000
MAX_ROWS = 20_000
MAX_COLUMNS = 64
MAX_CELL = 2000
ROWS_AT_ONCE = 300  # more rows than this are written by a job, with a page that shows its progress
# The addresses of rows and cells in a sheet: `r="C7"` of a tag.
PLACE = re.compile(rb"""<[^<>]*?\sr\s*=\s*["']([^"']*)["']""")
PLAIN_PLACE = re.compile(rb"([A-Z]{0,3})(\d{1,7})")


@dataclass(frozen=True)
class In:
    """One column: head in the workbook, field, whether required, help for the template, parser."""

    head: str
    name: str
    is_required: bool = False
    help: str = ""
    parse: Callable[[str], object] = str


@dataclass(frozen=True)
class Importer:
    """A kind of workbook, as declared by the app whose rows it brings.

    `check(rows, batch)` adds errors that need the database, in a fixed number of queries;
    `write(rows, batch, *, actor, now)` saves all rows and returns what to remember (plain JSON).
    `rows` are dicts {"row", "values" (texts), "clean" (parsed), "errors" ({head: [sentence]})}.
    `key` names the column that must not repeat inside the workbook; `roles` may bring it in.
    """

    kind: str
    label: object
    columns: tuple[In, ...]
    check: Callable
    write: Callable
    key: str | None = None
    examples: tuple[tuple, ...] = field(default=())
    roles: frozenset = frozenset({Role.ADMINISTRATOR})

    def head_of(self, name):
        """The head of the column that fills `name`; `name` itself if there is none."""
        return next((column.head for column in self.columns if column.name == name), name)

    def place_for(self, user):
        """The topmost organisation from which this person may bring in such a workbook, or None."""
        return Organisation.objects.filter(user.scope(roles=self.roles)).order_by("path").first()


IMPORTERS: dict[str, Importer] = {}


def register(importer):
    """Make a kind of workbook known; apps above call it when they load."""
    IMPORTERS[importer.kind] = importer
    return importer


@transaction.atomic
def preview(kind, upload, *, organisation, actor, now):
    """Parse and check `upload`; returns the ImportBatch with each row's errors. Nothing else is written.

    The same workbook again (by sha256) takes the place of the preview that waits already. Raises
    ValidationError for a file that is no readable workbook, or whose rows were written before.
    """
    importer = IMPORTERS[kind]
    content = _checked_bytes(upload)
    digest = hashlib.sha256(content).hexdigest()
    same = ImportBatch.objects.filter(kind=kind, sha256=digest, organisation=organisation)
    if written := same.filter(state=ImportBatch.State.ACCEPTED).first():
        day = timezone.localtime(written.accepted_at).strftime("%Y-%m-%d %H:%M")
        raise ValidationError(_("The rows of this workbook were written already on %(day)s.") % {"day": day})
    same.filter(state=ImportBatch.State.PREVIEW).delete()
    batch = ImportBatch(
        kind=kind, organisation=organisation, uploaded_by=actor, uploaded_at=now, sha256=digest,
        file_name=str(upload.name)[:200],
    )  # fmt: skip
    rows = _parsed(importer, _cells(content))
    importer.check([row for row in rows if not row["errors"]], batch)
    batch.rows = [{"row": row["row"], "values": row["values"], "errors": row["errors"]} for row in rows]
    batch.bad_count = sum(bool(row["errors"]) for row in rows)
    batch.good_count = len(rows) - batch.bad_count
    batch.save()
    return batch


@transaction.atomic
def accept(batch, *, actor, now):
    """Write every row of a faultless preview, or none; a second press changes nothing. Returns the batch."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == ImportBatch.State.ACCEPTED:
        return batch
    if batch.state != ImportBatch.State.PREVIEW or batch.bad_count:
        raise ValidationError(_("Only a preview without errors can be accepted."))
    importer = IMPORTERS[batch.kind]
    rows = _parsed(importer, _from_batch(importer, batch))
    importer.check([row for row in rows if not row["errors"]], batch)
    if any(row["errors"] for row in rows):
        raise ValidationError(_("The data changed since the preview. Upload the workbook again."))
    batch.result = importer.write(rows, batch, actor=actor, now=now) or {}
    batch.state, batch.accepted_at = ImportBatch.State.ACCEPTED, now
    batch.save()
    record_event(
        batch, "core.accept_import", organisation=batch.organisation, actor=actor, rows=batch.good_count,
        kind=batch.kind, sha256=batch.sha256,
    )  # fmt: skip
    return batch


@transaction.atomic
def discard(batch):
    """Throw a preview away; one that was decided already stays as it is. Its rows are forgotten."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEW)
    return waiting.update(state=ImportBatch.State.DISCARDED, rows=[])


def accept_later(batch, *, actor, now):
    """Let the worker write a long workbook; returns the Job. Asked twice it is the same job."""
    return jobs.enqueue(
        "core.accept_import", now=now, key=f"core.accept_import:{batch.pk}", organisation=batch.organisation,
        requested_by=actor, batch=batch.pk,
    )  # fmt: skip


@jobs.handler("core.accept_import", title=gettext_lazy("Write the rows of a workbook"))
def accept_job(job, batch):
    done = accept(ImportBatch.objects.get(pk=batch), actor=job.requested_by, now=timezone.now())
    return {"url": reverse("core:import", args=[done.pk]), "text": done.file_name}


def template(importer):
    """Bytes of the workbook to fill in: heads, help, examples."""
    stream = io.BytesIO()
    heads = [Column(column.head, max(12, len(column.head) * 2)) for column in importer.columns]
    helps = [[f"{'必填。' if c.is_required else ''}{c.help}" for c in importer.columns]]
    write_workbook(stream, str(importer.label), heads, [*helps, *importer.examples])
    return stream.getvalue()


def error_workbook(batch):
    """Bytes of the uploaded rows with what is wrong in a last column, to mend and bring again."""
    importer, stream = IMPORTERS[batch.kind], io.BytesIO()
    heads = [Column(column.head, 16) for column in importer.columns] + [Column("错误说明", 60)]
    rows = (
        [*(row["values"].get(column.name, "") for column in importer.columns),
         "；".join(f"{name}：{'、'.join(texts)}" for name, texts in row["errors"].items())]
        for row in batch.rows
    )  # fmt: skip
    write_workbook(stream, str(importer.label), heads, rows)
    return stream.getvalue()


def yes_no(text):
    """是/否, 有/无, 1/0, yes/no; nothing is no."""
    known = {"是": True, "有": True, "1": True, "yes": True, "y": True} | dict.fromkeys(
        ["", "否", "无", "0", "no", "n"], False
    )
    if text.strip().lower() not in known:
        raise ValueError(_("Write 是 or 否."))
    return known[text.strip().lower()]


def whole(text):
    """A whole number from 0 to a thousand million; nothing is 0."""
    text = text.strip().replace(",", "")
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 9:
        raise ValueError(_("Write a whole number."))
    return int(text)


def day(text):
    """A date as 2026-09-01, 2026/9/1 or 2026年9月1日."""
    plain = (
        text.strip()
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    try:
        return datetime.strptime(plain[:10], "%Y-%m-%d").date()  # noqa: DTZ007 -- a date has no zone
    except ValueError as error:
        raise ValueError(_("Write a date as 2026-09-01.")) from error


def check_fields(row, instance, importer):
    """Add to `row` what `instance` (a model row made from it, not saved) finds wrong with its fields."""
    names = {column.name for column in importer.columns}
    excluded = {each.name for each in instance._meta.fields} - names
    try:
        instance.clean_fields(exclude=excluded)
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            row["errors"].setdefault(importer.head_of(name), []).extend(texts)


def one_of(choices):
    """A parser for a TextChoices: by value, by the label in the reader's language or in Chinese."""

    def parse(text):
        for value, label in choices.choices:
            with translation.override("zh-hans"):
                chinese = str(label)
            if text in {value, chinese, str(label)}:
                return value
        raise ValueError(_("Write one of: %(labels)s") % {"labels": "、".join(str(c.label) for c in choices)})

    return parse


def _checked_bytes(upload):
    if upload.size > MAX_BYTES:
        raise ValidationError(_("The workbook is larger than 10 MB."))
    content = upload.read()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            size = sum(info.file_size for info in infos)
            packed = sum(info.compress_size for info in infos) or 1
            is_bomb = size > MAX_UNPACKED or (size > 10**6 and size / packed > MAX_RATIO)
            if len(infos) > MAX_MEMBERS or is_bomb:
                raise ValidationError(_("This workbook is not plain: it unpacks to too much."))
            _check_places(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise ValidationError(_("This is not an Excel workbook (.xlsx).")) from error
    return content


def _check_places(archive):
    """Refuse a sheet that names a cell far outside: the reader would lay out all cells up to it."""
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/"):
            continue
        for found in PLACE.finditer(archive.read(name)):
            place = PLAIN_PLACE.fullmatch(found[1])
            column = 0
            for letter in place[1] if place else b"":
                column = column * 26 + letter - 64
            if place is None or column > MAX_COLUMNS or int(place[2]) > MAX_ROWS + 2:
                raise ValidationError(_("At most 20,000 rows and 64 columns."))


def _cells(content):
    """Rows of texts of the first sheet, without trailing empty ones."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.height > MAX_ROWS + 2 or sheet.width > MAX_COLUMNS:
            raise ValidationError(_("At most 20,000 rows and 64 columns."))
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    except (CalamineError, IndexError, KeyError, OSError, ValueError) as error:
        raise ValidationError(_("This is not an Excel workbook (.xlsx).")) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _from_batch(importer, batch):
    heads = [column.head for column in importer.columns]
    body = [[row["values"].get(column.name, "") for column in importer.columns] for row in batch.rows]
    return [heads, *body]


def _parsed(importer, cells):
    """[{"row", "values", "clean", "errors"}]; ValidationError when the heads do not fit."""
    if len(cells) < 2:
        raise ValidationError(_("The workbook has no rows."))
    heads = [cell.strip() for cell in cells[0]]
    missing = [column.head for column in importer.columns if column.is_required and column.head not in heads]
    if missing:
        raise ValidationError(_("Missing columns: %(heads)s") % {"heads": "、".join(missing)})
    places = {column.name: heads.index(column.head) for column in importer.columns if column.head in heads}
    rows, seen = [], {}
    for number, line in enumerate(cells[1:], start=2):
        values = {name: line[at] if at < len(line) else "" for name, at in places.items()}
        if not any(values.values()) or any(text.startswith("必填。") for text in values.values()):
            continue
        rows.append(_row(importer, number, values, seen))
    if not rows:
        raise ValidationError(_("The workbook has no rows."))
    return rows


def _row(importer, number, values, seen):
    clean, errors = {}, {}
    for column in importer.columns:
        text = values.get(column.name, "").strip()
        if column.is_required and not text:
            errors[column.head] = [_("is missing")]
        elif len(text) > MAX_CELL:
            errors[column.head] = [_("is too long")]
        else:
            try:
                clean[column.name] = column.parse(text)
            except (ValueError, OverflowError) as error:
                errors[column.head] = [str(error)]
    if importer.key and clean.get(importer.key):
        if clean[importer.key] in seen:
            head = importer.head_of(importer.key)
            errors[head] = [_("stands in row %(n)d already") % {"n": seen[clean[importer.key]]}]
        seen.setdefault(clean[importer.key], number)
    return {"row": number, "values": values, "clean": clean, "errors": errors}


def _text(cell):
    """A cell as the person sees it: whole numbers without .0, dates as dates."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).replace("\u3000", " ").strip()
