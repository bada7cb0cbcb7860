"""Look-backs: planned when a hazard is closed, by hand or by lot; their results; a rebound reopens."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Hazard
from hazards.services.moving import people_for
from hazards.workflow import BUREAU, Action, NotAllowed, Status
from schoolsafety.core import files
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation
from schoolsafety.core.models.organisation import Kind
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_STAFF
from schoolsafety.core.workdays import calendar_for

from ..models import LookBack, LookBackRule
from ..workflow.looking_back import (
    LOOKED_BACK,
    WHO_LOOKS,
    WHO_SETS_RULES,
    LookBackStatus,
    Result,
    Why,
    days_of,
    refusal,
)

ANSWERING = [Kind.CITY_BUREAU, Kind.DISTRICT_BUREAU]


def follow(move, *, actor, now):
    """After a move of a hazard: a close-out plans its look-back by the rules; reopened, it needs none."""
    hazard = move.hazard
    if hazard.status == Status.CLOSED and move.before != Status.CLOSED and hazard.closure in LOOKED_BACK:
        days = days_for(hazard)
        if days is not None:
            due_on = calendar_for(hazard.school).next_workday(hazard.closed_on + timedelta(days=days))
            _create(hazard, Why.RULE, due_on=due_on, actor=None, now=now)
    elif move.action == Action.REOPEN:
        _drop(hazard, actor=actor, now=now)


def days_for(hazard):
    """Calendar days after which the rules look back at this hazard; None: they do not (one query)."""
    ids = hazard.school.path_ids()
    rules = LookBackRule.objects.filter(organisation__in=ids, grade=hazard.grade).values_list(
        "organisation_id", "grade", "category_id", "days", "is_on"
    )
    return days_of(list(rules), ids, hazard.grade, hazard.category_id)


def plan_refusal(hazard, user):
    """None if this person may order a look-back by hand, else the reason (at most one query)."""
    if not user.roles_at(hazard.school) & WHO_LOOKS:
        return _("The bureau looks back, not the school.")
    if hazard.status != Status.CLOSED or hazard.closure not in LOOKED_BACK:
        return _("Only a hazard that was written off can be looked back at.")
    if LookBack.objects.due().filter(hazard=hazard).exists():
        return _("A look-back is planned already.")
    return None


@transaction.atomic
def plan(hazard, *, actor, due_on, now):
    """Order a look-back at a closed hazard by hand; returns it."""
    hazard = _locked(hazard)
    reason = plan_refusal(hazard, actor)
    if reason:
        raise NotAllowed(str(reason))
    if due_on < timezone.localdate(now):
        raise ValidationError({"due_on": _("The day lies in the past.")})
    return _create(hazard, Why.HAND, due_on=due_on, actor=actor, now=now)


@transaction.atomic
def draw_in(hazard, draw, *, actor, now):
    """The lottery picked this closed hazard: a look-back, or the one already due joins the draw, not later
    than the draw says. Returns it; None if the hazard was reopened since the population was frozen."""
    hazard = _locked(hazard)
    if hazard.status != Status.CLOSED or hazard.closure not in LOOKED_BACK:
        return None
    row = LookBack.objects.select_for_update(of=("self",)).due().filter(hazard=hazard).first()
    if row is None:
        return _create(hazard, Why.LOTTERY, due_on=draw.due_on, actor=actor, now=now, draw=draw)
    before, row.draw, row.due_on = row.due_on, draw, min(row.due_on, draw.due_on)
    row.save(update_fields=["draw", "due_on"])
    _log(row, "draw_look_back", actor=actor, draw=draw.pk, due_on=[before, row.due_on])
    return row


def result_refusal(row, user):
    """None if this person may record the result, else the reason; `row` is loaded with hazard and school."""
    return refusal(
        row.status, user.roles_at(row.school), is_closer=row.hazard.closed_by_id == user.pk,
        is_hazard_closed=row.hazard.status == Status.CLOSED,
    )  # fmt: skip


@transaction.atomic
def record(row, *, actor, now, result, note, photos, again_on=None, due_on=None):
    """Record what was seen: held; partly, with a day to look again; rebounded, which reopens the case.

    `again_on` (partly held): the next look, later than today. `due_on` (rebounded): the new deadline, by
    default the next workday. Photos and words are needed. Returns the look-back. Refused: whoever wrote
    the hazard off, whoever comes second.
    """
    hazard = _locked(row.hazard)
    row = (
        LookBack.objects.select_for_update(of=("self",))
        .select_related("school", "organisation")
        .get(pk=row.pk)
    )
    row.hazard = hazard
    reason = result_refusal(row, actor)
    if reason:
        raise NotAllowed(str(reason))
    result, today = Result(result), timezone.localdate(now)
    _check(result, note, photos, again_on, today)
    row.status, row.result, row.note = LookBackStatus.DONE, result, note.strip()
    row.looked_on, row.looked_at, row.looked_by = today, now, actor
    row.save()
    for photo in photos:
        files.store_photo(
            photo, owner=row, organisation=row.school, purpose="look_back", actor=actor, now=now
        )  # fmt: skip
    _log(row, "look_back", actor=actor, note=row.note, result=result, cycle=row.cycle)
    settle(row.get_absolute_url())
    _on_hazard(row, result, actor=actor)
    if result == Result.PARTIAL:
        _create(hazard, Why.FOLLOW_UP, due_on=again_on, actor=actor, now=now, previous=row)
    if result == Result.REBOUND:
        words = _("Look-back of %(day)s: it came back. %(note)s") % {"day": today, "note": row.note}
        due_on = due_on or calendar_for(hazard.school).add(today, 1)
        hazards.reopen(hazard, actor=actor, note=words, now=now, due_on=due_on)
    return row


def remind(*, on, now):
    """Tell the bureaus of the look-backs that fell due on `on` or before, each once; returns how many."""
    rows = LookBack.objects.due().filter(due_on__lte=on, reminded_on=None)
    told = 0
    for pk in list(rows.values_list("pk", flat=True)[:2000]):
        with transaction.atomic():
            found = LookBack.objects.select_for_update(of=("self",)).due().filter(pk=pk, reminded_on=None)
            row = found.select_related("school", "hazard").first()
            if row is None:
                continue
            row.reminded_on = on
            row.save(update_fields=["reminded_on"])
            words = {"school": row.school.label, "title": row.hazard.title}
            notify(
                people_for(row.school, BUREAU_STAFF, on), "supervision.look_back_due",
                _("To look back at: %(school)s, %(title)s") % words, url=row.get_absolute_url(), now=now,
                organisation=row.organisation, needs_action=True, key=f"look-back:{pk}",
            )  # fmt: skip
            told += 1
    return told


@transaction.atomic
def save_rule(rule, *, actor, now):
    """Keep a bureau's rule (new or changed); a leader's word. Raises NotAllowed, or ValidationError if the
    bureau has one for this grade and category."""
    if not actor.roles_at(rule.organisation) & WHO_SETS_RULES:
        raise NotAllowed(_("A leader of the bureau sets its rules."))
    rule.full_clean()
    rule.save()
    record_event(
        rule.organisation, "supervision.save_look_back_rule", organisation=rule.organisation, actor=actor,
        post=actor.post_for(rule.organisation, WHO_SETS_RULES), grade=rule.grade, on=rule.is_on,
        category=rule.category_id or "", days=rule.days,
    )  # fmt: skip
    return rule


def again_by(school, today):
    """The suggested day of the next look after a partial result."""
    return calendar_for(school).add(today, preference(school, "look_back.again_days"))


def bureau_above(school):
    """The nearest district or city bureau above a school: it looks back (one query)."""
    rows = Organisation.objects.above(school).filter(kind__in=ANSWERING)
    return list(rows)[-1]


def _create(hazard, why, *, due_on, actor, now, draw=None, previous=None):
    row = LookBack.objects.create(
        hazard=hazard, school=hazard.school, organisation=bureau_above(hazard.school), why=why, draw=draw,
        previous=previous, cycle=hazard.reopened_count, closed_on=hazard.closed_on, due_on=due_on,
        created_at=now, created_by=actor,
    )  # fmt: skip
    _log(row, "plan_look_back", actor=actor, why=why, due_on=due_on, hazard=hazard.number)
    return row


def _drop(hazard, *, actor, now):
    """The hazard is open again: what was still due is not looked at."""
    rows = LookBack.objects.select_for_update(of=("self",)).due().filter(hazard=hazard)
    for row in rows.select_related("organisation", "school"):
        row.status = LookBackStatus.CANCELLED
        row.save(update_fields=["status"])
        _log(row, "drop_look_back", actor=actor, hazard=hazard.number)
        settle(row.get_absolute_url())


def _check(result, note, photos, again_on, today):
    faults = {}
    if not note.strip():
        faults["note"] = _("Say what was seen.")
    if not photos:
        faults["photos"] = _("Add a photo at least.")
    if result == Result.PARTIAL and again_on is None:
        faults["again_on"] = _("Say when it is looked at again.")
    elif result == Result.PARTIAL and again_on <= today:
        faults["again_on"] = _("It lies after today.")
    if faults:
        raise ValidationError(faults)


def _locked(hazard):
    """The hazard read anew and locked, as its own verbs do it: first of all rows."""
    return Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)


def _log(row, verb, *, actor, note="", **changes):
    """The event in the bureau's history: the school does not see what is planned."""
    record_event(
        row, f"supervision.{verb}", organisation=row.organisation, actor=actor, note=note,
        post=actor.post_for(row.school, BUREAU) if actor else "", **changes,
    )  # fmt: skip


def _on_hazard(row, result, *, actor):
    """The result as a line in the hazard's own history, which the school reads."""
    record_event(
        row.hazard, "supervision.looked_back", organisation=row.school, actor=actor, result=result,
        post=actor.post_for(row.school, BUREAU), look_back=row.pk, why=row.why,
    )  # fmt: skip
