"""Notices to several schools as one job: a result per school, and no second run for the same press."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import NotAllowed
from schoolsafety.core import jobs
from schoolsafety.core.models import Organisation, User
from schoolsafety.core.roles import BUREAU_ROLES

from . import notices


def bureau_of(user, school):
    """The nearest bureau at or above `school` where this person holds a bureau's post."""
    paths = [path for path, role in user.posts if role in BUREAU_ROLES and school.path.startswith(path)]
    if not paths:
        raise NotAllowed(_("You hold no post that issues notices there."))
    return Organisation.objects.get(path=max(paths, key=len))


def issue_many(rows, *, actor, now, key=None):
    """Queue one notice per school for the chosen hazards; the same `key` gives the same job."""
    return jobs.enqueue(
        "inspections.issue_notices", now=now, key=f"inspections.issue_notices:{key}" if key else None,
        requested_by=actor, hazards=[row.pk for row in rows], actor=actor.pk,
    )  # fmt: skip


@jobs.handler("inspections.issue_notices")
def issue_notices(job, hazards, actor):
    """Draft and issue school by school; each in its own transaction, so one refusal stops no other.

    Run twice, it finds the hazards of the first run in current notices and explains them.
    """
    person = User.objects.get(pk=actor)
    groups = {}
    for hazard in Hazard.objects.visible_to(person).filter(pk__in=hazards).select_related("school__parent"):
        groups.setdefault(hazard.school, []).append(hazard)
    results = list(job.result.get("rows", []))
    known = {row["school"] for row in results}
    for done, (school, rows) in enumerate(sorted(groups.items(), key=lambda pair: pair[0].code), start=1):
        if school.name not in known:
            results.append(_one(school, rows, person))
            type(job).objects.filter(pk=job.pk).update(result={"rows": results})
        jobs.progress(job, done, len(groups))
    return {"rows": results, "good": sum(row["ok"] for row in results), "all": len(results)}


def _one(school, rows, actor):
    now = timezone.now()
    usable = [row for row in rows if row.is_open and row.grade]
    left_out = "、".join(row.number for row in rows if row not in usable)
    try:
        with transaction.atomic():  # a draft that cannot be issued is not left behind
            notice = notices.draft(
                school, bureau=bureau_of(actor, school), chosen=usable, actor=actor, now=now
            )
            notice = notices.issue(notice, actor=actor, now=now)
    except (NotAllowed, ValidationError) as reason:
        words = " ".join(reason.messages) if isinstance(reason, ValidationError) else str(reason)
        return {"school": school.name, "ok": False, "text": words, "url": ""}
    words = notice.number + (_("; left out: %(numbers)s") % {"numbers": left_out} if left_out else "")
    return {"school": school.name, "ok": True, "text": words, "url": notice.get_absolute_url()}
