"""The sentences of this app's events in a timeline."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.history import register_verbs


def phone_times(facts):
    """What the phone's own clock said of a record, for the line of its event; "" if no phone made it."""
    if not facts:
        return ""
    ended = timezone.localtime(datetime.fromisoformat(facts["finished"]))
    words = [gettext("%(time)s by the phone's clock") % {"time": f"{ended:%Y-%m-%d %H:%M}"}]
    words += [gettext("recorded offline")] if facts["offline"] else []
    words += [gettext("clock doubtful")] if facts["doubtful"] else []
    words += [facts["brought_in_by"]] if facts.get("brought_in_by") else []
    return " · ".join(words)


register_verbs(
    {
        "inspections.submit_patrol": _("Handed in a patrol"),
        "inspections.receive_from_phone": _("Came in from a phone"),
        "inspections.bring_in_record": _("Brought in a record from a phone's rescue file"),
        "inspections.copy_checklist": _("Copied a checklist"),
        "inspections.import_checklist": _("Brought a checklist in"),
        "inspections.publish_checklist": _("Published a checklist"),
        "inspections.save_zone": _("Changed a zone"),
        "inspections.save_point": _("Changed a point"),
        "inspections.open_visit": _("Opened an inspection"),
        "inspections.finish_visit": _("Finished an inspection"),
        "inspections.discard_visit": _("Threw an inspection away"),
        "inspections.draft_notice": _("Drafted a rectification notice"),
        "inspections.issue_notice": _("Issued a rectification notice"),
        "inspections.edit_notice": _("Changed the draft"),
        "inspections.discard_notice": _("Discarded the draft notice"),
        "inspections.withdraw_notice": _("Withdrew the notice"),
        "inspections.sign_for_notice": _("Signed for the notice"),
        "inspections.record_refusal_notice": _("Recorded the refusal to sign"),
        "inspections.reply_notice": _("Answered the notice"),
        "inspections.review_notice": _("Re-checked the notice"),
    },
    {
        "inspections.bring_in_record": lambda changes: changes.get("officer", ""),
        "inspections.receive_from_phone": lambda changes: phone_times(changes.get("phone", {})),
        "inspections.submit_patrol": lambda changes: phone_times(changes.get("phone", {})),
        "inspections.issue_notice": lambda changes: changes.get("number", ""),
        "inspections.review_notice": lambda changes: changes.get("number", ""),
    },
)
