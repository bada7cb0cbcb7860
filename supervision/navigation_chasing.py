"""The way to what is late and chased: from a place's page and from the overdue tab of the ledger."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hazards import presentation
from schoolsafety.core.navigation import PLACE_LINKS
from schoolsafety.core.roles import BUREAU_ROLES, CASE_ROLES, Role


def link_of(organisation, user):
    """The link on an organisation's page to what is late there."""
    if not user.roles_at(organisation) & CASE_ROLES:
        return []
    return [(_("Overdue and chasing"), f"{reverse('supervision:overdue')}?within={organisation.pk}")]


def overdue_page(user):
    """The link above the ledger's overdue tab, for those who chase."""
    if not {role for _path, role in user.posts} & (BUREAU_ROLES | {Role.AUDITOR}):
        return []
    return [
        {"url": reverse("supervision:overdue"), "label": _("Chase many at once")},
        {"url": reverse("supervision:escalations"), "label": _("Escalations")},
    ]


PLACE_LINKS.append(link_of)
presentation.QUEUE_LINKS["overdue"] = overdue_page
