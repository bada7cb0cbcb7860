"""Checklists: copied, changed while a draft, published as the next version, never changed after."""

import csv
from datetime import date, timedelta
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Category
from hazards.workflow import NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..models import ChecklistItem, ChecklistTemplate

BUILTIN = "builtin"
DATA = Path(__file__).resolve().parent.parent / "data" / "checklist.csv"
EDITORS = BUREAU_ROLES | {Role.SAFETY_OFFICER, Role.PRINCIPAL, Role.ADMINISTRATOR}
ITEM_FIELDS = [
    "code", "category_id", "text", "text_en", "frequency", "zone_kind", "level_if_failed", "basis", "kinds",
    "facility", "must_photograph", "phrases", "order",
]  # fmt: skip


def builtin_rows():
    """The built-in items as dicts of ChecklistItem fields, from data/checklist.csv (245 items)."""
    with DATA.open(encoding="utf-8", newline="") as stream:
        for order, row in enumerate(csv.DictReader(stream)):
            yield {
                "code": row["code"], "category_id": row["category"], "text": row["text_zh"],
                "text_en": row["text_en"], "frequency": row["frequency"], "zone_kind": row["zone_kind"],
                "level_if_failed": row["level_if_failed"], "basis": row["basis"],
                "kinds": [kind for kind in row["kinds"].split("|") if kind], "facility": row["facility"],
                "phrases": phrases_of(row["phrases"]), "must_photograph": row["must_photograph"] == "1",
                "order": order,
            }  # fmt: skip


def phrases_of(text):
    """[{"text", "grade"}] of the phrases of an item, written with "|" or line ends between."""
    parts = (part.strip() for part in text.replace("|", "\n").splitlines())
    return [phrase_of(part) for part in parts if part.strip("!！")]


def words_of(phrases):
    """The phrases of an item as a person writes them; see phrase_of."""
    return [f"{row['text']}{'!' if row['grade'] == 'major' else ''}" for row in phrases]


def phrase_of(text):
    """{"text", "grade"} of one phrase as written in a workbook: a final "!" proposes a major hazard."""
    return {"text": text.rstrip("!！"), "grade": "major" if text.endswith(("!", "！")) else "general"}


def template_for(school, on):
    """The checklist in force at a school: its own, else the nearest above, else the built-in one."""
    ids = school.path_ids()
    in_force = list(ChecklistTemplate.objects.in_force(on).filter(organisation__in=ids).order_by("version"))
    if in_force:
        return max(in_force, key=lambda row: (ids.index(row.organisation_id), row.version))
    return ChecklistTemplate.objects.in_force(on).filter(organisation=None, code=BUILTIN).latest("version")


@transaction.atomic
def copy_template(template, *, organisation, actor, name=""):
    """A draft of one's own, with all items, to be changed and published; returns it."""
    _may_edit(organisation, actor)
    draft = _next_draft(organisation, name or template.name, template)
    ChecklistItem.objects.bulk_create(
        [
            ChecklistItem(template=draft, **{field: getattr(item, field) for field in ITEM_FIELDS})
            for item in template.items.all()
        ]
    )
    record_event(
        draft, "inspections.copy_checklist", organisation=organisation, actor=actor,
        source=str(template), version=draft.version,
    )  # fmt: skip
    return draft


@transaction.atomic
def import_items(organisation, *, actor, rows, name):
    """A draft of one's own with the items of a workbook (dicts of ChecklistItem fields); returns it."""
    _may_edit(organisation, actor)
    draft = _next_draft(organisation, name, None)
    ChecklistItem.objects.bulk_create(
        [ChecklistItem(template=draft, order=order, **row) for order, row in enumerate(rows)]
    )
    record_event(
        draft, "inspections.import_checklist", organisation=organisation, actor=actor,
        version=draft.version, items=len(rows),
    )  # fmt: skip
    return draft


def _next_draft(organisation, name, based_on):
    """An empty draft with the next version number; the organisation's row is locked, so numbers differ."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    code = f"own-{organisation.code}"
    versions = ChecklistTemplate.objects.filter(organisation=organisation, code=code)
    return ChecklistTemplate.objects.create(
        code=code, organisation=organisation, based_on=based_on, name=name[:100],
        version=(versions.aggregate(last=Max("version"))["last"] or 0) + 1,
    )  # fmt: skip


@transaction.atomic
def save_item(draft, *, actor, values, item=None):
    """Add or change an item of a draft; returns it."""
    _may_change(draft, actor)
    if item is None:
        last = draft.items.aggregate(last=Max("order"))["last"]
        item = ChecklistItem(template=draft, order=0 if last is None else last + 1)
    for name, value in values.items():
        setattr(item, name, value)
    if draft.items.filter(code=item.code).exclude(pk=item.pk).exists():
        raise ValidationError({"code": _("This code is taken.")})
    item.save()
    return item


@transaction.atomic
def drop_item(item, *, actor):
    """Take an item out of a draft."""
    _may_change(item.template, actor)
    item.delete()


@transaction.atomic
def publish(draft, *, actor, on, now):
    """From `on` the draft is in force; the version before it ends the day before."""
    draft = _may_change(draft, actor)
    if on < timezone.localdate(now):
        raise ValidationError({"on": _("It cannot come into force in the past.")})
    if not draft.items.exists():
        raise ValidationError(_("A checklist needs at least one item."))
    others = ChecklistTemplate.objects.filter(
        organisation=draft.organisation, code=draft.code, is_published=True
    )
    others.filter(Q(effective_to=None) | Q(effective_to__gte=on)).update(effective_to=on - timedelta(days=1))
    draft.is_published, draft.effective_from = True, on
    draft.save(update_fields=["is_published", "effective_from"])
    record_event(
        draft, "inspections.publish_checklist", organisation=draft.organisation, actor=actor,
        version=draft.version, effective_from=on,
    )  # fmt: skip
    return draft


def load_builtin(template_model, item_model):
    """Write version 1 of the built-in checklist (called by the migration with its historical models)."""
    template = template_model.objects.create(
        code=BUILTIN, version=1, name="校园安全检查清单（内置）", is_published=True,
        effective_from=date(2020, 1, 1),
    )  # fmt: skip
    item_model.objects.bulk_create([item_model(template=template, **row) for row in builtin_rows()])
    return template


def categories():
    """The categories in use, for forms."""
    return Category.objects.filter(is_active=True)


def _may_edit(organisation, actor):
    if not actor.roles_at(organisation) & EDITORS:
        raise NotAllowed(_("You hold no post that may change checklists there."))


def _may_change(draft, actor):
    """The draft, locked: nobody publishes it meanwhile; NotAllowed if it is none or not one's own."""
    rows = ChecklistTemplate.objects.select_for_update(of=("self",)).select_related("organisation")
    draft = rows.get(pk=draft.pk)
    if draft.organisation is None or draft.is_published:
        raise NotAllowed(_("A published checklist never changes; copy it and publish the next version."))
    _may_edit(draft.organisation, actor)
    return draft
