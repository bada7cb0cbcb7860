"""The sentences of listed supervision in a timeline."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.history import register_verbs

from .workflow.listing import Ground, ReportState


def _until(changes):
    days = changes.get("due_on")
    new = days[1] if isinstance(days, list) else days
    return gettext("term until %(day)s") % {"day": new} if new else ""


def _decided(changes):
    words = gettext("granted") if changes.get("granted") else gettext("refused")
    return "，".join(part for part in (words, _until(changes) if changes.get("granted") else "") if part)


def _asked(changes):
    late = gettext("asked for late") if changes.get("late") else ""
    return "，".join(part for part in (_until(changes), late) if part)


def _late(changes):
    days = changes.get("days_late")
    return gettext("%(n)d days late") % {"n": days} if days else ""


def _judged(changes):
    result = gettext("passed") if changes.get("passed") else gettext("not passed")
    return "，".join(part for part in (result, changes.get("people", "")) if part)


def _ended(changes):
    ground = changes.get("ground", "")
    label = str(Ground(ground).label) if ground in Ground.values else ""
    return " · ".join(part for part in (changes.get("number", ""), label) if part)


def _answered(changes):
    state = changes.get("state", "")
    return str(ReportState(state).label) if state in ReportState.values else ""


register_verbs(
    {
        "supervision.draft_listing": _("Drafted a listing"),
        "supervision.edit_listing": _("Changed the draft of the listing"),
        "supervision.discard_listing": _("Withdrew the draft of the listing"),
        "supervision.issue_listing": _("Put under listed supervision"),
        "supervision.publish_listing": _("Published for everybody"),
        "supervision.unpublish_listing": _("Took it off the public page"),
        "supervision.report_listing": _("Reported progress"),
        "supervision.answer_listing": _("Answered the progress report"),
        "supervision.extension_listing": _("Asked for a longer term"),
        "supervision.decide_listing": _("Decided on the longer term"),
        "supervision.apply_listing": _("Applied for the acceptance"),
        "supervision.accept_listing": _("Held the acceptance on site"),
        "supervision.resume_listing": _("The hazard was sent back; supervision goes on"),
        "supervision.delist_listing": _("Delisted it"),
        "supervision.lift_listing": _("Ended the supervision without acceptance"),
        "supervision.publish_delisting_listing": _("Published the delisting for everybody"),
        "supervision.hand_over_listing": _("Changed the supervising person"),
        "supervision.remind_listing": _("Reminder: progress report"),
    },
    {
        "supervision.draft_listing": lambda changes: changes.get("hazard", ""),
        "supervision.issue_listing": lambda changes: "，".join(
            part for part in (changes.get("number", ""), _until(changes)) if part
        ),
        "supervision.report_listing": _late,
        "supervision.answer_listing": _answered,
        "supervision.extension_listing": _asked,
        "supervision.decide_listing": _decided,
        "supervision.accept_listing": _judged,
        "supervision.delist_listing": _ended,
        "supervision.lift_listing": _ended,
        "supervision.publish_delisting_listing": lambda changes: changes.get("number", ""),
        "supervision.hand_over_listing": lambda changes: " → ".join(changes.get("supervisor", [])),
        "supervision.remind_listing": _late,
    },
)
