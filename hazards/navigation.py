"""The menu entries of hazards."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.navigation import Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, CASE_ROLES, SCHOOL_ROLES, Role

from . import queries


def waiting_in(queue):
    """A count function: how many wait for the person in `queue`. All counts of a request cost one query."""

    def count(user):
        return queries.counts_for(user, timezone.now()).get(queue)

    return count


register(
    Entry("hazards:new", _("Snap report"), "camera", SCHOOL_ROLES | BUREAU_ROLES, 15),
    Entry(
        "hazards:list", _("To grade"), "hazard", BUREAU_ROLES, 20, count=waiting_in("grade"),
        query="?queue=grade",
    ),
    Entry(
        "hazards:list", _("To verify"), "check", BUREAU_ROLES | {Role.PRINCIPAL}, 21,
        count=waiting_in("verify"), query="?queue=verify",
    ),
    Entry(
        "hazards:list", _("Overdue"), "clock", BUREAU_ROLES, 22, count=waiting_in("overdue"),
        query="?queue=overdue",
    ),
    Entry("hazards:list", _("Hazards"), "hazard", CASE_ROLES, 30, is_tab=True, count=waiting_in("fix")),
    Entry(
        "hazards:legal_bases", _("Legal bases"), "log", BUREAU_ROLES | {Role.ADMINISTRATOR, Role.AUDITOR}, 95,
        group="manage",
    ),
)  # fmt: skip
