"""Acts on many chosen hazards at one press: each by itself, in a job, with a line for what came of it."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schoolsafety.core import jobs
from schoolsafety.core.job_lines import keep_line

from ..models import Hazard
from ..workflow import Closure, NotAllowed, state_word, version_of
from .closing import close
from .reminding import chase

MOST = 500  # hazards at one press; the form takes no more


def _close(hazard, *, actor, now):
    close(hazard, actor=actor, now=now, closure=Closure.RECTIFIED)
    return _("written off")


def _chase(hazard, *, actor, now):
    chase(hazard, actor=actor, now=now)
    return _("The school was told.")


# act -> f(hazard, actor=..., now=...), which acts and returns what came of it in words. An app above that
# knows more of an act puts its own here.
ACTS = {"chase": _chase, "close": _close}


def job_of(does):
    """The name of the job behind an act on many."""
    return f"hazards.{does}_many"


def act_on_many(rows, *, does, actor, now, key, seen=None, back=""):
    """Queue an act of ACTS on these hazards; returns the Job.

    `key` comes with the page: pressed twice for the same hazards it is one job. `seen`: {number: version} as
    the person saw them; what is not so any more is left alone. `back`: the query of the list to return to.
    """
    if does not in ACTS:
        raise ValidationError(_("Choose what is to be done."))
    if len(rows) > MOST:
        raise ValidationError(_("At most %(n)d hazards at one press.") % {"n": MOST})
    chosen = sorted(row.pk for row in rows)
    versions = {str(row.pk): (seen or {}).get(row.number, "") for row in rows}
    same = hashlib.sha256(json.dumps([does, key, chosen]).encode()).hexdigest()[:40]
    return jobs.enqueue(
        job_of(does), now=now, key=f"{job_of(does)}:{actor.pk}:{same}", requested_by=actor, actor=actor.pk,
        hazards=[row.pk for row in rows], versions=versions, back=back,
    )  # fmt: skip


def act_in_job(pk, *, does, job, actor, now, version=""):
    """Act on one hazard of a job; returns the lines so far. A refusal is a line too and stops no other."""
    seen = Hazard.objects.visible_to(actor).select_related("school").filter(pk=pk).first()
    if seen is None:
        return keep_line(job, pk, _("A hazard"), _("Not to be found any more."))
    name, url = f"{seen.school.label}：{seen.title}", seen.get_absolute_url()
    try:
        with transaction.atomic():
            fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=pk)
            _refuse_changed(fresh, version)
            words = ACTS[does](fresh, actor=actor, now=now)
            return keep_line(job, pk, name, f"{seen.number} · {words}", url=url, is_done=True)
    except NotAllowed as reason:
        return keep_line(job, pk, name, f"{seen.number} · {reason}", url=url)
    except ValidationError as error:
        return keep_line(job, pk, name, f"{seen.number} · {'；'.join(error.messages)}", url=url)


def _version(hazard):
    return version_of(hazard.status, hazard.grade, hazard.reopened_count, hazard.sent_back_count)


def _refuse_changed(hazard, version):
    """Raise NotAllowed where the hazard is not as the person saw it when choosing."""
    if version and _version(hazard) != version:
        words = {"state": state_word(hazard.status, hazard.grade, hazard.proposed_grade)}
        raise NotAllowed(_("It changed meanwhile and is now: %(state)s. Look at it again.") % words)
