"""The daily walk: answered, merged, handed in once, its findings become hazards."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from hazards.models import Hazard
from hazards.workflow import NotAllowed, Source, Status
from inspections.models import ChecklistItem, Finding, PatrolDay
from inspections.services import patrols
from schoolsafety.core.audit import history_of
from schoolsafety.core.files import attachments_of

from .conftest import TUESDAY, picture


def note(walk, officer, item_id, **values):
    item = ChecklistItem.objects.get(pk=item_id)
    facts = {"phrase": "堆放杂物", "proposed_grade": "general", "photos": [picture()], "place": "东侧楼梯"}
    return patrols.note_finding(walk, actor=officer, item=item, zone=None, now=TUESDAY, **facts | values)


def test_starting_twice_goes_on_with_the_same_walk(walk, school, officer):
    assert patrols.start(school, actor=officer, now=TUESDAY) == walk
    drawn = set(walk.photo_item_ids) - set(
        ChecklistItem.objects.filter(must_photograph=True).values_list("pk", flat=True)
    )
    assert len(drawn) == 2


def test_a_stranger_cannot_walk_here(school, stranger, term):
    with pytest.raises(NotAllowed):
        patrols.start(school, actor=stranger, now=TUESDAY)


def test_another_officer_cannot_answer_in_my_walk(walk, principal):
    with pytest.raises(NotAllowed):
        patrols.answer(walk, actor=principal, item_id=walk.item_ids[0], value="n", now=TUESDAY)


def test_the_rest_never_covers_an_answered_or_a_drawn_item(walk, officer):
    answered = next(pk for pk in walk.item_ids if pk not in walk.photo_item_ids)
    patrols.answer(walk, actor=officer, item_id=answered, value="x", now=TUESDAY)

    covered = patrols.answer_rest(walk, actor=officer, item_ids=walk.item_ids)

    walk.refresh_from_db()
    assert answered not in covered
    assert not set(covered) & set(walk.photo_item_ids)
    assert walk.answers[str(answered)] == "xe"
    assert set(patrols.missing_items(walk)) == set(walk.photo_item_ids)


def test_undoing_the_rest_keeps_what_was_answered_one_by_one(walk, officer):
    answered = next(pk for pk in walk.item_ids if pk not in walk.photo_item_ids)
    patrols.answer(walk, actor=officer, item_id=answered, value="n", now=TUESDAY)
    patrols.answer_rest(walk, actor=officer, item_ids=walk.item_ids)

    patrols.undo_rest(walk, actor=officer, item_ids=walk.item_ids)

    walk.refresh_from_db()
    assert walk.answers == {str(answered): "ne"}


def test_a_drawn_item_is_normal_only_with_a_photo(walk, officer):
    drawn = walk.photo_item_ids[0]
    with pytest.raises(ValidationError):
        patrols.answer(walk, actor=officer, item_id=drawn, value="n", now=TUESDAY)

    patrols.answer(walk, actor=officer, item_id=drawn, value="n", now=TUESDAY, photo=picture())

    walk.refresh_from_db()
    assert walk.answers[str(drawn)] == "nf"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"photos": []}, "photos"), ({"phrase": ""}, "note"), ({"is_fixed_on_spot": True}, "after_photos")],
)
def test_a_finding_says_what_is_missing(walk, officer, change, field):
    with pytest.raises(ValidationError) as error:
        note(walk, officer, walk.item_ids[0], **change)

    assert field in error.value.error_dict
    assert not Finding.objects.exists()


def test_an_incomplete_walk_is_not_taken(walk, officer):
    with pytest.raises(ValidationError, match=str(len(walk.item_ids))):
        patrols.submit(walk, actor=officer, now=TUESDAY)


def test_handing_in_makes_hazards_counts_a_row_and_one_event(whole_walk, school, officer):
    bad = next(pk for pk in whole_walk.item_ids if pk not in whole_walk.photo_item_ids)
    note(whole_walk, officer, bad)

    done = patrols.submit(whole_walk, actor=officer, now=TUESDAY + timedelta(minutes=14))

    hazard = Hazard.objects.get()
    day = PatrolDay.objects.get(school=school, day=done.day)
    assert done.number == f"XC{school.code}-20261124-1"
    assert (hazard.source, hazard.status, hazard.place) == (Source.PATROL, Status.REPORTED, "东侧楼梯")
    assert attachments_of(hazard, "before").count() == 1
    assert (day.patrols, day.problems, day.items) == (1, 1, len(done.item_ids))
    assert done.normal_count + done.problem_count + done.not_applicable_count == len(done.item_ids)
    assert [event.verb for event in history_of(done)] == ["inspections.submit_patrol"]


def test_handing_in_twice_gives_the_same_receipt(whole_walk, officer):
    bad = next(pk for pk in whole_walk.item_ids if pk not in whole_walk.photo_item_ids)
    note(whole_walk, officer, bad)

    first = patrols.submit(whole_walk, actor=officer, now=TUESDAY)
    second = patrols.submit(whole_walk, actor=officer, now=TUESDAY + timedelta(hours=1))

    assert (first.number, first.submitted_at) == (second.number, second.submitted_at)
    assert Hazard.objects.count() == 1
    assert PatrolDay.objects.get().patrols == 1


def test_nothing_is_half_done_when_a_finding_cannot_become_a_hazard(whole_walk, officer, monkeypatch):
    bad = next(pk for pk in whole_walk.item_ids if pk not in whole_walk.photo_item_ids)
    note(whole_walk, officer, bad)
    Finding.objects.update(noted_at=TUESDAY + timedelta(days=30))  # a time in the future is refused

    with pytest.raises(ValidationError):
        patrols.submit(whole_walk, actor=officer, now=TUESDAY)

    whole_walk.refresh_from_db()
    assert (whole_walk.status, whole_walk.number) == ("walking", None)
    assert not PatrolDay.objects.exists()


def test_fixed_on_the_spot_waits_for_someone_else(whole_walk, officer):
    bad = next(pk for pk in whole_walk.item_ids if pk not in whole_walk.photo_item_ids)
    note(whole_walk, officer, bad, is_fixed_on_spot=True, after_photos=[picture()], note="已清走")

    patrols.submit(whole_walk, actor=officer, now=TUESDAY)

    hazard = Hazard.objects.get()
    assert (hazard.status, hazard.is_fixed_on_spot) == (Status.SUBMITTED, True)
    assert attachments_of(hazard, "after").count() == 1


def test_a_second_round_of_the_day_has_its_own_number(whole_walk, school, officer, principal):
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)
    again = patrols.start(school, actor=principal, now=TUESDAY + timedelta(hours=6))
    for pk in again.photo_item_ids:
        patrols.answer(again, actor=principal, item_id=pk, value="x", now=TUESDAY)
    patrols.answer_rest(again, actor=principal, item_ids=again.item_ids)

    done = patrols.submit(again, actor=principal, now=TUESDAY + timedelta(hours=7))

    assert done.number.endswith("-2")
    assert PatrolDay.objects.get().patrols == 2


def test_a_walk_for_yesterday_is_marked_as_a_late_entry(school, officer, term):
    late = patrols.start(school, actor=officer, now=TUESDAY, day=TUESDAY.date() - timedelta(days=1))

    assert late.is_late_entry
    with pytest.raises(ValidationError):
        patrols.start(school, actor=officer, now=TUESDAY, day=TUESDAY.date() + timedelta(days=1))


def test_an_old_walk_keeps_its_version_of_the_checklist(whole_walk, officer):
    assert whole_walk.template.version == 1
    assert uuid.UUID(str(whole_walk.client_uuid))
