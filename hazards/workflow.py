"""The life cycle of a hazard, as data. Pure: no queries, no saving, no clock."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_STAFF, Role


class Status(TextChoices):
    REPORTED = "reported", _("Awaiting grading")  # 待核实
    PLANNING = "planning", _("Five implementations under way")  # 待五落实 (major only)
    SIGNED = "signed", _("Plan signed, awaiting acceptance")  # 方案待认可 (major only)
    RECTIFYING = "rectifying", _("Being rectified")  # 整改中
    SUBMITTED = "submitted", _("Awaiting verification")  # 待验收
    VERIFIED = "verified", _("Verified, awaiting close-out")  # 待销号
    CLOSED = "closed", _("Closed out")  # 已销号


OPEN = frozenset(set(Status) - {Status.CLOSED})


class Grade(TextChoices):
    GENERAL = "general", pgettext_lazy("grade", "General")  # 一般事故隐患
    MAJOR = "major", pgettext_lazy("grade", "Major")  # 重大事故隐患


class Nature(TextChoices):
    """16号令 Art. 3: what makes the state dangerous."""

    THING = "thing", _("State of things")
    ACT = "act", _("Act of people")
    MANAGEMENT = "management", _("Defect of management")


class Source(TextChoices):
    PATROL = "patrol", _("Daily patrol")
    SNAP = "snap", _("Snap report")
    INSPECTION = "inspection", _("Bureau inspection")
    PARTNER = "partner", _("Partner agency")
    IMPORT = "import", _("Imported ledger")


class Closure(TextChoices):
    """The kinds of closure, counted apart."""

    RECTIFIED = "rectified", _("Rectified")
    DEMOLISHED = "demolished", _("Demolished")
    USE_STOPPED = "use_stopped", _("Use stopped")
    TRANSFERRED = "transferred", _("Transferred to another authority")
    MISTAKEN = "mistaken", _("Recorded by mistake")
    DUPLICATE = "duplicate", _("Merged as duplicate")


WRITE_OFF_CLOSURES = [Closure.RECTIFIED, Closure.DEMOLISHED, Closure.USE_STOPPED]


class Verification(TextChoices):
    ON_SITE = "on_site", _("On site")
    MATERIAL = "material", _("By material")


class Action(TextChoices):
    GRADE = "grade", _("Grade the hazard")
    REGRADE = "regrade", _("Change grade")
    DISMISS = "dismiss", _("Not a hazard")
    TRANSFER = "transfer", _("Transfer to another authority")
    MERGE = "merge", _("Merge as duplicate")
    PROTECT = "protect", _("Record interim protection")
    PLAN = "plan", _("Fill in the five implementations")
    SIGN_RESPONSIBILITY = "sign_responsibility", _("Sign for the responsibility")
    SIGN_PLAN = "sign_plan", _("Sign the plan")
    ACCEPT_PLAN = "accept_plan", _("Accept the plan")
    RETURN_PLAN = "return_plan", _("Return the plan")
    SUBMIT = "submit", _("Submit rectification")
    VERIFY = "verify", _("Verify")
    SEND_BACK = "send_back", _("Send back")
    CLOSE = "close", _("Write off")
    REOPEN = "reopen", _("Reopen")
    ASK_EXTENSION = "ask_extension", _("Ask for an extension")
    DECIDE_EXTENSION = "decide_extension", _("Decide on the extension")
    CHASE = "chase", _("Chase the school")
    COMMENT = "comment", _("Add a note")


@dataclass(frozen=True)
class Rule:
    """Who may take a case from where to where. `target=None`: the state stays (or the service decides)."""

    source: frozenset[Status]
    target: Status | None
    roles: frozenset[Role]
    guard: Callable[["Facts"], str] = lambda facts: ""


@dataclass(frozen=True)
class Facts:
    """What a guard may look at: a snapshot of the case and of the person, without queries."""

    grade: str
    proposed_grade: str
    is_own_submission: bool  # the actor submitted the rectification
    is_verified: bool  # somebody verified this submission
    missing: tuple[str, ...]  # implementations that are missing
    may_sign: bool  # the plan names who answers for it, unsigned; the actor is that person or the principal
    is_protected: bool  # interim protection stands
    has_open_extension: bool
    school_may_close: bool  # bureau setting: general hazards written off by the principal
    is_own_finding: bool  # found by the school itself, not by the bureau
    locks: tuple[str, ...] = ()  # what apps above still hold open: no close-out before they end


def _graded_or_general(facts):
    if facts.grade or facts.proposed_grade == Grade.GENERAL:
        return ""
    return _("A suspected major hazard must be graded before it can be submitted.")


def _major(facts):
    return "" if facts.grade == Grade.MAJOR else _("Only major hazards have a rectification plan.")


def _may_sign(facts):
    if facts.grade == Grade.MAJOR and not facts.may_sign:
        return _("The responsible person or the principal signs, after the person is named, and once.")
    return _major(facts)


def _plan_complete(facts):
    if facts.grade != Grade.MAJOR:
        return _("Only major hazards have a rectification plan.")
    if not facts.is_protected:
        return _("Record the interim protection first.")
    return _("An implementation is missing.") if facts.missing else ""


def _fully_planned(facts):
    if facts.grade == Grade.MAJOR and facts.missing:
        return _("An implementation is missing.")
    return _graded_or_general(facts)


def _not_the_submitter(facts):
    if facts.is_own_submission:
        return _("Whoever submitted the rectification cannot verify it.")
    return ""


def _may_close(facts):
    if facts.is_own_submission:
        return _("Whoever submitted the rectification cannot write it off.")
    if facts.has_open_extension:
        return _("Decide on the open extension request first.")
    if facts.grade == Grade.MAJOR and facts.missing:
        return _("An implementation is missing.")
    if facts.grade == Grade.MAJOR and not facts.is_verified:
        return _("A major hazard must be verified before it is written off.")
    if not facts.grade and facts.proposed_grade == Grade.MAJOR:
        return _("A suspected major hazard must be graded first.")
    return facts.locks[0] if facts.locks else ""


def _principal_may_close(facts):
    if facts.grade == Grade.MAJOR or facts.proposed_grade == Grade.MAJOR:
        return _("Only the bureau writes off a major hazard.")
    if not (facts.school_may_close and facts.is_own_finding):
        return _("The bureau writes this hazard off.")
    return _may_close(facts)


def _own_and_general(facts):
    if facts.grade == Grade.MAJOR or facts.proposed_grade == Grade.MAJOR or not facts.is_own_finding:
        return _("The bureau merges major hazards and what it found itself.")
    return ""


def _no_open_extension(facts):
    return _("A request is already waiting for a decision.") if facts.has_open_extension else ""


def _open_extension(facts):
    return "" if facts.has_open_extension else _("No request is waiting for a decision.")


BUREAU = BUREAU_STAFF | BUREAU_LEADERS
SCHOOL = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL})
EVERYONE = BUREAU | SCHOOL | {Role.SCHOOL_STAFF}
_ONGOING = frozenset({Status.REPORTED, Status.PLANNING, Status.SIGNED, Status.RECTIFYING})
SCHOOLS_TURN = frozenset({Status.REPORTED, Status.PLANNING, Status.RECTIFYING})
OWN_SOURCES = frozenset({Source.PATROL, Source.SNAP, Source.IMPORT})  # found by the school itself


def _rule(source, target, roles, guard=lambda facts: ""):
    return Rule(frozenset(source), target, frozenset(roles), guard)


# An action may have several rules; the first that fits the state and a role decides.
RULES: dict[Action, list[Rule]] = {
    Action.GRADE: [_rule({Status.REPORTED}, None, BUREAU)],
    Action.REGRADE: [_rule(OPEN - {Status.REPORTED}, None, BUREAU)],
    Action.DISMISS: [_rule({Status.REPORTED}, Status.CLOSED, BUREAU)],
    Action.TRANSFER: [_rule(_ONGOING, Status.CLOSED, BUREAU)],
    Action.MERGE: [
        _rule(OPEN - {Status.VERIFIED}, Status.CLOSED, BUREAU),
        _rule(OPEN - {Status.VERIFIED}, Status.CLOSED, {Role.SAFETY_OFFICER}, _own_and_general),
    ],
    Action.PROTECT: [_rule(OPEN, None, SCHOOL | BUREAU)],
    Action.PLAN: [_rule({Status.PLANNING}, None, SCHOOL, _major)],
    Action.SIGN_RESPONSIBILITY: [_rule({Status.PLANNING}, None, SCHOOL | {Role.SCHOOL_STAFF}, _may_sign)],
    Action.SIGN_PLAN: [_rule({Status.PLANNING}, Status.SIGNED, {Role.PRINCIPAL}, _plan_complete)],
    Action.ACCEPT_PLAN: [_rule({Status.SIGNED}, Status.RECTIFYING, BUREAU, _plan_complete)],
    # Also from RECTIFYING: a plan that no longer holds must be made again, not patched.
    Action.RETURN_PLAN: [_rule({Status.SIGNED, Status.RECTIFYING}, Status.PLANNING, BUREAU, _major)],
    Action.SUBMIT: [_rule({Status.REPORTED, Status.RECTIFYING}, Status.SUBMITTED, SCHOOL, _fully_planned)],
    Action.VERIFY: [_rule({Status.SUBMITTED}, Status.VERIFIED, BUREAU, _not_the_submitter)],
    Action.SEND_BACK: [
        _rule({Status.SUBMITTED, Status.VERIFIED}, Status.RECTIFYING, BUREAU),
        _rule({Status.SUBMITTED}, Status.RECTIFYING, {Role.PRINCIPAL}, _principal_may_close),
    ],
    Action.CLOSE: [
        _rule({Status.SUBMITTED, Status.VERIFIED}, Status.CLOSED, BUREAU, _may_close),
        _rule({Status.SUBMITTED}, Status.CLOSED, {Role.PRINCIPAL}, _principal_may_close),
    ],
    # To REPORTED, PLANNING or RECTIFYING: the service sees what the case lacks.
    Action.REOPEN: [_rule({Status.CLOSED}, None, BUREAU)],
    Action.ASK_EXTENSION: [
        _rule({Status.PLANNING, Status.RECTIFYING}, None, SCHOOL, _no_open_extension)
    ],
    Action.DECIDE_EXTENSION: [_rule(OPEN, None, BUREAU, _open_extension)],
    Action.CHASE: [_rule(SCHOOLS_TURN, None, BUREAU)],
    Action.COMMENT: [_rule(set(Status), None, EVERYONE)],
}  # fmt: skip


class NotAllowed(Exception):
    """The action fits neither the hazard's state nor the actor's roles, or a guard refuses it."""


def rule_for(action, status, roles):
    """The rule that lets one of `roles` take `action` in `status`; None if there is none."""
    for rule in RULES[action]:
        if status in rule.source and rule.roles & set(roles):
            return rule
    return None


def allowed_actions(status, roles, facts):
    """The actions for which a rule fits and its guard agrees, in the order of `Action`."""
    return [action for action in Action if refusal(action, status, roles, facts) is None]


def refusal(action, status, roles, facts):
    """None if the action is allowed, else the reason to show."""
    rule = rule_for(action, status, roles)
    if rule is None:
        return _("You cannot do this while the hazard is “%(status)s”.") % {"status": Status(status).label}
    return rule.guard(facts) or None


def target_of(action, status, roles, facts):
    """The state after the action; raises NotAllowed with the reason."""
    reason = refusal(action, status, roles, facts)
    if reason is not None:
        raise NotAllowed(str(reason))
    return rule_for(action, status, roles).target or status


def turn_of(status, grade, proposed_grade, source, school_may_close=True):
    """The roles whose act the case waits for; none when it is closed. Needs no facts: lists can use it."""
    is_major = (grade or proposed_grade) == Grade.MAJOR
    if status == Status.CLOSED:
        return frozenset()
    if status == Status.REPORTED:
        return BUREAU if is_major else SCHOOL
    if status in {Status.PLANNING, Status.RECTIFYING}:
        return SCHOOL
    if status == Status.SUBMITTED and not is_major and school_may_close and source in OWN_SOURCES:
        return frozenset({Role.PRINCIPAL})
    return BUREAU


def state_word(status, grade, proposed_grade):
    """The word shown for a state: a general hazard nobody has to grade is to be rectified, not graded."""
    if status == Status.REPORTED and (grade or proposed_grade) != Grade.MAJOR:
        return _("To be rectified")
    return Status(status).label


def version_of(status, grade, reopened_count, sent_back_count):
    """What a person who chose a row in a list saw of its state, as one word to compare later."""
    return f"{status}.{grade}.{reopened_count}.{sent_back_count}"


class Slot(TextChoices):
    """The five implementations (五落实); the last two belong to the six of 16号令 Art. 15."""

    RESPONSIBILITY = "responsibility", _("Responsibility")
    DEADLINE = "deadline", _("Deadline")
    MEASURES = "measures", _("Measures")
    FUNDS = "funds", _("Funds")
    CONTINGENCY = "contingency", _("Contingency plan")
    GOAL = "goal", _("Goals and tasks")
    ORGANISATION = "organisation", _("Bodies and people")


FIVE = [Slot.RESPONSIBILITY, Slot.DEADLINE, Slot.MEASURES, Slot.FUNDS, Slot.CONTINGENCY]
# 目标和任务, 方法和措施, 经费和物资, 机构和人员, 时限和要求, 安全措施和应急预案
SIX = [Slot.GOAL, Slot.MEASURES, Slot.FUNDS, Slot.ORGANISATION, Slot.DEADLINE, Slot.CONTINGENCY]
SLOTS = {"five": FIVE, "six": SIX}

# Which fields of the plan must be filled for a slot to count as implemented.
SLOT_FIELDS = {
    Slot.RESPONSIBILITY: ("responsible_person", "responsible_post", "responsible_signed_at"),
    Slot.DEADLINE: ("deadline",),
    Slot.MEASURES: ("measures",),
    Slot.FUNDS: ("funds_planned", "funds_source"),
    Slot.CONTINGENCY: ("contingency", "guard_person"),
    Slot.GOAL: ("goal",),
    Slot.ORGANISATION: ("organisation_text", "responsible_person"),
}


def missing_slots(plan, variant):
    """The slots of `variant` ("five" or "six") that `plan` (an object with the fields above) lacks.

    Funds count as implemented when what is planned is allocated in full; planned zero needs a source text.
    """
    missing = []
    for slot in SLOTS[variant]:
        filled = plan is not None and all(getattr(plan, name) not in (None, "") for name in SLOT_FIELDS[slot])
        if filled and slot == Slot.FUNDS:
            filled = (plan.funds_allocated or 0) >= plan.funds_planned
        if not filled:
            missing.append(slot)
    return missing
