"""Pauses of a deadline: days, both deadlines, who asks and decides, early and natural ends, pages."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import NotAllowed, Status
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import Notification, Preference
from supervision import hooks_chasing
from supervision.duties_chasing import pause_duties
from supervision.models import Pause
from supervision.schedule_chasing import look, mornings
from supervision.services import pausing
from supervision.workflow.chasing import PauseStatus
from tests.factories import CalendarDayFactory, HazardFactory
from tests.hazards.ways import state_of, verbs_of
from tests.supervision.stop_ways import a_paper, move_to

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=get_default_timezone())
WORDS = {"reason": "连续大风预警，高空作业停工", "proof": []}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def on(days):
    return MONDAY + timedelta(days=days)


@pytest.fixture
def hazard(school):
    """Being rectified, due on Wednesday."""
    return HazardFactory(school=school, rectifying=True, due_on=on(2), first_due_on=on(2))


def begin(hazard, actor, first=0, last=4, now=NOW, **what):
    """From Monday to Friday unless said otherwise: five workdays."""
    values = {"starts_on": on(first), "ends_on": on(last), "reason": "大风停工"} | what
    return pausing.begin(hazard, actor=actor, now=now, **values)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def days_of(hazard):
    row = fresh(hazard)
    return row.due_on, row.paused_until


# The verbs.


def test_the_bureau_sets_a_pause_and_both_deadlines_are_kept(hazard, clerk, officer):
    pause = begin(hazard, clerk)
    assert (pause.status, pause.days) == (PauseStatus.RUNNING, 5)
    assert (pause.old_due_on, pause.new_due_on) == (on(2), on(9))
    assert days_of(hazard) == (on(9), on(4))
    assert verbs_of(hazard) == ["pause"]
    assert fresh(hazard).first_due_on == on(2)
    assert "期限暂停至" in Notification.objects.get(user=officer).text


def test_holidays_and_weekends_inside_a_pause_move_nothing(hazard, clerk):
    CalendarDayFactory(day=on(3))
    pause = begin(hazard, clerk, last=6)
    # Four workdays are paused; the four after Wednesday jump over Thursday and the weekend.
    assert (pause.days, pause.new_due_on) == (4, on(9))


def test_the_school_asks_and_the_bureau_grants(hazard, officer, clerk):
    pause = begin(hazard, officer)
    assert (pause.status, days_of(hazard)) == (PauseStatus.ASKED, (on(2), None))
    assert Notification.objects.get(user=clerk).needs_action
    pausing.decide(pause, actor=clerk, is_granted=True, now=NOW)
    assert days_of(hazard) == (on(9), on(4))
    assert not Notification.objects.get(user=clerk).needs_action
    with pytest.raises(NotAllowed, match="生效中"):
        pausing.decide(pause, actor=clerk, is_granted=False, answer="迟了", now=NOW)


def test_a_refusal_needs_its_reason_and_changes_nothing(hazard, officer, clerk):
    pause = begin(hazard, officer)
    with pytest.raises(ValidationError):
        pausing.decide(pause, actor=clerk, is_granted=False, answer=" ", now=NOW)
    pausing.decide(pause, actor=clerk, is_granted=False, answer="室内作业不受影响", now=NOW)
    assert days_of(hazard) == (on(2), None)
    assert begin(hazard, officer).status == PauseStatus.ASKED  # it may ask again


def test_an_early_end_moves_the_deadline_back_by_what_was_not_used(hazard, officer, clerk):
    pause = begin(hazard, clerk)
    pausing.resume(pause, actor=officer, now=NOW + timedelta(days=2), note="风停了")  # Wednesday
    assert days_of(hazard) == (on(4), None)  # Monday and Tuesday were paused
    assert (fresh(pause).days, fresh(pause).status) == (2, PauseStatus.OVER)
    assert verbs_of(hazard) == ["pause", "unpause"]
    with pytest.raises(NotAllowed):
        pausing.resume(pause, actor=officer, now=NOW + timedelta(days=2))


def test_a_pause_that_never_began_gives_the_old_day_back(school, clerk):
    """Even a deadline on a Saturday, which no arithmetic of workdays finds again."""
    hazard = HazardFactory(school=school, rectifying=True, due_on=on(5))
    pause = begin(hazard, clerk, first=1)
    pausing.resume(pause, actor=clerk, now=NOW)
    assert days_of(hazard) == (on(5), None)


def test_an_extension_granted_meanwhile_is_kept_by_an_early_end(hazard, officer, clerk):
    pause = begin(hazard, clerk)
    hazards.ask_extension(hazard, actor=officer, reason="材料未到", due_on=on(21), now=NOW)
    hazards.decide_extension(hazard, actor=clerk, is_granted=True, answer="", now=NOW)
    pausing.resume(pause, actor=clerk, now=NOW + timedelta(days=3))  # Thursday: two days not used
    assert fresh(hazard).due_on == on(17)


def test_its_last_day_passes(hazard, officer, clerk):
    pause = begin(hazard, clerk)
    assert pausing.end_over(on=on(4), now=NOW) == 0
    assert pausing.end_over(on=on(7), now=NOW) == 1
    assert pausing.end_over(on=on(7), now=NOW) == 0
    assert days_of(hazard) == (on(9), None)
    assert fresh(pause).status == PauseStatus.OVER
    assert "恢复计算" in Notification.objects.filter(user=officer).latest("pk").text


@pytest.mark.parametrize("state", [PauseStatus.RUNNING, PauseStatus.ASKED])
def test_a_closed_hazard_has_no_clock(hazard, officer, clerk, leader, state):
    pause = begin(hazard, clerk if state == PauseStatus.RUNNING else officer)
    hazards.transfer(hazard, actor=leader, to="消防", note="转办", now=NOW)
    assert fresh(hazard).paused_until is None
    ended = PauseStatus.OVER if state == PauseStatus.RUNNING else PauseStatus.LAPSED
    assert fresh(pause).status == ended
    assert pausing.end_over(on=on(30), now=NOW) == 0


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 3, "starts_on"), (3, 5, "starts_on"), (2, 1, "ends_on"), (0, 180, "ends_on")],
)
def test_days_that_cannot_be_are_refused_beside_their_field(hazard, clerk, first, last, field):
    with pytest.raises(ValidationError) as error:
        begin(hazard, clerk, first, last)
    assert set(error.value.message_dict) == {field}
    assert not Pause.objects.exists()


def test_a_pause_without_a_workday_or_over_the_bureaus_limit_is_refused(school, district, clerk):
    hazard = HazardFactory(school=school, rectifying=True, due_on=on(9))
    Preference.objects.create(organisation=district, key="chasing.pause_most", value=3)
    for first, last in ((5, 6), (0, 3)):
        with pytest.raises(ValidationError):
            begin(hazard, clerk, first, last)
    assert begin(hazard, clerk, 0, 2).days == 3


def test_when_no_pause_can_begin(school, hazard, officer, clerk, stranger, auditor, staff):
    for person in (stranger, auditor, staff):
        with pytest.raises(NotAllowed):
            begin(hazard, person)
    for status in ("submitted", "closed"):
        with pytest.raises(NotAllowed, match="整改中"):
            begin(HazardFactory(school=school, **{status: True}), clerk)
    with pytest.raises(NotAllowed, match="延期"):
        begin(HazardFactory(school=school, rectifying=True, due_on=on(-1)), clerk)
    begin(hazard, officer)
    with pytest.raises(NotAllowed, match="已有"):
        begin(hazard, clerk)
    assert Pause.objects.count() == 1


def test_a_request_for_what_was_handed_in_meanwhile_is_not_granted(hazard, officer, clerk):
    pause = begin(hazard, officer)
    move_to(hazard, Status.SUBMITTED, by=officer)
    with pytest.raises(NotAllowed, match="整改中"):
        pausing.decide(pause, actor=clerk, is_granted=True, now=NOW)


def test_the_morning_job_ends_and_proposes_once(hazard, clerk):
    begin(hazard, clerk)
    assert look(None, day=on(7).isoformat()) == {"ended": 1, "proposed": 0}
    assert look(None, day=on(7).isoformat()) == {"ended": 0, "proposed": 0}
    assert [key for key, _arguments in mornings(NOW - timedelta(days=1), NOW)] == ["2026-11-23"]
    assert mornings(NOW - timedelta(days=1), NOW - timedelta(days=1)) == []  # a Sunday
    assert mornings(NOW - timedelta(days=1), NOW.replace(hour=6)) == []


# The pages.


def page(name, row):
    return reverse(f"supervision:{name}", args=[row.number if isinstance(row, Hazard) else row.pk])


def test_from_the_schools_request_to_the_bureaus_decision_and_an_early_end(client, hazard, officer, clerk):
    client.force_login(officer)
    address = page("pause_new", hazard)
    assert address in client.get(hazard.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 200
    data = WORDS | {"starts_on": on(0), "ends_on": on(4), "proof": a_paper("预警.pdf")}
    answer = client.post(address, data)
    pause = Pause.objects.get()
    assert answer.url == pause.get_absolute_url()
    shown = client.get(answer.url).content.decode()
    assert "预警.pdf" in shown
    assert "连续大风预警" in shown
    for file in attachments_of(pause):
        assert client.get(reverse("core:attachment", args=[file.pk])).status_code == 200
    assert client.get(page("pause_decide", pause)).status_code == 403
    client.force_login(clerk)
    assert [duty.url for duty in pause_duties(clerk, NOW)] == [pause.get_absolute_url()]
    assert client.get(page("pause_decide", pause)).status_code == 200
    assert client.post(page("pause_decide", pause), {"is_granted": "1"}).status_code == 302
    assert pause_duties(clerk, NOW) == []
    seen = client.get(hazard.get_absolute_url()).content.decode()
    assert "期限暂停至2026-11-27" in seen
    assert pause.get_absolute_url() in seen
    ledger = client.get(reverse("hazards:list")).content.decode()
    assert "期限暂停至2026-11-27" in ledger
    assert client.get(page("pause_resume", pause)).status_code == 200
    assert client.post(page("pause_resume", pause), {"note": "风停"}).status_code == 302
    assert days_of(hazard) == (on(2), None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"starts_on": "2026-11-01"}, "starts_on"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_what_was_typed_stays(client, hazard, officer, change, field):
    client.force_login(officer)
    data = WORDS | {"starts_on": on(0), "ends_on": on(4), "reason": "我写的原因"} | change
    answer = client.post(page("pause_new", hazard), data)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}
    assert "我写的原因" in answer.content.decode() or field == "reason"
    assert not Pause.objects.exists()


def test_a_refusal_without_reason_is_told(client, hazard, officer, clerk):
    pause = begin(hazard, officer)
    client.force_login(clerk)
    answer = client.post(page("pause_decide", pause), {"is_granted": "0"})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"answer"}


def test_a_stranger_finds_nothing_and_changes_nothing(client, hazard, officer, stranger):
    pause, before = begin(hazard, officer), state_of(hazard)
    client.force_login(stranger)
    for name, row in [
        ("pause_new", hazard), ("pause", pause), ("pause_decide", pause), ("pause_resume", pause)
    ]:  # fmt: skip
        assert client.get(page(name, row)).status_code == 404
        assert client.post(page(name, row), {"is_granted": "1", "reason": "x"}).status_code == 404
    assert state_of(hazard) == before
    assert fresh(pause).status == PauseStatus.ASKED


def test_who_may_see_but_not_act_is_refused_in_words(client, hazard, officer, staff, auditor):
    pause = begin(hazard, officer)
    for person in (staff, auditor):
        client.force_login(person)
        assert client.get(page("pause", pause)).status_code == 200
        assert client.get(page("pause_new", hazard)).status_code == 403
        assert "无权" in client.get(page("pause_decide", pause)).content.decode()


def test_a_late_hazard_offers_an_extension_instead(client, school, officer):
    client.force_login(officer)
    late = HazardFactory(school=school, rectifying=True, due_on=on(-1))
    answer = client.get(page("pause_new", late))
    assert answer.status_code == 403
    assert "申请延期" in answer.content.decode()


def test_a_general_hazard_without_a_pause_costs_no_query(hazard, clerk):
    row = Hazard.objects.select_related("school").get(pk=hazard.pk)
    assert clerk.posts
    with CaptureQueriesContext(connection) as queries:
        assert hooks_chasing.box(row, clerk, NOW) == []
        assert len(hooks_chasing.acts(row, clerk)) == 1
    assert len(queries) == 0


def test_the_pauses_so_far_cost_the_same_for_one_and_for_three(client, hazard, officer, clerk):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page("pause_new", hazard)).status_code == 200
        return len(queries)

    client.force_login(clerk)
    pausing.resume(begin(hazard, clerk), actor=clerk, now=NOW)
    cost()
    one = cost()
    for _n in range(2):
        pausing.resume(begin(hazard, clerk), actor=clerk, now=NOW)
    assert cost() == one
    assert hazard.pauses.count() == 3
