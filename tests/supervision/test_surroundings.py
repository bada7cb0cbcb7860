"""The archive of hazards around schools: recorded, handed over, solved, looked at again; never overdue."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localdate

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.workflow import Closure, NotAllowed, Source, Status
from schoolsafety.core.audit import history_of
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Notification
from supervision.models import Surrounding
from supervision.services import surroundings as services
from tests.supervision.surrounding_ways import a_pdf, a_photo, letter_sent, place_at

FACTS = {"kind": "works", "title": "塔吊越过校园", "place": "北侧工地", "distance": 15, "agency": "住建局"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def place(school, officer, now):
    return place_at(school, officer, now)


def solved(place, actor, now):
    return services.solve_surrounding(
        place, actor=actor, now=now, note="城管已清理", solved_on=localdate(now), proofs=[a_photo()]
    )


def verbs(row):
    return [event.verb.removeprefix("supervision.") for event in reversed(history_of(row))]


def test_a_school_records_and_the_bureau_hears_of_it(school, officer, clerk, now):
    first = place_at(school, officer, now)
    second = services.report_surrounding(
        school, actor=clerk, now=now, photos=[a_photo()], found_on=localdate(now), **FACTS
    )
    year = localdate(now).year
    assert [first.number, second.number] == [f"JB001-ZB-{year}-001", f"JB001-ZB-{year}-002"]
    assert attachments_of(second, "before").count() == 1
    assert Notification.objects.filter(user=clerk, verb="supervision.surrounding").count() == 1
    assert Notification.objects.filter(user=officer, verb="supervision.surrounding").count() == 1
    assert verbs(first) == ["report_surrounding"]


def test_only_who_holds_a_post_there_records(school, stranger, staff, auditor, now):
    for person in (stranger, staff, auditor):
        with pytest.raises(NotAllowed):
            place_at(school, person, now)
    assert not Surrounding.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": "  "}, "title"), ({"place": ""}, "place"), ({"agency": " "}, "agency")],
)
def test_what_is_missing_is_named(school, officer, now, changes, field):
    with pytest.raises(ValidationError) as error:
        place_at(school, officer, now, **changes)
    assert field in error.value.message_dict


def test_a_day_ahead_is_refused(school, officer, now):
    with pytest.raises(ValidationError) as error:
        place_at(school, officer, now, found_on=localdate(now) + timedelta(days=1))
    assert "found_on" in error.value.message_dict


def test_it_never_counts_among_the_schools_hazards(school, officer, now):
    place_at(school, officer, now - timedelta(days=400), found_on=localdate(now) - timedelta(days=400))
    assert not Hazard.objects.filter(school=school).exists()
    assert not Hazard.objects.overdue(localdate(now)).exists()


def reported(school, officer, now, **more):
    return hazards.report(
        school, actor=officer, title="围墙外采石场放炮", place="北墙外", source=Source.SNAP, found_at=now,
        now=now, proposed_grade="general", photos=[a_photo()],
        category=Category.objects.get(code="ZB"), **more,
    )  # fmt: skip


def test_a_hazard_is_handed_over_with_its_photos_and_closed_as_transferred(school, officer, clerk, now):
    hazard = reported(school, officer, now)
    row = services.take_over(
        hazard, actor=clerk, now=now, note="采石场由应急部门监管", found_on=localdate(now), **FACTS
    )
    hazard.refresh_from_db()
    assert (hazard.status, hazard.closure, hazard.transferred_to) == (
        Status.CLOSED, Closure.TRANSFERRED, "住建局",
    )  # fmt: skip
    assert row.hazard_id == hazard.pk
    theirs = attachments_of(row, "before").get()
    assert theirs.sha256 == attachments_of(hazard, "before").get().sha256
    assert not Hazard.objects.overdue(localdate(now) + timedelta(days=30)).exists()
    assert row.number in history_of(hazard).first().words.text


def test_it_is_handed_over_once_and_only_by_the_bureau(school, officer, clerk, now):
    hazard = reported(school, officer, now)
    with pytest.raises(NotAllowed):
        services.take_over(hazard, actor=officer, now=now, note="校外", found_on=localdate(now), **FACTS)
    assert not Surrounding.objects.exists()
    services.take_over(hazard, actor=clerk, now=now, note="校外", found_on=localdate(now), **FACTS)
    with pytest.raises(ValidationError):
        services.take_over(hazard, actor=clerk, now=now, note="校外", found_on=localdate(now), **FACTS)
    assert Surrounding.objects.count() == 1


def test_what_goes_on_in_the_archive_is_not_reopened_beside_it(school, officer, clerk, now):
    hazard = reported(school, officer, now)
    row = services.take_over(hazard, actor=clerk, now=now, note="校外", found_on=localdate(now), **FACTS)
    with pytest.raises(NotAllowed, match=row.number):
        hazards.reopen(hazard, actor=clerk, note="又出现", now=now)
    services.drop_surrounding(row, actor=clerk, now=now, note="实为校内")
    assert hazards.reopen(hazard, actor=clerk, note="实为校内", now=now).is_open


def test_a_record_is_corrected_until_a_letter_went_out(place, officer, clerk, leader, stranger, now):
    row = services.edit_surrounding(place, actor=officer, now=now, distance=85)
    assert (row.distance, verbs(row)[-1]) == (85, "edit_surrounding")
    with pytest.raises(NotAllowed):
        services.edit_surrounding(place, actor=stranger, now=now, distance=10)
    letter_sent([place], clerk, leader, now)
    with pytest.raises(NotAllowed):
        services.edit_surrounding(place, actor=officer, now=now, distance=10)


def test_solved_needs_words_and_proof(place, officer, now):
    with pytest.raises(ValidationError) as error:
        services.solve_surrounding(
            place, actor=officer, now=now, note="清理", solved_on=localdate(now), proofs=[]
        )
    assert "proofs" in error.value.message_dict
    with pytest.raises(ValidationError):
        services.solve_surrounding(
            place, actor=officer, now=now, note=" ", solved_on=localdate(now), proofs=[a_pdf()]
        )
    with pytest.raises(ValidationError):
        services.solve_surrounding(
            place, actor=officer, now=now, note="清理", solved_on=localdate(now) + timedelta(days=1),
            proofs=[a_pdf()],
        )  # fmt: skip
    row = solved(place, officer, now)
    assert row.status == "solved"
    assert row.look_again_on > localdate(now)
    assert attachments_of(row, "after").count() == 1
    with pytest.raises(NotAllowed):
        solved(place, officer, now)


def test_somebody_else_looks_again(place, officer, principal, stranger, now):
    solved(place, officer, now)
    for person in (officer, stranger):
        with pytest.raises(NotAllowed):
            services.look_again(place, actor=person, now=now, outcome="gone")
    row = services.look_again(place, actor=principal, now=now, outcome="gone", photos=[a_photo()])
    assert (row.status, row.outcome) == ("closed", "gone")
    with pytest.raises(NotAllowed):
        services.look_again(place, actor=principal, now=now, outcome="gone")


def test_what_is_back_is_open_again(place, officer, principal, clerk, leader, now):
    solved(place, officer, now)
    with pytest.raises(ValidationError):
        services.look_again(place, actor=principal, now=now, outcome="back", note="")
    row = services.look_again(place, actor=principal, now=now, outcome="back", note="放学时又来了")
    assert (row.status, row.came_back_count) == ("recorded", 1)
    letter_sent([row], clerk, leader, now)
    solved(row, officer, now)
    row = services.look_again(row, actor=principal, now=now, outcome="back", note="又来了")
    assert (row.status, row.came_back_count) == ("sent", 2)  # the letter's clock still runs


def test_the_bureau_takes_out_what_is_none(place, officer, clerk, now):
    with pytest.raises(NotAllowed):
        services.drop_surrounding(place, actor=officer, now=now, note="误报")
    with pytest.raises(ValidationError):
        services.drop_surrounding(place, actor=clerk, now=now, note=" ")
    assert services.drop_surrounding(place, actor=clerk, now=now, note="误报").status == "dropped"


def test_what_stands_in_an_open_letter_is_not_taken_out(place, clerk, leader, now):
    letter_sent([place], clerk, leader, now)
    with pytest.raises(ValidationError):
        services.drop_surrounding(place, actor=clerk, now=now, note="误报")
