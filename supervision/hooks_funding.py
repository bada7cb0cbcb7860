"""What unfunded rectification adds to a hazard: its need on the page, the act, what follows a move."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hazards.presentation import ACT_SOURCES, PART_SOURCES
from hazards.services.moving import FOLLOWERS

from .models import FundingNeed
from .services import funding


def need_of(hazard, user, now):
    """The newest need for money on the hazard's page. Only a protected hazard can have one."""
    if not hazard.interim_at:
        return []
    need = FundingNeed.objects.filter(hazard=hazard).first()
    part = {"need": need, "yuan": f"{need.cost:,.2f}"} if need else None
    return [("supervision/_hazard_need.html", part)] if part else []


def declare_link(hazard, user):
    """The act that says that money is missing; none while it is acknowledged already."""
    if hazard.awaits_funds_since or funding.declare_refusal(hazard, user.roles_at(hazard.school)):
        return []
    url = reverse("supervision:funding_declare", args=[hazard.number])
    return [{"url": url, "label": _("The school cannot pay"), "key": ""}]


PART_SOURCES.append(need_of)
ACT_SOURCES.append(declare_link)
FOLLOWERS.append(funding.follow)
