"""What look-backs add to a hazard: planned at its close-out, a box on its page, a button of the bureau."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import presentation
from hazards.services import moving
from hazards.workflow import Status
from schoolsafety.core.files import register_owner

from . import look_back_pages
from .models import LookBack
from .services import looking_back
from .workflow.looking_back import LOOKED_BACK, WHO_LOOKS


def box(hazard, user, now):
    """The box on a hazard's page: what was seen when, and what is due (for the bureau)."""
    rows = look_back_pages.box_of(look_back_pages.looks_at(hazard, user), timezone.localdate(now))
    return [("supervision/looking_back/_box.html", {"rows": rows})] if rows else []


def acts(hazard, user):
    """The bureau's button to order a look-back at a closed hazard, where none is due."""
    if hazard.status != Status.CLOSED or hazard.closure not in LOOKED_BACK:
        return []
    if not user.roles_at(hazard.school) & WHO_LOOKS:
        return []
    if look_back_pages.is_due(look_back_pages.looks_at(hazard, user)):
        return []
    address = reverse("supervision:look_back_new", args=[hazard.number])
    return [{"url": address, "label": _("Order a look-back"), "key": ""}]


moving.FOLLOWERS.append(looking_back.follow)
presentation.PART_SOURCES.append(box)
presentation.ACT_SOURCES.append(acts)
register_owner(LookBack, LookBack.objects.visible_to)
