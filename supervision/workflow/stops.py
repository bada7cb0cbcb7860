"""The states of a stop of use and of its end, as data. Pure: no queries, no saving, no clock."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, SCHOOL, Closure, NotAllowed, Status
from schoolsafety.core.roles import BUREAU_LEADERS, Role


class StopStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("stop of use", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("stop of use", "In force")  # 停用中
    APPLIED = "applied", _("Use stopped, resumption applied for")  # 已申请恢复，待现场审查
    REVIEWED = "reviewed", _("Use stopped, reviewed on site")  # 已现场审查，待批复
    RESUMED = "resumed", _("Use resumed")  # 已恢复使用
    WITHDRAWN = "withdrawn", _("Order withdrawn")
    FOR_GOOD = "for_good", _("Out of use for good")  # the hazard was closed as: use stopped
    GONE = "gone", _("Pulled down")  # the hazard was closed as: demolished
    DISCARDED = "discarded", _("Draft thrown away")


class Extent(TextChoices):
    PARTIAL = "partial", _("A part of the school")
    FULL = "full", _("The whole school")


class Assessor(TextChoices):
    """安监总局令第16号, Art. 18: own technicians and experts where able, else a qualified body."""

    OWN = "own", _("Own technicians and experts")
    BODY = "body", _("Qualified safety assessment body")


class StopAction(TextChoices):
    EDIT = "edit", _("Change the draft")
    ISSUE = "issue", _("Issue the order")
    DISCARD = "discard", _("Throw the draft away")
    SIGN_FOR = "sign_for", _("Sign for the order")
    APPLY = "apply", _("Apply to resume use")
    REVIEW = "review", _("Record the review on site")
    DECIDE = "decide", _("Decide on the resumption")
    WITHDRAW = "withdraw", _("Withdraw the order")


@dataclass(frozen=True)
class Rule:
    """Who may take an order from where to where. `target=None`: the service decides, or it stays."""

    source: frozenset[StopStatus]
    target: StopStatus | None
    roles: frozenset[Role]


S = StopStatus
# The order binds the school: what it names must not be used.
STANDS = frozenset({S.IN_FORCE, S.APPLIED, S.REVIEWED})
# What is closed now, also what never opens again.
CLOSED_NOW = STANDS | {S.FOR_GOOD}
# A hazard has one of these at most.
LIVE = STANDS | {S.DRAFT}

# Staff draft, a leader issues: what goes out to a school under the bureau's seal is a leader's word.
RULES: dict[StopAction, Rule] = {
    StopAction.EDIT: Rule(frozenset({S.DRAFT}), None, BUREAU),
    StopAction.ISSUE: Rule(frozenset({S.DRAFT}), S.IN_FORCE, BUREAU_LEADERS),
    StopAction.DISCARD: Rule(frozenset({S.DRAFT}), S.DISCARDED, BUREAU),
    StopAction.SIGN_FOR: Rule(STANDS, None, SCHOOL),
    # The unit applies in writing (Art. 18): its head signs.
    StopAction.APPLY: Rule(frozenset({S.IN_FORCE}), S.APPLIED, frozenset({Role.PRINCIPAL})),
    StopAction.REVIEW: Rule(frozenset({S.APPLIED}), S.REVIEWED, BUREAU),
    StopAction.DECIDE: Rule(frozenset({S.REVIEWED}), None, BUREAU_LEADERS),
    StopAction.WITHDRAW: Rule(STANDS, S.WITHDRAWN, BUREAU_LEADERS),
}
# What the school does; everything else is the bureau's.
SCHOOL_ACTIONS = frozenset({StopAction.SIGN_FOR, StopAction.APPLY})
# How a hazard may be closed while its order stands, and what the order becomes.
ENDS = {Closure.USE_STOPPED: S.FOR_GOOD, Closure.DEMOLISHED: S.GONE}
# Use is resumed only after the hazard is removed: it must have been handed in.
HANDED_IN = frozenset({Status.SUBMITTED, Status.VERIFIED})


@dataclass(frozen=True)
class Facts:
    """What a guard may look at beside state and roles."""

    is_signed_for: bool
    is_handed_in: bool  # the school handed the hazard's rectification in


def refusal(action, status, roles, facts):
    """None if one of `roles` may do `action` in `status`, else the reason to show."""
    rule = RULES[action]
    if status not in rule.source or not rule.roles & set(roles):
        return _("You cannot do this while the stop of use is “%(status)s”.") % {"status": S(status).label}
    if action == StopAction.SIGN_FOR and facts.is_signed_for:
        return _("It is signed for already.")
    if action == StopAction.APPLY and not facts.is_handed_in:
        return _("Hand in the rectification of the hazard first.")
    return None


def target_of(action, status, roles, facts):
    """The state after the action; raises NotAllowed with the reason."""
    reason = refusal(action, status, roles, facts)
    if reason is not None:
        raise NotAllowed(str(reason))
    return RULES[action].target or status
