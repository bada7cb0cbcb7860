"""One press, many schools: a result for each, and no second run for the same press."""

import pytest
from django.urls import reverse

from hazards import services as hazards
from inspections.models import Notice
from inspections.services import notice_jobs, notices
from schoolsafety.core import jobs
from schoolsafety.core.models import Job, NumberSequence
from schoolsafety.core.models.organisation import Kind
from tests.factories import HazardFactory, OrganisationFactory
from tests.inspections.notice_ways import NOW, hazards_at


@pytest.fixture
def schools(district):
    return [
        OrganisationFactory(name=f"江北区第{n}小学", code=f"JB1{n:02d}", parent=district, kind=Kind.PRIMARY)
        for n in range(3)
    ]


@pytest.fixture
def chosen(schools):
    return [row for school in schools for row in hazards_at(school)]


def press(rows, clerk, key="k1"):
    return notices.issue_many(rows, actor=clerk, now=NOW, key=key, contact="陈涛 0000-5550100")


def run(job):
    assert jobs.run(job.pk, now=job.run_after)
    return Job.objects.get(pk=job.pk)


def test_each_school_gets_its_own_notice_and_its_own_line(chosen, schools, clerk):
    job = run(press(chosen, clerk))
    assert job.state == Job.State.DONE
    assert (job.done_steps, job.total_steps) == (3, 3)
    assert [(row["school"], row["ok"]) for row in job.result["rows"]] == [
        (school.name, True) for school in schools
    ]
    assert {notice.contact for notice in Notice.objects.all()} == {"陈涛 0000-5550100"}
    assert NumberSequence.objects.get(series="notice").last == 3


def test_one_school_that_cannot_be_served_is_explained_and_stops_no_other(chosen, schools, clerk, leader):
    hazards.transfer(chosen[1], actor=clerk, to="消防", note="转办", now=NOW)
    job = run(press(chosen, clerk))
    good = [row["ok"] for row in job.result["rows"]]
    assert good == [True, False, True]
    assert chosen[1].number in job.result["rows"][1]["text"]
    assert not Notice.objects.filter(school=schools[1]).exists()  # no draft is left behind
    assert NumberSequence.objects.get(series="notice").last == 2  # and no number is lost


def test_what_cannot_be_cited_is_left_out_and_named(schools, clerk):
    fine, ungraded = hazards_at(schools[0])[0], HazardFactory(school=schools[0])
    job = run(press([fine, ungraded], clerk))
    row = job.result["rows"][0]
    assert row["ok"]
    assert ungraded.number in row["text"]
    assert [item.hazard for item in Notice.objects.get().items.all()] == [fine]


def test_a_draft_that_cannot_be_issued_is_not_left_behind(chosen, district, clerk):
    district.paper_code = ""
    district.save()
    job = run(press(chosen, clerk))
    assert [row["ok"] for row in job.result["rows"]] == [False, False, False]
    assert all("代字" in row["text"] for row in job.result["rows"])
    assert not Notice.objects.exists()


def test_the_same_press_is_one_job(chosen, clerk, leader):
    assert press(chosen, clerk).pk == press(chosen, clerk).pk
    assert press(chosen, clerk, key="k2").pk != press(chosen, leader, key="k1").pk
    assert Job.objects.count() == 3


def test_a_job_that_is_run_again_after_a_break_repeats_nothing(chosen, schools, clerk, monkeypatch):
    refused = HazardFactory(school=schools[0])
    job = press([refused, *chosen[1:]], clerk)
    progress, calls = jobs.progress, []

    def break_after_two(row, done, total):
        calls.append(done)
        if len(calls) == 2:
            raise SystemError("the worker is killed")
        progress(row, done, total)

    monkeypatch.setattr(jobs, "progress", break_after_two)
    jobs.run(job.pk, now=job.run_after)
    halfway = Job.objects.get(pk=job.pk)
    assert (halfway.state, Notice.objects.count()) == (Job.State.WAITING, 1)
    hazards.grade(refused, actor=clerk, grade="general", reason="属实", now=NOW)  # after its line was written

    jobs.run(job.pk, now=halfway.run_after)
    job = Job.objects.get(pk=job.pk)
    assert job.state == Job.State.DONE
    assert [row["ok"] for row in job.result["rows"]] == [False, True, True]
    assert Notice.objects.count() == 2
    assert not jobs.run(job.pk, now=job.run_after)  # done is done


def test_somebody_elses_schools_are_not_served(chosen, stranger):
    job = run(press(chosen, stranger))
    assert job.result["rows"] == []
    assert not Notice.objects.exists()


def test_the_page_queues_one_job_however_often_it_is_sent(client, chosen, clerk):
    client.force_login(clerk)
    address, numbers = reverse("inspections:notice_new"), [row.number for row in chosen]
    page = client.get(address, {"hazard": numbers})
    assert "3" in page.content.decode()
    data = {"hazard": numbers, "key": page.context["key"], "contact": "陈涛"}
    answers = [client.post(address, data) for _press in range(2)]
    assert {answer.url for answer in answers} == {reverse("core:job", args=[Job.objects.get().pk])}
    run(Job.objects.get())
    shown = client.get(answers[0].url).content.decode()
    assert "江北教安改〔2026〕3号" in shown


def test_of_twelve_of_which_one_was_closed_meanwhile_eleven_are_issued_and_one_is_explained(
    client, district, clerk, leader
):
    """As a person sees it: the press in the ledger, the choice, the job's page with its twelve lines."""
    places = [
        OrganisationFactory(name=f"江北区第{n}中学", code=f"JB2{n:02d}", parent=district, kind=Kind.JUNIOR)
        for n in range(12)
    ]
    rows = [hazards_at(place)[0] for place in places]
    client.force_login(clerk)
    chosen = {"hazard": [row.number for row in rows]}
    answer = client.post(reverse("hazards:bulk"), chosen | {"does": "notice"})
    assert client.get(answer.url).content.decode().count('name="hazard"') == 12
    answer = client.post(reverse("inspections:notice_new"), chosen | {"key": "k12"})
    hazards.transfer(rows[7], actor=leader, to="消防", note="转办", now=NOW)
    job = run(Job.objects.get(name=notice_jobs.JOB))
    assert answer.url == reverse("core:job", args=[job.pk])
    assert [row["ok"] for row in job.result["rows"]] == [True] * 7 + [False] + [True] * 4
    assert rows[7].number in job.result["rows"][7]["text"]
    assert "已经销号" in job.result["rows"][7]["text"]
    assert Notice.objects.count() == NumberSequence.objects.get(series="notice").last == 11
    page = client.get(answer.url).content.decode()
    assert page.count(">✓ ") == 11
    assert rows[7].number in page
