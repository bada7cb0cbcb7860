"""Needs for money: declared with interim protection, acknowledged, funded or refused, done in the end."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.models import Hazard
from hazards.services.moving import needed, people_for
from hazards.workflow import BUREAU, SCHOOL, Action, NotAllowed, Status
from schoolsafety.core.audit import record_event
from schoolsafety.core.notifications import notify, settle

from ..models import FundingNeed
from ..workflow.funding import (
    COUNTED,
    DECLARERS,
    LIVE,
    RULES,
    NeedAction,
    NeedState,
    demand,
    refusal,
    risk_of,
)

FACTS = ["cost", "reason", "pupils", "likelihood", "severity"]


def declare_refusal(hazard, roles):
    """None if these roles may declare that the hazard waits for money, else the sentence to show."""
    if not hazard.is_open or hazard.status in {Status.SUBMITTED, Status.VERIFIED}:
        return _("It is handed in or closed; no money is missing.")
    if not roles & DECLARERS:
        return _("You hold no post that may do this.")
    if not hazard.interim_at:
        return _("Record the interim protection first: what is closed and who watches.")
    return None


@transaction.atomic
def declare_need(hazard, *, actor, now, **facts):
    """The school cannot pay: `facts` are the fields FACTS (cost in yuan, Decimal). Returns the FundingNeed.

    It counts only once the bureau acknowledges it. Raises NotAllowed without interim protection or
    for a hazard that is handed in, ValidationError when a need is declared already.
    """
    hazard = _lock(hazard)
    demand(declare_refusal(hazard, actor.roles_at(hazard.school)))
    if FundingNeed.objects.filter(hazard=hazard, status__in=LIVE).exists():
        raise ValidationError(_("A need for this hazard is declared already."))
    need = FundingNeed(hazard=hazard, school=hazard.school, declared_at=now, declared_by=actor)
    _take(need, facts)
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as error:  # somebody else was quicker
        raise ValidationError(_("A need for this hazard is declared already.")) from error
    _log(need, "declare", actor=actor, note=need.reason, roles=DECLARERS, cost=need.cost, risk=need.risk)
    _tell(
        need,
        BUREAU,
        _("Acknowledge the need for money: %(school)s, %(title)s"),
        actor=actor,
        now=now,
        act=True,
    )
    return need


@transaction.atomic
def acknowledge(need, *, actor, now, **facts):
    """The bureau agrees, correcting the facts where need be; from today it waits for money, not overdue."""
    need = _begin(need, NeedAction.ACKNOWLEDGE, actor=actor)
    if need.declared_by_id == actor.pk:
        raise NotAllowed(_("Whoever declared the need does not acknowledge it."))
    before = {name: getattr(need, name) for name in FACTS}
    _take(need, facts)
    after = {name: getattr(need, name) for name in FACTS}
    need.status, need.since, need.acknowledged_by = NeedState.WAITING, localdate(now), actor
    need.save()
    hazards.await_funds(need.hazard, actor=actor, now=now)
    changed = {name: [before[name], after[name]] for name in FACTS if before[name] != after[name]}
    _log(need, NeedAction.ACKNOWLEDGE, actor=actor, risk=need.risk, **changed)
    _tell(need, SCHOOL, _("Waits for money, acknowledged: %(title)s"), actor=actor, now=now)
    return need


@transaction.atomic
def return_need(need, *, actor, now, note):
    """The bureau does not acknowledge it, with a reason: the school pays, or declares it anew."""
    return _end(need, NeedAction.RETURN, NeedState.RETURNED, actor=actor, now=now, note=note)


@transaction.atomic
def refuse(need, *, actor, now, note):
    """No money comes: the hazard counts as overdue again and needs another way."""
    return _end(need, NeedAction.REFUSE, NeedState.REFUSED, actor=actor, now=now, note=note)


@transaction.atomic
def withdraw(need, *, actor, now, note):
    """The money is no longer needed, for a reason."""
    return _end(need, NeedAction.WITHDRAW, NeedState.LAPSED, actor=actor, now=now, note=note)


@transaction.atomic
def fund(need, *, actor, now, amount, source, funded_on, due_on=None):
    """The money is there: `amount` in yuan, where it comes from, since when; `due_on`: the new deadline.

    A major hazard's plan shows it as allocated. Less than what is needed is recorded as it is.
    """
    source = needed("source", source, _("Say where the money comes from."))
    if amount is None or amount <= 0:
        raise ValidationError({"amount": _("The amount is above zero.")})
    need = _begin(need, NeedAction.FUND, actor=actor)
    if funded_on > localdate(now):
        raise ValidationError({"funded_on": _("The day lies in the future.")})
    before, need.status = need.status, NeedState.FUNDED
    need.amount, need.source, need.funded_on = amount, source, funded_on
    need.save()
    hazards.grant_funds(
        need.hazard, actor=actor, amount=amount, source=source, due_on=due_on, now=now
    )  # fmt: skip
    _log(
        need, NeedAction.FUND, actor=actor, amount=amount, source=source, funded_on=funded_on,
        status=[before, need.status],
    )  # fmt: skip
    _tell(need, SCHOOL, _("The money is there, rectify: %(title)s"), actor=actor, now=now, act=True)
    return need


def follow(move, *, actor, now):
    """After a move of its hazard: done with the close-out; no longer needed where handed in without it.

    A new grade weighs anew.
    """
    if move.action in {Action.GRADE, Action.REGRADE}:
        for need in FundingNeed.objects.select_for_update().filter(hazard=move.hazard, status__in=LIVE):
            grade = move.hazard.effective_grade
            need.risk = risk_of(grade, need.pupils, need.likelihood, need.severity)
            need.save(update_fields=["risk"])
        return
    handed_in = move.hazard.status in {Status.SUBMITTED, Status.VERIFIED}
    if move.before == move.hazard.status or not (handed_in or move.hazard.status == Status.CLOSED):
        return
    need = FundingNeed.objects.select_for_update().filter(hazard=move.hazard, status__in=LIVE).first()
    if need is None:
        return
    if need.status == NeedState.FUNDED:
        if handed_in:
            return
        _close(need, NeedState.DONE, "", "finish", actor=actor, now=now)
        return
    words = _("Handed in or closed without this money.")
    _close(need, NeedState.LAPSED, words, "lapse", actor=actor, now=now)
    hazards.end_wait(need.hazard, actor=actor, now=now)
    move.hazard.awaits_funds_since = None


def _end(need, action, state, *, actor, now, note):
    note = needed("note", note)
    need = _begin(need, action, actor=actor)
    was_counted = need.status in COUNTED
    _close(need, state, note, action, actor=actor, now=now)
    if was_counted:
        hazards.end_wait(need.hazard, actor=actor, now=now)
    others = SCHOOL if actor.roles_at(need.school) & BUREAU else BUREAU
    _tell(need, others, _("No money for %(title)s: %(state)s"), actor=actor, now=now)
    return need


def _close(need, state, note, verb, *, actor, now):
    before, need.status, need.answer, need.ended_on = need.status, state, note, localdate(now)
    need.save(update_fields=["status", "answer", "ended_on"])
    _log(need, verb, actor=actor, note=note, roles=DECLARERS, status=[before, state])
    settle(need.get_absolute_url())


def _take(need, facts):
    """The facts into the need, checked; the risk follows from them and from the hazard's grade."""
    for name in FACTS:
        if name in facts:
            setattr(need, name, facts[name])
    need.reason = needed("reason", need.reason, _("Say why the school cannot pay."))
    if not need.cost or need.cost <= 0:
        raise ValidationError({"cost": _("The amount is above zero.")})
    need.cost = Decimal(need.cost)
    need.risk = risk_of(need.hazard.effective_grade, need.pupils, need.likelihood, need.severity)


def _lock(hazard):
    return Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)


def _begin(need, action, *, actor):
    """Lock hazard and need, in this order everywhere; check the rule. Raises NotAllowed."""
    hazard = _lock(need.hazard)
    fresh = FundingNeed.objects.select_for_update(of=("self",)).select_related("school").get(pk=need.pk)
    fresh.hazard = hazard
    demand(refusal(action, fresh.status, actor.roles_at(fresh.school)))
    return fresh


def _log(need, verb, *, actor, note="", roles=None, **changes):
    roles = roles or RULES[verb].roles
    record_event(
        need, f"supervision.{verb}_need", organisation=need.school, actor=actor, note=note,
        post=actor.post_for(need.school, roles), hazard=need.hazard.number, **changes,
    )  # fmt: skip


def _tell(need, roles, text, *, actor, now, act=False):
    settle(need.get_absolute_url())
    people = [one for one in people_for(need.school, roles, localdate(now)) if one.pk != actor.pk]
    words = {"school": need.school.label, "title": need.hazard.title, "state": need.get_status_display()}
    notify(
        people, f"supervision.need_{need.status}", text % words, url=need.get_absolute_url(),
        organisation=need.school, needs_action=act, now=now,
    )  # fmt: skip
