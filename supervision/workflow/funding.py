"""Rectification that waits for money: states, who may do what, and the formula that ranks it. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hazards.workflow import BUREAU, SCHOOL, Grade, NotAllowed
from schoolsafety.core.roles import BUREAU_LEADERS, Role


class NeedState(TextChoices):
    PROPOSED = "proposed", _("Declared, to be acknowledged")  # 待确认
    WAITING = "waiting", _("Waiting for funds")  # 待资金
    REQUESTED = "requested", _("Money requested")  # 已请示
    FUNDED = "funded", _("Funded, to be rectified")  # 资金已落实
    REFUSED = "refused", _("No money granted")
    DONE = "done", _("Funded and done")
    RETURNED = "returned", _("Not acknowledged")
    LAPSED = "lapsed", _("No longer needed")


# What counts in the ledger as money that is missing.
COUNTED = frozenset({NeedState.WAITING, NeedState.REQUESTED})
LIVE = COUNTED | {NeedState.PROPOSED, NeedState.FUNDED}


class NeedAction(TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    RETURN = "return", _("Do not acknowledge")
    FUND = "fund", _("Record the money")
    REFUSE = "refuse", _("Record the refusal")
    WITHDRAW = "withdraw", _("Withdraw the need")


class RequestState(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued, money not there yet")
    DISCARDED = "discarded", _("Discarded")


class RequestAction(TextChoices):
    EDIT = "edit", _("Edit")
    ISSUE = "issue", _("Issue")
    DISCARD = "discard", _("Discard the draft")


@dataclass(frozen=True)
class Rule:
    source: frozenset[str]
    roles: frozenset[Role]


RULES: dict[NeedAction, Rule] = {
    NeedAction.ACKNOWLEDGE: Rule(frozenset({NeedState.PROPOSED}), BUREAU),
    NeedAction.RETURN: Rule(frozenset({NeedState.PROPOSED}), BUREAU),
    NeedAction.FUND: Rule(COUNTED, BUREAU),
    NeedAction.REFUSE: Rule(COUNTED, BUREAU),
    NeedAction.WITHDRAW: Rule(frozenset({NeedState.PROPOSED}) | COUNTED, BUREAU | SCHOOL),
}
DECLARERS = BUREAU | SCHOOL
# Who writes a request paper and who signs it: for a bureau, and for a school that asks by itself.
WRITERS = {True: SCHOOL, False: BUREAU}
SIGNERS = {True: frozenset({Role.PRINCIPAL}), False: BUREAU_LEADERS}


class Likelihood(TextChoices):
    """L of the LEC method (Graham and Kinney, 作业条件危险性评价法): how likely harm is."""

    EXPECTED = "10", _("To be expected")
    POSSIBLE = "6", _("Quite possible")
    UNUSUAL = "3", _("Possible, but unusual")
    REMOTE = "1", _("Only by an unlikely chance")
    VERY_REMOTE = "0.5", _("Hardly conceivable")


class Severity(TextChoices):
    """C of the LEC method: what would follow."""

    DISASTER = "100", _("Many deaths")
    SEVERAL_DEATHS = "40", _("Several deaths")
    DEATH = "15", _("One death")
    GRAVE = "7", _("Grave injury")
    INJURY = "3", _("Injury")
    SLIGHT = "1", _("First aid")


# E of the method, by the pupils that pass or use the place each day: (from so many on, points).
EXPOSURE = ((1000, Decimal(10)), (300, Decimal(6)), (100, Decimal(3)), (30, Decimal(2)), (1, Decimal(1)))
NOBODY = Decimal("0.5")
# Beyond the method: a major hazard weighs twice, because law asks that it goes first.
GRADE_POINTS = {Grade.MAJOR: Decimal(2), Grade.GENERAL: Decimal(1)}
UNIT = 10_000  # yuan: the ranking shows points per 10,000


def exposure_points(pupils):
    """Decimal points for so many pupils a day."""
    return next((points for least, points in EXPOSURE if pupils >= least), NOBODY)


def risk_of(grade, pupils, likelihood, severity):
    """The risk as an exact Decimal: grade × likelihood × exposure × severity."""
    return GRADE_POINTS[Grade(grade)] * Decimal(likelihood) * exposure_points(pupils) * Decimal(severity)


def worth_of(risk, cost):
    """Risk removed per 10,000 yuan as an exact Fraction; `cost` in yuan is above zero."""
    return Fraction(risk) * UNIT / Fraction(cost)


def rank_key(risk, cost, since, pk):
    """Sorts the most risk per yuan first; ties by the greater risk, the longer wait, the first declared."""
    return (-worth_of(risk, cost), -risk, since, pk)


def refusal(action, state, roles):
    """None if the action is allowed, else the sentence to show."""
    rule = RULES[action]
    if state not in rule.source:
        return _("You cannot do this while it is “%(state)s”.") % {"state": NeedState(state).label}
    return None if rule.roles & set(roles) else _("You hold no post that may do this.")


def request_refusal(action, state, roles, *, is_school):
    """None if the action on a request paper is allowed, else the sentence to show."""
    if state != RequestState.DRAFT:
        return _("You cannot do this while it is “%(state)s”.") % {"state": RequestState(state).label}
    allowed = (SIGNERS if action == RequestAction.ISSUE else WRITERS)[is_school]
    if allowed & set(roles):
        return None
    if action == RequestAction.ISSUE and WRITERS[is_school] & set(roles):
        return _("The head of the school or a leader of the bureau issues it.")
    return _("You hold no post that may do this.")


def demand(reason):
    """Raise NotAllowed with `reason` if there is one."""
    if reason is not None:
        raise NotAllowed(str(reason))
