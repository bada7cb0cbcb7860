"""The bureau's settings of judging."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

# No statute gives the number: it is the bureau's own guard against grading a deadline away.
declare(
    "supervision.late_downgrade_days",
    Choice(
        5, _("A downgrade this many workdays before the deadline, or later, is flagged"), low=0, high=60,
        help=_("No statute sets it. The flag stands on the hazard and in the list that leaders look over."),
    ),
)  # fmt: skip
