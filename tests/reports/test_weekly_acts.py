"""The way of a weekly report: who may do what, what stays frozen, what needs words."""

import pytest
from django.core.exceptions import ValidationError

from hazards.workflow import NotAllowed
from reports import services
from reports.models import WeeklyReport
from reports.workflow import WEEKLY_RULES, WeeklyAction, WeeklyStatus, allowed, standing_of
from schoolsafety.core.models import Event, Notification
from tests.reports.conftest import FRIDAY, at, found

WORDS = {"reasons": "配件未到", "matters": "", "remarks": ""}
LATER = at("2026-11-20 16:30")


@pytest.fixture
def submitted(report, officer):
    return services.submit(report, actor=officer, now=LATER)


@pytest.fixture
def signed(submitted, principal):
    return services.sign(submitted, actor=principal, now=LATER)


@pytest.fixture
def nil(drafted, neighbour, report):
    """A report in which nothing was found and nothing is open."""
    report.figures["counts"]["general"] |= {"new": 0, "open": 0, "closed": 0}
    report.save()
    return report


# state → person → what they may do
EXPECTED = {
    "draft": {
        "officer": {"write", "refresh", "nil", "submit"},
        "principal": {"write", "refresh", "nil", "submit"},
        "clerk": {"chase"}, "leader": {"chase"}, "city_clerk": {"chase"},
    },
    "submitted": {
        "principal": {"send_back", "sign"}, "clerk": {"chase"}, "leader": {"chase"}, "city_clerk": {"chase"},
    },
    "signed": {name: {"receive", "return"} for name in ("clerk", "leader", "city_clerk")},
    "received": {},
}  # fmt: skip


@pytest.mark.parametrize("status", WeeklyStatus.values)
@pytest.mark.parametrize(
    "person",
    ["officer", "principal", "staff", "stranger", "clerk", "leader", "city_clerk", "auditor", "admin"],
)
def test_who_may_do_what_with_a_schools_report(request, school, status, person):
    user = request.getfixturevalue(person)
    may = {str(action) for action in allowed(WEEKLY_RULES, status, standing_of(user.posts, school.path))}
    assert may == EXPECTED[status].get(person, set())


def test_a_bureaus_own_report_is_written_by_staff_and_signed_by_its_leader(district, clerk, leader):
    staff, head = standing_of(clerk.posts, district.path), standing_of(leader.posts, district.path)
    assert WeeklyAction.SUBMIT in allowed(WEEKLY_RULES, "draft", staff)
    assert WeeklyAction.SIGN not in allowed(WEEKLY_RULES, "submitted", staff)
    assert WeeklyAction.SIGN in allowed(WEEKLY_RULES, "submitted", head)
    assert WeeklyAction.RECEIVE not in allowed(WEEKLY_RULES, "signed", staff)


def test_the_words_are_saved_with_a_new_version(report, officer):
    saved = services.write(report, actor=officer, values=WORDS, version=1, now=LATER)
    assert (saved.reasons, saved.version) == ("配件未到", 2)
    assert Event.objects.filter(verb="reports.write_weekly").count() == 1


def test_the_second_of_two_writers_is_told(report, officer, principal):
    services.write(report, actor=officer, values=WORDS, version=1, now=LATER)
    with pytest.raises(services.EditedMeanwhile) as conflict:
        services.write(report, actor=principal, values=WORDS | {"reasons": "另一说法"}, version=1, now=LATER)
    assert conflict.value.report.reasons == "配件未到"
    report.refresh_from_db()
    assert report.reasons == "配件未到"


def test_submitting_tells_the_principal(principal, submitted, officer):
    assert submitted.status == WeeklyStatus.SUBMITTED
    assert Notification.objects.filter(user=principal, needs_action=True).count() == 1
    assert not Notification.objects.filter(user=officer).exists()


def test_overdue_hazards_need_their_reasons(report, officer, school):
    found(school, "2026-11-10", rectifying=True)
    services.refresh(report, actor=officer, now=LATER)
    with pytest.raises(ValidationError) as refusal:
        services.submit(report, actor=officer, now=LATER)
    assert "reasons" in refusal.value.message_dict
    report.refresh_from_db()
    assert report.status == WeeklyStatus.DRAFT
    services.write(report, actor=officer, values=WORDS, version=1, now=LATER)
    assert services.submit(report, actor=officer, now=LATER).status == WeeklyStatus.SUBMITTED


def test_signing_freezes_the_figures_and_writes_their_digest(signed, officer, school):
    with pytest.raises(NotAllowed):
        services.refresh(signed, actor=officer, now=LATER)
    with pytest.raises(NotAllowed):
        services.write(signed, actor=officer, values=WORDS, version=1, now=LATER)
    payload = Event.objects.get(verb="reports.sign_weekly").payload
    assert '"figures":"' in payload
    assert '"late":false' in payload
    assert not Notification.objects.filter(needs_action=True).exists()


def test_a_report_signed_after_its_hour_is_late(submitted, principal):
    signed = services.sign(submitted, actor=principal, now=at("2026-11-20 17:01"))
    assert signed.is_late


def test_a_report_signed_on_the_stroke_is_not_late(submitted, principal):
    assert not services.sign(submitted, actor=principal, now=at("2026-11-20 17:00")).is_late


def test_the_principal_sends_it_back_with_a_reason(submitted, principal, officer):
    with pytest.raises(ValidationError):
        services.send_back(submitted, actor=principal, note=" ", now=LATER)
    back = services.send_back(submitted, actor=principal, note="缺巡查说明", now=LATER)
    assert (back.status, back.submitted_by) == (WeeklyStatus.DRAFT, None)
    assert Notification.objects.filter(user=officer, text__contains="缺巡查说明").exists()


def test_the_district_receives(signed, clerk):
    assert services.receive(signed, actor=clerk, now=LATER).received_by == clerk


def test_the_district_returns_and_the_paper_no_longer_holds(signed, clerk, officer, principal):
    services.paper_of(signed, now=LATER)
    back = services.return_to_sender(signed, actor=clerk, note="数据不全", now=LATER)
    assert (back.status, back.signed_at, back.paper) == (WeeklyStatus.DRAFT, None, None)
    assert services.submit(back, actor=officer, now=LATER).status == WeeklyStatus.SUBMITTED


def test_nil_is_one_press(nil, officer):
    done = services.nil_report(nil, actor=officer, now=LATER)
    assert (done.status, done.is_nil) == (WeeklyStatus.SUBMITTED, True)


def test_a_week_with_hazards_is_no_nil_report(report, officer):
    with pytest.raises(ValidationError):
        services.nil_report(report, actor=officer, now=LATER)
    report.refresh_from_db()
    assert report.status == WeeklyStatus.DRAFT


def test_a_stale_copy_cannot_be_signed_twice(submitted, principal):
    first = services.sign(submitted, actor=principal, now=LATER)
    with pytest.raises(NotAllowed):
        services.sign(submitted, actor=principal, now=LATER)
    assert Event.objects.filter(verb="reports.sign_weekly", subject_id=first.pk).count() == 1


def test_a_bureau_cannot_submit_sums_that_are_no_longer_true(
    drafted, district, clerk, school, report, officer
):
    above = WeeklyReport.objects.get(organisation=district)
    found(school, "2026-11-19", due_on="2026-11-30")
    services.refresh(report, actor=officer, now=LATER)
    with pytest.raises(ValidationError):
        services.submit(above, actor=clerk, now=LATER)
    services.refresh(above, actor=clerk, now=LATER)
    assert services.submit(above, actor=clerk, now=LATER).status == WeeklyStatus.SUBMITTED


def test_chasing_tells_once_a_day(report, clerk, officer, principal):
    assert services.chase(report, actor=clerk, now=FRIDAY) == 2
    assert services.chase(report, actor=clerk, now=LATER) == 0
    assert services.chase(report, actor=clerk, now=at("2026-11-21 09:00")) == 2
    assert Event.objects.filter(verb="reports.chase_weekly").count() == 2


def test_chasing_all_leaves_out_what_was_signed(signed, district, clerk, stranger):
    assert services.chase_all(district, signed.week_start, actor=clerk, now=LATER) == 1
    assert Notification.objects.get(verb="reports.chase_weekly").user == stranger
