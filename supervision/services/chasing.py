"""Chasing (催办): one hazard, or a selection at one press with a result for each."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hazards import services as hazards
from hazards.models import Hazard
from hazards.services.reminding import chased_people
from hazards.workflow import Action, NotAllowed
from schoolsafety.core import jobs
from schoolsafety.core.job_lines import keep_line
from schoolsafety.core.notifications import reached_by
from schoolsafety.core.preferences import preference

from ..models import Chase
from ..settings_chasing import check_text, filled
from ..workflow.chasing import BY_HAND, MESSENGERS, Way

JOB = "supervision.chase"
LONGEST = 300  # letters of the line that is sent: what a notification holds
MOST = 500  # hazards at one press


def chase_many(rows, *, actor, now, key, way, text="", note="", is_again=False):
    """Queue a chase of these hazards; returns the Job. The same `key` of the same person is one job.

    `way` is a Way. Sent ones need `text` (with placeholders), those by hand a `note` of what was done.
    """
    way = Way(way)
    text, note = _words(way, text, note)
    return jobs.enqueue(
        JOB, now=now, key=f"{JOB}:{actor.pk}:{key}", requested_by=actor, actor=actor.pk, way=way.value,
        text=text, note=note, is_again=is_again, hazards=[row.pk for row in rows],
    )  # fmt: skip


def chase_in_job(pk, *, job, actor, now, **how):
    """Chase one hazard of a job and keep its line in the same transaction: a second run of a broken job
    neither chases again nor loses the line. A refusal is a line too. Returns the lines so far."""
    seen = Hazard.objects.visible_to(actor).select_related("school").filter(pk=pk).first()
    if seen is None:
        return keep_line(job, pk, _("A hazard"), _("Not to be found any more."))
    name, url = f"{seen.school.label}：{seen.title}", seen.get_absolute_url()
    try:
        with transaction.atomic():
            row = chase_one(seen, actor=actor, now=now, **how)
            return keep_line(job, pk, name, _result(row), url=url, is_done=True)
    except NotAllowed as reason:
        return keep_line(job, pk, name, str(reason), url=url)


@transaction.atomic
def chase_one(hazard, *, actor, now, way=Way.APP, text="", note="", is_again=False):
    """Press for one overdue hazard; returns its Chase, with how many people were told.

    Raises NotAllowed where it is not late any more, was chased within the hours that the bureau set (unless
    `is_again`), where nobody at the school could be told, or by the hazard's own rules.
    """
    way, today = Way(way), timezone.localdate(now)
    text, note = _words(way, text, note)
    fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    people = chased_people(fresh, today) if way not in BY_HAND else []
    if fresh.is_open:  # of a closed one the hazard's own rules tell
        if not Hazard.objects.overdue(today).filter(pk=fresh.pk).exists():
            raise NotAllowed(_("It is not late any more, or was handed in."))
        if not is_again:
            _refuse_twice(fresh, now)
        if way not in BY_HAND and not people:
            raise NotAllowed(_("Nobody at the school uses this system: telephone."))
    line = filled(text, values_of(fresh, today))[:LONGEST]
    hazards.chase(
        fresh, actor=actor, now=now, note=note or line, text=line, is_told=way not in BY_HAND,
        by=way.value if way in MESSENGERS else "",
    )  # fmt: skip
    row = Chase.objects.filter(hazard=fresh).latest("pk")
    row.way, row.text, row.note, row.told = way, line, note, len(people)
    row.save(update_fields=["way", "text", "note", "told"])
    row.reached = reached_by(way.value, people) if way in MESSENGERS else None
    return row


@transaction.atomic
def chase_chosen(hazard, *, actor, now):
    """Press for a hazard that was chosen in the ledger, late or not, by the usual line in this system.

    Returns in words who was told. Raises NotAllowed where it was chased within the hours that the bureau
    set, where nobody at the school could be told, or by the hazard's own rules.
    """
    fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    people = chased_people(fresh, timezone.localdate(now))
    if fresh.is_open:
        _refuse_twice(fresh, now)
        if not people:
            raise NotAllowed(_("Nobody at the school uses this system: telephone."))
    hazards.chase(fresh, actor=actor, now=now)
    row = Chase.objects.filter(hazard=fresh).latest("pk")
    row.told, row.reached = len(people), None
    row.save(update_fields=["told"])
    return _result(row)


def follow(move, *, actor, now):
    """Every chase of a hazard is kept as a row, from wherever it was pressed."""
    if move.action == Action.CHASE:
        Chase.objects.create(hazard=move.hazard, school=move.hazard.school, at=now, by=actor)


def values_of(hazard, today):
    """{placeholder: text} of a chasing text."""
    return {
        "school": hazard.school.label, "title": hazard.title, "number": hazard.number,
        "place": hazard.place, "due": f"{hazard.due_on:%Y-%m-%d}" if hazard.due_on else "",
        "days": hazard.days_late(today),
    }  # fmt: skip


def _words(way, text, note):
    """(text, note) as they are needed for this way; ValidationError beside the field that lacks them."""
    text, note = text.strip(), note.strip()
    if way in BY_HAND:
        if not note:
            raise ValidationError({"note": _("Note who was reached and what was said.")})
        return "", note
    if not text:
        raise ValidationError({"text": _("Write what is sent.")})
    try:
        check_text(text)
    except ValidationError as error:
        raise ValidationError({"text": error}) from error
    return text, note


def _refuse_twice(hazard, now):
    """Raise NotAllowed where it was chased within the hours that the bureau set."""
    since = now - timedelta(hours=preference(hazard.school, "chasing.wait_hours"))
    last = Chase.objects.filter(hazard=hazard, at__gt=since).select_related("by").first()
    if last:
        words = {"at": f"{timezone.localtime(last.at):%m-%d %H:%M}", "by": last.by}
        raise NotAllowed(_("Chased already at %(at)s by %(by)s.") % words)


def _result(row):
    """Who was told, in words."""
    if row.way in BY_HAND:
        return _("Noted: %(note)s") % {"note": row.note}
    told = ngettext("%(n)d person told", "%(n)d people told", row.told) % {"n": row.told}
    if row.reached is None:
        return told
    if not row.reached:
        return told + "，" + _("in this system only: nobody gave an address for this channel")
    reached = ngettext(
        "%(n)d of them also by this channel", "%(n)d of them also by this channel", row.reached
    )
    return told + "，" + reached % {"n": row.reached}
