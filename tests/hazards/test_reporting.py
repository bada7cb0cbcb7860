"""Reporting: once however often it is sent, by whoever belongs there, with its photos."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from hazards import services
from hazards.models import Hazard
from hazards.workflow import Grade, NotAllowed, Source, Status
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Attachment, Notification
from schoolsafety.core.preferences import REGISTRY
from tests.factories import CalendarDayFactory
from tests.hazards.conftest import a_photo
from tests.hazards.ways import verbs_of


def test_a_report_gets_the_next_number_of_its_school_and_is_due_today(make, monday):
    first, second = make(now=monday), make(now=monday)

    assert [first.number, second.number] == ["JB001-2026-0001", "JB001-2026-0002"]
    assert first.due_on == first.first_due_on == monday.date()
    assert (first.status, first.grade, first.is_backdated) == (Status.REPORTED, "", False)
    assert verbs_of(first) == ["report"]


def test_a_general_hazard_may_be_given_workdays_by_the_bureau(make, monday, school, monkeypatch):
    monkeypatch.setitem(
        REGISTRY, "hazards.general_days", type(REGISTRY["hazards.general_days"])(2, "", low=0, high=30)
    )
    CalendarDayFactory(day=(monday + timedelta(days=1)).date())

    assert make(now=monday).due_on == (monday + timedelta(days=3)).date()


def test_a_suspected_major_hazard_has_no_deadline_yet_and_the_bureau_hears_of_it(make, clerk):
    hazard = make(proposed_grade=Grade.MAJOR)

    assert hazard.due_on is None
    told = Notification.objects.get(user=clerk)
    assert told.needs_action
    assert hazard.title in told.text
    assert told.url == hazard.get_absolute_url()


def test_a_general_hazard_that_the_school_found_is_no_news_to_anybody(make, clerk, principal):
    make()
    assert Notification.objects.count() == 0


def test_what_the_bureau_found_is_told_to_the_school(make, clerk, officer, principal):
    make(actor=clerk, source=Source.INSPECTION)
    assert {row.user for row in Notification.objects.all()} == {officer, principal}


def test_the_same_report_sent_again_is_the_first_hazard(make):
    uuid = uuid4()
    first = make(client_uuid=uuid)
    again = make(client_uuid=uuid, title="又一次")

    assert again == first
    assert Hazard.objects.count() == 1
    assert make().number.endswith("0002")


def test_a_report_that_arrives_twice_at_once_is_one_hazard_and_takes_one_number(make, monkeypatch):
    """The second one has looked before the first was there; the database decides."""
    uuid = uuid4()
    first, looked = make(client_uuid=uuid), []
    known = services.reporting._known

    def blind_at_first(school, client_uuid):
        looked.append(client_uuid)
        return None if len(looked) == 1 else known(school, client_uuid)

    monkeypatch.setattr(services.reporting, "_known", blind_at_first)
    assert make(client_uuid=uuid) == first
    monkeypatch.undo()
    assert make().number.endswith("0002")


def test_the_key_of_another_schools_report_is_refused(make, neighbour, stranger):
    uuid = uuid4()
    make(client_uuid=uuid)
    with pytest.raises(ValidationError):
        make(school=neighbour, actor=stranger, client_uuid=uuid)


@pytest.mark.parametrize("who", ["stranger", "auditor", "admin"])
def test_only_people_of_the_school_and_of_its_bureau_report(make, request, who):
    with pytest.raises(NotAllowed):
        make(actor=request.getfixturevalue(who))
    assert Hazard.objects.count() == 0


@pytest.mark.parametrize("who", ["officer", "staff", "principal", "clerk", "leader", "city_clerk"])
def test_everyone_with_a_post_there_reports(make, request, who):
    assert make(actor=request.getfixturevalue(who)).pk


@pytest.mark.parametrize(
    "what",
    [
        {"title": "  "},
        {"place": ""},
        {"found_at": timezone.now() + timedelta(hours=1)},
        {"fixed_on_spot": True},
        {"fixed_on_spot": True, "photos": [1], "after_photos": [1], "proposed_grade": Grade.MAJOR},
    ],
)
def test_a_report_without_words_from_the_future_or_without_proof_is_refused(make, what):
    with pytest.raises(ValidationError):
        make(**what)
    assert Hazard.objects.count() == 0


def test_fixed_on_the_spot_goes_straight_to_verification(make, photo, officer):
    hazard = make(
        photos=[photo()], after_photos=[photo("after.jpg", "green")], fixed_on_spot=True, measure="已清走"
    )
    assert (hazard.status, hazard.is_fixed_on_spot, hazard.submitted_by) == (Status.SUBMITTED, True, officer)
    assert sorted(attachments_of(hazard).values_list("purpose", flat=True)) == ["after", "before"]


def test_a_report_of_yesterday_says_that_it_is_a_late_entry(make):
    now = timezone.now()
    hazard = make(found_at=now - timedelta(hours=25), now=now)
    assert hazard.is_backdated
    assert hazard.reported_at == now


def test_the_photo_of_a_finding_becomes_the_hazards_own(make):
    other = make(photos=[a_photo()])
    hazard = make(photos=[attachments_of(other).get()])

    shared = attachments_of(hazard).get()
    assert shared.file == attachments_of(other).get().file
    assert Attachment.objects.count() == 2


def test_a_bad_photo_leaves_nothing_behind(make, paper):
    with pytest.raises(ValidationError):
        make(photos=[paper("photo.jpg")])
    assert Hazard.objects.count() == 0
    assert make().number.endswith("0001")


def test_notes_and_protection_are_kept_in_the_history(make, officer, photo):
    hazard = make()
    services.comment(hazard, actor=officer, note="已通知后勤", photos=[photo()], now=timezone.now())
    done = services.protect(hazard, actor=officer, closed="东侧楼梯", watch="李明", now=timezone.now())

    assert (done.interim_closed, done.interim_watch, bool(done.interim_at)) == ("东侧楼梯", "李明", True)
    assert verbs_of(hazard) == ["report", "comment", "protect"]
    assert attachments_of(hazard, "note").count() == 1


@pytest.mark.parametrize(("closed", "watch"), [("", "李明"), ("东侧楼梯", " ")])
def test_protection_names_what_is_closed_and_who_watches(make, officer, closed, watch):
    with pytest.raises(ValidationError):
        services.protect(make(), actor=officer, closed=closed, watch=watch, now=timezone.now())


def test_reporting_costs_the_same_whoever_and_however_often(make, django_assert_max_num_queries):
    make()
    with django_assert_max_num_queries(22):
        make()
