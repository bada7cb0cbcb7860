"""Bringing an old ledger in: many rows at once, each with its number and its event, all or nothing."""

from collections import defaultdict
from datetime import datetime, time

from django.db import transaction
from django.utils.timezone import localdate, make_aware

from schoolsafety.core.audit import build_event
from schoolsafety.core.models import ChainHead, Event, EventText, NumberSequence
from schoolsafety.core.roles import Role

from ..models import Hazard
from ..workflow import Closure, Grade, Source, Status

BATCH = 500


@transaction.atomic
def import_ledger(rows, *, actor, now):
    """Create a hazard for each row; returns how many.

    A row is a dict: school, key (UUID), title, place, category, grade, found_on; and, where the old
    ledger knows it, description, responsible, measure, cost (yuan), due_on, done_on, closed_on. What was
    written off stays so; the rest goes on in the state in which it would be found.
    """
    by_school = defaultdict(list)
    for row in rows:
        by_school[row["school"]].append(row)
    for school in sorted(by_school, key=lambda place: place.pk):  # one order of locks for everybody
        _bring_in(school, by_school[school], actor, now)
    return len(rows)


def _bring_in(school, rows, actor, now):
    year = localdate(now).year
    first = _take_numbers(school, year, len(rows))
    hazards = [
        _hazard(row, f"{school.code}-{year}-{number:04d}", actor, now)
        for number, row in enumerate(rows, start=first)
    ]
    Hazard.objects.bulk_create(hazards, batch_size=BATCH)
    _record(school, hazards, actor, now)


def _take_numbers(school, year, count):
    """Reserve `count` numbers of the school's series; returns the first."""
    NumberSequence.objects.get_or_create(organisation=school, series="hazard", year=year)
    sequence = NumberSequence.objects.select_for_update().get(organisation=school, series="hazard", year=year)
    first = sequence.last + 1
    sequence.last += count
    sequence.save(update_fields=["last"])
    return first


def _hazard(row, number, actor, now):
    status = state_of(row)
    hazard = Hazard(
        number=number, client_uuid=row["key"], school=row["school"], title=row["title"], place=row["place"],
        category=row["category"], source=Source.IMPORT, status=status, proposed_grade=row["grade"],
        grade=row["grade"], graded_at=now, graded_by=actor, found_at=_at(row["found_on"]),
        found_on=row["found_on"], reported_at=now, is_backdated=row["found_on"] < localdate(now),
        description=row.get("description", ""), responsible=row.get("responsible", ""),
        measure=row.get("measure", ""), cost=row.get("cost"),
        due_on=row.get("due_on") or row["found_on"], first_due_on=row.get("due_on") or row["found_on"],
    )  # fmt: skip
    if row.get("done_on") and status in {Status.SUBMITTED, Status.CLOSED}:
        hazard.submitted_at = _at(row["done_on"])
    if status == Status.CLOSED:
        hazard.closure = Closure.RECTIFIED
        hazard.closed_on, hazard.closed_at = row["closed_on"], _at(row["closed_on"])
    return hazard


def state_of(row):
    """The state in which an old row goes on: a major hazard that is open must show its plan first."""
    if row.get("closed_on"):
        return Status.CLOSED
    if row["grade"] == Grade.MAJOR:
        return Status.PLANNING
    return Status.SUBMITTED if row.get("done_on") else Status.RECTIFYING


def _record(school, hazards, actor, now):
    """One event a hazard, in the school's chain, sealed like any other."""
    ChainHead.objects.get_or_create(organisation=school)
    head = ChainHead.objects.select_for_update().get(organisation=school)
    post, events, words = actor.post_for(school, {Role.ADMINISTRATOR}), [], []
    for hazard in hazards:
        event, text = build_event(
            head, hazard, "hazards.import", organisation=school, actor=actor, note=hazard.description,
            post=post, at=now, changes={"status": [None, hazard.status], "grade": hazard.grade},
        )  # fmt: skip
        head.seq, head.hash = event.seq, event.hash
        events.append(event)
        words += [(event, text)] if text else []
    Event.objects.bulk_create(events, batch_size=BATCH)
    for event, text in words:
        text.event_id = event.pk
    EventText.objects.bulk_create([text for _event, text in words], batch_size=BATCH)
    head.save(update_fields=["seq", "hash"])


def _at(day):
    return make_aware(datetime.combine(day, time(12)))
