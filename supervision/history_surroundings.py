"""The sentences of the events of hazards around schools, letters and joint meetings."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.history import register_verbs

from .workflow.surroundings import Outcome


def _due(changes):
    due = changes.get("due_on")
    return [gettext("by %(day)s") % {"day": due}] if due else []


def _sent(changes):
    return "，".join([changes.get("to", ""), changes.get("letter", ""), *_due(changes)])


def _outcome(changes):
    return str(Outcome(changes["outcome"]).label) if changes.get("outcome") in Outcome.values else ""


register_verbs(
    {
        "supervision.report_surrounding": _("Recorded a hazard around the school"),
        "supervision.edit_surrounding": _("Corrected the record"),
        "supervision.solve_surrounding": _("Recorded that it is solved"),
        "supervision.look_again_surrounding": _("Looked again"),
        "supervision.drop_surrounding": _("Took it out of the archive"),
        "supervision.send_surrounding": _("Told to the government or agency"),
        "supervision.answer_surrounding": _("The answer came"),
        "supervision.discuss_surrounding": _("Discussed in a joint meeting"),
        "supervision.draft_letter": _("Drafted a letter about surroundings"),
        "supervision.edit_letter": _("Changed the draft letter"),
        "supervision.issue_letter": _("Issued the letter"),
        "supervision.discard_letter": _("Discarded the draft letter"),
        "supervision.reply_letter": _("Recorded the answer"),
        "supervision.call_meeting": _("Called a joint meeting"),
        "supervision.record_meeting": _("Recorded the joint meeting"),
        "supervision.call_off_meeting": _("Called the joint meeting off"),
    },
    {
        "supervision.report_surrounding": lambda changes: changes.get("hazard", ""),
        "supervision.send_surrounding": _sent,
        "supervision.answer_surrounding": lambda changes: changes.get("letter", ""),
        "supervision.look_again_surrounding": _outcome,
        "supervision.discuss_surrounding": lambda changes: "，".join(
            [changes.get("meeting", ""), changes.get("lead", ""), *_due(changes)]
        ),
        "supervision.issue_letter": lambda changes: changes.get("number", ""),
        "supervision.reply_letter": lambda changes: changes.get("number", ""),
    },
)
