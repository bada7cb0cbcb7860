"""The sentences of stops of use, look-backs and their lottery in a timeline."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.history import register_verbs

from .workflow.looking_back import Result, Why

register_verbs(
    {
        "supervision.draft_stop": gettext_lazy("Drafted an order to stop use"),
        "supervision.edit_stop": gettext_lazy("Changed the draft order"),
        "supervision.discard_stop": gettext_lazy("Threw the draft order away"),
        "supervision.issue_stop": gettext_lazy("Issued the order to stop use"),
        "supervision.sign_for_stop": gettext_lazy("Signed for the order to stop use"),
        "supervision.apply_stop": gettext_lazy("Applied to resume use"),
        "supervision.review_stop": gettext_lazy("Reviewed on site"),
        "supervision.decide_stop": gettext_lazy("Decided on the resumption"),
        "supervision.withdraw_stop": gettext_lazy("Withdrew the order to stop use"),
        "supervision.follow_hazard_stop": gettext_lazy("The stop of use followed its hazard"),
        "supervision.stop_use": gettext_lazy("Its use was stopped"),
        "supervision.withdraw_stop_use": gettext_lazy("The order to stop its use was withdrawn"),
        "supervision.resume_use": gettext_lazy("Its use may be resumed"),
        "supervision.refuse_resumption": gettext_lazy("The resumption of its use was refused"),
        "supervision.plan_look_back": gettext_lazy("Planned a look-back"),
        "supervision.draw_look_back": gettext_lazy("The lottery drew a planned look-back"),
        "supervision.drop_look_back": gettext_lazy("Dropped the look-back: the hazard is open again"),
        "supervision.look_back": gettext_lazy("Looked back"),
        "supervision.looked_back": gettext_lazy("Looked back"),
        "supervision.save_look_back_rule": gettext_lazy("Set a rule of look-backs"),
        "supervision.freeze_draw": gettext_lazy("Froze the population of a draw"),
        "supervision.perform_draw": gettext_lazy("Drew the lot"),
        "supervision.cancel_draw": gettext_lazy("Gave a draw up"),
    },
    {
        "supervision.issue_stop": lambda changes: str(changes.get("number", "")),
        "supervision.apply_stop": lambda changes: _("review by %(day)s") % {"day": changes.get("due_on", "")},
        "supervision.review_stop": lambda changes: str(changes.get("reviewers", "")),
        "supervision.decide_stop": lambda changes: _decision(changes),
        "supervision.stop_use": lambda changes: _place(changes),
        "supervision.withdraw_stop_use": lambda changes: _place(changes),
        "supervision.resume_use": lambda changes: _place(changes, "decision"),
        "supervision.refuse_resumption": lambda changes: _place(changes, "decision"),
        "supervision.plan_look_back": lambda changes: _planned(changes),
        "supervision.look_back": lambda changes: _result(changes),
        "supervision.looked_back": lambda changes: _result(changes),
        "supervision.freeze_draw": lambda changes: str(changes.get("population", ""))[:16],
        "supervision.perform_draw": lambda changes: str(len(changes.get("picks", []))),
    },
)


def _decision(changes):
    word = _("consent") if changes.get("granted") else _("refused")
    return f"{word} · {changes.get('number', '')}"


def _place(changes, number="number"):
    return f"{changes.get('place', '')} · {changes.get(number, '')}"


def _planned(changes):
    why = changes.get("why", "")
    word = str(Why(why).label) if why in Why.values else ""
    return " · ".join(part for part in (word, str(changes.get("due_on", ""))) if part)


def _result(changes):
    result = changes.get("result", "")
    return str(Result(result).label) if result in Result.values else ""
