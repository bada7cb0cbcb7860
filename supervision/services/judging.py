"""Whether a hazard is major: gone through by the criteria, decided by a person, kept with its facts."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.services.moving import begin, needed
from hazards.workflow import Action, Grade, NotAllowed, Status
from inspections.services.notice_drafting import bureau_of
from schoolsafety.core.audit import record_event
from schoolsafety.core.preferences import preference
from schoolsafety.core.workdays import calendar_for

from ..models import Judgement
from ..workflow.judging import OVERSEERS, Flag, flags_of, grade_after, outcome_of

LATE_DAYS = "supervision.late_downgrade_days"


@transaction.atomic
def judge(hazard, *, actor, is_major, reason, answers, now, due_on=None, after=0):
    """Decide by the criteria whether an open hazard is major; returns the Judgement.

    `answers`: [(MajorCriterion, Answer, words of the fact)] as gone through today; `after`: the key of the
    newest judgement that the actor knows, 0 for none. The grade follows in the same transaction, by
    `hazards.services.grade` or `regrade`; where it stands already only the judgement is kept. Who may:
    whoever may grade. Raises NotAllowed, ValidationError ({"reason"} or {"due_on"}: sentences).
    """
    reason, grade = needed("reason", reason), grade_after(is_major)
    move = begin(hazard, _action(hazard), actor=actor)
    if newest_of(hazard) != after:
        raise NotAllowed(_("It was judged meanwhile: look at that judgement first."))
    if move.hazard.grade != grade:
        act = hazards.grade if move.action == Action.GRADE else hazards.regrade
        act(hazard, actor=actor, grade=grade, reason=reason, now=now, due_on=due_on)
        row = Judgement.objects.get(pk=newest_of(hazard))  # left by follow_grading
    elif due_on:
        raise ValidationError({"due_on": _("The grade stays as it is, and so does the deadline.")})
    else:
        row = keep(move, is_major=is_major, actor=actor, now=now, reason=reason)
    row.answers = [_frozen(*answer) for answer in answers]
    row.outcome = outcome_of(row.answers)
    row.flags = _flags(row)
    row.save()
    record_event(
        hazard, "supervision.judge", organisation=move.hazard.school, actor=actor, note=reason,
        post=actor.post_for(move.hazard.school, move.rule.roles), is_major=is_major, outcome=row.outcome,
        flags=row.flags, criteria=len(row.answers), judgement=row.pk,
    )  # fmt: skip
    return row


def newest_of(hazard):
    """The key of the hazard's newest judgement; 0 if it was never judged."""
    return Judgement.objects.filter(hazard=hazard).order_by("-pk").values_list("pk", flat=True).first() or 0


def follow_grading(move, *, actor, now):
    """Every decision about a major grade leaves a judgement, also one made without the criteria."""
    hazard, was = move.hazard, move.facts
    suspected = not was.grade and was.proposed_grade == Grade.MAJOR
    concerned = Grade.MAJOR in {hazard.grade, was.grade} or suspected
    if move.action in {Action.GRADE, Action.REGRADE} and concerned:
        is_major = hazard.grade == Grade.MAJOR
        keep(move, is_major=is_major, actor=actor, now=now, reason=hazard.grade_reason)


def keep(move, *, is_major, actor, now, reason):
    """Write the judgement of a locked hazard, not gone through yet; returns it."""
    hazard, today = move.hazard, timezone.localdate(now)
    was_major = move.facts.grade == Grade.MAJOR
    row = Judgement(
        hazard=hazard, school=hazard.school, organisation=bureau_of(actor, hazard.school), judged_at=now,
        judged_by=actor, criteria_on=today, was_major=was_major, is_major=is_major, reason=reason,
        due_before=move.due_before,
    )  # fmt: skip
    if was_major and not is_major and move.due_before:
        row.workdays_left = calendar_for(hazard.school).between(today, move.due_before)
    row.flags = _flags(row)
    row.is_late_downgrade = Flag.LATE_DOWNGRADE in row.flags
    row.save()
    return row


@transaction.atomic
def look_over(judgement, *, actor, note, now):
    """A leader looks over a downgrade shortly before its deadline; not who made it. Returns the Judgement."""
    note = needed("note", note)
    row = Judgement.objects.select_for_update(of=("self",)).select_related("school").get(pk=judgement.pk)
    if reason := look_over_refusal(row, actor):
        raise NotAllowed(reason)
    row.seen_at, row.seen_by, row.seen_note = now, actor, note
    row.save(update_fields=["seen_at", "seen_by", "seen_note"])
    record_event(
        row.hazard, "supervision.look_over", organisation=row.school, actor=actor, note=note,
        post=actor.post_for(row.school, OVERSEERS), judgement=row.pk,
    )  # fmt: skip
    return row


def look_over_refusal(row, user):
    """Why this person cannot look the judgement over now, in words; "" if they may."""
    if not row.is_late_downgrade:
        return _("Only a downgrade shortly before its deadline is looked over.")
    if row.seen_at:
        return _("It was looked over already.")
    if not user.roles_at(row.school) & OVERSEERS:
        return _("A leader of the bureau looks it over.")
    if row.judged_by_id == user.pk:
        return _("Whoever judged it cannot look it over.")
    return ""


def _action(hazard):
    return Action.GRADE if hazard.status == Status.REPORTED else Action.REGRADE


def _flags(row):
    return flags_of(
        row.outcome, is_major=row.is_major, was_major=row.was_major, workdays_left=row.workdays_left,
        late_days=preference(row.school, LATE_DAYS) if row.workdays_left is not None else 0,
    )  # fmt: skip


def _frozen(criterion, answer, facts):
    """One answer with the wording as it stands today."""
    return {
        "area": criterion.area, "mode": criterion.mode, "group": criterion.group,
        "at_least": criterion.at_least, "item_no": criterion.item_no, "text": criterion.text,
        "source": criterion.source, "is_verified": criterion.is_verified, "answer": answer,
        "facts": facts.strip(),
    }  # fmt: skip
