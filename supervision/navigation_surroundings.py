"""The menu entries of hazards around schools and of missing money, and the way there from a school's page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.navigation import PLACE_LINKS, Entry, register
from schoolsafety.core.roles import CASE_ROLES

from .workflow.funding import DECLARERS
from .workflow.surroundings import REPORTERS

READERS = CASE_ROLES & (REPORTERS | {"auditor"})

register(
    Entry("supervision:surroundings", gettext_lazy("Around schools"), "out", READERS, 26),
    Entry(
        "supervision:funding", gettext_lazy("Missing money"), "report",
        CASE_ROLES & (DECLARERS | {"auditor"}), 64, group="papers",
    ),
)  # fmt: skip


def surroundings_of(organisation, user):
    """The links on a school's page to what is around it and to what it cannot pay."""
    if not (organisation.is_school and user.roles_at(organisation) & READERS):
        return []
    return [
        (_("Hazards around the school"), f"{reverse('supervision:surroundings')}?within={organisation.pk}"),
        (_("Missing money"), f"{reverse('supervision:funding')}?within={organisation.pk}"),
    ]


PLACE_LINKS.append(surroundings_of)
