"""Listed supervision as data: who may do what in which state, the cycle of reports, words for the public."""

from datetime import date

import pytest

from hazards.workflow import BUREAU, SCHOOL, NotAllowed, Status
from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_STAFF, Role
from schoolsafety.core.workdays import WorkCalendar
from supervision.workflow.listing import (
    CURRENT,
    RULES,
    RUNNING,
    Cycle,
    Facts,
    ListingAction,
    ListingStatus,
    draft_refusal,
    personal_faults,
    refusal,
    report_day,
    target_of,
)

A, S = ListingAction, ListingStatus


def facts(**changes):
    values = {
        "hazard_status": Status.RECTIFYING, "hazard_grade": "major", "has_open_extension": False,
        "is_applicant": False, "is_published": True, "is_delisting_published": False,
    }  # fmt: skip
    return Facts(**values | changes)


def test_what_goes_out_is_a_leaders_decision():
    outward = {A.ISSUE, A.PUBLISH, A.DECIDE_EXTENSION, A.DELIST, A.LIFT, A.PUBLISH_DELISTING}
    assert {action for action, rule in RULES.items() if rule.roles == BUREAU_LEADERS} == outward


@pytest.mark.parametrize("action", list(RULES))
def test_nobody_else_may_do_it(action):
    rule = RULES[action]
    others = set(Role) - rule.roles
    for status in rule.source:
        assert refusal(action, status, others, facts()) is not None


@pytest.mark.parametrize("action", list(RULES))
def test_in_no_other_state(action):
    rule = RULES[action]
    for status in set(S) - rule.source:
        assert refusal(action, status, set(Role), facts()) is not None


def test_the_way_of_a_listing():
    way = [
        (A.ISSUE, S.DRAFT, Status.RECTIFYING, S.LISTED), (A.REPORT, S.LISTED, Status.RECTIFYING, S.LISTED),
        (A.APPLY, S.LISTED, Status.SUBMITTED, S.APPLIED),
        (A.DELIST, S.ACCEPTED, Status.VERIFIED, S.DELISTED),
    ]  # fmt: skip
    for action, before, hazard_status, after in way:
        assert target_of(action, before, set(Role), facts(hazard_status=hazard_status)) == after


@pytest.mark.parametrize(
    ("action", "status", "changes"),
    [
        (A.ISSUE, S.DRAFT, {"hazard_grade": "general"}),
        (A.ISSUE, S.DRAFT, {"hazard_status": Status.SUBMITTED}),
        (A.ISSUE, S.DRAFT, {"hazard_status": Status.CLOSED}),
        (A.ASK_EXTENSION, S.LISTED, {"has_open_extension": True}),
        (A.DECIDE_EXTENSION, S.LISTED, {"has_open_extension": False}),
        (A.APPLY, S.LISTED, {"hazard_status": Status.PLANNING}),
        (A.JUDGE, S.APPLIED, {"hazard_status": Status.SUBMITTED, "is_applicant": True}),
        (A.JUDGE, S.APPLIED, {"hazard_status": Status.RECTIFYING}),
        (A.DELIST, S.ACCEPTED, {"hazard_status": Status.RECTIFYING}),
        (A.UNPUBLISH, S.LISTED, {"is_published": False}),
        (A.PUBLISH_DELISTING, S.DELISTED, {"is_published": False}),
        (A.PUBLISH_DELISTING, S.DELISTED, {"is_delisting_published": True}),
    ],
)
def test_guards_refuse_with_words(action, status, changes):
    with pytest.raises(NotAllowed, match=r"\w"):
        target_of(action, status, set(Role), facts(**changes))


def test_a_draft_needs_an_open_major_hazard_without_a_listing():
    assert draft_refusal("major", Status.RECTIFYING, has_current=False) is None
    assert draft_refusal("major", Status.RECTIFYING, has_current=True)
    assert draft_refusal("general", Status.RECTIFYING, has_current=False)
    assert draft_refusal("major", Status.VERIFIED, has_current=False)
    assert draft_refusal("major", Status.CLOSED, has_current=False)


def test_the_school_reports_and_only_a_bureau_answers():
    assert RULES[A.REPORT].roles == RULES[A.APPLY].roles == SCHOOL
    assert RULES[A.ANSWER].roles == BUREAU
    assert RULES[A.EDIT].roles & BUREAU_STAFF == BUREAU_STAFF
    assert {S.DRAFT} == CURRENT - RUNNING


# The cycle.

TUESDAY = date(2026, 11, 24)


def test_the_weekly_cycle_keeps_its_weekday_and_moves_off_holidays():
    calendar = WorkCalendar(holidays=frozenset({date(2026, 12, 8)}))
    days, day = [], TUESDAY
    for _index in range(3):
        day = report_day(calendar, TUESDAY, Cycle.WEEKLY, day)
        days.append(day)
    assert days == [date(2026, 12, 1), date(2026, 12, 9), date(2026, 12, 15)]


def test_a_silent_school_is_asked_for_the_next_day_of_the_cycle_not_for_all_that_passed():
    assert report_day(WorkCalendar(), TUESDAY, Cycle.FORTNIGHTLY, date(2027, 1, 1)) == date(2027, 1, 5)


def test_each_workday_means_each_workday():
    friday = date(2026, 11, 27)
    assert report_day(WorkCalendar(), TUESDAY, Cycle.DAILY, friday) == date(2026, 11, 30)
    assert report_day(WorkCalendar(), TUESDAY, Cycle.MONTHLY, TUESDAY) == date(2026, 12, 22)


# Words for the public.


@pytest.mark.parametrize(
    "text",
    ["联系 13800000000", "电话 0571-88880000", "证件 110101 19900101 123X", "张明负责", "QQ 88880000"],
)
def test_people_and_long_numbers_stay_out(text):
    assert personal_faults(text, {"张明", ""})


@pytest.mark.parametrize("text", ["2026-12-31前完成", "三层外廊，长40米，2026年12月31日前停用", "张家路校门"])
def test_days_and_measures_may_stand(text):
    assert personal_faults(text, {"张明", "张"}) == []
