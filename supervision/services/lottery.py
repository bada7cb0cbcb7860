"""The lottery of look-backs: the population is frozen first, the seed revealed later, then it is drawn."""

import secrets
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import NotAllowed, Status
from schoolsafety.core.audit import record_event

from ..models import Draw
from ..workflow import lottery as rules
from ..workflow.looking_back import LOOKED_BACK, WHO_DRAWS
from ..workflow.lottery import FORMULA, MOST_CASES, MOST_PICKS, DrawStatus, SeedKind
from . import looking_back


def population_of(organisation, *, closed_from, closed_to, grade="", category=None):
    """The closed hazards at or below `organisation` that a draw would hold, as a queryset."""
    rows = Hazard.objects.filter(
        school__path__startswith=organisation.path, status=Status.CLOSED, closure__in=LOOKED_BACK
    ).closed_between(closed_from, closed_to)
    rows = rows.filter(grade=grade) if grade else rows
    return rows.filter(category=category) if category else rows


def freeze_refusal(organisation, user):
    """None if this person may hold a draw at `organisation`, else the reason."""
    if organisation.is_bureau and user.roles_at(organisation) & WHO_DRAWS:
        return None
    return _("The bureau draws among its own schools.")


@transaction.atomic
def freeze(organisation, *, actor, now, closed_from, closed_to, size, due_on, seed_kind, grade="",
           category=None, seed_origin=""):  # fmt: skip
    """Freeze what is drawn from, and bind the seed before anybody can know it; returns the Draw.

    Sealed: a random seed is kept and only its SHA-256 shown. Public: the source is named now
    (`seed_origin`), its number typed in once it is out. The event carries both hashes into the chain.
    """
    reason = freeze_refusal(organisation, actor)
    if reason:
        raise NotAllowed(str(reason))
    _check(closed_from, closed_to, size, due_on, seed_kind, seed_origin, timezone.localdate(now))
    scope = {"closed_from": closed_from, "closed_to": closed_to, "grade": grade, "category": category}
    rows = _rows(population_of(organisation, **scope))
    text = rules.as_csv(rows)
    sealed = secrets.token_hex(32) if seed_kind == SeedKind.SEALED else ""
    draw = Draw.objects.create(
        organisation=organisation, size=min(size, len(rows)), due_on=due_on, seed_kind=seed_kind, **scope,
        seed=sealed, seed_hash=rules.digest(sealed) if sealed else "", formula=FORMULA, population=text,
        seed_origin="" if sealed else seed_origin.strip(), population_hash=rules.digest(text),
        population_size=len(rows), frozen_at=now, frozen_by=actor,
    )  # fmt: skip
    _log(
        draw, "freeze_draw", actor=actor, population=draw.population_hash, cases=len(rows), size=draw.size,
        seed_hash=draw.seed_hash, seed_origin=draw.seed_origin,
    )  # fmt: skip
    return draw


@transaction.atomic
def perform(draw, *, actor, now, seed=""):
    """Reveal the sealed seed, or take the public number that was typed in, and draw; returns the Draw.

    Each pick becomes a look-back; one that was reopened meanwhile stays in the list and is not looked at.
    """
    draw = _begin(draw, actor)
    if draw.seed_kind == SeedKind.PUBLIC:
        draw.seed = " ".join(seed.split())
        if not draw.seed:
            raise ValidationError({"seed": _("Type the number that the public source gave.")})
    lines = rules.from_csv(draw.population)
    picks = rules.drawn([(line["number"], int(line["weight"])) for line in lines], draw.seed, draw.size)
    draw.picks = [list(pick) for pick in picks]
    draw.status, draw.drawn_at, draw.drawn_by = DrawStatus.DRAWN, now, actor
    draw.save()
    _log(draw, "perform_draw", actor=actor, seed=draw.seed, picks=[number for number, _key in picks])
    hazards = {row.number: row for row in Hazard.objects.filter(number__in=[number for number, _k in picks])}
    for number in sorted(hazards):  # in one order: two draws at once never wait for each other
        looking_back.draw_in(hazards[number], draw, actor=actor, now=now)
    return draw


@transaction.atomic
def cancel(draw, *, actor, note, now):
    """Give a draw up before its seed is known, with the reason; the frozen population stays readable."""
    draw = _begin(draw, actor)
    draw.note = (note or "").strip()
    if not draw.note:
        raise ValidationError({"note": _("Please give the reason.")})
    draw.status = DrawStatus.CANCELLED
    draw.save(update_fields=["status", "note"])
    _log(draw, "cancel_draw", actor=actor, note=draw.note)
    return draw


def _begin(draw, actor):
    """The draw read anew and locked; NotAllowed for others, and once it is drawn or given up."""
    draw = Draw.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=draw.pk)
    reason = freeze_refusal(draw.organisation, actor)
    if reason is None and draw.status != DrawStatus.FROZEN:
        reason = _("This draw is “%(status)s” already.") % {"status": draw.get_status_display()}
    if reason:
        raise NotAllowed(str(reason))
    return draw


def _rows(hazards):
    """The lines of the population: number, grade, money, times reopened, times sent back, weight."""
    found = hazards.order_by("number").values_list(
        "number", "grade", "cost", "plan__funds_spent", "reopened_count", "sent_back_count"
    )
    rows = []
    for number, grade, cost, spent, reopened, sent_back in found[: MOST_CASES + 1]:
        money = cost if cost is not None else spent if spent is not None else Decimal(0)
        weight = rules.weight_of(grade, money, reopened, sent_back)
        rows.append([number, grade, f"{money:.2f}", reopened, sent_back, weight])
    if not rows:
        raise ValidationError(_("No closed hazard fits: choose another period."))
    if len(rows) > MOST_CASES:
        raise ValidationError(_("More than %(n)d cases fit: choose a shorter period.") % {"n": MOST_CASES})
    return rows


def _check(closed_from, closed_to, size, due_on, seed_kind, seed_origin, today):
    faults = {}
    if closed_to < closed_from:
        faults["closed_to"] = _("It ends before it begins.")
    elif closed_to > today:
        faults["closed_to"] = _("The day lies in the future.")
    if not 1 <= size <= MOST_PICKS:
        faults["size"] = _("Between 1 and %(n)d.") % {"n": MOST_PICKS}
    if due_on < today:
        faults["due_on"] = _("The day lies in the past.")
    if seed_kind == SeedKind.PUBLIC and not seed_origin.strip():
        faults["seed_origin"] = _("Name the source and the day whose number counts.")
    if faults:
        raise ValidationError(faults)


def _log(draw, verb, *, actor, note="", **changes):
    record_event(
        draw, f"supervision.{verb}", organisation=draw.organisation, actor=actor, note=note,
        post=actor.post_for(draw.organisation, WHO_DRAWS), **changes,
    )  # fmt: skip
