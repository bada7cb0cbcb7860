"""The sentences of this app's events in a timeline."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.history import register_verbs

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
        "inspections.issue_notice": lambda changes: changes.get("number", ""),
        "inspections.review_notice": lambda changes: changes.get("number", ""),
    },
)
