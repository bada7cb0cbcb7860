"""Pauses of a deadline: asked for by the school, decided or set by the bureau; ended early or by the day."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Hazard
from hazards.services.moving import needed, people_for
from hazards.workflow import BUREAU, SCHOOL, NotAllowed, Status
from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.preferences import preference
from schoolsafety.core.workdays import ONE_DAY, calendar_for

from ..models import Pause
from ..workflow.chasing import LIVE, PAUSABLE, PAUSE_RULES, PauseAction, PauseStatus, pause_refusal

ENDS = frozenset({Status.CLOSED, Status.PLANNING})  # the clock that stood still runs no more


def begin_action(user, school):
    """PauseAction.SET for the bureau's people, ASK for the school's, None for others."""
    roles = user.roles_at(school)
    for action in (PauseAction.SET, PauseAction.ASK):
        if PAUSE_RULES[action][1] & roles:
            return action
    return None


def new_refusal(hazard, user, today):
    """None if this person may begin a pause of the hazard's deadline, else the reason (one query)."""
    if begin_action(user, hazard.school) is None:
        return _("The school asks for a pause, the bureau decides or sets it.")
    if hazard.status not in PAUSABLE:
        return _("The clock stops only while the hazard is being rectified.")
    if hazard.due_on < today:
        return _("It is late already: ask for an extension instead.")
    if Pause.objects.filter(hazard=hazard, status__in=LIVE).exists():
        return _("There is a pause already, or a request for one.")
    return None


@transaction.atomic
def begin(hazard, *, actor, starts_on, ends_on, reason, now, proof=()):
    """Ask for a pause (the school) or set it at once (the bureau); returns the Pause.

    Both days count as paused. `proof`: uploads. Raises NotAllowed with the reason, ValidationError for
    days that cannot be: past, after the deadline, without a workday, longer than the bureau allows.
    """
    hazard, today = _locked(hazard), timezone.localdate(now)
    if reason_not := new_refusal(hazard, actor, today):
        raise NotAllowed(reason_not)
    reason = needed("reason", reason)
    _check_days(hazard, starts_on, ends_on, today)
    action = begin_action(actor, hazard.school)
    pause = Pause.objects.create(
        hazard=hazard, school=hazard.school, status=PauseStatus.ASKED, starts_on=starts_on, ends_on=ends_on,
        reason=reason, asked_at=now, asked_by=actor,
    )  # fmt: skip
    for upload in proof:
        _keep(upload, pause, actor, now)
    _log(pause, action, actor, note=reason, asked=[starts_on, ends_on])
    if action == PauseAction.SET:
        _start(pause, actor, now)
    else:
        _tell(pause, BUREAU, _("A pause of the deadline is asked for: %(number)s %(title)s"), now)
    return pause


@transaction.atomic
def decide(pause, *, actor, is_granted, now, answer=""):
    """The bureau grants or refuses what the school asked for; a refusal needs its reason."""
    answer = answer.strip() if is_granted else needed("answer", answer)
    pause = _begin(pause, PauseAction.DECIDE, actor)
    if is_granted and pause.hazard.status not in PAUSABLE:
        raise NotAllowed(_("The clock stops only while the hazard is being rectified."))
    pause.answer = answer
    settle(pause.get_absolute_url())
    _log(pause, PauseAction.DECIDE, actor, note=answer, granted=is_granted)
    if is_granted:
        return _start(pause, actor, now)
    pause.status, pause.decided_at, pause.decided_by = PauseStatus.REFUSED, now, actor
    pause.save()
    _tell(pause, SCHOOL, _("The pause of the deadline was refused: %(number)s %(title)s"), now)
    return pause


@transaction.atomic
def resume(pause, *, actor, now, note=""):
    """Work goes on earlier: the deadline moves back by the workdays that were not used."""
    pause = _begin(pause, PauseAction.RESUME, actor)
    hazard, today = pause.hazard, timezone.localdate(now)
    calendar = calendar_for(hazard.school)
    unused = calendar.between(max(today, pause.starts_on) - ONE_DAY, pause.ends_on)
    unused = max(min(unused, pause.days), 0)
    if unused == pause.days and hazard.due_on == pause.new_due_on:
        due_on = pause.old_due_on  # nothing was used: exactly the day of before
    else:
        due_on = calendar.add(hazard.due_on, -unused)
    hazards.move_deadline(hazard, actor=actor, due_on=due_on, paused_until=None, note=note)
    pause.status, pause.days, pause.new_due_on = PauseStatus.OVER, pause.days - unused, due_on
    pause.ended_at, pause.ended_by, pause.end_note = now, actor, note.strip()
    pause.save()
    _log(pause, PauseAction.RESUME, actor, note=note, unused=unused)
    text = _("The clock runs again, deadline %(day)s: %(number)s %(title)s")
    _tell(pause, SCHOOL | BUREAU, text, now, but=actor, day=due_on)
    return pause


def end_over(*, on, now):
    """End the pauses whose last day lies before `on`; returns how many. Safe to run twice."""
    over = Pause.objects.filter(status=PauseStatus.RUNNING, ends_on__lt=on)
    return sum(_end_over(pause, on, now) for pause in over.select_related("hazard"))


def follow(move, *, actor, now):
    """A hazard that was closed, or whose plan is made anew, has no clock to stop (no query for others)."""
    hazard = move.hazard
    if hazard.status not in ENDS or move.before not in PAUSABLE | {Status.SUBMITTED, Status.VERIFIED}:
        return
    if hazard.paused_until:
        hazard.paused_until = None
        hazard.save(update_fields=["paused_until"])
    for pause in Pause.objects.select_for_update(of=("self",)).filter(hazard=hazard, status__in=LIVE):
        was_running = pause.status == PauseStatus.RUNNING
        pause.status, pause.ended_at = PauseStatus.OVER if was_running else PauseStatus.LAPSED, now
        pause.save(update_fields=["status", "ended_at"])
        settle(pause.get_absolute_url())
        record_event(pause, "supervision.follow_hazard_pause", organisation=hazard.school, actor=actor)


def refusal(pause, action, user):
    """None if this person may do `action` with the pause, else the reason."""
    return pause_refusal(action, pause.status, user.roles_at(pause.school))


def _check_days(hazard, starts_on, ends_on, today):
    if starts_on < today:
        raise ValidationError({"starts_on": _("The day lies in the past.")})
    if starts_on > hazard.due_on:
        raise ValidationError({"starts_on": _("The pause begins before the deadline, or on its day.")})
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day comes before the first.")})
    most = preference(hazard.school, "chasing.pause_most")
    if (ends_on - starts_on).days >= most:
        raise ValidationError({"ends_on": _("At most %(n)d days.") % {"n": most}})
    if not calendar_for(hazard.school).between(starts_on - ONE_DAY, ends_on):
        raise ValidationError({"ends_on": _("There is no workday between these days.")})


def _start(pause, actor, now):
    """Let the clock stand still: the deadline moves by the workdays paused, both dates are kept."""
    hazard = pause.hazard
    calendar = calendar_for(hazard.school)
    pause.days = calendar.between(pause.starts_on - ONE_DAY, pause.ends_on)
    pause.old_due_on, pause.new_due_on = hazard.due_on, calendar.add(hazard.due_on, pause.days)
    pause.status, pause.decided_at, pause.decided_by = PauseStatus.RUNNING, now, actor
    pause.save()
    hazards.move_deadline(
        hazard, actor=actor, due_on=pause.new_due_on, paused_until=pause.ends_on, note=pause.reason
    )
    text = _("The clock stops until %(until)s, deadline then %(day)s: %(number)s %(title)s")
    _tell(pause, SCHOOL, text, now, but=actor, day=pause.new_due_on, until=pause.ends_on)
    return pause


@transaction.atomic
def _end_over(pause, on, now):
    hazard = _locked(pause.hazard)
    fresh = Pause.objects.select_for_update(of=("self",)).select_related("school").get(pk=pause.pk)
    if fresh.status != PauseStatus.RUNNING or fresh.ends_on >= on:
        return 0
    fresh.hazard = hazard
    fresh.status, fresh.ended_at = PauseStatus.OVER, now
    fresh.save(update_fields=["status", "ended_at"])
    hazards.move_deadline(hazard, actor=None, due_on=hazard.due_on, paused_until=None)
    text = _("The clock runs again, deadline %(day)s: %(number)s %(title)s")
    _tell(fresh, SCHOOL, text, now, day=hazard.due_on)
    return 1


def _locked(hazard):
    return Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)


def _begin(pause, action, actor):
    """Lock hazard and pause, read them anew, check the rule; returns the pause. Raises NotAllowed."""
    hazard = _locked(pause.hazard)
    fresh = Pause.objects.select_for_update(of=("self",)).select_related("school").get(pk=pause.pk)
    fresh.hazard = hazard
    if reason := refusal(fresh, action, actor):
        raise NotAllowed(str(reason))
    return fresh


def _keep(upload, pause, actor, now):
    """Store one proof, a document or a photo by its content."""
    is_document = upload.read(4) in {b"%PDF", b"PK\x03\x04"}
    upload.seek(0)
    store = files.store_document if is_document else files.store_photo
    store(upload, owner=pause, organisation=pause.school, purpose="proof", actor=actor, now=now)


def _log(pause, action, actor, *, note="", **changes):
    record_event(
        pause, f"supervision.{action}_pause", organisation=pause.school, actor=actor, note=note,
        post=actor.post_for(pause.school, PAUSE_RULES[action][1]), **changes,
    )  # fmt: skip


def _tell(pause, roles, text, now, *, but=None, **more):
    """One line to those who hold one of `roles` for the school; only a request lights the red mark."""
    hazard = pause.hazard
    people = people_for(pause.school, roles, timezone.localdate(now))
    notify(
        [person for person in people if but is None or person.pk != but.pk], "supervision.pause",
        text % {"number": hazard.number, "title": hazard.title, **more}, url=pause.get_absolute_url(),
        organisation=pause.school, needs_action=pause.status == PauseStatus.ASKED, now=now,
    )  # fmt: skip
