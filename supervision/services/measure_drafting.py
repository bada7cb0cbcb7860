"""Drafts of measures: by hand or from a proposal, changed, handed to the leader, sent back, given up."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, NotAllowed
from schoolsafety.core.directory import authority
from schoolsafety.core.drafts import EditedMeanwhile, change
from schoolsafety.core.models import Organisation
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.roles import BUREAU_ROLES
from schoolsafety.core.workdays import calendar_for

from ..models import Measure
from ..workflow import measures as rules
from ..workflow.measure_kinds import BAN_YEARS, KIND_RULES, MONEY, Kind, Sanction
from ..workflow.measures import Action, Status
from .measure_shared import begin, log, needed, tell_bureau, tell_school
from .measure_words import DEMANDS

WORDS = ["basis", "facts", "reason", "aggravating", "demand", "contact", "is_holding", "release_note"]
# After the prior notice only these may change, and nothing becomes heavier for what the party said.
AFTER_NOTICE = frozenset({"reason", "demand", "amount"})


def bureau_of(user, school):
    """The nearest bureau at or above `school` where this person holds a bureau's post; else NotAllowed."""
    paths = [path for path, role in user.posts if role in BUREAU_ROLES and school.path.startswith(path)]
    if not paths:
        raise NotAllowed(_("You hold no post that imposes measures there."))
    return Organisation.objects.get(path=max(paths, key=len))


@transaction.atomic
def draft(school, *, kind, actor, now, hazard=None, proposal=None, bureau=None, **values):
    """A draft with suggested days and words; `values` are fields of Measure that replace them.

    Raises NotAllowed without a bureau's post there, ValidationError for a hazard of another school.
    """
    bureau = bureau or bureau_of(actor, school)
    if not actor.roles_at(bureau) & BUREAU:
        raise NotAllowed(_("You hold no post that imposes measures there."))
    if kind not in KIND_RULES:
        raise ValidationError({"kind": _("A measure of this kind is not drafted here.")})
    if KIND_RULES[kind].unit == "bureau" and not units_of(kind, school, bureau).exists():
        raise ValidationError({"kind": _("A bureau's supervision is reviewed by a bureau above it.")})
    if hazard is not None and hazard.school_id != school.pk:
        raise ValidationError({"hazard": _("This hazard belongs to another school.")})
    measure = Measure.objects.create(
        kind=kind, school=school, organisation=bureau, hazard=hazard, proposal=proposal, created_at=now,
        created_by=actor, **(suggestions(school, kind, now) | values),
    )  # fmt: skip
    log(
        measure, "draft_measure", actor=actor, roles=BUREAU, school=school.name,
        hazard=hazard.number if hazard else "", proposal=proposal.pk if proposal else None,
    )  # fmt: skip
    return measure


def suggestions(school, kind, now):
    """The fields of a new draft: its usual words, whom it concerns, days from calendar and settings."""
    wanted = preferences_for(school, ["measures.yellow_months", "measures.interview_days"])
    today, values = timezone.localdate(now), {"demand": DEMANDS[Kind(kind)]}
    if kind == Kind.YELLOW_CARD:
        values["until"] = add_months(today, wanted["measures.yellow_months"])
    elif kind == Kind.SUPERVISION:
        values["unit"] = school.parent
    elif kind == Kind.VETO:
        values |= {"unit": school, "year": today.year}
    elif kind == Kind.BAN:
        values["until"] = add_months(today, 12 * BAN_YEARS)
    elif kind == Kind.INTERVIEW:
        day = calendar_for(school).add(today, wanted["measures.interview_days"])
        nine = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9))
        values |= {"meet_at": nine, "bring": "隐患台账、整改方案及佐证材料"}
    return values


def units_of(kind, school, bureau):
    """The Organisations that a measure of `kind` of `bureau` on `school` may concern: the school, or a bureau
    between the two, so that nobody decides about themselves."""
    rows = Organisation.objects.filter(pk__in=school.path_ids(), path__startswith=bureau.path)
    rows = rows.exclude(pk=bureau.pk).order_by("path")
    return rows.bureaus() if KIND_RULES[Kind(kind)].unit == "bureau" else rows


def add_months(day, count):
    """The same day `count` months later, the last of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=last)
        except ValueError:
            continue
    raise ValueError(day)


@transaction.atomic
def edit(measure, *, actor, values, version, now):
    """Change a draft. After the prior notice only AFTER_NOTICE, and the amount only downwards.

    Raises EditedMeanwhile if it is no longer at `version`, ValidationError beside the field otherwise.
    """
    measure = begin(measure, Action.EDIT, actor=actor, now=now)
    if measure.version != version:
        raise EditedMeanwhile()  # before any word about the values
    if measure.status == Status.HEARD:
        values = {name: value for name, value in values.items() if name in AFTER_NOTICE}
        amount = values.get("amount")
        if (amount or 0) > (measure.amount or 0):
            raise ValidationError({"amount": _("It cannot become heavier than in the prior notice.")})
    changed = change(measure, version, values)
    measure.save()
    log(measure, "edit_measure", actor=actor, roles=BUREAU, fields=changed)
    return measure


@transaction.atomic
def submit(measure, *, actor, now):
    """Hand a draft to the leader. Raises ValidationError with all that it lacks."""
    measure = begin(measure, Action.SUBMIT, actor=actor, now=now)
    check(measure, timezone.localdate(now))
    measure.submitted_at = now
    measure.save()
    log(measure, "submit_measure", actor=actor, roles=BUREAU)
    tell_bureau(measure, _("To decide: %(kind)s, %(school)s"), now=now, leaders=True)
    return measure


@transaction.atomic
def send_back(measure, *, actor, note, now):
    """The leader gives it back to the drafter with a reason."""
    words = needed("note", note)
    measure = begin(measure, Action.SEND_BACK, actor=actor, now=now)
    measure.save()
    log(measure, "send_back_measure", actor=actor, roles=rules.roles_of(Action.SEND_BACK), note=words)
    tell_bureau(measure, _("Sent back: %(kind)s, %(school)s"), now=now)
    return measure


@transaction.atomic
def discard(measure, *, actor, note, now):
    """Not imposed, with a reason; a school that had the prior notice is told."""
    words = needed("note", note)
    measure = begin(measure, Action.DISCARD, actor=actor, now=now)
    measure.over_at, measure.over_note = now, words
    measure.save()
    log(measure, "discard_measure", actor=actor, roles=BUREAU, note=words)
    if measure.noticed_at:
        tell_school(measure, _("Not imposed: %(kind)s"), now=now, needs_action=False)
    return measure


@transaction.atomic
def release(measure, *, actor, note, now):
    """From now on the measure does not hold the close-out of its hazard; says why."""
    words = needed("note", note)
    measure = begin(measure, Action.RELEASE, actor=actor, now=now)
    measure.is_holding, measure.release_note = False, words
    measure.save()
    log(measure, "release_measure", actor=actor, roles=BUREAU, note=words)
    return measure


def check(measure, today):
    """Raise ValidationError with everything that a measure lacks before it can go out."""
    rule, faults = KIND_RULES[Kind(measure.kind)], []
    if not measure.basis.strip():
        faults.append(_("Name the basis of the measure."))
    if not measure.facts.strip():
        faults.append(_("State the facts."))
    if rule.sanctions and measure.sanction not in rule.sanctions:
        faults.append(_("Say what is imposed."))
    if rule.is_personal and not (measure.person_name and measure.person_post):
        faults.append(_("Name the person and the post."))
    if "fault" in rule.fields and not measure.fault and measure.sanction != Sanction.NOTHING:
        faults.append(_("Say on what ground."))
    if measure.sanction in MONEY and not (measure.amount or 0) > 0:
        faults.append(_("Say how much."))
    if rule.needs_until and (measure.until is None or measure.until <= today):
        faults.append(_("The period must end on a later day."))
    if "authority" in rule.fields and not measure.authority.strip():
        faults.append(_("Name the authority addressed."))
    if rule.unit:
        faults += _unit_faults(measure, rule, today)
    if "meet_at" in rule.fields:
        faults += _meeting_faults(measure, today)
    if measure.hazard_id and not measure.is_holding and not measure.release_note.strip():
        faults.append(_("Say why the hazard may be closed before."))
    if faults:
        raise ValidationError(faults)


def _unit_faults(measure, rule, today):
    """What the review of a bureau's supervision, or a veto, lacks."""
    faults = []
    units = units_of(measure.kind, measure.school, authority(measure))
    if measure.unit_id is None or not units.filter(pk=measure.unit_id).exists():
        faults.append(_("Name the unit concerned: one below the bureau that decides."))
    if "deaths" in rule.fields and not (measure.deaths and measure.accident_on):
        faults.append(_("State the day of the accident and how many died."))
    if measure.accident_on and measure.accident_on > today:
        faults.append(_("The day lies in the future."))
    said = [measure.review.get(one, {}) for one in rule.questions]
    if any(not (one.get("answer") and one.get("note")) for one in said):
        faults.append(_("Answer each question of the review and say why."))
    if "year" in rule.fields and not (measure.year and measure.effect.strip()):
        faults.append(_("Say for which year it counts and what follows for the result."))
    if "resolved_by" in rule.fields and not measure.resolved_by.strip():
        faults.append(_("Say which meeting or body resolved it."))
    return faults


def _meeting_faults(measure, today):
    faults = []
    if not measure.person_name.strip():
        faults.append(_("Name who is called to the interview."))
    if not (measure.meet_place.strip() and measure.host.strip()):
        faults.append(_("Say where the interview is and who conducts it."))
    if measure.meet_at is None or timezone.localdate(measure.meet_at) < today:
        faults.append(_("The day of the interview cannot lie in the past."))
    return faults
