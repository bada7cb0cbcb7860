"""Inspections by a bureau: opened with a team, filled in, finished; what was found becomes hazards."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.workflow import NotAllowed, Source
from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.numbering import next_number
from schoolsafety.core.roles import BUREAU_ROLES

from ..models import Finding, Inspection, InspectionMember
from ..workflow import Answer, InspectionStatus, Mode
from . import checklists

LEAST_MEMBERS = 2  # 安全生产法: inspectors work in pairs and show their certificates


@transaction.atomic
def open_visit(*, bureau, school, actor, values, members, categories, now):
    """Begin an inspection of `school`; `members` are dicts of InspectionMember fields (two or more)."""
    if not actor.roles_at(bureau) & BUREAU_ROLES or not actor.roles_at(school) & BUREAU_ROLES:
        raise NotAllowed(_("You hold no post that inspects there."))
    if len(members) < LEAST_MEMBERS:
        raise ValidationError(_("A team has at least two members."))
    if any(not str(member.get("certificate", "")).strip() for member in members):
        raise ValidationError(_("Each member shows a certificate: write its number."))
    template = checklists.template_for(school, values["inspected_on"])
    items = template.items.filter(category__in=categories) if categories else template.items.none()
    visit = Inspection.objects.create(
        bureau=bureau, school=school, template=template, created_by=actor, created_at=now,
        item_ids=[item.pk for item in items if item.applies_to(school)], **values,
    )  # fmt: skip
    InspectionMember.objects.bulk_create([InspectionMember(inspection=visit, **row) for row in members])
    record_event(
        visit, "inspections.open_visit", organisation=bureau, actor=actor, school=school.name,
        form=visit.form, post=actor.post_for(bureau, BUREAU_ROLES),
    )  # fmt: skip
    return visit


@transaction.atomic
def save_answers(visit, *, actor, answers):
    """What the team said of the items: {item id: an Answer, or "" for not looked at}."""
    visit = _under_way(visit, actor)
    if not set(answers) <= set(visit.item_ids):
        raise ValidationError(_("This item is not part of the inspection."))
    if not set(answers.values()) <= {"", *Answer.values}:
        raise ValidationError(_("Choose one of the answers."))
    for pk, value in answers.items():
        visit.answers.pop(str(pk), None)
        if value:
            visit.answers[str(pk)] = f"{value}{Mode.EACH}"
    visit.save(update_fields=["answers"])
    return visit


@transaction.atomic
def add_finding(
    visit, *, actor, title, place, proposed_grade, now, item=None, category=None, note="", photos=()
):  # fmt: skip
    """Note a problem with its photos; it becomes a hazard when the visit is finished.

    It needs an item of the visit's checklist or a category; with an item, the item is answered "problem".
    """
    visit = _under_way(visit, actor)
    if item is None and category is None:
        raise ValidationError({"category": _("Choose an item of the checklist or a category.")})
    finding = Finding.objects.create(
        inspection=visit, school=visit.school, item=item, category=category, client_uuid=uuid.uuid4(),
        phrase=title, note=note, place=place, proposed_grade=proposed_grade, noted_at=now,
    )  # fmt: skip
    if item is not None and item.pk in visit.item_ids:
        visit.answers[str(item.pk)] = f"{Answer.PROBLEM}{Mode.PHOTO}"
        visit.save(update_fields=["answers"])
    for photo in photos:
        files.store_photo(
            photo, owner=finding, organisation=visit.school, purpose="before", actor=actor, now=now
        )
    return finding


@transaction.atomic
def drop_finding(finding, *, actor):
    """Take a problem back before the visit is finished; its item is open again."""
    visit = _under_way(finding.inspection, actor)
    if visit.answers.pop(str(finding.item_id), None):
        visit.save(update_fields=["answers"])
    files.attachments_of(finding).delete()
    finding.delete()


@transaction.atomic
def finish(visit, *, actor, values, now):
    """Finish: number, record, hazards for the school. A covert visit becomes visible to the school now."""
    visit = _under_way(visit, actor)
    for name, value in values.items():
        setattr(visit, name, value)
    findings = list(visit.findings.select_related("school", "item__category", "category"))
    _check_end(visit, findings)
    if not visit.is_signature_refused:
        visit.head_signed_at = now
    number = next_number(visit.bureau, "inspection", visit.inspected_on.year)
    visit.number = f"{visit.bureau.code}-JC-{visit.inspected_on.year}-{number:04d}"
    visit.status, visit.finished_at = InspectionStatus.FINISHED, now
    visit.save()
    numbers = [_to_hazard(finding, actor, now) for finding in findings]
    record_event(
        visit, "inspections.finish_visit", organisation=visit.bureau, actor=actor, hazards=numbers,
        school=visit.school.name, refused=visit.is_signature_refused, items=len(visit.answers),
        post=actor.post_for(visit.bureau, BUREAU_ROLES),
    )  # fmt: skip
    return visit


@transaction.atomic
def discard(visit, *, actor):
    """Throw away an inspection that was opened by mistake: only one without findings. Returns nothing."""
    visit = _under_way(visit, actor)
    if visit.findings.exists():
        raise NotAllowed(_("It holds findings: take them back first, or finish it."))
    record_event(
        visit, "inspections.discard_visit", organisation=visit.bureau, actor=actor, school=visit.school.name,
        post=actor.post_for(visit.bureau, BUREAU_ROLES),
    )  # fmt: skip
    visit.delete()


def _check_end(visit, findings):
    """The facts that 安全生产法 Art. 68 asks for: handling, and the head's signature or why it is missing."""
    faults = {}
    if visit.is_signature_refused:
        sentence = _("A refusal is recorded with its circumstances and a witness.")
        faults |= {name: sentence for name in ("refusal_note", "witness") if not getattr(visit, name).strip()}
    elif not visit.head_name.strip():
        faults["head_name"] = _("Name the head who signs, or record the refusal.")
    if findings and not visit.handling.strip():
        faults["handling"] = _("Say how the problems found are handled.")
    if visit.began_at and visit.ended_at and visit.ended_at < visit.began_at:
        faults["ended_at"] = _("It ends before it begins.")
    if faults:
        raise ValidationError(faults)


def _to_hazard(finding, actor, now):
    """Report the finding with its photos; returns the hazard's number."""
    item = finding.item
    hazard = hazards.report(
        finding.school, actor=actor, title=finding.phrase, place=finding.place, source=Source.INSPECTION,
        category=item.category if item else finding.category, proposed_grade=finding.proposed_grade,
        found_at=finding.noted_at, now=now, description=finding.note, item_code=item.code if item else "",
        client_uuid=finding.client_uuid, photos=list(files.attachments_of(finding, "before")),
    )  # fmt: skip
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
