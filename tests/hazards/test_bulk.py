"""Acts on many rows of the ledger: one job a press, a line for each row, what changed meanwhile is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hazards import services
from hazards.models import Hazard
from hazards.services import bulk as bulk_verbs
from hazards.workflow import Closure, Grade, Status
from schoolsafety.core import jobs
from schoolsafety.core.models import Job, Notification, Post
from supervision.models import Chase
from tests.factories import HazardFactory
from tests.hazards.ways import verbs_of

LIST, BULK = reverse("hazards:list"), reverse("hazards:bulk")


def press(client, does, *chosen, **more):
    """The press itself: the answer to the form."""
    return client.post(BULK, {"does": does, "hazard": [row.number for row in chosen], "key": "k1"} | more)


def run(answer):
    """Let the worker do what the press asked for; the job as it ended."""
    job = Job.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])
    assert jobs.run(job.pk, now=job.run_after)
    return Job.objects.get(pk=job.pk)


def lines(job):
    return {row["text"].partition(" · ")[0]: (row["ok"], row["text"]) for row in job.result["rows"]}


@pytest.fixture
def handed_in(school, officer):
    """Hazards that the school found and handed in: the principal may write them off."""
    return [HazardFactory(school=school, submitted=True, submitted_by=officer) for _n in range(3)]


# --- chasing -------------------------------------------------------------------------------------------
def test_each_chosen_school_is_told_and_what_is_closed_is_explained(enter, clerk, officer, principal, school):
    plain, late = HazardFactory.create_batch(2, school=school, rectifying=True)
    closed = HazardFactory(school=school, closed=True)
    job = run(press(enter(clerk), "chase", plain, late, closed))

    assert job.state == Job.State.DONE
    assert lines(job)[plain.number] == (True, f"{plain.number} · 已告知 2 人")
    assert lines(job)[closed.number][0] is False
    assert "已销号" in lines(job)[closed.number][1]
    assert verbs_of(plain) == verbs_of(late) == ["chase"]
    assert verbs_of(closed) == []
    assert Notification.objects.filter(user=officer, verb="hazards.chase").count() == 2
    assert set(Chase.objects.values_list("told", flat=True)) == {2}


def test_the_hours_between_two_chases_hold_in_the_ledger_too(enter, clerk, leader, officer, school):
    hazard = HazardFactory(school=school, rectifying=True)
    assert lines(run(press(enter(clerk), "chase", hazard)))[hazard.number][0] is True
    again = run(press(enter(leader), "chase", hazard))
    assert lines(again)[hazard.number][0] is False
    assert "陈涛" in lines(again)[hazard.number][1]
    Chase.objects.update(at=timezone.now() - timedelta(hours=25))
    assert lines(run(press(enter(clerk), "chase", hazard, key="k2")))[hazard.number][0] is True
    assert Chase.objects.count() == 2


def test_where_nobody_can_be_told_only_the_telephone_helps(enter, clerk, school):
    hazard = HazardFactory(school=school, rectifying=True)
    assert "电话" in lines(run(press(enter(clerk), "chase", hazard)))[hazard.number][1]
    assert verbs_of(hazard) == []


# --- writing off ---------------------------------------------------------------------------------------
def test_writing_off_is_each_by_itself(enter, principal, handed_in, school):
    own = HazardFactory(school=school, submitted=True, submitted_by=principal)
    job = run(press(enter(principal), "close", *handed_in, own))

    assert [row["ok"] for row in job.result["rows"]].count(True) == 3
    assert lines(job)[own.number][0] is False
    for hazard in handed_in:
        hazard.refresh_from_db()
        assert (hazard.status, hazard.closure) == (Status.CLOSED, Closure.RECTIFIED)
    own.refresh_from_db()
    assert own.status == Status.SUBMITTED


def test_what_changed_since_the_page_was_shown_is_left_alone(enter, principal, handed_in):
    page = enter(principal).get(LIST, {"queue": "verify"})
    seen = [f"{row['number']}={row['version']}" for row in page.context["rows"]]
    changed, same, _other = handed_in
    now = timezone.now()
    services.send_back(changed, actor=principal, note="照片不清楚", now=now)
    Hazard.objects.filter(pk=changed.pk).update(status=Status.SUBMITTED)  # handed in again meanwhile
    job = run(press(enter(principal), "close", changed, same, seen=seen))

    assert lines(job)[changed.number] == (
        False, f"{changed.number} · 期间情况已变化，现为：待验收。请重新查看。"
    )  # fmt: skip
    assert lines(job)[same.number][0] is True
    changed.refresh_from_db()
    assert changed.status == Status.SUBMITTED


def test_another_closed_it_before_the_worker_came(enter, principal, handed_in):
    answer = press(enter(principal), "close", *handed_in)
    services.close(handed_in[1], actor=principal, now=timezone.now())
    job = run(answer)
    assert [row["ok"] for row in job.result["rows"]] == [True, False, True]
    assert verbs_of(handed_in[1]).count("close") == 1


# --- one press, one job ----------------------------------------------------------------------------------
def test_a_double_press_is_one_job_and_another_choice_another(enter, principal, handed_in):
    client = enter(principal)
    first, second = press(client, "close", *handed_in[:2]), press(client, "close", *handed_in[:2])
    other = press(client, "close", handed_in[2])
    assert first.url == second.url != other.url
    assert Job.objects.filter(name="hazards.close_many").count() == 2


def test_a_second_run_of_a_broken_job_acts_on_nothing_twice(
    enter, clerk, officer, principal, school, monkeypatch
):
    first, second = HazardFactory.create_batch(2, school=school, rectifying=True)
    act, calls = bulk_verbs.ACTS["chase"], []

    def breaks_once(hazard, **how):
        calls.append(hazard.pk)
        if len(calls) == 2:
            raise RuntimeError("the power went")
        return act(hazard, **how)

    monkeypatch.setitem(bulk_verbs.ACTS, "chase", breaks_once)
    job = run(press(enter(clerk), "chase", first, second))
    assert (job.state, len(job.result["rows"])) == (Job.State.WAITING, 1)
    jobs.run(job.pk, now=job.run_after)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert [row["ok"] for row in job.result["rows"]] == [True, True]
    assert Chase.objects.count() == 2


def test_the_job_shows_the_lines_and_leads_back_to_the_list_as_it_was(enter, principal, handed_in):
    client = enter(principal)
    answer = press(client, "close", *handed_in, back="queue=verify&q=%E5%A0%86&evil=1")
    assert "等待" in client.get(answer.url).content.decode()
    run(answer)
    page = client.get(answer.url).content.decode()
    assert f'href="{LIST}?q=%E5%A0%86&amp;queue=verify"' in page
    assert all(hazard.get_absolute_url() in page for hazard in handed_in)
    assert "销号所选隐患" in page


# --- who and how ---------------------------------------------------------------------------------------
def test_nothing_chosen_is_said(enter, clerk):
    page = enter(clerk).post(BULK, {"does": "chase"}, follow=True)
    assert "请至少选择一件隐患" in page.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("does", ["chase", "close"])
def test_a_stranger_does_nothing_to_others_rows(enter, stranger, handed_in, does):
    press(enter(stranger), does, *handed_in)
    assert not Job.objects.filter(name__startswith="hazards.").exists()
    assert verbs_of(handed_in[0]) == []


def test_a_stranger_does_not_see_the_job(enter, stranger, principal, handed_in):
    answer = press(enter(principal), "close", *handed_in)
    assert enter(stranger).get(answer.url).status_code == 404


def test_who_may_not_act_is_refused_in_words_row_by_row(enter, staff, handed_in):
    job = run(press(enter(staff), "close", *handed_in))
    assert {row["ok"] for row in job.result["rows"]} == {False}
    assert Hazard.objects.filter(status=Status.CLOSED).count() == 0


def test_what_the_person_does_not_see_any_more_is_told_as_such(enter, principal, handed_in):
    answer = press(enter(principal), "close", handed_in[0])
    Post.objects.filter(user=principal).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert [row["text"] for row in run(answer).result["rows"]] == ["已找不到。"]


def test_there_is_an_end_to_one_press(enter, clerk, school, monkeypatch):
    monkeypatch.setattr("hazards.forms.MOST", 2)
    rows = HazardFactory.create_batch(3, school=school, rectifying=True, grade=Grade.GENERAL)
    page = enter(clerk).post(BULK, {"does": "chase", "hazard": [row.number for row in rows]}, follow=True)
    assert "一次最多 2 件隐患" in page.content.decode()


def test_bulk_takes_no_reading(enter, clerk):
    assert enter(clerk).get(BULK).status_code == 405
