"""The sentences of the ladder of measures in a timeline."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schoolsafety.core.history import register_verbs

from .workflow.measure_kinds import Kind, Step
from .workflow.measures import Result


def _number(changes):
    return changes.get("number", "")


def _kind(changes):
    kind = changes.get("kind", "")
    return str(Kind(kind).label) if kind in Kind.values else ""


register_verbs(
    {
        "supervision.propose_measure": _("Proposed a measure"),
        "supervision.lapse_proposal": _("The proposal lapsed: the hazard was closed"),
        "supervision.supersede_proposal": _("The proposal gave way to a graver one"),
        "supervision.take_up_proposal": _("Took the proposal up"),
        "supervision.dismiss_proposal": _("Dismissed the proposal"),
        "supervision.save_trigger": _("Changed what proposes a measure"),
        "supervision.check_person": _("Looked a person up in the register of bans"),
        "supervision.draft_measure": _("Drafted a measure"),
        "supervision.edit_measure": pgettext_lazy("measure", "Changed the draft"),
        "supervision.submit_measure": _("Handed the draft to the leader"),
        "supervision.send_back_measure": _("Sent the draft back"),
        "supervision.give_notice_measure": _("Gave prior notice of the penalty"),
        "supervision.state_measure": _("The school stated its case"),
        "supervision.hear_measure": _("Recorded the hearing"),
        "supervision.issue_measure": _("Issued the measure"),
        "supervision.discard_measure": _("Did not impose the measure"),
        "supervision.lift_measure": _("Lifted the measure"),
        "supervision.end_measure": _("Ended the measure"),
        "supervision.release_measure": _("Let the hazard be closed before the measure is over"),
        "supervision.finish_step_measure": _("Did what follows the measure"),
        "supervision.appeal_measure": _("Appealed against the measure"),
        "supervision.draft_decision_measure": _("Drafted the decision on the appeal"),
        "supervision.decide_appeal_measure": _("Decided on the appeal"),
    },
    {
        "supervision.propose_measure": _kind,
        "supervision.draft_measure": _kind,
        "supervision.give_notice_measure": _number,
        "supervision.issue_measure": _number,
        "supervision.finish_step_measure": lambda changes: str(Step(changes["step"]).label),
        "supervision.decide_appeal_measure": lambda changes: " ".join(
            part for part in (str(Result(changes["result"]).label), changes.get("decision", "")) if part
        ),
    },
)
