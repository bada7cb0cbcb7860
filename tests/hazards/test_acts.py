"""The verbs beyond reporting: what they change, what they write down, whom they tell, what they refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localdate

from hazards import services
from hazards.models import Extension, Hazard
from hazards.services.planning import EditedMeanwhile
from hazards.workflow import Closure, Grade, NotAllowed, Source, Status, missing_slots
from schoolsafety.core.audit import history_of
from schoolsafety.core.models import Notification, Preference
from tests.factories import HazardFactory
from tests.hazards.ways import plan_it, plan_values, state_of, verbs_of


def now():
    return timezone.now()


def in_days(count):
    return localdate() + timedelta(days=count)


@pytest.fixture
def submitted(make, officer, photo):
    return services.submit(make(), actor=officer, measure="已清走", photos=[photo()], now=now())


@pytest.fixture
def handed_in(planned, principal, clerk, officer, photo):
    """A major hazard, planned, accepted and rectified."""
    services.sign_plan(planned, actor=principal, now=now())
    services.accept_plan(planned, actor=clerk, now=now())
    return services.submit(planned, actor=officer, measure="换箱体", photos=[photo()], cost=4700, now=now())


# --- grading -------------------------------------------------------------------------------------
def test_a_general_grade_keeps_the_deadline_and_sends_the_case_to_rectification(make, clerk, officer):
    hazard = make()
    graded = services.grade(hazard, actor=clerk, grade="general", reason="小问题", now=now())
    assert (graded.status, graded.grade, graded.due_on) == (Status.RECTIFYING, Grade.GENERAL, hazard.due_on)
    assert Notification.objects.filter(user=officer, needs_action=True).count() == 1
    event = history_of(hazard)[0]
    assert (event.verb, event.words.text) == ("hazards.grade", "小问题")
    assert event.payload.count(f"district_staff@{clerk.posts[0][0]}") == 1


def test_a_major_grade_gives_workdays_and_asks_for_a_plan(make, clerk, monday):
    hazard = make(proposed_grade=Grade.MAJOR, now=monday)
    graded = services.grade(hazard, actor=clerk, grade="major", reason="漏电", now=monday)
    assert (graded.status, graded.due_on) == (Status.PLANNING, monday.date() + timedelta(days=42))
    assert graded.plan.version == 1


@pytest.mark.parametrize("who", ["officer", "principal", "staff", "stranger", "auditor", "admin"])
def test_only_the_bureau_grades(make, request, who):
    hazard = make()
    before = state_of(hazard)
    with pytest.raises(NotAllowed):
        services.grade(
            hazard, actor=request.getfixturevalue(who), grade="general", reason="小问题", now=now()
        )
    assert state_of(hazard) == before


@pytest.mark.parametrize("change", [{"reason": " "}, {"due_on": in_days(-1)}, {"grade": "huge"}])
def test_a_grade_needs_a_reason_and_a_day_to_come(make, clerk, change):
    hazard = make()
    before = state_of(hazard)
    with pytest.raises(ValueError if "grade" in change else ValidationError):
        services.grade(hazard, actor=clerk, now=now(), **{"grade": "general", "reason": "小问题"} | change)
    assert state_of(hazard) == before


def test_regrading_upwards_asks_for_the_plan_and_downwards_spares_it(submitted, clerk, make):
    up = services.regrade(submitted, actor=clerk, grade="major", reason="更严重", now=now())
    assert (up.status, up.is_open) == (Status.PLANNING, True)
    down = services.regrade(up, actor=clerk, grade="general", reason="复核", now=now())
    assert down.status == Status.RECTIFYING
    with pytest.raises(ValidationError):
        services.regrade(down, actor=clerk, grade="general", reason="再次", now=now())


def test_what_is_no_hazard_and_what_is_anothers_is_closed_apart(make, clerk):
    wrong = services.dismiss(make(), actor=clerk, note="拍错了", now=now())
    other = services.transfer(make(), actor=clerk, to="供电公司", note="校外", now=now())
    assert (wrong.status, wrong.closure, wrong.closed_on) == (Status.CLOSED, Closure.MISTAKEN, localdate())
    assert (other.closure, other.transferred_to) == (Closure.TRANSFERRED, "供电公司")


# --- the plan ------------------------------------------------------------------------------------
def test_the_plan_is_signed_accepted_and_its_deadline_holds(planned, principal, clerk):
    signed = services.sign_plan(planned, actor=principal, now=now())
    assert (signed.status, signed.plan.signed_by) == (Status.SIGNED, principal)
    assert Notification.objects.filter(user=clerk, url=planned.get_absolute_url()).exists()
    accepted = services.accept_plan(planned, actor=clerk, now=now())
    assert (accepted.status, accepted.due_on) == (Status.RECTIFYING, accepted.plan.deadline)
    assert (accepted.plan.accepted_by, accepted.responsible) == (clerk, "王建国")


def test_an_incomplete_or_unprotected_plan_is_not_signed(major, officer, principal):
    services.save_plan(major, actor=officer, values=plan_values(), version=1, now=now())
    services.sign_responsibility(major, actor=principal, now=now())
    with pytest.raises(NotAllowed):
        services.sign_plan(major, actor=principal, now=now())
    services.protect(major, actor=officer, closed="地下室", watch="赵敏", now=now())
    services.save_plan(
        major, actor=officer, values=plan_values(funds_allocated=Decimal(1)), version=2, now=now()
    )
    with pytest.raises(NotAllowed):
        services.sign_plan(major, actor=principal, now=now())


def test_a_returned_plan_loses_its_signature_also_while_work_goes_on(planned, principal, clerk, officer):
    services.sign_plan(planned, actor=principal, now=now())
    back = services.return_plan(planned, actor=clerk, note="措施不具体", now=now())
    assert (back.status, back.plan.signed_at) == (Status.PLANNING, None)
    services.sign_plan(planned, actor=principal, now=now())
    services.accept_plan(planned, actor=clerk, now=now())
    again = services.return_plan(planned, actor=clerk, note="方案要改", now=now())
    assert (again.status, again.plan.accepted_at) == (Status.PLANNING, None)


def test_another_responsible_person_must_sign_again(planned, officer):
    plan = services.save_plan(
        planned, actor=officer, values=plan_values(responsible_person="赵敏"), version=2, now=now()
    )
    assert plan.responsible_signed_at is None
    assert "responsibility" in missing_slots(plan, "five")


def test_the_responsible_person_or_the_principal_signs_nobody_else(major, officer, staff, principal):
    with pytest.raises(NotAllowed):  # nobody is named yet
        services.sign_responsibility(major, actor=principal, now=now())
    services.save_plan(
        major, actor=officer, values=plan_values(responsible_person=staff.name), version=1, now=now()
    )
    with pytest.raises(NotAllowed):
        services.sign_responsibility(major, actor=officer, now=now())
    plan = services.sign_responsibility(major, actor=staff, now=now())
    assert plan.responsible_signed_by == staff
    with pytest.raises(NotAllowed):
        services.sign_responsibility(major, actor=principal, now=now())


def test_a_stale_plan_is_refused_with_what_stands_now(major, officer, principal):
    services.save_plan(major, actor=officer, values=plan_values(measures="换箱体"), version=1, now=now())
    with pytest.raises(EditedMeanwhile) as conflict:
        services.save_plan(major, actor=principal, values=plan_values(), version=1, now=now())
    assert conflict.value.plan.measures == "换箱体"


def test_a_plan_without_money_counts_when_its_source_says_so(major, officer):
    plan = services.save_plan(
        major, actor=officer, version=1, now=now(),
        values=plan_values(funds_planned=Decimal(0), funds_allocated=None, funds_source="无需资金"),
    )  # fmt: skip
    assert "funds" not in missing_slots(plan, "five")


# --- handing in, verifying, closing --------------------------------------------------------------
def test_a_rectification_needs_words_and_a_proof(make, officer, photo, paper):
    hazard = make()
    for change in ({"photos": []}, {"measure": " ", "photos": [photo()]}):
        with pytest.raises(ValidationError):
            services.submit(hazard, actor=officer, now=now(), **{"measure": "已清走"} | change)
    done = services.submit(hazard, actor=officer, measure="补签责任书", papers=[paper()], now=now())
    assert (done.status, done.submitted_by, done.responsible) == (Status.SUBMITTED, officer, "李明")


def test_whose_turn_it_is_is_told_after_handing_in(make, officer, principal, clerk, photo):
    services.submit(make(), actor=officer, measure="已清走", photos=[photo()], now=now())
    assert {row.user for row in Notification.objects.filter(needs_action=True)} == {principal}
    inspected = make(actor=clerk, source=Source.INSPECTION)
    services.submit(inspected, actor=officer, measure="已清走", photos=[photo()], now=now())
    waiting = Notification.objects.filter(needs_action=True, url=inspected.get_absolute_url(), read_at=None)
    assert {row.user for row in waiting} == {clerk}


def test_the_principal_writes_off_what_the_officer_fixed_and_not_what_they_fixed(
    submitted, make, principal, photo
):
    closed = services.close(submitted, actor=principal, now=now())
    assert (closed.grade, closed.closure, closed.closed_by) == (Grade.GENERAL, Closure.RECTIFIED, principal)
    own = services.submit(make(), actor=principal, measure="已清走", photos=[photo()], now=now())
    with pytest.raises(NotAllowed):
        services.close(own, actor=principal, now=now())


def test_a_bureau_can_keep_the_write_off_to_itself(submitted, principal, clerk, district):
    Preference.objects.create(organisation=district, key="hazards.school_may_close", value=False)
    with pytest.raises(NotAllowed):
        services.close(submitted, actor=principal, now=now())
    assert services.close(submitted, actor=clerk, now=now()).status == Status.CLOSED


def test_a_major_hazard_is_verified_before_it_is_written_off(handed_in, clerk, leader, principal):
    for person in (clerk, principal):
        with pytest.raises(NotAllowed):
            services.close(handed_in, actor=person, now=now())
    checked = services.verify(handed_in, actor=clerk, mode="on_site", note="已看", now=now())
    assert (checked.status, checked.verified_by, checked.verification) == (Status.VERIFIED, clerk, "on_site")
    closed = services.close(handed_in, actor=leader, closure=Closure.DEMOLISHED, now=now())
    assert (closed.closure, closed.closed_by) == (Closure.DEMOLISHED, leader)
    assert handed_in.plan.__class__.objects.get(hazard=handed_in).funds_spent == 4700


def test_sent_back_means_done_again_and_verified_again(handed_in, clerk, officer, photo):
    services.verify(handed_in, actor=clerk, mode="material", now=now())
    back = services.send_back(handed_in, actor=clerk, note="锁没有装", now=now())
    assert (back.status, back.sent_back_count, back.verified_by) == (Status.RECTIFYING, 1, None)
    again = services.submit(back, actor=officer, measure="已装锁", photos=[photo()], now=now())
    with pytest.raises(NotAllowed):
        services.close(again, actor=clerk, now=now())


@pytest.mark.parametrize("closure", [Closure.MISTAKEN, Closure.DUPLICATE, "gone"])
def test_a_write_off_says_how_it_was_done(submitted, clerk, closure):
    with pytest.raises(ValidationError):
        services.close(submitted, actor=clerk, closure=closure, now=now())


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"grade": Grade.GENERAL, "closure": "rectified"}, Status.RECTIFYING),
        ({"grade": Grade.MAJOR, "proposed_grade": Grade.MAJOR, "closure": "transferred"}, Status.PLANNING),
        ({"grade": "", "proposed_grade": Grade.MAJOR, "closure": "mistaken"}, Status.REPORTED),
        ({"grade": "", "closure": "mistaken"}, Status.RECTIFYING),
    ],
)
def test_a_reopened_case_goes_on_where_it_lacks_something(school, clerk, row, status):
    hazard = HazardFactory(school=school, closed=True, submitted_at=now(), **row)
    again = services.reopen(hazard, actor=clerk, note="又坏了", due_on=in_days(3), now=now())
    assert (again.status, again.due_on, again.reopened_count) == (status, in_days(3), 1)
    assert (again.closed_at, again.closure, again.submitted_at) == (None, "", None)


def test_a_merged_case_is_not_reopened(make, clerk):
    gone = services.merge(make(), into=make(), actor=clerk, note="同一处", now=now())
    with pytest.raises(ValidationError):
        services.reopen(gone, actor=clerk, note="又坏了", now=now())


# --- extensions ----------------------------------------------------------------------------------
@pytest.fixture
def asked(make, clerk, officer):
    hazard = services.grade(make(), actor=clerk, grade="general", reason="小问题", now=now())
    services.ask_extension(hazard, actor=officer, reason="等配件", due_on=in_days(9), now=now())
    return hazard


def test_an_extension_is_granted_as_asked_for_or_otherwise_and_all_dates_stay(asked, clerk):
    assert Notification.objects.filter(user=clerk, needs_action=True).exists()
    services.decide_extension(
        asked, actor=clerk, is_granted=True, answer="同意", new_due_on=in_days(5), now=now()
    )
    extension = Extension.objects.get()
    assert (extension.old_due_on, extension.asked_due_on, extension.new_due_on) == (
        localdate(), in_days(9), in_days(5),
    )  # fmt: skip
    fresh = Hazard.objects.get(pk=asked.pk)
    assert (fresh.due_on, fresh.first_due_on) == (in_days(5), localdate())


def test_a_refused_extension_changes_no_deadline_and_needs_an_answer(asked, clerk):
    with pytest.raises(ValidationError):
        services.decide_extension(asked, actor=clerk, is_granted=False, answer="", now=now())
    services.decide_extension(asked, actor=clerk, is_granted=False, answer="不能拖", now=now())
    assert Hazard.objects.get(pk=asked.pk).due_on == localdate()
    with pytest.raises(NotAllowed):
        services.decide_extension(asked, actor=clerk, is_granted=True, answer="", now=now())


def test_one_request_at_a_time_and_only_for_a_later_day(asked, officer, make):
    with pytest.raises(NotAllowed):
        services.ask_extension(asked, actor=officer, reason="再等", due_on=in_days(10), now=now())
    other = HazardFactory(school=asked.school, rectifying=True)
    with pytest.raises(ValidationError):
        services.ask_extension(other, actor=officer, reason="等", due_on=localdate(), now=now())


def test_a_request_left_open_can_still_be_decided_after_handing_in(asked, officer, clerk, principal, photo):
    services.submit(asked, actor=officer, measure="已修", photos=[photo()], now=now())
    with pytest.raises(NotAllowed):
        services.close(asked, actor=principal, now=now())
    services.decide_extension(asked, actor=clerk, is_granted=True, answer="", now=now())
    assert services.close(asked, actor=principal, now=now()).status == Status.CLOSED


# --- merging and reminding -----------------------------------------------------------------------
def test_duplicates_are_suggested_by_place_and_item_among_open_hazards(make, officer):
    hazard = make(item_code="XF-01")
    same_place, same_item = make(), make(place="别处", item_code="XF-01")
    make(place="操场")
    HazardFactory(school=hazard.school, place=hazard.place, closed=True)
    assert set(services.suggest_duplicates(hazard)) == {same_place, same_item}


def test_a_major_hazard_is_not_merged_into_a_general_one(make, clerk):
    major, general = make(proposed_grade=Grade.MAJOR), make()
    with pytest.raises(ValidationError):
        services.merge(major, into=general, actor=clerk, note="同一处", now=now())
    assert services.merge(general, into=major, actor=clerk, note="同一处", now=now()).merged_into == major


def test_the_officer_merges_own_general_findings_only(make, officer, clerk):
    assert services.merge(make(), into=make(), actor=officer, note="同一处", now=now()).closure == "duplicate"
    with pytest.raises(NotAllowed):
        services.merge(
            make(actor=clerk, source=Source.INSPECTION), into=make(), actor=officer, note="同", now=now()
        )


def test_the_morning_reminds_once_however_often_it_runs(make, school, officer, principal, neighbour):
    late = HazardFactory(school=school, rectifying=True, due_on=in_days(-2))
    HazardFactory(school=school, submitted=True, due_on=in_days(-2))
    HazardFactory(school=school, rectifying=True)
    assert services.remind_overdue(on=localdate(), now=now()) == 1
    assert services.remind_overdue(on=localdate(), now=now()) == 0
    assert verbs_of(late) == ["remind"]
    assert Notification.objects.filter(verb="hazards.remind").count() == 2
    assert services.remind_overdue(on=in_days(1), now=now()) == 2  # tomorrow's second one is due today


def test_the_bureau_chases_what_waits_for_the_school(make, clerk, officer, submitted):
    hazard = make()
    services.chase(hazard, actor=clerk, note="请今天完成", now=now())
    assert Notification.objects.filter(user=officer, verb="hazards.chase", needs_action=True).exists()
    for person, row in ((officer, hazard), (clerk, submitted)):
        with pytest.raises(NotAllowed):
            services.chase(row, actor=person, now=now())


def test_a_stale_copy_decides_nothing(submitted, principal, clerk):
    """Two people hold the same page; whoever comes second is refused by the row as it is now."""
    mine, theirs = Hazard.objects.get(pk=submitted.pk), Hazard.objects.get(pk=submitted.pk)
    services.close(mine, actor=principal, now=now())
    with pytest.raises(NotAllowed):
        services.send_back(theirs, actor=clerk, note="不行", now=now())
    assert verbs_of(submitted)[-1] == "close"


def test_an_act_that_fails_leaves_no_event(make, officer, paper):
    hazard = make()
    before = state_of(hazard)
    with pytest.raises(ValidationError):
        services.submit(hazard, actor=officer, measure="已清走", photos=[paper("x.jpg")], now=now())
    assert state_of(hazard) == before


def test_a_plan_proof_is_kept_under_its_slot(major, officer, principal, paper, photo):
    plan_it(major, officer, principal)
    proofs = {"funds": [paper()], "measures": [photo()]}
    services.save_plan(major, actor=officer, values={}, version=2, proofs=proofs, now=now())
    from schoolsafety.core.files import attachments_of  # noqa: PLC0415 -- only this test asks

    assert {file.purpose for file in attachments_of(major)} == {"funds", "measures"}


def test_two_runs_of_the_morning_at_once_remind_once(school, officer):
    """Both have read the same overdue row; the claim in the database lets one of them through."""
    late = HazardFactory(school=school, rectifying=True, due_on=in_days(-2))
    twice = [services.reminding._remind(late, localdate(), now(), days=-2, is_wide=True) for _run in range(2)]
    assert twice == [True, False]
    assert verbs_of(late) == ["remind"]
