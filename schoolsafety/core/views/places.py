"""Which organisation an administrator's page is about."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ..models import Organisation
from ..paging import whole_number


def administered(user):
    """The bureaus and the top places that this person administers, for a list to choose from."""
    mine = Organisation.objects.visible_to(user).administered_by(user)
    return mine.filter(pk__in=[row.pk for row in mine.bureaus()[:50]] or mine.values("pk")[:50])


def choose_place(request):
    """The organisation of `?place=`, else the topmost one administered; 403 without any, 404 for others'."""
    mine = Organisation.objects.visible_to(request.user).administered_by(request.user)
    if request.GET.get("place"):
        return get_object_or_404(mine, pk=whole_number(request.GET["place"]))
    place = mine.order_by("path").first()
    if place is None:
        raise PermissionDenied(_("This page is for administrators."))
    return place
