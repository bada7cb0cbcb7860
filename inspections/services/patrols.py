"""The daily patrol: started, answered, submitted. What it found becomes hazards in the same transaction."""

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.workflow import Grade, NotAllowed, Source
from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import User
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for

from ..models import Finding, Patrol, PatrolDay
from ..workflow import LATE_AFTER, LATE_DAYS, Answer, Mode, PatrolStatus
from . import checklists, plan, points

WALKERS = frozenset({Role.SCHOOL_STAFF, Role.SAFETY_OFFICER, Role.PRINCIPAL})


@transaction.atomic
def start(school, *, actor, now, day=None):
    """The walk of `day` (default: today) that this person has under way, or a new one; returns it."""
    _may_walk(school, actor)
    today = timezone.localdate(now)
    day = day or today
    check_day(day, today)
    User.objects.select_for_update().get(pk=actor.pk)  # two presses at once begin one walk
    under_way = Patrol.objects.filter(school=school, officer=actor, day=day, status=PatrolStatus.WALKING)
    if found := under_way.first():
        return found
    template = checklists.template_for(school, day)
    points.set_up_school(school)
    items = items_for(school, template, [day])[day]
    if not items:
        raise ValidationError(_("The checklist in force has no daily item that applies to this school."))
    ids = [item.pk for item in items]
    drawn = plan.photo_items(ids, school, day, preference(school, "patrol.photo_items"))
    return Patrol.objects.create(
        school=school, officer=actor, day=day, template=template, item_ids=ids, client_uuid=uuid.uuid4(),
        photo_item_ids=[item.pk for item in items if item.must_photograph or item.pk in drawn],
        started_at=now, is_late_entry=day < today,
    )  # fmt: skip


def check_day(day, today):
    """ValidationError for a walk of `day` begun on `today`: in the future, or longer ago than LATE_DAYS."""
    if day > today:
        raise ValidationError(_("A patrol cannot be walked in the future."))
    if (today - day).days > LATE_DAYS:
        raise ValidationError(_("A patrol can be entered at most %(n)d days later.") % {"n": LATE_DAYS})


def items_for(school, template, days):
    """{day: [items]} that walks on these `days` (sorted, the first one today's) look at; five queries.

    See plan.items_of_walk. Later days are planned as if nothing were walked until then.
    """
    items = [item for item in template.items.all() if item.applies_to(school)]
    since, first = days[0] - timedelta(days=plan.LEFT_OVER_DAYS), days[0]
    walked = Patrol.objects.filter(school=school, status=PatrolStatus.SUBMITTED, day__range=(since, days[-1]))
    rows = list(walked.values_list("day", "item_ids", "missed_item_ids"))
    seen = {pk for _day, ids, _missed in rows for pk in ids}
    gaps = {day for day, _ids, missed in rows if missed and day < first}
    before = PatrolDay.objects.filter(
        school=school, is_due=True, day__range=(since, first - timedelta(days=1))
    )
    owed = before.filter(Q(patrols=0) | Q(items__gte=plan.MOST_ITEMS))  # not walked, or more than fitted in
    owed_days, calendar = sorted(gaps.union(owed.values_list("day", flat=True))), calendar_for(school)
    return {day: plan.items_of_walk(items, school, day, calendar, seen=seen, owed=owed_days) for day in days}


@transaction.atomic
def answer(patrol, *, actor, item_id, value, now, photo=None):
    """Answer one item. "Normal" for an item drawn for a photo needs the photo; "problem" needs a finding."""
    patrol = _under_way(patrol, actor)
    if item_id not in patrol.item_ids:
        raise ValidationError(_("This item is not part of the walk."))
    if value not in {Answer.NORMAL, Answer.NOT_APPLICABLE}:
        raise ValidationError(_("A problem is told with its photo and words."))
    must_show = item_id in patrol.photo_item_ids and value == Answer.NORMAL
    if photo:
        files.store_photo(
            photo, owner=patrol, organisation=patrol.school, purpose=f"item-{item_id}", actor=actor, now=now
        )
    elif must_show and not files.attachments_of(patrol, f"item-{item_id}").exists():
        raise ValidationError(_("This item was drawn for a photo today: take one, also when it is fine."))
    _drop_finding(patrol, item_id)
    mode = Mode.PHOTO if must_show or photo else Mode.EACH
    patrol.answers[str(item_id)] = f"{value}{mode}"
    patrol.save(update_fields=["answers"])
    return patrol


def _drop_finding(patrol, item_id):
    """An item that is fine after all: its finding and the photos of it go."""
    for finding in Finding.objects.filter(patrol=patrol, item_id=item_id):
        files.attachments_of(finding).delete()
        finding.delete()


@transaction.atomic
def answer_rest(patrol, *, actor, item_ids):
    """“The other N are normal”: only unanswered items, never those that need a photo; returns the ids."""
    patrol = _under_way(patrol, actor)
    allowed = set(patrol.item_ids) - set(patrol.photo_item_ids)
    covered = [pk for pk in item_ids if pk in allowed and str(pk) not in patrol.answers]
    for pk in covered:
        patrol.answers[str(pk)] = f"{Answer.NORMAL}{Mode.BULK}"
    patrol.save(update_fields=["answers"])
    return covered


@transaction.atomic
def undo_rest(patrol, *, actor, item_ids):
    """Take back a zone's bulk answers; those given one by one stay."""
    patrol = _under_way(patrol, actor)
    for pk in item_ids:
        if patrol.answers.get(str(pk)) == f"{Answer.NORMAL}{Mode.BULK}":
            del patrol.answers[str(pk)]
    patrol.save(update_fields=["answers"])
    return patrol


@transaction.atomic
def note_finding(
    patrol, *, actor, item, zone, now, phrase="", note="", place="", proposed_grade, photos=(),
    after_photos=(), is_fixed_on_spot=False, point=None, client_uuid=None,
):  # fmt: skip
    """Say what is wrong with an item; a second time replaces the words and adds the photos."""
    patrol = _under_way(patrol, actor)
    if item.pk not in patrol.item_ids:
        raise ValidationError(_("This item is not part of the walk."))
    if not (phrase or note):
        raise ValidationError({"note": _("Say what is wrong: choose a phrase or write it.")})
    if is_fixed_on_spot and proposed_grade != Grade.GENERAL:
        raise ValidationError(
            {"is_fixed_on_spot": _("A suspected major hazard cannot be fixed on the spot.")}
        )
    if is_fixed_on_spot and not note.strip() and preference(patrol.school, "field.comment_fixed"):
        raise ValidationError({"note": _("Say how it was fixed on the spot.")})
    finding, _created = Finding.objects.get_or_create(
        patrol=patrol, item=item,
        defaults={
            "school": patrol.school, "client_uuid": client_uuid or uuid.uuid4(), "noted_at": now,
            "proposed_grade": proposed_grade,
        },
    )  # fmt: skip
    if not (photos or files.attachments_of(finding, "before").exists()):
        raise ValidationError({"photos": _("Take a photo of what is wrong.")})
    if is_fixed_on_spot and not (after_photos or files.attachments_of(finding, "after").exists()):
        raise ValidationError({"after_photos": _("Fixed on the spot needs a photo of after.")})
    finding.zone, finding.point, finding.phrase, finding.note = zone, point, phrase, note
    finding.place, finding.proposed_grade = place or (zone.name if zone else ""), proposed_grade
    finding.is_fixed_on_spot = is_fixed_on_spot
    finding.save()
    for purpose, uploads in (("before", photos), ("after", after_photos)):
        for upload in uploads:
            files.store_photo(
                upload, owner=finding, organisation=patrol.school, purpose=purpose, actor=actor, now=now
            )
    patrol.answers[str(item.pk)] = f"{Answer.PROBLEM}{Mode.PHOTO}"
    patrol.save(update_fields=["answers"])
    return finding


def missing_items(patrol):
    """The ids still unanswered, in the order of the walk."""
    return [pk for pk in patrol.item_ids if str(pk) not in patrol.answers]


def is_late(patrol, now):
    """Is it a late entry (补录): begun after its day, or handed in more than a day after it was begun?"""
    return timezone.localdate(patrol.started_at) > patrol.day or now - patrol.started_at > LATE_AFTER


@transaction.atomic
def submit(patrol, *, actor, now, note=""):
    """Hand in the walk: number, counts, hazards, the day's row, one event. Twice gives the same receipt."""
    patrol = Patrol.objects.select_for_update(of=("self",)).select_related("school").get(pk=patrol.pk)
    if patrol.status == PatrolStatus.SUBMITTED:
        return patrol
    _own(patrol, actor)
    if missing := missing_items(patrol):
        raise ValidationError(_("%(n)d items are not answered yet.") % {"n": len(missing)})
    patrol.is_late_entry = is_late(patrol, now)
    if patrol.is_late_entry and not note.strip():
        raise ValidationError({"note": _("This is a late entry: say why it comes late.")})
    patrol.note = note
    return hand_in(patrol, actor=actor, now=now)


def hand_in(patrol, *, actor, now, **facts):
    """Give an answered walk its number, counts, hazards and event (with `facts`), and add it to its day.

    Call it inside a transaction. The findings are rows already; a walk of a phone may itself be new.
    """
    day_row = _locked_day(patrol)
    patrol.round = day_row.patrols + 1
    patrol.number = f"XC{patrol.school.code}-{patrol.day:%Y%m%d}-{patrol.round}"
    patrol.status, patrol.submitted_at = PatrolStatus.SUBMITTED, now
    said = list(patrol.answers.values())
    patrol.normal_count = sum(1 for each in said if each[0] == Answer.NORMAL)
    patrol.problem_count = sum(1 for each in said if each[0] == Answer.PROBLEM)
    patrol.not_applicable_count = sum(1 for each in said if each[0] == Answer.NOT_APPLICABLE)
    patrol.bulk_count = sum(1 for each in said if each[1] == Mode.BULK)
    patrol.save()
    _add_to_day(day_row, patrol, now)
    findings = patrol.findings.select_related("school", "item__category", "point")
    numbers = [_to_hazard(finding, actor, Source.PATROL, now) for finding in findings]
    record_event(
        patrol, "inspections.submit_patrol", organisation=patrol.school, actor=actor, note=patrol.note,
        post=actor.post_for(patrol.school, WALKERS), items=len(said), problems=patrol.problem_count,
        bulk=patrol.bulk_count, hazards=numbers, day=patrol.day, late_entry=patrol.is_late_entry, **facts,
    )  # fmt: skip
    return patrol


def _to_hazard(finding, actor, source, now):
    """Report the finding with its photos; returns the hazard's number."""
    item, note, is_fixed = finding.item, finding.note, finding.is_fixed_on_spot
    hazard = hazards.report(
        finding.school, actor=actor, title=finding.phrase or note[:60], source=source,
        place=finding.place or _("not stated"), category=item.category, proposed_grade=finding.proposed_grade,
        found_at=finding.noted_at, now=now, description=note, item_code=item.code,
        point_code=finding.point.code if finding.point else "", client_uuid=finding.client_uuid,
        photos=list(files.attachments_of(finding, "before")),
        after_photos=list(files.attachments_of(finding, "after")) if is_fixed else [],
        fixed_on_spot=is_fixed, measure=(note or _("Fixed on the spot")) if is_fixed else "",
    )  # fmt: skip
    finding.hazard = hazard
    finding.save(update_fields=["hazard"])
    return hazard.number


def _locked_day(patrol):
    """The day's row, made if need be, locked: two officers submit one after the other."""
    row = PatrolDay.objects.select_for_update().filter(school=patrol.school, day=patrol.day)
    if found := row.first():
        return found
    is_due = calendar_for(patrol.school).is_school_day(patrol.day)
    try:
        with transaction.atomic():
            PatrolDay.objects.create(school=patrol.school, day=patrol.day, is_due=is_due)
    except IntegrityError:  # made by the other one meanwhile
        pass
    return row.get()


def _add_to_day(row, patrol, now):
    PatrolDay.objects.filter(pk=row.pk).update(
        patrols=F("patrols") + 1, items=F("items") + len(patrol.answers),
        normal=F("normal") + patrol.normal_count, problems=F("problems") + patrol.problem_count,
        not_applicable=F("not_applicable") + patrol.not_applicable_count, bulk=F("bulk") + patrol.bulk_count,
        first_submitted_at=row.first_submitted_at or now,
    )  # fmt: skip


def _under_way(patrol, actor):
    fresh = Patrol.objects.select_for_update(of=("self",)).select_related("school").get(pk=patrol.pk)
    _own(fresh, actor)
    if fresh.status != PatrolStatus.WALKING:
        raise NotAllowed(_("This patrol has been submitted."))
    return fresh


def _own(patrol, actor):
    if patrol.officer_id != actor.pk:
        raise NotAllowed(_("This is another person's walk."))
    _may_walk(patrol.school, actor)


def _may_walk(school, actor):
    if not actor.roles_at(school) & WALKERS:
        raise NotAllowed(_("You hold no post that walks patrols there."))
