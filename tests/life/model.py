"""What must become of a hazard, act by act, written from the rules on paper: no rule in code is imported."""

from copy import copy
from dataclasses import dataclass
from datetime import date

BUREAU = {"clerk", "leader", "city_clerk", "both"}
SCHOOL = {"officer", "principal", "both"}
OPEN = {"reported", "planning", "signed", "rectifying", "submitted", "verified"}
WRITTEN_OFF = {"rectified", "demolished", "use_stopped"}


@dataclass
class Plan:
    """The five implementations as far as the rules look at them."""

    person: str = ""
    deadline: date | None = None
    is_filled: bool = False  # measures, funds in full, contingency
    is_responsibility_signed: bool = False
    is_accepted: bool = False
    version: int = 1

    @property
    def is_complete(self):
        return bool(self.person and self.is_responsibility_signed and self.deadline and self.is_filled)


@dataclass
class Case:
    """A hazard as the rules on paper see it."""

    proposed: str
    is_own: bool  # found by the school
    status: str = "reported"
    grade: str = ""
    due: date | None = None
    is_protected: bool = False
    has_proof: bool = False  # a photo or paper of after
    plan: Plan | None = None
    handed_in_by: str | None = None
    verified_by: str | None = None
    closure: str = ""
    closed_by: str | None = None
    asked: date | None = None  # the day of an open request for more time
    reopened: int = 0
    sent_back: int = 0
    is_merged: bool = False
    events: int = 1  # it was reported
    listed: str | None = None  # "listed", "applied" or "accepted" while under listed supervision
    listed_until: date | None = None
    applicant: str | None = None  # who applied for the acceptance
    stop: str | None = None  # "in_force", or "for_good" after a close-out

    @property
    def is_major(self):
        return (self.grade or self.proposed) == "major"

    @property
    def lacks_plan(self):
        return self.grade == "major" and not (self.plan and self.plan.is_complete)


def may(case, act, who, said, today):
    """Must the act be taken? `said` is what the person typed."""
    from . import oversight  # noqa: PLC0415 -- it builds on this module

    if act in oversight.RULES:
        return bool(oversight.RULES[act](case, who, said, today))
    if not RULES[act](case, who, said, today):
        return False
    if not (case.listed or case.stop):
        return True
    after = copy(case)
    after.plan = copy(case.plan)
    take(after, act, who, said, today, is_trial=True)
    return not oversight.vetoes(case, act, after, said)


def _grade(case, who, said, today):
    return who in BUREAU and case.status == "reported" and said["day"] >= today


def _regrade(case, who, said, today):
    is_other = said["grade"] != case.grade
    return who in BUREAU and case.status in OPEN - {"reported"} and is_other and said["day"] >= today


def _merge(case, who, said, today):
    if case.status not in OPEN - {"verified"} or case.is_major:  # the other hazard is a general one
        return False
    return who in BUREAU or (who == "officer" and case.is_own and case.proposed == "general")


def _plan(case, who, said, today):
    if who not in SCHOOL or case.status != "planning" or case.grade != "major":
        return False
    is_day_fair = said["day"] >= today or said["day"] == case.plan.deadline
    return said["version"] == case.plan.version and is_day_fair


def _sign_responsibility(case, who, said, today):
    plan, is_theirs = (
        case.plan,
        who in {"principal"} or (case.plan and case.plan.person == said["names"][who]),
    )
    names_one = plan and plan.person and not plan.is_responsibility_signed
    return case.grade == "major" and case.status == "planning" and names_one and is_theirs and (
        who in SCHOOL | {"staff"}
    )  # fmt: skip


def _complete(case):
    return case.grade == "major" and case.is_protected and not case.lacks_plan


def _submit(case, who, said, today):
    is_judged = case.grade or case.proposed == "general"
    is_shown = case.has_proof or said["proof"]
    return (
        who in SCHOOL and case.status in {"reported", "rectifying"} and is_judged and is_shown
        and not case.lacks_plan
    )  # fmt: skip


def _school_decides(case):
    return case.is_own and "major" not in {case.grade, case.proposed} and not _held(case)


def _held(case):
    is_open = case.grade == "major" and not case.plan.is_accepted
    return bool(case.asked or case.lacks_plan or is_open or case.listed)


def _send_back(case, who, said, today):
    if who in BUREAU:
        return case.status in {"submitted", "verified"}
    may_judge = _school_decides(case) and case.handed_in_by != who
    return who == "principal" and case.status == "submitted" and may_judge


def _close(case, who, said, today):
    if case.handed_in_by == who or _held(case):
        return False
    if who in BUREAU:
        if case.grade == "major":
            return case.status == "verified"
        return case.status in {"submitted", "verified"} and not (not case.grade and case.is_major)
    return who == "principal" and case.status == "submitted" and _school_decides(case)


def _ask(case, who, said, today):
    later = case.due is not None and said["day"] > max(case.due, today)
    return who in SCHOOL and case.status in {"planning", "rectifying"} and not case.asked and later


def _decide(case, who, said, today):
    is_possible = not said["yes"] or case.asked is None or case.asked >= today
    return who in BUREAU and case.status in OPEN and case.asked is not None and is_possible


RULES = {
    "grade": _grade,
    "regrade": _regrade,
    "dismiss": lambda case, who, said, today: who in BUREAU and case.status == "reported",
    "transfer": lambda case, who, said, today: (
        who in BUREAU and case.status in OPEN - {"submitted", "verified"}
    ),
    "merge": _merge,
    "protect": lambda case, who, said, today: who in BUREAU | SCHOOL and case.status in OPEN,
    "plan": _plan,
    "sign_responsibility": _sign_responsibility,
    "sign_plan": lambda case, who, said, today: (
        who == "principal" and case.status == "planning" and _complete(case)
    ),
    "accept_plan": lambda case, who, said, today: (
        who in BUREAU and case.status == "signed" and _complete(case) and case.plan.deadline >= today
    ),
    "return_plan": lambda case, who, said, today: (
        who in BUREAU and case.status in {"signed", "rectifying"} and case.grade == "major"
    ),
    "submit": _submit,
    "verify": lambda case, who, said, today: (
        who in BUREAU and case.status == "submitted" and case.handed_in_by != who
    ),
    "send_back": _send_back,
    "close": _close,
    "reopen": lambda case, who, said, today: (
        who in BUREAU and case.status == "closed" and not case.is_merged and said["day"] >= today
    ),
    "ask_extension": _ask,
    "decide_extension": _decide,
    "chase": lambda case, who, said, today: (
        who in BUREAU and case.status in {"reported", "planning", "rectifying"}
    ),
    "comment": lambda case, who, said, today: who in BUREAU | SCHOOL | {"staff"},
}  # fmt: skip

# What leads on comes more often than what ends a case at once or changes nothing.
WEIGHTS = {
    "grade": 4, "plan": 3, "protect": 2, "sign_responsibility": 6, "sign_plan": 8, "accept_plan": 8,
    "submit": 8, "verify": 6, "send_back": 3, "close": 5, "reopen": 6, "list": 2, "apply": 4, "judge": 6,
    "delist": 6, "ask_extension": 4, "decide_extension": 6,
}  # fmt: skip


def take(case, act, who, said, today, *, is_trial=False):
    """Change the case as the act does on paper; a trial looks at the hazard alone."""
    from . import oversight  # noqa: PLC0415 -- it builds on this module

    was, case.events = case.status, case.events + 1
    if act in EFFECTS:
        EFFECTS[act](case, who, said, today)
    elif act in oversight.EFFECTS:
        oversight.EFFECTS[act](case, who, said, today)
    if not is_trial:
        oversight.follow(case, act, was)


def _graded(case, who, said, today):
    was, case.grade, case.due = case.status, said["grade"], said["day"]
    if case.grade == "major":
        case.status, case.plan, case.verified_by = "planning", case.plan or Plan(), None
    elif was not in {"submitted", "verified"}:
        case.status = "rectifying"


def _shut(closure):
    def effect(case, who, said, today):
        case.status, case.closure, case.closed_by = "closed", closure, who
        case.is_merged = closure == "duplicate"

    return effect


def _protected(case, who, said, today):
    case.is_protected = True


def _planned(case, who, said, today):
    plan = case.plan
    if plan.person != said["person"]:
        plan.person, plan.is_responsibility_signed = said["person"], False
    plan.deadline, plan.is_filled, plan.version = said["day"], said["yes"], plan.version + 1


def _signed_for(case, who, said, today):
    case.plan.is_responsibility_signed = True


def _accepted(case, who, said, today):
    case.status, case.due, case.plan.is_accepted = "rectifying", case.plan.deadline, True


def _returned(case, who, said, today):
    case.status, case.plan.is_accepted = "planning", False


def _handed_in(case, who, said, today):
    case.status, case.handed_in_by, case.verified_by = "submitted", who, None
    case.has_proof = case.has_proof or said["proof"]


def _judged(case, today):
    """What was proposed as general and fixed at once is graded general by the act that goes on with it."""
    if not case.grade:
        case.grade, case.due = "general", case.due or today


def _verified(case, who, said, today):
    case.status, case.verified_by = "verified", who
    _judged(case, today)


def _sent_back(case, who, said, today):
    case.status, case.verified_by, case.sent_back = "rectifying", None, case.sent_back + 1
    _judged(case, today)


def _closed(case, who, said, today):
    _judged(case, today)
    _shut(said["closure"])(case, who, said, today)


def _reopened(case, who, said, today):
    case.closure, case.closed_by, case.due = "", None, said["day"]
    case.handed_in_by = case.verified_by = None
    case.reopened += 1
    if not case.grade and case.proposed == "major":
        case.status = "reported"
    elif case.lacks_plan:
        case.status = "planning"
    else:
        case.status = "rectifying"
        _judged(case, today)


def _asked(case, who, said, today):
    case.asked = said["day"]


def _decided(case, who, said, today):
    if said["yes"]:
        case.due = case.asked
    case.asked = None


def _to(status):
    def effect(case, who, said, today):
        case.status = status

    return effect


EFFECTS = {
    "grade": _graded, "regrade": _graded, "dismiss": _shut("mistaken"), "transfer": _shut("transferred"),
    "merge": _shut("duplicate"), "protect": _protected, "plan": _planned, "sign_plan": _to("signed"),
    "sign_responsibility": _signed_for, "accept_plan": _accepted, "return_plan": _returned,
    "submit": _handed_in, "verify": _verified, "send_back": _sent_back, "close": _closed,
    "reopen": _reopened, "ask_extension": _asked, "decide_extension": _decided,
}  # fmt: skip
