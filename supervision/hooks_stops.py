"""What stops of use add to a hazard, to a school's page and to files."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import presentation
from hazards.services import moving
from hazards.workflow import BUREAU, Grade, Status
from schoolsafety.core.files import register_owner
from schoolsafety.core.navigation import PLACE_LINKS, PLACE_NOTES
from schoolsafety.core.roles import CASE_ROLES

from . import stop_pages
from .models import Resumption, StopOrder
from .services import stops


def box(hazard, user, now):
    """The box on a hazard's page: what is closed since when."""
    orders = stop_pages.orders_of(hazard, user)
    rows = stop_pages.box_of(orders, timezone.localdate(now))
    return [("supervision/stops/_box.html", {"rows": rows})] if rows else []


def acts(hazard, user):
    """The bureau's button to draft an order, where none is on its way."""
    if hazard.grade != Grade.MAJOR or hazard.status == Status.CLOSED:
        return []
    if not user.roles_at(hazard.school) & BUREAU or stop_pages.has_live(stop_pages.orders_of(hazard, user)):
        return []
    return [
        {"url": reverse("supervision:stop_new", args=[hazard.number]), "label": _("Stop its use"), "key": ""}
    ]


def closed_at(organisation, user, now):
    """On a school's page: each place that is out of use, and since when (one query; none for a bureau)."""
    if not (organisation.is_school and user.roles_at(organisation) & CASE_ROLES):
        return []
    rows = StopOrder.objects.visible_to(user).closed_now().filter(school=organisation).order_by("starts_on")
    words = _("Out of use since %(day)s: %(place)s (%(number)s)")
    return [
        (words % {"day": row.starts_on, "place": row.place, "number": row.number}, row.get_absolute_url())
        for row in rows
    ]


def marks_of(hazards, user):
    """On rows of a list: because of which hazards a place is out of use now (one query)."""
    closed = StopOrder.objects.visible_to(user).closed_now().filter(hazard__in=hazards)
    return {pk: [("warn", _("out of use"))] for pk in closed.values_list("hazard", flat=True)}


def link_of(organisation, user):
    """The link on a bureau's or a school's page to the stops of use there."""
    if not user.roles_at(organisation) & CASE_ROLES:
        return []
    return [(_("Stops of use"), f"{reverse('supervision:stops')}?within={organisation.pk}")]


moving.FOLLOWERS.append(stops.follow)
presentation.PART_SOURCES.append(box)
presentation.ACT_SOURCES.append(acts)
presentation.ROW_MARKS.append(marks_of)
PLACE_NOTES.append(closed_at)
PLACE_LINKS.append(link_of)
register_owner(Resumption, Resumption.objects.visible_to)
