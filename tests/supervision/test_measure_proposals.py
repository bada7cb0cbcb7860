"""Triggers propose, once for each finding; a person takes up or dismisses; a bureau sets its own triggers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from hazards.models import RectificationPlan
from hazards.workflow import NotAllowed
from inspections.models import PatrolDay
from schoolsafety.core import jobs
from schoolsafety.core.models import Job, Organisation
from supervision import schedule_measures
from supervision.models import Measure, MeasureTrigger, Proposal
from supervision.services import measures
from supervision.workflow.measure_triggers import Look, is_met
from tests.factories import UserFactory
from tests.inspections.notice_ways import issued_at, notices
from tests.supervision.measure_ways import NOW, TODAY, draft_of, hazard_at, held, issued, verbs_of

WEEK = timedelta(days=7)


def look(on=TODAY):
    return measures.propose_all(today=on, now=NOW)


def codes():
    return set(Proposal.objects.values_list("trigger__code", flat=True))


def only(code):
    """Leave one built-in trigger in use."""
    MeasureTrigger.objects.exclude(code=code).update(is_active=False)


def major_at(school, weeks, **what):
    graded = NOW - weeks * WEEK
    return hazard_at(school, rectifying=False, major=True, graded_at=graded, due_on=None, **what)


# What is found.


def test_the_built_in_triggers_look_at_everything_and_have_a_basis(db):
    rows = MeasureTrigger.objects.filter(organisation=None)
    assert set(rows.values_list("look", flat=True)) == set(Look.values)
    assert all(row.basis for row in rows)


@pytest.mark.parametrize(
    ("late", "found"), [(7, set()), (14, {"overdue-interview"}), (28, {"overdue-circular"})]
)
def test_an_overdue_hazard_is_proposed_by_workdays(late, found, school):
    hazard_at(school, due_on=TODAY - timedelta(days=late))
    look()
    assert codes() == found


def test_a_major_one_may_have_its_own_threshold(school):
    hazard = hazard_at(school, grade="major", proposed_grade="major", due_on=TODAY - 2 * WEEK, interim_at=NOW)
    MeasureTrigger.objects.filter(code="overdue-interview").update(threshold=5)
    look()
    assert codes() == {"overdue-card"}
    assert hazard.measure_proposals.get().kind == "yellow_card"


def test_a_higher_rung_takes_the_place_of_the_lower_one(school, clerk):
    hazard_at(school, due_on=TODAY - 2 * WEEK)
    look()
    look(TODAY + 2 * WEEK)
    lower, higher = Proposal.objects.order_by("pk")
    assert (lower.kind, lower.status) == ("interview", "lapsed")
    assert (higher.kind, higher.status) == ("circular", "open")
    assert verbs_of(lower) == ["propose_measure", "supersede_proposal"]
    measures.dismiss(higher, actor=clerk, reason="已办", now=NOW)
    assert look(TODAY + 3 * WEEK) == 0


def test_what_is_handed_in_or_in_time_is_not_proposed(school, officer):
    hazard_at(school, rectifying=False, submitted=True, submitted_by=officer)
    hazard_at(school, due_on=TODAY)
    assert look() == 0


def test_a_major_hazard_without_plan_signature_or_protection(school):
    major_at(school, 2)
    look()
    assert codes() == {"no-plan-interview", "unprotected-stop"}  # one interview, not two


def test_a_responsibility_that_nobody_signed_for(school):
    only("unsigned-interview")
    major_at(school, 2)
    look()
    assert codes() == {"unsigned-interview"}


def test_a_plan_signed_or_protection_recorded_is_not_proposed(school, principal):
    hazard = major_at(school, 5, interim_at=NOW)
    hazard.status = "signed"
    hazard.save()
    RectificationPlan.objects.create(hazard=hazard, responsible_signed_at=NOW)
    assert look() == 0


def test_a_refused_notice_is_proposed_once(school, district, clerk):
    notice = issued_at(school, district, clerk, now=NOW - WEEK)
    notices.record_refusal(notice, actor=clerk, note="校门紧闭", witness="王强", now=NOW)
    only("refused-circular")
    look()
    proposal = Proposal.objects.get()
    assert "校门紧闭" in measures.sentence("refused", proposal.facts)
    assert proposal.hazard == notice.items.get().hazard
    assert look(TODAY + WEEK) == 0


def test_a_run_of_missed_patrols_is_counted_from_the_newest_due_day(school, neighbour):
    for back, patrols in ((1, 0), (2, 0), (3, 0), (4, 1), (5, 0)):
        PatrolDay.objects.create(school=school, day=TODAY - timedelta(days=back), patrols=patrols)
    for back, patrols in ((1, 1), (2, 0), (3, 0), (4, 0)):
        PatrolDay.objects.create(school=neighbour, day=TODAY - timedelta(days=back), patrols=patrols)
    look()
    proposal = Proposal.objects.get()
    assert (proposal.school, proposal.facts["n"]) == (school, 3)
    assert look(TODAY) == 0


def test_a_late_report_after_an_interview_proposes_the_next_rung(school, clerk, leader):
    measure = held(school, clerk, leader)
    only("step-late-card")
    look(TODAY + timedelta(days=10))
    assert codes() == set()
    look(TODAY + timedelta(days=20))
    assert set(Proposal.objects.values_list("kind", flat=True)) == {"yellow_card"}
    assert measure.number in measures.sentence("step_late", Proposal.objects.first().facts)


@pytest.mark.parametrize(
    ("short", "long", "met"), [(2, 2, False), (3, 3, True), (2, 3, False), (2, 4, True), (0, 5, True)]
)
def test_the_counter_of_penalties(short, long, met):
    trigger = MeasureTrigger(look=Look.PENALTIES, threshold=3)
    assert is_met(trigger, short, long_count=long) is met


def test_three_penalties_and_a_major_hazard_propose_to_ask_for_closure(school, clerk, leader):
    only("penalties-close")
    for _index in range(3):
        issued("penalty", school, clerk, leader)
    later = TODAY + timedelta(days=40)
    assert look(later) == 0  # no major hazard
    hazard_at(school, grade="major", due_on=later)
    assert look(later) == 1
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.facts) == ("referral", {"n": 3, "year": 3})
    assert look(later + timedelta(days=1)) == 0


def test_a_revoked_or_old_penalty_does_not_count(school, clerk, leader):
    only("penalties-close")
    rows = [issued("penalty", school, clerk, leader) for _index in range(3)]
    hazard_at(school, grade="major", due_on=TODAY + timedelta(days=300))
    Measure.objects.filter(pk=rows[0].pk).update(status="revoked")
    assert look(TODAY + timedelta(days=40)) == 0
    Measure.objects.filter(pk=rows[0].pk).update(status="issued")
    assert look(TODAY + timedelta(days=30 + 180)) == 0


def test_money_that_is_not_in_place_aggravates_and_proposes_nothing_by_itself(school):
    only("funds-aggravating")
    hazard = hazard_at(school)
    RectificationPlan.objects.create(
        hazard=hazard, funds_planned=Decimal(5000), funds_allocated=Decimal(1000)
    )
    assert look() == 0
    MeasureTrigger.objects.filter(code="overdue-interview").update(is_active=True)
    look()
    proposal = Proposal.objects.get()
    assert proposal.aggravating == [{"planned": "5,000.00", "allocated": "1,000.00"}]
    assert "资金不到位" in proposal.basis


# Once, frozen, and not beside a measure of the same kind.


def test_the_same_finding_is_proposed_once_and_a_new_deadline_again(school, clerk):
    hazard = hazard_at(school)
    only("overdue-interview")
    assert (look(), look(), look(TODAY + WEEK)) == (1, 0, 0)
    measures.dismiss(Proposal.objects.get(), actor=clerk, reason="已延期", now=NOW)
    hazard.due_on = TODAY
    hazard.save()
    assert look(TODAY + 2 * WEEK) == 1
    assert Proposal.objects.order_by("pk").first().facts["due_on"] == str(TODAY - timedelta(days=20))


def test_nothing_is_proposed_while_such_a_measure_is_under_way(school, clerk, leader):
    hazard = hazard_at(school)
    only("overdue-interview")
    draft_of("interview", school, clerk, hazard=hazard)
    assert look() == 0


def test_a_closed_hazard_lets_its_proposal_lapse(school, clerk):
    hazard = hazard_at(school)
    only("overdue-interview")
    look()
    type(hazard).objects.filter(pk=hazard.pk).update(
        status="closed", closure="rectified", closed_at=NOW, closed_on=TODAY
    )
    look()
    proposal = Proposal.objects.get()
    assert proposal.status == "lapsed"
    assert verbs_of(proposal) == ["propose_measure", "lapse_proposal"]
    with pytest.raises(NotAllowed):
        measures.take_up(proposal, actor=clerk, now=NOW)


def test_the_cost_does_not_grow_with_the_schools_that_have_nothing(
    school, district, django_assert_max_num_queries
):
    for number in range(30):
        Organisation.objects.create(
            name=f"第{number}小学", code=f"X{number}", kind="primary", parent=district
        )
    with django_assert_max_num_queries(20):
        look()


# A person decides.


@pytest.fixture
def proposal(school):
    only("overdue-interview")
    hazard_at(school, title="疏散通道堆物")
    look()
    return Proposal.objects.get()


def test_taking_it_up_fills_a_draft_in(proposal, clerk):
    measure = measures.take_up(proposal, actor=clerk, now=NOW)
    assert (measure.kind, measure.status, measure.hazard) == ("interview", "draft", proposal.hazard)
    assert "疏散通道堆物" in measure.facts
    assert "2026年11月4日" in measure.facts
    assert "第十五条" in measure.basis
    assert verbs_of(proposal) == ["propose_measure", "take_up_proposal"]
    with pytest.raises(NotAllowed):
        measures.take_up(proposal, actor=clerk, now=NOW)
    assert Measure.objects.count() == 1


def test_dismissing_it_needs_a_reason(proposal, clerk):
    with pytest.raises(ValidationError):
        measures.dismiss(proposal, actor=clerk, reason=" ", now=NOW)
    measures.dismiss(proposal, actor=clerk, reason="已现场督办", now=NOW)
    with pytest.raises(NotAllowed):
        measures.dismiss(proposal, actor=clerk, reason="再次", now=NOW)
    assert look(TODAY + WEEK) == 0


def test_others_do_not_decide(proposal, officer, principal, auditor, stranger, other_district):
    foreign = UserFactory(post=(other_district, "district_staff"))
    for actor in (officer, principal, auditor, stranger, foreign):
        for act in (
            lambda who: measures.take_up(proposal, actor=who, now=NOW),
            lambda who: measures.dismiss(proposal, actor=who, reason="x", now=NOW),
        ):
            with pytest.raises(NotAllowed):
                act(actor)
    assert not Measure.objects.exists()
    assert [Proposal.objects.visible_to(who).count() for who in (officer, principal, stranger, foreign)] == [
        0
    ] * 4


def test_a_stop_of_use_is_only_led_to(school, clerk):
    major_at(school, 2)
    look()
    proposal = Proposal.objects.get(kind="stop")
    assert measures.take_up(proposal, actor=clerk, now=NOW) is None
    assert not Measure.objects.exists()


# A bureau's own triggers.


def save(trigger, bureau, actor, on=TODAY, **values):
    given = {
        "name": trigger.name,
        "threshold": 2,
        "kind": trigger.kind,
        "basis_text": "区方案",
        "is_active": True,
    }
    return measures.save_trigger(trigger, organisation=bureau, actor=actor, values=given | values, today=on)


def test_a_bureaus_own_row_holds_there_and_the_old_proposal_keeps_its_version(
    school, district, leader, other_district
):
    elsewhere = Organisation.objects.create(name="南区小学", code="N1", kind="primary", parent=other_district)
    only("overdue-interview")
    built_in = MeasureTrigger.objects.get(code="overdue-interview")
    own = save(built_in, district, leader)
    for place in (school, elsewhere):
        hazard_at(place, due_on=TODAY - timedelta(days=4))
    look()
    assert Proposal.objects.get().trigger == own  # two workdays are enough here only
    newer = save(own, district, leader, on=TODAY + WEEK, threshold=30)
    own.refresh_from_db()
    assert own.in_force_to == TODAY + WEEK - timedelta(days=1)
    assert (newer.pk, newer.threshold) != (own.pk, own.threshold)
    assert Proposal.objects.get().trigger == own
    again = save(newer, district, leader, on=TODAY + WEEK, threshold=31)
    assert again.pk == newer.pk


def test_a_trigger_can_be_put_out_of_use_at_a_bureau(school, district, leader):
    only("overdue-interview")
    save(MeasureTrigger.objects.get(code="overdue-interview"), district, leader, is_active=False)
    hazard_at(school)
    assert look() == 0


def test_only_a_leader_of_the_bureau_changes_it(district, clerk, officer, leader, city, school):
    trigger = MeasureTrigger.objects.get(code="overdue-interview")
    for actor, place in ((clerk, district), (officer, district), (leader, city), (leader, school)):
        with pytest.raises(NotAllowed):
            save(trigger, place, actor)
    with pytest.raises(ValidationError):
        save(trigger, district, leader, kind="")


# Each morning.


def test_each_workday_morning_has_one_job(school, db):
    before = timezone.make_aware(timezone.datetime(2026, 11, 24, 5, 0))
    assert schedule_measures.mornings(NOW - timedelta(days=1), before) == []
    assert schedule_measures.mornings(NOW - timedelta(days=1), NOW) == [("2026-11-24", {"day": "2026-11-24"})]
    sunday = NOW - timedelta(days=2)
    assert schedule_measures.mornings(sunday - timedelta(days=1), sunday) == []


def test_the_job_proposes_and_may_run_twice(school):
    hazard_at(school, due_on=timezone.localdate() - timedelta(days=40))
    job = jobs.enqueue(schedule_measures.JOB, now=timezone.now(), day=timezone.localdate().isoformat())
    jobs.run(job.pk, now=timezone.now())
    first = Proposal.objects.count()
    again = jobs.enqueue(schedule_measures.JOB, now=timezone.now(), day=timezone.localdate().isoformat())
    jobs.run(again.pk, now=timezone.now())
    assert (Job.objects.get(pk=job.pk).result["proposed"], Proposal.objects.count()) == (first, first)
    assert first
