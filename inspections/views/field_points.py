"""What a point's label opens, for whoever holds it: the walk on the phone, or the page of the point."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from .. import walking
from ..services import codes


def point(request, code):
    """From a label to its point: into the patrol at one's own school, else to the online page."""
    schools = walking.own_schools(request.user)
    found = codes.point_named(code, request.user, schools)
    if found is None:
        raise Http404
    if found.is_active and found.school in schools:
        return redirect(f"{reverse('field:walk')}#p={codes.mark_of(found, schools)}")
    return redirect("inspections:point", found.token)
