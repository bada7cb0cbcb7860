"""Chasing: a selection at one press with a result for each, ways, hours, the list and its cost."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import NotAllowed
from schoolsafety.core import jobs
from schoolsafety.core.models import Delivery, Job, Notification, Post, Preference
from schoolsafety.core.models.notification import Channel, NotificationChoice
from schoolsafety.core.roles import Role
from supervision.models import Chase
from supervision.services import chasing
from supervision.settings_chasing import check_text, filled
from supervision.workflow.chasing import Way
from tests.factories import HazardFactory, UserFactory
from tests.hazards.ways import verbs_of

LIST = reverse("supervision:overdue")
TEXT = "请整改{title}，已逾期{days}天"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def late(school, today):
    """A way to make overdue hazards at the school."""

    def make(days=6, **what):
        values = {"school": school, "rectifying": True, "due_on": today - timedelta(days=days)}
        return HazardFactory(**(values | what))

    return make


def press(rows, actor, now, **how):
    values = {"way": Way.APP, "text": TEXT} | how
    return chasing.chase_many(rows, actor=actor, now=now, key=values.pop("key", "k1"), **values)


def run(job):
    assert jobs.run(job.pk, now=job.run_after)
    return Job.objects.get(pk=job.pk)


def lines(job):
    return [(row["ok"], row["text"]) for row in job.result["rows"]]


# One press, many hazards.


def test_of_twelve_of_which_one_was_closed_meanwhile_eleven_are_chased_and_one_is_explained(
    late, clerk, leader, officer, principal, now
):
    rows = [late() for _n in range(12)]
    job = press(rows, clerk, now)
    hazards.transfer(rows[4], actor=leader, to="消防", note="转办", now=now)
    job = run(job)
    assert job.state == Job.State.DONE
    assert [good for good, _text in lines(job)] == [True] * 4 + [False] + [True] * 7
    assert "已销号" in lines(job)[4][1]
    assert lines(job)[0][1] == "已告知 2 人"
    assert Chase.objects.count() == 11
    assert Notification.objects.filter(user=officer, verb="hazards.chase").count() == 11
    assert f"请整改{rows[0].title}，已逾期6天" in {row.text for row in Notification.objects.all()}
    assert verbs_of(rows[0]) == ["chase"]


def test_the_same_press_is_one_job_and_a_second_run_chases_nobody_twice(late, clerk, officer, now):
    rows = [late(), late()]
    job = press(rows, clerk, now)
    assert press(rows, clerk, now).pk == job.pk
    done = run(job)
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)  # as if the worker had died at the end
    assert lines(run(job)) == lines(done)
    assert Chase.objects.count() == 2


def test_what_the_person_does_not_see_any_more_is_told_as_such(late, clerk, officer, now):
    job = press([late()], clerk, now)
    Post.objects.filter(user=clerk).update(ends_on=timezone.localdate(now) - timedelta(days=1))
    assert lines(run(job)) == [(False, "已找不到。")]
    assert not Chase.objects.exists()


# One hazard.


def test_not_twice_within_the_hours_unless_said_so(late, clerk, leader, officer, now, district):
    hazard = late()
    chasing.chase_one(hazard, actor=clerk, now=now, text=TEXT)
    with pytest.raises(NotAllowed, match="陈涛"):
        chasing.chase_one(hazard, actor=leader, now=now + timedelta(hours=23), text=TEXT)
    chasing.chase_one(hazard, actor=leader, now=now + timedelta(hours=1), text=TEXT, is_again=True)
    chasing.chase_one(hazard, actor=leader, now=now + timedelta(hours=26), text=TEXT)
    Preference.objects.create(organisation=district, key="chasing.wait_hours", value=0)
    chasing.chase_one(hazard, actor=leader, now=now + timedelta(hours=26, minutes=1), text=TEXT)
    assert Chase.objects.count() == 4


def test_a_chase_from_the_hazards_own_page_counts(late, clerk, officer, now):
    hazard = late()
    hazards.chase(hazard, actor=clerk, now=now, note="请今天完成")
    assert Chase.objects.get().by == clerk
    with pytest.raises(NotAllowed, match="催办过"):
        chasing.chase_one(hazard, actor=clerk, now=now + timedelta(hours=1), text=TEXT)


def test_what_is_not_late_or_waits_for_money_is_not_chased(late, clerk, officer, now, today):
    for hazard in (late(-3), late(awaits_funds_since=today), late(submitted=True)):
        with pytest.raises(NotAllowed):
            chasing.chase_one(hazard, actor=clerk, now=now, text=TEXT)
    assert not Chase.objects.exists()


def test_a_school_chases_nobody(late, officer, now):
    with pytest.raises(NotAllowed):
        chasing.chase_one(late(), actor=officer, now=now, text=TEXT)
    assert not Chase.objects.exists()


def test_without_people_at_the_school_only_the_telephone_helps(late, clerk, now):
    hazard = late()
    with pytest.raises(NotAllowed, match="电话"):
        chasing.chase_one(hazard, actor=clerk, now=now, text=TEXT)
    row = chasing.chase_one(hazard, actor=clerk, now=now, way=Way.TELEPHONE, note="与刘校长通话，明天完工")
    assert (row.way, row.told, row.text) == (Way.TELEPHONE, 0, "")


def test_by_hand_only_the_history_tells(late, clerk, officer, now):
    hazard = late()
    chasing.chase_one(hazard, actor=clerk, now=now, way=Way.PAPER, note="现场送达")
    assert not Notification.objects.exists()
    assert verbs_of(hazard) == ["chase"]


def test_a_messenger_carries_it_at_once_to_whoever_gave_an_address(late, clerk, officer, principal, now):
    NotificationChoice.objects.create(
        user=officer, channel=Channel.WECOM, pace=NotificationChoice.Pace.DAILY, address="robot-key-1"
    )
    job = run(press([late()], clerk, now, way=Way.WECOM))
    assert lines(job) == [(True, "已告知 2 人，其中 1 人同时经该渠道送达")]
    assert Delivery.objects.get().channel == Channel.WECOM
    job = run(press([late()], clerk, now, way=Way.DINGTALK, key="k2"))
    assert "仅在系统内" in lines(job)[0][1]


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"way": Way.APP, "text": " "}, "text"),
        ({"way": Way.APP, "text": "{nobody}"}, "text"),
        ({"way": Way.TELEPHONE, "note": ""}, "note"),
    ],
)
def test_a_chase_without_its_words_is_refused_beside_the_field(late, clerk, now, how, field):
    with pytest.raises(ValidationError) as error:
        press([late()], clerk, now, **how)
    assert set(error.value.message_dict) == {field}
    assert not Job.objects.exists()


def test_words_in_braces_are_filled_in_and_nothing_else_is_touched():
    check_text("{school}{title}{number}{place}{due}{days}")
    assert filled("{title} {} {x} 100%", {"title": "门{days}"}) == "门{days} {} {x} 100%"


# The list.


def test_the_list_shows_who_was_chased_when_and_how(client, late, clerk, officer, now, school):
    old, new = late(40), late(2)
    chasing.chase_one(old, actor=clerk, now=now, way=Way.TELEPHONE, note="通话")
    client.force_login(clerk)
    page = client.get(LIST)
    assert [row["number"] for row in page.context["rows"]] == [old.number, new.number]
    assert "电话 · 陈涛" in page.content.decode()
    found = {
        age: [row["number"] for row in client.get(LIST, {"age": age}).context["rows"]]
        for age in ("new", "weeks", "month", "old", "unchased", "nonsense")
    }
    assert found == {
        "new": [new.number], "weeks": [], "month": [], "old": [old.number], "unchased": [new.number],
        "nonsense": [old.number, new.number],
    }  # fmt: skip
    counts = {str(tab["label"]): tab["count"] for tab in page.context["tabs"]}
    assert counts == {
        "全部": 2, "1至5天": 1, "6至15天": 0, "16至30天": 0, "30天以上": 1, "从未催办": 1
    }  # fmt: skip
    assert client.get(LIST, {"q": "没有"}).context["rows"] == []
    assert len(client.get(LIST, {"within": school.pk, "q": new.number}).context["rows"]) == 1


def test_the_list_costs_the_same_for_one_row_and_for_three(client, late, clerk, officer, now):
    client.force_login(clerk)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    chasing.chase_one(late(), actor=clerk, now=now, text=TEXT)
    cost()
    one = cost()
    for _n in range(2):
        chasing.chase_one(late(), actor=clerk, now=now, text=TEXT)
    assert cost() == one


def test_one_press_on_the_page(client, late, clerk, officer):
    rows = [late(), late()]
    client.force_login(clerk)
    form = client.get(LIST).context["form"]
    assert "{title}" in form.initial["text"]
    data = {"key": "abc", "way": "app", "text": TEXT, "hazard": [row.number for row in rows]}
    answer = client.post(LIST, data)
    job = Job.objects.get(name=chasing.JOB)
    assert answer.url == reverse("core:job", args=[job.pk])
    run(job)
    page = client.get(answer.url).content.decode()
    assert page.count("已告知 1 人") == 2
    assert client.post(LIST, data).url == answer.url  # pressed again: the same job


@pytest.mark.parametrize(
    ("change", "field"),
    [({"hazard": []}, "hazard"), ({"way": "pigeon"}, "way"), ({"way": "telephone"}, "note")],
)
def test_a_bad_press_is_told_and_what_was_typed_stays(client, late, clerk, officer, change, field):
    hazard = late()
    client.force_login(clerk)
    data = {"way": "app", "text": "我写的{title}", "hazard": [hazard.number]} | change
    answer = client.post(LIST, data)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}
    page = answer.content.decode()
    assert "我写的{title}" in page
    assert f'value="{hazard.number}" checked' in page or field == "hazard"
    assert not Job.objects.filter(name=chasing.JOB).exists()


def test_who_sees_the_list_and_who_may_press(client, late, officer, auditor, stranger, admin):
    hazard = late()
    data = {"way": "app", "text": TEXT, "hazard": [hazard.number]}
    for person, count in ((officer, 1), (auditor, 1), (stranger, 0), (admin, 0)):
        client.force_login(person)
        page = client.get(LIST)
        assert len(page.context["rows"]) == count
        assert "催办所选" not in page.content.decode()
        assert client.post(LIST, data).status_code == 403
    assert not Chase.objects.exists()


def test_a_bureaus_person_presses_for_own_schools_only(client, late, other_district, now):
    hazard = late()
    client.force_login(UserFactory(post=(other_district, Role.DISTRICT_STAFF)))
    answer = client.post(LIST, {"way": "app", "text": TEXT, "hazard": [hazard.number]})
    assert answer.status_code == 400
    assert Hazard.objects.get(pk=hazard.pk).chases.count() == 0


def test_the_way_there(client, late, clerk, school, district):
    late()
    client.force_login(clerk)
    assert LIST in client.get(reverse("hazards:list"), {"queue": "overdue"}).content.decode()
    assert LIST not in client.get(reverse("hazards:list"), {"queue": "grade"}).content.decode()
    assert f"{LIST}?within={school.pk}" in client.get(school.get_absolute_url()).content.decode()
