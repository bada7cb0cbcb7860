"""What supervision adds to the model: listing and stop of use, and the doors that they keep shut."""

from .model import BUREAU, SCHOOL, Case, _submit, take

HANDED_IN = {"submitted", "verified"}
LEADERS = {"leader"}
GONE_FOR_GOOD = {"use_stopped": "for_good", "demolished": None}


def vetoes(case: Case, act, after: Case, said):
    """Does a running listing or a standing stop refuse what the hazard's own rules allow?"""
    if case.listed:
        has_left = after.status == "closed" or after.grade != "major"
        is_too_late = after.due > after.listed_until
        if has_left or is_too_late or (act == "ask_extension" and said["day"] > case.listed_until):
            return True
    is_closing = after.status == "closed" and case.status != "closed"
    return bool(is_closing and case.stop == "in_force" and after.closure not in GONE_FOR_GOOD)


def follow(case, act, was):
    """What a move of the hazard does to its listing and its stop; `was` is the state before."""
    if act == "send_back" and case.listed in {"applied", "accepted"}:
        case.listed = "listed"
    if case.status == "closed" and was != "closed" and case.stop == "in_force":
        case.stop = GONE_FOR_GOOD[case.closure]
    if act == "reopen" and case.stop == "for_good":
        case.stop = "in_force"


def _apply(case, who, said, today):
    if who not in SCHOOL or case.listed != "listed":
        return False
    return case.status in HANDED_IN or (case.status == "rectifying" and _submit(case, who, said, today))


def _judge(case, who, said, today):
    is_own = who in {case.applicant, case.handed_in_by}
    return who in BUREAU and case.listed == "applied" and case.status in HANDED_IN and not is_own


RULES = {
    "list": lambda case, who, said, today: (
        who in LEADERS and case.grade == "major" and not case.listed
        and case.status in {"planning", "signed", "rectifying"}
    ),
    "apply": _apply,
    "judge": _judge,
    "delist": lambda case, who, said, today: (
        who in LEADERS and case.listed == "accepted" and case.status == "verified"
    ),
    "lift": lambda case, who, said, today: who in LEADERS and case.listed is not None,
    "stop": lambda case, who, said, today: (
        who in LEADERS and case.grade == "major" and case.status != "closed" and case.stop != "in_force"
    ),
    "withdraw_stop": lambda case, who, said, today: who in LEADERS and case.stop == "in_force",
}  # fmt: skip


def _listed(case, who, said, today):
    case.listed, case.listed_until, case.due = "listed", said["term"], said["term"]


def _applied(case, who, said, today):
    case.listed, case.applicant = "applied", who
    if case.status == "rectifying":
        take(case, "submit", who, said, today)
    case.events -= 1  # the application itself is told of the listing


def _judged(case, who, said, today):
    case.listed = "accepted" if said["yes"] else "listed"
    if not said["yes"]:
        take(case, "send_back", who, said, today)
    elif case.status == "submitted":
        take(case, "verify", who, said, today)
    case.events -= 1


def _ended(case, who, said, today):
    case.listed, case.events = None, case.events - 1


def _stopped(case, who, said, today):
    case.stop, case.events = "in_force", case.events - 1


def _withdrawn(case, who, said, today):
    case.stop, case.events = None, case.events - 1


EFFECTS = {
    "list": _listed, "apply": _applied, "judge": _judged, "delist": _ended, "lift": _ended,
    "stop": _stopped, "withdraw_stop": _withdrawn,
}  # fmt: skip
