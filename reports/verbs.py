"""The sentences of the log for the acts of this app."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.history import register_verbs

register_verbs(
    {
        "reports.write_weekly": _("Wrote the weekly report"),
        "reports.refresh_weekly": _("Drew the figures of the weekly report again"),
        "reports.nil_weekly": _("Handed in a nil report"),
        "reports.submit_weekly": _("Submitted the weekly report for signature"),
        "reports.send_back_weekly": _("Sent the weekly report back"),
        "reports.sign_weekly": _("Signed the weekly report and sent it up"),
        "reports.receive_weekly": _("Received the weekly report"),
        "reports.return_weekly": _("Returned the weekly report"),
        "reports.chase_weekly": _("Chased the weekly report"),
        "reports.draft_bulletin": _("Drafted the bulletin"),
        "reports.write_bulletin": _("Wrote the bulletin"),
        "reports.refresh_bulletin": _("Drew the figures of the bulletin again"),
        "reports.submit_bulletin": _("Submitted the bulletin for approval"),
        "reports.send_back_bulletin": _("Sent the bulletin back"),
        "reports.approve_bulletin": _("Approved the bulletin"),
        "reports.issue_bulletin": _("Issued the bulletin"),
        "reports.read_bulletin": _("Confirmed having read the bulletin"),
    },
    {
        "reports.sign_weekly": lambda changes: _("late") if changes.get("late") else "",
        "reports.issue_bulletin": lambda changes: changes.get("number", ""),
    },
)
