"""The sentences of the events of hazards that wait for money."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.history import register_verbs


def _yuan(name):
    def text(changes):
        amount = changes.get(name)
        amount = amount[1] if isinstance(amount, list) else amount
        words = gettext("%(yuan)s yuan") % {"yuan": amount} if amount else ""
        return "，".join(part for part in (words, str(changes.get("source", ""))) if part)

    return text


register_verbs(
    {
        "supervision.declare_need": _("Declared that money is missing"),
        "supervision.acknowledge_need": _("Acknowledged the need for money"),
        "supervision.return_need": _("Did not acknowledge the need for money"),
        "supervision.request_need": _("Asked for the money"),
        "supervision.fund_need": _("Recorded the money"),
        "supervision.refuse_need": _("Recorded that no money comes"),
        "supervision.withdraw_need": _("Withdrew the need for money"),
        "supervision.finish_need": _("Funded and done"),
        "supervision.lapse_need": _("The money is no longer needed"),
        "supervision.draft_request": _("Drafted a request for money"),
        "supervision.edit_request": _("Changed the draft request"),
        "supervision.issue_request": _("Issued the request for money"),
        "supervision.discard_request": _("Discarded the draft request"),
    },
    {
        "supervision.declare_need": _yuan("cost"),
        "supervision.acknowledge_need": _yuan("cost"),
        "supervision.fund_need": _yuan("amount"),
        "supervision.request_need": lambda changes: changes.get("request", ""),
        "supervision.draft_request": _yuan("total"),
        "supervision.issue_request": lambda changes: changes.get("number", ""),
    },
)
