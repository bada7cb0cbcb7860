"""The life of a measure as data: states, acts, who may do what and when. No queries."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from schoolsafety.core.roles import BUREAU_LEADERS, Role

from .measure_kinds import KIND_RULES, Kind


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    READY = "ready", _("Awaiting the leader's decision")
    NOTICED = "noticed", _("Prior notice given, to be heard")
    HEARD = "heard", _("Heard, awaiting the leader's decision")
    ISSUED = "issued", pgettext_lazy("measure", "In force")
    LIFTED = "lifted", _("Lifted")
    ENDED = "ended", pgettext_lazy("measure", "Ended")
    REVOKED = "revoked", _("Revoked on appeal")
    DISCARDED = "discarded", _("Not imposed")


class Action(TextChoices):
    EDIT = "edit", _("Edit")
    SUBMIT = "submit", _("Hand to the leader")
    SEND_BACK = "send_back", pgettext_lazy("measure", "Send back to the drafter")
    GIVE_NOTICE = "give_notice", _("Give prior notice")
    STATE = "state", _("State one's case")
    HEAR = "hear", _("Record the hearing")
    ISSUE = "issue", pgettext_lazy("measure", "Decide and issue")
    DISCARD = "discard", _("Do not impose it")
    LIFT = "lift", _("Lift the measure")
    END = "end", _("End the measure")
    APPEAL = "appeal", _("File an appeal")
    DRAFT_DECISION = "draft_decision", _("Draft the decision on the appeal")
    DECIDE_APPEAL = "decide_appeal", _("Decide on the appeal")
    RELEASE = "release", _("Let the hazard be written off")


class Result(TextChoices):
    """What became of an appeal."""

    UPHELD = "upheld", pgettext_lazy("appeal", "Upheld")
    CHANGED = "changed", pgettext_lazy("appeal", "Changed")
    REVOKED = "revoked", pgettext_lazy("appeal", "Revoked")


class Hearing(TextChoices):
    """How the party was heard (行政处罚法 Art. 45, 63, 64)."""

    STATEMENT = "statement", _("Statement in writing or recorded")
    HEARING = "hearing", _("Formal hearing")
    NONE = "none", _("Nothing said by the day set")


# A measure in one of these is not over; those the school was told of hold the close-out of its hazard.
UNDECIDED = frozenset({Status.DRAFT, Status.READY, Status.NOTICED, Status.HEARD})
UNFINISHED = UNDECIDED | {Status.ISSUED}
HOLDING = frozenset({Status.NOTICED, Status.HEARD, Status.ISSUED})


@dataclass(frozen=True)
class Facts:
    """What a guard may look at: a snapshot of the measure and of the person, without queries."""

    kind: str
    has_statement: bool  # the school stated its case
    is_term_over: bool  # the day set for the statement lies behind
    open_steps: int
    is_period_over: bool  # no period, or it lies behind
    has_open_appeal: bool
    has_drafted_decision: bool
    is_appeal_over: bool  # the days for an appeal lie behind
    is_issuer: bool  # the actor issued it
    is_holding: bool  # it hangs on a hazard and holds its close-out

    @property
    def rule(self):
        return KIND_RULES[Kind(self.kind)]


@dataclass(frozen=True)
class Rule:
    """Who may take a measure from where to where; `target=None`: the state stays or the service decides."""

    source: frozenset[Status]
    target: Status | None
    roles: frozenset[Role]
    guard: Callable[[Facts], object] = lambda facts: ""


def _with_notice(facts):
    return "" if facts.rule.needs_notice else _("Only a penalty has a prior notice.")


def _heard_first(facts):
    return _("Prior notice and the right to be heard come first.") if facts.rule.needs_notice else ""


def _time_to_speak(facts):
    if facts.has_statement or facts.is_term_over:
        return ""
    return _("The school may still state its case until the day set.")


def _liftable(facts):
    if facts.has_open_appeal:
        return _("Decide on the appeal first.")
    return "" if facts.rule.is_liftable else _("A measure of this kind runs its course or is appealed.")


def _run_its_course(facts):
    if facts.has_open_appeal:
        return _("Decide on the appeal first.")
    if facts.open_steps:
        return _("A step is still open.")
    return "" if facts.is_period_over else _("Its period still runs.")


def _in_time(facts):
    if not facts.rule.appeal_days:
        return _("There is no appeal against a measure of this kind.")
    if facts.has_open_appeal:
        return _("An appeal is already waiting for its decision.")
    return _("The days for an appeal are over.") if facts.is_appeal_over else ""


def _by_another(facts):
    if not facts.has_open_appeal:
        return _("No appeal is waiting for a decision.")
    return _("Whoever issued the measure does not decide on its appeal.") if facts.is_issuer else ""


def _on_a_draft(facts):
    reason = _by_another(facts)
    return reason or ("" if facts.has_drafted_decision else _("The decision is drafted first."))


def _holding(facts):
    return "" if facts.is_holding else _("It does not hold the close-out of a hazard.")


def _rule(source, target, roles, guard=lambda facts: ""):
    return Rule(frozenset(source), target, frozenset(roles), guard)


_S = Status
_KNOWN = {_S.ISSUED, _S.LIFTED, _S.ENDED}
# Staff drafts, a leader decides; a penalty passes through prior notice and hearing. The first rule that
# fits the state decides.
RULES: dict[Action, list[Rule]] = {
    Action.EDIT: [_rule({_S.DRAFT, _S.HEARD}, None, BUREAU)],
    Action.SUBMIT: [_rule({_S.DRAFT}, _S.READY, BUREAU)],
    Action.SEND_BACK: [_rule({_S.READY}, _S.DRAFT, BUREAU_LEADERS)],
    Action.GIVE_NOTICE: [_rule({_S.READY}, _S.NOTICED, BUREAU_LEADERS, _with_notice)],
    Action.STATE: [_rule({_S.NOTICED}, None, SCHOOL)],
    Action.HEAR: [_rule({_S.NOTICED}, _S.HEARD, BUREAU, _time_to_speak)],
    Action.ISSUE: [
        _rule({_S.HEARD}, _S.ISSUED, BUREAU_LEADERS),
        _rule({_S.READY}, _S.ISSUED, BUREAU_LEADERS, _heard_first),
    ],
    Action.DISCARD: [_rule(UNDECIDED, _S.DISCARDED, BUREAU)],
    Action.LIFT: [_rule({_S.ISSUED}, _S.LIFTED, BUREAU_LEADERS, _liftable)],
    Action.END: [_rule({_S.ISSUED}, _S.ENDED, BUREAU, _run_its_course)],
    Action.APPEAL: [_rule(_KNOWN, None, {Role.PRINCIPAL}, _in_time)],
    Action.DRAFT_DECISION: [_rule(_KNOWN, None, BUREAU, _by_another)],
    Action.DECIDE_APPEAL: [_rule(_KNOWN, None, BUREAU_LEADERS, _on_a_draft)],
    Action.RELEASE: [_rule(HOLDING, None, BUREAU, _holding)],
}
# What the school does; everything else is the bureau's.
SCHOOL_ACTIONS = frozenset({Action.STATE, Action.APPEAL})


def refusal(action, status, roles, facts):
    """None if one of `roles` may take `action` now, else the reason to show."""
    rule = _rule_for(action, status, roles)
    if rule is None:
        return _("You cannot do this while the measure is “%(status)s”.") % {"status": Status(status).label}
    return rule.guard(facts) or None


def target_of(action, status, roles, facts):
    """The state after the action; raises NotAllowed with the reason."""
    reason = refusal(action, status, roles, facts)
    if reason is not None:
        raise NotAllowed(str(reason))
    return _rule_for(action, status, roles).target or status


def roles_of(action):
    """All roles that some rule of `action` names."""
    return frozenset().union(*(rule.roles for rule in RULES[action]))


def _rule_for(action, status, roles):
    for rule in RULES[action]:
        if status in rule.source and rule.roles & set(roles):
            return rule
    return None
