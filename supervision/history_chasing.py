"""The sentences of pauses and escalation in a timeline."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.history import register_verbs

from .workflow.chasing import Level


def _days(changes):
    first, last = changes.get("asked", ["", ""])
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _decision(changes):
    return _("granted") if changes.get("granted") else _("refused")


def _level(changes):
    level = changes.get("level", "")
    return str(Level(level).label) if level in Level.values else ""


register_verbs(
    {
        "supervision.ask_pause": gettext_lazy("Asked for a pause of the deadline"),
        "supervision.set_pause": gettext_lazy("Set a pause of the deadline"),
        "supervision.decide_pause": gettext_lazy("Decided on the pause"),
        "supervision.resume_pause": gettext_lazy("Ended the pause early"),
        "supervision.follow_hazard_pause": gettext_lazy("The pause ended with the rectification"),
        "supervision.propose_escalation": gettext_lazy("Put before the next level"),
        "supervision.take_escalation": gettext_lazy("The next level took it up with an instruction"),
        "supervision.dismiss_escalation": gettext_lazy("The next level left it with the district"),
        "supervision.lapse_escalation": gettext_lazy("Needs no decision any more"),
    },
    {
        "supervision.ask_pause": _days,
        "supervision.set_pause": _days,
        "supervision.decide_pause": _decision,
        "supervision.propose_escalation": _level,
    },
)
