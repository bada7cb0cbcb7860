"""How the history reads: the sentence of each act, and the one fact beside it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.history import register_verbs

from .workflow import Closure, Grade, Status, Verification

SENTENCES = {
    "report": gettext_lazy("Reported"),
    "grade": gettext_lazy("Graded"),
    "regrade": gettext_lazy("Changed the grade"),
    "dismiss": gettext_lazy("Closed: not a hazard"),
    "transfer": gettext_lazy("Transferred to another authority"),
    "merge": gettext_lazy("Merged as duplicate"),
    "absorb": gettext_lazy("Took over a duplicate"),
    "protect": gettext_lazy("Recorded interim protection"),
    "plan": gettext_lazy("Filled in the implementations"),
    "sign_responsibility": gettext_lazy("Signed for the responsibility"),
    "sign_plan": gettext_lazy("Signed the plan"),
    "accept_plan": gettext_lazy("Accepted the plan"),
    "return_plan": gettext_lazy("Returned the plan"),
    "submit": gettext_lazy("Handed in the rectification"),
    "supplement": gettext_lazy("Added to the evidence of rectification"),
    "verify": gettext_lazy("Verified"),
    "send_back": gettext_lazy("Sent back"),
    "close": gettext_lazy("Written off"),
    "reopen": gettext_lazy("Reopened"),
    "ask_extension": gettext_lazy("Asked for an extension"),
    "decide_extension": gettext_lazy("Decided on the extension"),
    "order": gettext_lazy("Deadline ordered in writing"),
    "chase": gettext_lazy("The bureau chased the school"),
    "remind": gettext_lazy("Reminder of the deadline"),
    "pause": gettext_lazy("Clock stopped"),
    "unpause": gettext_lazy("Clock runs again"),
    "comment": gettext_lazy("Note"),
    "save_legal_basis": gettext_lazy("Saved a legal basis"),
    "await_funds": gettext_lazy("Waits for money; not counted as overdue"),
    "end_wait": gettext_lazy("No longer waits for money"),
    "grant_funds": gettext_lazy("Money granted"),
    "import": gettext_lazy("Brought in from an old ledger"),
}


def _label(choices, value):
    return str(choices(value).label) if value in choices.values else str(value or "")


def _report(changes):
    fixed = changes.get("status") == [None, Status.SUBMITTED.value]
    words = _("fixed on the spot") if fixed else ""
    grade = _("suspected major") if changes.get("grade") == Grade.MAJOR else ""
    return "，".join(part for part in (grade, words) if part)


def _grade(changes):
    parts = [_label(Grade, changes["grade"][1])] if isinstance(changes.get("grade"), list) else []
    return "，".join([*parts, *_due(changes)])


def _due(changes):
    due = changes.get("due_on")
    new = due[1] if isinstance(due, list) else due
    return [_("by %(day)s") % {"day": new}] if new else []


def _decided(changes):
    words = _("granted") if changes.get("granted") else _("refused")
    return "，".join([words, *(_due(changes) if changes.get("granted") else [])])


def _asked(changes):
    return _("until %(day)s") % {"day": changes["asked"][1]} if changes.get("asked") else ""


def _shown(changes):
    cost = _("%(yuan)s yuan") % {"yuan": changes["cost"]} if changes.get("cost") else ""
    return "，".join(part for part in (str(changes.get("responsible", "")), cost) if part)


def _late(changes):
    if "days" in changes:
        return _("%(n)d days late") % {"n": changes["days"]}
    ahead = changes.get("ahead")
    return _("%(n)d workdays ahead") % {"n": ahead} if ahead else _("due today")


def _paused(changes):
    return "，".join([_("until %(day)s") % {"day": changes.get("until", "")}, *_due(changes)])


def _granted(changes):
    words = _("%(yuan)s yuan") % {"yuan": changes.get("amount", "")}
    return "，".join([words, str(changes.get("source", "")), *_due(changes)])


DETAILS = {
    "grant_funds": _granted,
    "report": _report,
    "grade": _grade,
    "regrade": _grade,
    "accept_plan": lambda changes: "，".join(_due(changes)),
    "reopen": lambda changes: "，".join(_due(changes)),
    "ask_extension": _asked,
    "order": lambda changes: "，".join([str(changes.get("notice", "")), *_due(changes)]),
    "decide_extension": _decided,
    "remind": _late,
    "pause": _paused,
    "unpause": lambda changes: "，".join(_due(changes)),
    "supplement": _shown,
    "transfer": lambda changes: str(changes.get("to", "")),
    "merge": lambda changes: str(changes.get("into", "")),
    "absorb": lambda changes: str(changes.get("duplicate", "")),
    "sign_responsibility": lambda changes: str(changes.get("responsible", "")),
    "verify": lambda changes: _label(Verification, changes.get("mode", "")),
    "close": lambda changes: _label(Closure, changes.get("closure", "")),
    "save_legal_basis": lambda changes: str(changes.get("code", "")),
}

register_verbs(
    {f"hazards.{verb}": sentence for verb, sentence in SENTENCES.items()},
    {f"hazards.{verb}": detail for verb, detail in DETAILS.items()},
)
