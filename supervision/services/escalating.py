"""Escalation: what is late and was chased in vain is put before the next level; a person there decides."""

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.services.moving import needed, people_for
from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation, User
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.preferences import preferences_for

from ..models import Escalation
from ..workflow.chasing import DECIDERS, EscalationStatus, Level, Rung
from .measure_looks import Calendars

KEYS = [f"chasing.{level}_{what}" for level in Level for what in ("days", "chases")]


def propose_all(*, today, now):
    """Put before the next level what reached its numbers; returns how many are new. Safe to run twice: one
    hazard, one deadline, one level is asked about once."""
    lapse(today=today, now=now)
    late = Hazard.objects.overdue(today).select_related("school__parent").annotate(
        n_chases=Count("chases", filter=Q(chases__at__date__gt=F("due_on")))
    )  # fmt: skip
    calendars, ladders, made = Calendars(), {}, 0
    for hazard in late.filter(n_chases__gt=0).order_by("pk"):
        parent = hazard.school.parent_id
        if parent not in ladders:
            ladders[parent] = _rungs(hazard.school)
        days = calendars.of(hazard.school).between(hazard.due_on, today)
        for rung, bureau in ladders[parent]:
            if rung.is_reached(days, hazard.n_chases):
                made += _propose(hazard, rung.level, bureau, days, now)
    return made


@transaction.atomic
def take_up(escalation, *, actor, note, now):
    """The level that is asked takes it up with an instruction, which goes to the district and the school."""
    row = _decided(escalation, EscalationStatus.TAKEN, actor, needed("note", note), now)
    text = _("Instruction on %(title)s (%(number)s): %(note)s")
    today = timezone.localdate(now)
    people = people_for(row.school, SCHOOL | BUREAU, today)
    _notify(row, [one for one in people if one.pk != actor.pk], text, row.hazard.get_absolute_url(), now)
    return row


@transaction.atomic
def dismiss(escalation, *, actor, note, now):
    """It stays with the district, for a reason."""
    return _decided(escalation, EscalationStatus.DISMISSED, actor, needed("note", note), now)


def lapse(*, today, now):
    """What is not late any more, or has another deadline, needs no decision; returns how many lapsed."""
    rows = Escalation.objects.filter(status=EscalationStatus.OPEN)
    gone = rows.exclude(hazard__in=Hazard.objects.overdue(today)) | rows.exclude(due_on=F("hazard__due_on"))
    return sum(_lapse(pk, now) for pk in gone.values_list("pk", flat=True))


def refusal(escalation, user):
    """None if this person may decide now, else the reason."""
    if not user.roles_at(escalation.organisation) & DECIDERS:
        return _("A leader of %(bureau)s decides.") % {"bureau": escalation.organisation.name}
    if escalation.status != EscalationStatus.OPEN:
        return _("This was decided already, or is not late any more.")
    return None


def _rungs(school):
    """[(Rung, the bureau asked)] for a school: its bureau's leader, then the bureau above that one."""
    chosen = preferences_for(school, KEYS)
    bureau = school.parent
    found = [(_rung(Level.LEADER, chosen), bureau)]
    if bureau is not None and bureau.parent_id is not None:
        above = Organisation.objects.get(pk=bureau.parent_id)
        found.append((_rung(Level.CITY, chosen), above))
    return [(rung, place) for rung, place in found if place is not None]


def _rung(level, chosen):
    return Rung(level, chosen[f"chasing.{level}_days"], chosen[f"chasing.{level}_chases"])


@transaction.atomic
def _propose(hazard, level, bureau, days, now):
    row, is_new = Escalation.objects.get_or_create(
        key=f"{hazard.pk}:{hazard.due_on}:{level}",
        defaults={
            "hazard": hazard, "school": hazard.school, "organisation": bureau, "level": level,
            "due_on": hazard.due_on, "days_late": days, "chases": hazard.n_chases, "made_at": now,
        },
    )  # fmt: skip
    if is_new:
        record_event(
            row, "supervision.propose_escalation", organisation=bureau, hazard=hazard.number, level=level,
            days=days, chases=hazard.n_chases,
        )  # fmt: skip
        leaders = User.objects.holding(DECIDERS, bureau, timezone.localdate(now))
        text = _("%(n)d workdays late, chased %(chases)d times: %(school)s, %(title)s")
        _notify(row, leaders, text, row.get_absolute_url(), now, needs_action=True)
    return int(is_new)


def _decided(escalation, status, actor, note, now):
    row = Escalation.objects.select_for_update(of=("self",)).select_related(
        "hazard", "school", "organisation"
    ).get(pk=escalation.pk)  # fmt: skip
    if reason := refusal(row, actor):
        raise NotAllowed(reason)
    row.status, row.note, row.decided_at, row.decided_by = status, note[:300], now, actor
    row.save()
    settle(row.get_absolute_url())
    verb = "take_escalation" if status == EscalationStatus.TAKEN else "dismiss_escalation"
    post = actor.post_for(row.organisation, DECIDERS)
    record_event(row, f"supervision.{verb}", organisation=row.organisation, actor=actor, note=note, post=post)
    if status == EscalationStatus.TAKEN:  # the school reads it in the hazard's own history
        record_event(
            row.hazard, f"supervision.{verb}", organisation=row.school, actor=actor, note=note, post=post
        )
    return row


@transaction.atomic
def _lapse(pk, now):
    row = Escalation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    if row.status != EscalationStatus.OPEN:
        return 0
    row.status, row.decided_at = EscalationStatus.LAPSED, now
    row.save(update_fields=["status", "decided_at"])
    settle(row.get_absolute_url())
    record_event(row, "supervision.lapse_escalation", organisation=row.organisation)
    return 1


def _notify(row, people, text, url, now, *, needs_action=False):
    hazard = row.hazard
    words = {
        "title": hazard.title, "number": hazard.number, "school": row.school.label, "note": row.note,
        "n": row.days_late, "chases": row.chases,
    }  # fmt: skip
    notify(
        people, "supervision.escalation", text % words, url=url, organisation=row.school,
        needs_action=needs_action, now=now,
    )  # fmt: skip
