"""What reports put on a person's desk, and the counts in the menu."""

import pytest

from reports import duties, navigation, services
from schoolsafety.core.duties import Rank
from schoolsafety.core.models import User
from tests.reports.conftest import FRIDAY, at

LATER = at("2026-11-20 16:30")


def fresh(user):
    return User.objects.get(pk=user.pk)


def texts(user, now=LATER):
    return [
        duty.text for duty in [*duties.weekly_reports(fresh(user), now), *duties.bulletins(fresh(user), now)]
    ]


def test_a_report_goes_from_desk_to_desk(report, officer, principal, clerk):
    assert texts(officer) == ["待填写周报 2026-W47"]
    assert texts(principal) == []
    services.submit(report, actor=officer, now=LATER)
    assert texts(officer) == []
    assert texts(principal) == ["周报 2026-W47 待您签字"]
    services.sign(report, actor=principal, now=LATER)
    assert "1份周报待接收" in texts(clerk)
    services.receive(report, actor=clerk, now=LATER)
    assert "1份周报待接收" not in texts(clerk)


def test_a_report_past_its_hour_is_overdue(report, officer):
    (duty,) = duties.weekly_reports(officer, at("2026-11-20 17:01"))
    assert (duty.rank, duty.kind) == (Rank.OVERDUE, "late")
    (duty,) = duties.weekly_reports(officer, FRIDAY)
    assert duty.rank == Rank.TODAY


def test_a_bulletin_goes_from_desk_to_desk(bulletin, clerk, leader, principal):
    assert texts(clerk)[0].startswith("待完成通报")
    services.submit_bulletin(bulletin, actor=clerk, now=LATER)
    assert texts(leader)[0].startswith("待审批通报")
    services.approve(bulletin, actor=leader, now=LATER)
    assert texts(clerk)[0].startswith("待印发通报")
    services.issue(bulletin, actor=clerk, now=LATER)
    assert texts(principal) == ["待阅通报：关于2026年10月学校安全隐患排查治理情况的通报"]
    services.confirm_reading(bulletin, actor=principal, now=LATER)
    assert texts(principal) == []


def test_reading_past_its_day_is_overdue(bulletin, clerk, leader, principal):
    services.submit_bulletin(bulletin, actor=clerk, now=at("2026-11-02 09:00"))
    services.approve(bulletin, actor=leader, now=at("2026-11-02 09:00"))
    services.issue(bulletin, actor=clerk, now=at("2026-11-02 09:00"))
    (duty,) = duties.bulletins(principal, at("2026-11-06 08:00"))
    assert duty.rank == Rank.OVERDUE
    (duty,) = duties.bulletins(principal, at("2026-11-05 23:00"))
    assert duty.rank == Rank.TODAY


def test_the_menu_counts_what_waits(report, bulletin, officer, clerk, django_assert_num_queries):
    user = fresh(officer)
    assert user.posts
    with django_assert_num_queries(1):
        assert navigation.weekly_waiting(user) == 1
    user = fresh(clerk)
    assert user.posts
    with django_assert_num_queries(1):
        assert navigation.bulletins_waiting(user) == 1


@pytest.mark.parametrize("person", ["officer", "clerk"])
def test_the_desk_costs_four_queries(request, report, bulletin, person, django_assert_num_queries):
    user = fresh(request.getfixturevalue(person))
    assert user.posts
    with django_assert_num_queries(4):
        list(duties.weekly_reports(user, LATER))
        list(duties.bulletins(user, LATER))
