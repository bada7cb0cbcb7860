"""Inspections by a bureau: opened with a team, filled in, finished; what was found becomes hazards."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Category
from hazards.workflow import NotAllowed, Source
from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.numbering import next_number
from schoolsafety.core.roles import BUREAU_ROLES

from ..models import Finding, Inspection, InspectionMember
from ..workflow import InspectionStatus
from . import checklists

LEAST_MEMBERS = 2  # 安全生产法: inspectors work in pairs and show their certificates


@transaction.atomic
def open_visit(*, bureau, school, actor, values, members, categories, now):
    """Begin an inspection of `school`; `members` are dicts of InspectionMember fields (two or more)."""
    if not actor.roles_at(bureau) & BUREAU_ROLES or not actor.roles_at(school) & BUREAU_ROLES:
        raise NotAllowed(_("You hold no post that inspects there."))
    if len(members) < LEAST_MEMBERS:
        raise ValidationError(_("A team has at least two members."))
    template = checklists.template_for(school, values["inspected_on"])
    items = template.items.filter(category__in=categories) if categories else template.items.none()
    visit = Inspection.objects.create(
        bureau=bureau, school=school, template=template, created_by=actor, created_at=now,
        item_ids=[item.pk for item in items if item.applies_to(school)], **values,
    )  # fmt: skip
    InspectionMember.objects.bulk_create([InspectionMember(inspection=visit, **row) for row in members])
    record_event(
        visit, "inspections.open_visit", organisation=bureau, actor=actor, school=school.name,
        form=visit.form,
        post=actor.post_for(bureau, BUREAU_ROLES),
    )  # fmt: skip
    return visit


@transaction.atomic
def add_finding(visit, *, actor, title, place, proposed_grade, now, item=None, note="", photos=()):
    """Note a problem with its photos; it becomes a hazard when the visit is finished."""
    visit = _under_way(visit, actor)
    finding = Finding.objects.create(
        inspection=visit, school=visit.school, item=item, client_uuid=uuid.uuid4(), phrase=title, note=note,
        place=place, proposed_grade=proposed_grade, noted_at=now,
    )  # fmt: skip
    for photo in photos:
        files.store_photo(
            photo, owner=finding, organisation=visit.school, purpose="before", actor=actor, now=now
        )
    return finding


@transaction.atomic
def drop_finding(finding, *, actor):
    """Take a problem back before the visit is finished."""
    _under_way(finding.inspection, actor)
    files.attachments_of(finding).delete()
    finding.delete()


@transaction.atomic
def finish(visit, *, actor, values, now):
    """Finish: number, record, hazards for the school. A covert visit becomes visible to the school now."""
    visit = _under_way(visit, actor)
    for name, value in values.items():
        setattr(visit, name, value)
    if not visit.is_signature_refused:
        visit.head_signed_at = now
    number = next_number(visit.bureau, "inspection", visit.inspected_on.year)
    visit.number = f"{visit.bureau.code}-JC-{visit.inspected_on.year}-{number:04d}"
    visit.status, visit.finished_at = InspectionStatus.FINISHED, now
    visit.save()
    numbers = [_to_hazard(finding, actor, now) for finding in visit.findings.select_related("item__category")]
    record_event(
        visit, "inspections.finish_visit", organisation=visit.bureau, actor=actor, hazards=numbers,
        school=visit.school.name, refused=visit.is_signature_refused,
        post=actor.post_for(visit.bureau, BUREAU_ROLES),
    )  # fmt: skip
    return visit


def _to_hazard(finding, actor, now):
    category = finding.item.category if finding.item else Category.objects.get(pk="ZD")
    hazard = hazards.report(
        finding.school, actor=actor, title=finding.phrase, place=finding.place, category=category,
        source=Source.INSPECTION, proposed_grade=finding.proposed_grade, found_at=finding.noted_at, now=now,
        description=finding.note, item_code=finding.item.code if finding.item else "",
        client_uuid=finding.client_uuid,
    )  # fmt: skip
    files.hand_over(finding, hazard)
    finding.hazard = hazard
    finding.save(update_fields=["hazard"])
    return hazard.number


def _under_way(visit, actor):
    fresh = (
        Inspection.objects.select_for_update(of=("self",)).select_related("school", "bureau").get(pk=visit.pk)
    )
    if not actor.roles_at(fresh.bureau) & BUREAU_ROLES:
        raise NotAllowed(_("You hold no post that inspects there."))
    if fresh.status != InspectionStatus.DRAFT:
        raise NotAllowed(_("This inspection is finished."))
    return fresh
