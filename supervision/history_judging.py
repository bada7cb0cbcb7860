"""How the events of judging and of close-out sheets read in a timeline."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.history import register_verbs

from .workflow.judging import Flag, Outcome


def _judged(changes):
    decision = _("major hazard") if changes.get("is_major") else _("not a major hazard")
    outcome = changes.get("outcome")
    words = [decision, str(Outcome(outcome).label) if outcome in Outcome.values else ""]
    words += [str(Flag(flag).label) for flag in changes.get("flags", []) if flag in Flag.values]
    return "，".join(word for word in dict.fromkeys(words) if word)


register_verbs(
    {
        "supervision.judge": gettext_lazy("Judged by the criteria"),
        "supervision.look_over": gettext_lazy("Looked over the downgrade"),
        "supervision.change_criterion": gettext_lazy("Changed a criterion of major hazards"),
        "supervision.close_out": gettext_lazy("Issued the close-out sheet"),
    },
    {
        "supervision.judge": _judged,
        "supervision.change_criterion": lambda changes: str(changes.get("criterion", "")),
        "supervision.close_out": lambda changes: str(changes.get("number") or ""),
    },
)
