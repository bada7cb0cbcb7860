"""Look-backs: planned by rules at the close-out, their results, a rebound that reopens, the relapse rate."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import Closure, Grade, NotAllowed, Status
from schoolsafety.core.files import attachments_of
from schoolsafety.core.jobs import HANDLERS
from schoolsafety.core.models import Notification
from supervision.models import LookBack, LookBackRule
from supervision.services import looking_back
from supervision.workflow.looking_back import LookBackStatus, Result, Why, days_of, wilson
from tests.factories import CategoryFactory, HazardFactory, UserFactory
from tests.inspections.conftest import picture
from tests.supervision.stop_ways import NOW, TODAY, fields_of, later, major_at, move_to, verbs_of


def closed_major(school, officer, clerk, leader, now=NOW, closure=Closure.RECTIFIED):
    """A major hazard verified by staff and written off by the leader, through the real close-out."""
    hazard = move_to(major_at(school), Status.VERIFIED, by=officer, verified_by=clerk)
    return hazards.close(hazard, actor=leader, now=now, closure=closure)


@pytest.fixture
def look(school, officer, clerk, leader):
    closed_major(school, officer, clerk, leader)
    return LookBack.objects.select_related("hazard", "school").get()


def words(**changes):
    return {"result": "held", "note": "线路整齐，箱门上锁", "photos": [picture()]} | changes


def test_a_close_out_plans_the_look_by_the_default(look, district):
    assert (look.due_on, look.why, look.organisation) == (date(2026, 12, 24), Why.RULE, district)
    assert (look.closed_on, look.cycle, look.created_by) == (TODAY, 0, None)
    assert verbs_of(look) == ["plan_look_back"]
    assert "plan_look_back" not in verbs_of(look.hazard)


def test_a_day_off_moves_to_the_next_workday(school, district, officer, clerk, leader):
    LookBackRule.objects.create(organisation=district, grade=Grade.MAJOR, days=4)  # a Saturday
    closed_major(school, officer, clerk, leader)
    assert LookBack.objects.get().due_on == date(2026, 11, 30)


def test_general_hazards_are_looked_at_only_where_a_bureau_says_so(school, city, officer, clerk):
    def close_one():
        hazard = HazardFactory(school=school, submitted=True, submitted_by=officer)
        return hazards.close(hazard, actor=clerk, now=NOW)

    close_one()
    assert not LookBack.objects.exists()
    LookBackRule.objects.create(organisation=city, grade=Grade.GENERAL, days=10)
    close_one()
    assert LookBack.objects.get().due_on == date(2026, 12, 4)


RULES = [(1, "major", None, 60, True), (1, "major", "XF", 20, True), (2, "major", None, 90, True)]


@pytest.mark.parametrize(
    ("rules", "category", "days"),
    [
        ([], "XF", 30),
        (RULES[:1], "XF", 60),
        (RULES[:2], "XF", 20),
        (RULES[:2], "SP", 60),
        (RULES, "XF", 90),  # the nearer bureau's general rule before the farther one's special rule
        ([*RULES, (2, "major", "XF", 7, False)], "XF", None),
        ([(9, "major", None, 5, True)], "XF", 30),
        ([(1, "general", None, 5, True)], "XF", 30),
    ],
)
def test_the_nearest_bureau_and_the_category_decide(rules, category, days):
    assert days_of(rules, [1, 2, 7], "major", category) == days


@pytest.mark.parametrize("closure", [Closure.DEMOLISHED, Closure.USE_STOPPED])
def test_what_is_gone_is_not_looked_at_and_what_is_shut_is(school, officer, clerk, leader, closure):
    closed_major(school, officer, clerk, leader, closure=closure)
    assert LookBack.objects.count() == (closure == Closure.USE_STOPPED)


def test_a_transferred_or_mistaken_record_is_not_looked_at(school, clerk):
    hazards.transfer(major_at(school), actor=clerk, to="供电公司", note="校外", now=NOW)
    hazards.dismiss(HazardFactory(school=school), actor=clerk, note="不是隐患", now=NOW)
    assert not LookBack.objects.exists()


def test_held_is_kept_with_words_and_photos(look, clerk):
    row = looking_back.record(look, actor=clerk, now=later(20), **words())
    assert (row.status, row.result, row.looked_by) == (LookBackStatus.DONE, Result.HELD, clerk)
    assert row.looked_on == TODAY + timedelta(days=20)
    assert [file.purpose for file in attachments_of(row)] == ["look_back"]
    assert Hazard.objects.get(pk=look.hazard_id).status == Status.CLOSED
    assert verbs_of(look.hazard)[-1] == "looked_back"


def test_whoever_wrote_it_off_does_not_look_back(look, leader):
    before = fields_of(look)
    with pytest.raises(NotAllowed):
        looking_back.record(look, actor=leader, now=later(20), **words())
    assert fields_of(look) == before


@pytest.mark.parametrize("who", ["officer", "principal", "staff", "auditor", "stranger", "admin"])
def test_the_bureau_looks_back_nobody_else(look, request, who):
    before = fields_of(look)
    with pytest.raises(NotAllowed):
        looking_back.record(look, actor=request.getfixturevalue(who), now=later(20), **words())
    assert fields_of(look) == before


def test_the_city_may_look_back_too(look, city_clerk):
    assert looking_back.record(look, actor=city_clerk, now=later(20), **words()).looked_by == city_clerk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"note": " "}, "note"),
        ({"photos": []}, "photos"),
        ({"result": "partial"}, "again_on"),
        ({"result": "partial", "again_on": TODAY}, "again_on"),
        ({"result": "rebound", "due_on": TODAY - timedelta(days=1)}, "due_on"),
    ],
)
def test_what_a_result_lacks_is_named_and_nothing_is_kept(look, clerk, changes, field):
    before = fields_of(look), fields_of(look.hazard)
    with pytest.raises(ValidationError) as error:
        looking_back.record(look, actor=clerk, now=NOW, **words(**changes))
    assert set(error.value.error_dict) == {field}
    assert (fields_of(look), fields_of(look.hazard)) == before
    assert LookBack.objects.count() == 1


def test_partly_held_is_looked_at_again(look, clerk):
    day = TODAY + timedelta(days=40)
    looking_back.record(look, actor=clerk, now=later(20), **words(result="partial", again_on=day))
    again = LookBack.objects.due().get()
    assert (again.why, again.previous, again.due_on) == (Why.FOLLOW_UP, look, day)
    assert Hazard.objects.get(pk=look.hazard_id).status == Status.CLOSED


def test_a_rebound_reopens_the_case_and_counts(look, clerk, leader, officer):
    due = TODAY + timedelta(days=30)
    looking_back.record(look, actor=clerk, now=later(20), **words(result="rebound", due_on=due))
    hazard = Hazard.objects.get(pk=look.hazard_id)
    assert (hazard.status, hazard.reopened_count, hazard.due_on) == (Status.RECTIFYING, 1, due)
    assert verbs_of(hazard)[-2:] == ["looked_back", "reopen"]
    assert not LookBack.objects.due().exists()
    hazard = move_to(hazard, Status.VERIFIED, by=officer, verified_by=clerk)
    hazards.close(hazard, actor=leader, now=later(30))
    second = LookBack.objects.due().get()
    assert (second.cycle, second.hazard_id) == (1, look.hazard_id)


def test_a_rebound_without_a_day_is_due_the_next_workday(look, clerk):
    looking_back.record(look, actor=clerk, now=later(20), **words(result="rebound"))  # a Monday
    assert Hazard.objects.get(pk=look.hazard_id).due_on == TODAY + timedelta(days=21)


def test_a_second_press_neither_repeats_nor_reopens_twice(look, clerk, city_clerk):
    looking_back.record(look, actor=clerk, now=later(20), **words(result="rebound"))
    with pytest.raises(NotAllowed):
        looking_back.record(look, actor=city_clerk, now=later(20), **words(result="rebound"))
    assert Hazard.objects.get(pk=look.hazard_id).reopened_count == 1


def test_reopened_in_another_way_the_planned_look_is_dropped(look, leader):
    hazards.reopen(look.hazard, actor=leader, note="家长举报又裸露", now=later(3))
    look.refresh_from_db()
    assert look.status == LookBackStatus.CANCELLED
    assert verbs_of(look)[-1] == "drop_look_back"


def test_by_hand_once_and_only_at_what_was_written_off(school, officer, clerk, leader, look):
    with pytest.raises(NotAllowed):
        looking_back.plan(look.hazard, actor=clerk, due_on=TODAY, now=NOW)
    closed = HazardFactory(school=school, closed=True)
    with pytest.raises(NotAllowed):
        looking_back.plan(closed, actor=officer, due_on=TODAY, now=NOW)
    with pytest.raises(ValidationError):
        looking_back.plan(closed, actor=clerk, due_on=TODAY - timedelta(days=1), now=NOW)
    row = looking_back.plan(closed, actor=clerk, due_on=TODAY + timedelta(days=5), now=NOW)
    assert (row.why, row.created_by) == (Why.HAND, clerk)
    with pytest.raises(NotAllowed):
        looking_back.plan(HazardFactory(school=school, rectifying=True), actor=clerk, due_on=TODAY, now=NOW)


def test_the_database_keeps_one_due_look_a_hazard(look):
    with pytest.raises(IntegrityError), transaction.atomic():
        LookBack.objects.create(
            hazard=look.hazard, school=look.school, organisation=look.organisation, why=Why.HAND,
            closed_on=TODAY, due_on=TODAY, created_at=NOW,
        )  # fmt: skip


def test_the_bureaus_staff_hear_once_of_what_fell_due(look, clerk, leader):
    assert looking_back.remind(on=look.due_on - timedelta(days=1), now=later(29)) == 0
    assert looking_back.remind(on=look.due_on, now=later(30)) == 1
    assert looking_back.remind(on=look.due_on + timedelta(days=1), now=later(31)) == 0
    told = Notification.objects.filter(verb="supervision.look_back_due")
    assert [row.user for row in told] == [clerk]
    looking_back.record(look, actor=clerk, now=later(31), **words())
    assert not Notification.objects.filter(verb="supervision.look_back_due", needs_action=True).exists()


def test_the_mornings_job_is_known_and_runs(look):
    assert HANDLERS["supervision.remind_look_backs"](None, day="2027-01-04") == {"reminded": 1}


def test_a_leader_sets_the_rules_of_the_own_bureau(district, other_district, clerk, leader):
    rule = LookBackRule(organisation=district, grade=Grade.MAJOR, days=60)
    with pytest.raises(NotAllowed):
        looking_back.save_rule(rule, actor=clerk, now=NOW)
    looking_back.save_rule(rule, actor=leader, now=NOW)
    assert verbs_of(district)[-1] == "save_look_back_rule"
    with pytest.raises(ValidationError):
        looking_back.save_rule(
            LookBackRule(organisation=district, grade=Grade.MAJOR, days=9), actor=leader, now=NOW
        )
    with pytest.raises(NotAllowed):
        looking_back.save_rule(
            LookBackRule(organisation=other_district, grade=Grade.MAJOR, days=9), actor=leader, now=NOW
        )
    with pytest.raises(ValidationError):
        looking_back.save_rule(
            LookBackRule(organisation=district, grade=Grade.GENERAL, days=0), actor=leader, now=NOW
        )
    own = LookBackRule(organisation=district, grade=Grade.MAJOR, days=9, category=CategoryFactory())
    looking_back.save_rule(own, actor=leader, now=NOW)
    assert LookBackRule.objects.count() == 2


def test_a_school_sees_only_what_is_done(look, officer, clerk, stranger, auditor):
    def seen(user):
        fresh = type(user).objects.get(pk=user.pk)
        return LookBack.objects.visible_to(fresh).count()

    assert [seen(user) for user in (officer, clerk, auditor, stranger)] == [0, 1, 1, 0]
    looking_back.record(look, actor=clerk, now=later(20), **words())
    assert [seen(user) for user in (officer, clerk, auditor, stranger)] == [1, 1, 1, 0]


# Wilson's interval, against published values.


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 3, 0.0, 0.5615),
        (5, 10, 0.2366, 0.7634),
        (1, 10, 0.0179, 0.4042),
        (81, 263, 0.2553, 0.3662),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_wilson(count, total, low, high):
    assert wilson(count, total) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_nothing_of_nothing_has_no_interval():
    assert wilson(0, 0) is None


def test_relapse_counts_each_case_once(school, district, neighbour, officer, clerk, leader):
    from supervision.look_back_pages import relapse_of  # noqa: PLC0415 -- the page's sums

    other = UserFactory(post=(district, "district_staff"))
    for result in ["held", "held", "rebound", "partial"]:
        closed_major(school, officer, clerk, leader)
        row = LookBack.objects.due().latest("pk")
        again = {"again_on": TODAY + timedelta(days=50)} if result == "partial" else {}
        looking_back.record(row, actor=other, now=later(20), **words(result=result, **again))
    found = relapse_of(LookBack.objects.all())
    total = found["total"]
    assert (total["rebound"], total["final"], total["partial"], total["rate"]) == (1, 3, 1, "33.3%")
    assert total["interval"] == "6.1% – 79.2%"
    bureau = found["parts"][0]["rows"][0]
    assert (bureau["label"], bureau["final"]) == (district.name, 3)
    blank = relapse_of(LookBack.objects.none())["total"]
    assert (blank["rate"], blank["interval"]) == ("", "")
