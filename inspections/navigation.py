"""The menu entries of this app, with what waits for whom."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.navigation import PLACE_LINKS, Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, CASE_ROLES, SCHOOL_ROLES, Role

from .queries import notices_of_turn
from .services.field_rescue import RECEIVERS
from .services.patrols import WALKERS


def notices_waiting(user):
    """Notices that wait for this person: to sign for or answer at a school, to re-check at a bureau."""
    return notices_of_turn(user, timezone.localdate()).count()


ALL = frozenset(CASE_ROLES)
register(
    Entry("inspections:today", _("Patrol"), "patrol", SCHOOL_ROLES, 20, is_tab=True),
    *([Entry("field:today", _("Patrol offline"), "phone", SCHOOL_ROLES, 21)] if settings.PWA_ENABLED else []),
    Entry("inspections:day", _("Patrols of the day"), "patrol", frozenset(BUREAU_ROLES | {Role.AUDITOR}), 40),
    Entry("inspections:visits", _("Inspections"), "visit", frozenset(BUREAU_ROLES), 45),
    Entry(
        "inspections:notices",
        _("Rectification notices"),
        "notice",
        ALL,
        50,
        group="papers",
        count=notices_waiting,
    ),
    Entry(
        "inspections:checklists", _("Checklists"), "checklist", ALL | {Role.ADMINISTRATOR}, 80, group="manage"
    ),
)


def points_of(organisation, user):
    """The link on a school's page to its patrol points."""
    is_reader = organisation.is_school and user.roles_at(organisation) & CASE_ROLES
    return [(_("Patrol points"), reverse("inspections:points", args=[organisation.pk]))] if is_reader else []


PLACE_LINKS.append(points_of)


def rescue_of(organisation, user):
    """The link on a school's page to where what a phone could not upload is brought in."""
    if not (organisation.is_school and user.roles_at(organisation) & (RECEIVERS | WALKERS)):
        return []
    return [(_("Bring in a rescue file"), f"{reverse('field:rescue')}?school={organisation.pk}")]


PLACE_LINKS.append(rescue_of)
