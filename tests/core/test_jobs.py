"""Jobs: a row first, run once, tried again, found again; and their pages."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from schoolsafety.core import jobs, tidy
from schoolsafety.core.models import Event, ImportBatch, Job, SignedInSession
from schoolsafety.core.roles import Role
from tests.core.kit import queries_of
from tests.factories import UserFactory
from tests.together import together

State = Job.State
NOW = timezone.make_aware(timezone.datetime(2026, 6, 1, 12, 0))


@pytest.fixture
def work(monkeypatch):
    """A registered job that counts its runs, and fails as long as `work.failure` is set."""

    class Work:
        runs, failure = 0, None

        def __call__(self, job, **arguments):
            self.runs += 1
            if self.failure:
                raise self.failure
            jobs.progress(job, 1, 2)
            return {"arguments": arguments}

    found = Work()
    monkeypatch.setitem(jobs.HANDLERS, "test.work", found)
    return found


def make(**more):
    return jobs.enqueue("test.work", now=NOW, **more)


@pytest.mark.django_db
def test_a_job_runs_once_and_keeps_its_result(work):
    job = make(n=3)
    assert [jobs.run(job.pk, now=NOW), jobs.run(job.pk, now=NOW)] == [True, False]
    job.refresh_from_db()
    assert (job.state, job.result, job.done_steps, work.runs) == (State.DONE, {"arguments": {"n": 3}}, 1, 1)


@pytest.mark.django_db
def test_the_same_key_is_the_same_job(work):
    assert make(key="a") == make(key="a")
    assert make(key="b") != make(key="a")
    with pytest.raises(ValueError, match="no job"):
        jobs.enqueue("test.unknown", now=NOW)


@pytest.mark.django_db
def test_the_broker_hears_of_it_only_after_the_commit(work, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(jobs, "hint", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        job = make()
        assert told == []
    assert told == [job.pk]


@pytest.mark.django_db
def test_without_a_broker_the_row_waits_for_the_sweeper(work, monkeypatch):
    from schoolsafety.core import tasks  # noqa: PLC0415 -- it imports jobs

    def fail(*arguments):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.run_job, "delay", fail)
    job = make()
    jobs.hint(job.pk)
    told = []
    monkeypatch.setattr(jobs, "hint", told.append)
    assert jobs.sweep(now=NOW + timedelta(seconds=10)) == 0
    assert jobs.sweep(now=NOW + timedelta(seconds=60)) == 1
    assert told == [job.pk]


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_later_and_then_given_up(work):
    work.failure = ValueError("kaputt")
    job, now = make(), NOW
    for _try in range(6):
        jobs.run(job.pk, now=now)
        now += timedelta(days=20_000)  # run_after is set by the clock of the worker
    job.refresh_from_db()
    assert (job.state, work.runs) == (State.FAILED, len(jobs.RETRY_AFTER) + 1)
    assert "kaputt" in job.error


@pytest.mark.django_db
def test_a_job_of_a_dead_worker_is_taken_by_another(work):
    job = make()
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING, attempts=1, lease_until=NOW - timedelta(seconds=1)
    )
    assert jobs.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)


@pytest.mark.django_db
def test_a_job_that_runs_is_left_to_its_worker(work):
    job = make()
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, lease_until=NOW + timedelta(minutes=5))
    assert not jobs.run(job.pk, now=NOW)


@pytest.mark.django_db
def test_tick_makes_each_period_once_and_catches_up(work, monkeypatch):
    def hours(after, now):
        return [(f"{now - timedelta(hours=n):%H}", {"n": n}) for n in range(3)]

    monkeypatch.setattr(
        jobs, "SCHEDULES", {"test.work": jobs.Schedule("test.work", hours, timedelta(days=1))}
    )
    assert [jobs.tick(now=NOW), jobs.tick(now=NOW)] == [3, 0]


@pytest.mark.django_db
def test_every_periodic_job_has_work_behind_it_and_a_name_to_read():
    assert set(jobs.SCHEDULES) <= set(jobs.HANDLERS)
    assert all(str(jobs.TITLES[name]) for name in jobs.HANDLERS)
    assert jobs.tick(now=timezone.now()) >= 3


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_four_workers_at_one_job_and_one_runs_it(work):
    for _round in range(5):
        job, before = make(), work.runs
        results = together(lambda _index, pk=job.pk: jobs.run(pk, now=NOW))
        assert sorted(results) == [False, False, False, True]
        assert work.runs == before + 1


# --- pages -----------------------------------------------------------------------------------------
LIST = "/jobs/"


def page(job, name="job"):
    return reverse(f"core:{name}", args=[job.pk])


def test_one_sees_the_job_one_asked_for_and_its_results(client, officer, school, work):
    job = make(requested_by=officer, organisation=school)
    Job.objects.filter(pk=job.pk).update(
        state=State.DONE, result={"rows": [{"school": "一小", "text": "已发文", "ok": True, "url": "/x/"}]}
    )
    client.force_login(officer)
    text = client.get(page(job)).content.decode()
    assert "一小" in text
    assert 'href="/x/"' in text
    assert "hx-get" not in text


def test_an_open_job_refreshes_itself_and_only_its_part(client, officer, work):
    job = make(requested_by=officer)
    client.force_login(officer)
    assert "hx-get" in client.get(page(job)).content.decode()
    part = client.get(page(job), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-get" in part


def test_a_stranger_does_not_find_the_job(client, officer, stranger, work):
    job = make(requested_by=officer)
    client.force_login(stranger)
    assert client.get(page(job)).status_code == 404
    assert client.post(page(job, "job_retry")).status_code == 404


def test_the_jobs_of_the_system_are_seen_from_the_root_alone(client, as_admin, district, work):
    job = make()
    assert as_admin.get(page(job)).status_code == 200
    client.force_login(UserFactory(post=(district, Role.ADMINISTRATOR)))
    assert client.get(page(job)).status_code == 404


def test_an_administrator_runs_a_failed_job_again(as_admin, work):
    job = make()
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, error="kaputt", attempts=4)
    assert "kaputt" in as_admin.get(page(job)).content.decode()
    assert as_admin.post(page(job, "job_retry")).url == page(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.WAITING, 0)
    assert Event.objects.get().verb == "core.retry_job"
    as_admin.post(page(job, "job_retry"))
    assert Event.objects.count() == 1


def test_others_do_not_run_jobs_again(client, officer, auditor, work):
    job = make(requested_by=officer)
    Job.objects.filter(pk=job.pk).update(state=State.FAILED)
    for person in (officer, auditor):
        client.force_login(person)
        answer = client.post(page(job, "job_retry"))
        assert answer.status_code in {403, 404}
    job.refresh_from_db()
    assert job.state == State.FAILED


def test_the_list_is_narrowed_by_state_and_costs_the_same(as_admin, work):
    Job.objects.filter(pk=make(key="a").pk).update(state=State.FAILED, error="kaputt")
    short = queries_of(as_admin, LIST)
    make(), make()
    assert queries_of(as_admin, LIST) == short
    answer = as_admin.get(LIST, {"state": "failed"})
    assert len(answer.context["page"].rows) == 1
    assert next(link.url for link in answer.context["main_tabs"]) == "/"
    assert "tabbar" in answer.content.decode()
    assert len(as_admin.get(LIST, {"state": "strange"}).context["page"].rows) == 3
    assert as_admin.get(LIST, {"before": "x"}).status_code == 404


# --- tidying ---------------------------------------------------------------------------------------
def test_old_rests_are_thrown_away_and_the_rest_stays(city, officer, client):
    with transaction.atomic():
        for days in (1, 400):
            created = NOW - timedelta(days=days)
            for name in ("core.heartbeat", "core.deliver"):
                Job.objects.create(name=name, created_at=created, run_after=created, state=State.DONE)
            SignedInSession.objects.create(
                user=officer, session_key=f"k{days}", opened_at=created, seen_at=created
            )
            ImportBatch.objects.create(
                kind="people", organisation=city, uploaded_by=officer, uploaded_at=created, file_name="a",
                sha256="0", rows=[{}],
            )  # fmt: skip
    Job.objects.create(
        name="core.deliver", created_at=created, run_after=created, state=State.FAILED, error="kept"
    )
    found = tidy.tidy(now=NOW)
    assert (found["heartbeats"], found["jobs"], found["devices"], found["previews"]) == (1, 1, 1, 1)
    assert Job.objects.count() == 3
    assert ImportBatch.objects.filter(state=ImportBatch.State.PREVIEW).count() == 1
    assert tidy.tidy_job(None, day="2026-06-01")
