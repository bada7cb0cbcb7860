"""The menu entry of the ladder of measures, and the link on a school's page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.workflow import BUREAU, SCHOOL
from schoolsafety.core.navigation import PLACE_LINKS, Entry, register
from schoolsafety.core.roles import Role

from .queries_measures import waiting_for


def measures_waiting(user):
    """How many measures wait for this person."""
    return waiting_for(user, timezone.localdate()).count()


register(
    Entry(
        "supervision:measures", _("Measures"), "log", frozenset(BUREAU | SCHOOL | {Role.AUDITOR}), 60,
        group="papers", count=measures_waiting,
    )
)  # fmt: skip


def measures_of(organisation, user):
    """The link on a school's page to the measures against it, for the bureau."""
    if not organisation.is_school or not user.roles_at(organisation) & BUREAU:
        return []
    return [(_("Measures"), f"{reverse('supervision:measures')}?within={organisation.pk}")]


PLACE_LINKS.append(measures_of)
