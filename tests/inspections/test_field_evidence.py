"""Evidence from a phone: handed in where the case allows it, else kept beside it; never lost or doubled."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate

from hazards import services
from hazards.models import Category, Hazard
from hazards.workflow import Grade, NotAllowed, Source, Status
from inspections.field_payload import Evidence
from inspections.services.field_evidence import take_evidence
from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Post
from tests.factories import HazardFactory, UserFactory
from tests.hazards.ways import plan_it, state_of, verbs_of
from tests.inspections.conftest import picture
from tests.together import PEOPLE, together


def evidence(hazard, **changes):
    number = getattr(hazard, "number", hazard)
    values = {"hazard": number, "measure": "纸箱已清走", "photos": [], "cost": "12.50", "responsible": "赵敏"}
    return Evidence(**values | changes)


def take(hazard, actor, *, photos=1, record=None, **changes):
    shown = [picture() for _index in range(photos)]
    return take_evidence(
        evidence(hazard, **changes), getattr(hazard, "school", None), actor=actor, now=timezone.now(),
        photos=shown, client_uuid=record or uuid4(),
    )  # fmt: skip


@pytest.fixture
def hazard(school):
    return HazardFactory(school=school, rectifying=True)


@pytest.fixture
def major(school, officer, clerk):
    category = Category.objects.get(code="XF")
    now = timezone.now()
    found = services.report(
        school, actor=officer, title="配电箱线路裸露", place="东楼地下室", category=category, found_at=now,
        source=Source.SNAP, proposed_grade=Grade.MAJOR, now=now,
    )  # fmt: skip
    return services.grade(found, actor=clerk, grade=Grade.MAJOR, reason="漏电危险", now=now)


def proofs(hazard):
    return [photo.purpose for photo in files.attachments_of(hazard)]


def test_evidence_of_a_hazard_being_rectified_is_handed_in(hazard, officer):
    taken, why = take(hazard, officer, photos=2)
    assert (why, taken.pk, taken.status, taken.submitted_by) == ("", hazard.pk, Status.SUBMITTED, officer)
    assert (taken.measure, taken.cost, taken.responsible) == ("纸箱已清走", Decimal("12.50"), "赵敏")
    assert proofs(hazard) == ["after", "after"]
    assert verbs_of(hazard) == ["submit"]


@pytest.mark.parametrize("who", ["officer", "principal"])
def test_also_before_anybody_graded_a_general_hazard(school, request, who):
    taken, why = take(HazardFactory(school=school), request.getfixturevalue(who))
    assert (why, taken.status) == ("", Status.SUBMITTED)


def test_the_stored_photos_of_the_phone_are_lent_not_moved(hazard, officer):
    """What arrived ahead of the record is an Attachment: the hazard gets a row of its own over its bytes."""
    stored = files.store_photo(
        picture(), owner=officer, organisation=hazard.school, purpose="field", actor=officer,
        now=timezone.now(), client_uuid=uuid4(),
    )  # fmt: skip
    take_evidence(
        evidence(hazard),
        hazard.school,
        actor=officer,
        now=timezone.now(),
        photos=[stored],
        client_uuid=uuid4(),
    )
    (kept,) = files.attachments_of(hazard)
    assert (kept.sha256, kept.file, kept.purpose) == (stored.sha256, stored.file, "after")
    stored.refresh_from_db()
    assert stored.purpose == "field"


CLOSED = {"closure": "rectified", "closed_at": timezone.now(), "closed_on": localdate()}
STATES = {
    "submitted": ({"status": Status.SUBMITTED, "grade": "general"}, "已提交"),
    "verified": ({"status": Status.VERIFIED, "grade": "general"}, "已提交"),
    "closed": ({"status": Status.CLOSED, "grade": "general"} | CLOSED, "已销号，作为补充材料保存。"),
    "transferred": (
        {"status": Status.CLOSED, "grade": "general"} | CLOSED | {"closure": "transferred"}, "已转办",
    ),
    "suspected": ({"status": Status.REPORTED, "proposed_grade": "major"}, "须先核实定级"),
    "planning": ({"status": Status.PLANNING, "grade": "major", "proposed_grade": "major"}, "责任"),
    "signed": ({"status": Status.SIGNED, "grade": "major", "proposed_grade": "major"}, "责任"),
    "major without its plan": (
        {"status": Status.RECTIFYING, "grade": "major", "proposed_grade": "major"}, "责任",
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_what_cannot_be_handed_in_is_a_supplement_and_the_state_stays(state, school, officer):
    values, words = STATES[state]
    hazard = HazardFactory(school=school, **values)
    row, _verbs = state_of(hazard)
    taken, why = take(hazard, officer)
    assert words in why
    assert why.endswith("，作为补充材料保存。")
    assert state_of(hazard) == (row, ["supplement"])
    assert (taken.pk, proofs(hazard)) == (hazard.pk, ["note"])


def test_a_merged_hazard_says_into_which(school, officer):
    other = HazardFactory(school=school, rectifying=True)
    values = STATES["closed"][0] | {"closure": "duplicate", "merged_into": other}
    _taken, why = take(HazardFactory(school=school, **values), officer)
    assert other.number in why


def test_a_planned_major_hazard_waits_for_acceptance_and_then_is_handed_in(major, officer, principal, clerk):
    plan_it(major, officer, principal)
    _taken, why = take(major, officer)
    assert "尚未认可" in why
    services.sign_plan(major, actor=principal, now=timezone.now())
    services.accept_plan(major, actor=clerk, now=timezone.now())
    taken, why = take(major, officer, cost="4700.00")
    assert (why, taken.status) == ("", Status.SUBMITTED)
    assert taken.plan.funds_spent == Decimal(4700)


def test_not_done_yet_is_a_supplement_by_choice(hazard, officer):
    taken, why = take(hazard, officer, is_done=False, measure="先围起来")
    assert (taken.status, bool(why), verbs_of(hazard)) == (Status.RECTIFYING, True, ["supplement"])


def test_staff_show_what_they_did_but_do_not_hand_in(hazard, staff):
    taken, why = take(hazard, staff)
    assert taken.status == Status.RECTIFYING
    assert "安全主任" in why
    assert verbs_of(hazard) == ["supplement"]


def test_the_timeline_tells_words_who_and_money(hazard, officer, clerk):
    services.submit(hazard, actor=officer, measure="清走", photos=[picture()], now=timezone.now())
    take(hazard, officer, measure="<img src=x onerror=alert(1)>")
    line = lines_of(history_of(hazard))[0]
    assert (str(line["words"]), line["who"]) == ("<img src=x onerror=alert(1)>", str(officer))
    assert line["what"] == "补充整改材料：赵敏，12.50 元"


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("stranger", ValidationError),
        ("admin", ValidationError),
        ("auditor", NotAllowed),
        ("clerk", NotAllowed),
    ],
)
@pytest.mark.parametrize("is_done", [True, False])
def test_people_without_a_post_in_the_school_add_nothing(hazard, request, who, refusal, is_done):
    """Who does not see the hazard is told that there is none; who only reads it, that it is not theirs."""
    before = state_of(hazard)
    with pytest.raises(refusal):
        take(hazard, request.getfixturevalue(who), is_done=is_done)
    assert state_of(hazard) == before
    assert proofs(hazard) == []


def test_a_record_of_one_school_does_not_reach_the_hazard_of_another(hazard, neighbour):
    """Not even for an officer of both."""
    both = UserFactory(post=(hazard.school, "safety_officer"))
    Post.objects.create(user=both, organisation=neighbour, role="safety_officer", starts_on=date(2020, 1, 1))
    before = state_of(hazard)
    with pytest.raises(ValidationError):
        take_evidence(evidence(hazard), neighbour, actor=both, now=timezone.now(), photos=[picture()])
    assert state_of(hazard) == before
    assert take(hazard, both)[1] == ""


def test_anothers_hazard_and_none_at_all_are_refused_alike(school, neighbour, officer):
    said = []
    theirs = HazardFactory(school=neighbour, rectifying=True)
    for number in (theirs.number, "T-2026-99999"):
        with pytest.raises(ValidationError) as refused:
            take_evidence(
                evidence(number), school, actor=officer, now=timezone.now(), photos=[picture()],
                client_uuid=uuid4(),
            )  # fmt: skip
        said.append(refused.value.message_dict)
    assert said[0] == said[1] == {"hazard": ["贵校没有这个编号的隐患。"]}
    assert state_of(theirs)[1] == []


@pytest.mark.parametrize(
    ("changes", "photos", "field"), [({"measure": " "}, 1, "measure"), ({}, 0, "photos")]
)
def test_handing_in_needs_words_and_a_photo(hazard, officer, changes, photos, field):
    before = state_of(hazard)
    with pytest.raises(ValidationError) as refused:
        take(hazard, officer, photos=photos, **changes)
    assert list(refused.value.message_dict) == [field]
    assert state_of(hazard) == before


def test_a_supplement_needs_words_or_a_photo(hazard, officer):
    with pytest.raises(ValidationError):
        take(hazard, officer, photos=0, measure=" ", is_done=False)
    take(hazard, officer, photos=1, measure="", is_done=False)
    take(hazard, officer, photos=0, is_done=False)
    assert verbs_of(hazard) == ["supplement", "supplement"]


def test_the_same_record_twice_is_one_line_and_one_set_of_photos(hazard, officer):
    record = uuid4()
    first = take(hazard, officer, record=record)
    again = take(hazard, officer, record=record)
    assert (first[1], again[1]) == ("", "")
    assert (verbs_of(hazard), proofs(hazard)) == (["submit"], ["after"])
    late = uuid4()
    take(hazard, officer, record=late)
    assert take(hazard, officer, record=late)[1] != ""
    assert (verbs_of(hazard), len(proofs(hazard))) == (["submit", "supplement"], 2)


def test_the_service_itself_adds_a_record_once(hazard, officer):
    record = uuid4()
    for _time in range(2):
        services.supplement(
            hazard, actor=officer, measure="清走", now=timezone.now(), photos=[picture()], client_uuid=record
        )
    assert (verbs_of(hazard), proofs(hazard)) == (["supplement"], ["note"])


def test_typed_words_do_not_pass_for_a_record(hazard, officer):
    record = uuid4()
    forged = f'"record":"{record}"'
    services.supplement(hazard, actor=officer, measure=forged, responsible=forged, now=timezone.now())
    assert services.arrived(hazard, record) is None
    assert take(hazard, officer, record=record)[1] == ""


def test_a_later_deadline_on_the_server_holds(hazard, officer):
    """The phone still shows the old deadline: nothing of it comes along."""
    Hazard.objects.filter(pk=hazard.pk).update(due_on=localdate() + timedelta(days=9))
    taken, why = take(hazard, officer)
    assert (why, taken.due_on) == ("", localdate() + timedelta(days=9))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
def test_one_record_from_four_connections_is_handed_in_once(school):
    officers = [UserFactory(post=(school, "safety_officer")) for _index in range(PEOPLE)]
    hazard, record = HazardFactory(school=school, rectifying=True), uuid4()
    results = together(lambda index: take(hazard, officers[index], record=record))
    assert [why for _taken, why in results] == [""] * PEOPLE
    assert (verbs_of(hazard), proofs(hazard)) == (["submit"], ["after"])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
def test_four_people_show_the_same_hazard_fixed_and_nothing_is_lost(school):
    officers = [UserFactory(post=(school, "safety_officer")) for _index in range(PEOPLE)]
    hazard = HazardFactory(school=school, rectifying=True)
    results = together(lambda index: take(hazard, officers[index]))
    assert sorted(bool(why) for _taken, why in results) == [False, True, True, True]
    assert verbs_of(hazard) == ["submit", "supplement", "supplement", "supplement"]
    assert sorted(proofs(hazard)) == ["after", "note", "note", "note"]
