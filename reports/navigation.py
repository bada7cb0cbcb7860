"""The menu entries of reports, with what waits for whom."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.navigation import Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, SCHOOL_ROLES, Role

from . import queries

LOOKERS = frozenset(BUREAU_ROLES | {Role.AUDITOR, Role.PRINCIPAL})
WEEKLY = frozenset(BUREAU_ROLES | {Role.AUDITOR, Role.PRINCIPAL, Role.SAFETY_OFFICER})
BULLETINS = frozenset(BUREAU_ROLES | SCHOOL_ROLES | {Role.AUDITOR})


def weekly_waiting(user):
    """Weekly reports that this person must write, sign or receive."""
    return queries.waiting_weekly(user).count()


def bulletins_waiting(user):
    """Bulletins to approve, issue or read."""
    return queries.waiting_bulletins(user).count()


register(
    Entry("reports:overview", _("Overview"), "overview", LOOKERS, 10),
    Entry(
        "reports:weekly_list", _("Weekly reports"), "report", WEEKLY, 60, group="papers", count=weekly_waiting
    ),
    Entry(
        "reports:bulletin_list",
        _("Bulletins"),
        "bulletin",
        BULLETINS,
        65,
        group="papers",
        count=bulletins_waiting,
    ),
)
