"""Notices to several schools at one press: each school by itself, with a result, however often it runs."""

from django.core.exceptions import ValidationError
from django.db import transaction

from hazards.models import Hazard
from hazards.workflow import NotAllowed
from schoolsafety.core import jobs
from schoolsafety.core.models import Job

from .notice_drafting import bureau_of, draft, refusals
from .notice_issuing import issue

JOB = "inspections.issue_notices"
SHARED = ["inspectors", "contact"]  # what one press may say for all schools alike


@transaction.atomic
def issue_many(rows, *, actor, now, key, **texts):
    """Queue one notice per school for these hazards; returns the Job. The same `key` gives the same job.

    `texts` are fields of SHARED that hold for every notice.
    """
    return jobs.enqueue(
        JOB, now=now, key=f"{JOB}:{actor.pk}:{key}", requested_by=actor, hazards=[row.pk for row in rows],
        actor=actor.pk, texts={name: texts[name] for name in SHARED if texts.get(name)},
    )  # fmt: skip


def schools_of(hazards, actor):
    """[(school, [hazard])] of those of the hazards that this person sees, in the order of the codes."""
    groups = {}
    found = Hazard.objects.visible_to(actor).filter(pk__in=hazards).select_related("school__parent")
    for hazard in found.order_by("school__code", "pk"):
        groups.setdefault(hazard.school, []).append(hazard)
    return list(groups.items())


def issue_for(school, rows, *, job, actor, texts, now):
    """Draft and issue for one school; the result joins `job` in the same transaction, so that a second
    run of a broken job neither repeats the notice nor loses its line. One refusal stops no other school.
    """
    try:
        with transaction.atomic():  # a draft that cannot be issued is not left behind
            bad = refusals(rows)
            usable = [row for row in rows if row.pk not in bad]
            if not usable:
                raise ValidationError([_line(row, bad) for row in rows])
            bureau = bureau_of(actor, school)
            notice = draft(school, bureau=bureau, chosen=usable, actor=actor, now=now, **texts)
            notice = issue(notice, actor=actor, now=now)
            left_out = [_line(row, bad) for row in rows if row.pk in bad]
            words = "；".join([notice.number, *left_out])
            return _keep(job, school, words, notice.get_absolute_url())
    except NotAllowed as reason:
        return _keep(job, school, str(reason))
    except ValidationError as error:
        return _keep(job, school, "；".join(error.messages))


def _line(row, bad):
    return f"{row.number}：{bad[row.pk]}"


@transaction.atomic
def _keep(job, school, text, url=""):
    """Add the school's line to the result of the job; returns the lines so far."""
    fresh = Job.objects.select_for_update().get(pk=job.pk)
    rows = fresh.result.get("rows", [])
    if school.code not in {row["code"] for row in rows}:
        line = {"school": school.name, "code": school.code, "ok": bool(url), "text": text, "url": url}
        rows = [*rows, line]
        Job.objects.filter(pk=job.pk).update(result={"rows": rows})
    return rows
