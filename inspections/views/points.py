"""Zones, points and their printed labels; the page that a label opens."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import NotAllowed

from .. import labels, walking
from ..forms import PointForm, ZoneForm
from ..models import Finding, Point, Zone
from ..services import checklists, codes, points
from .patrols import _add, _text, school_of


def point_list(request, school_pk):
    """A school's zones with their points; made by default on the first visit."""
    school = school_of(request, school_pk)
    may_edit = bool(request.user.roles_at(school) & points.EDITORS)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(_("You hold no post that may change points there."))
        points.set_up_school(school)
        return redirect("inspections:points", school.pk)
    zones = Zone.objects.visible_to(request.user).filter(school=school).prefetch_related("points")
    return render(
        request, "inspections/points.html", {"school": school, "zones": zones, "may_edit": may_edit}
    )


def zone_edit(request, school_pk, pk=None):
    """Add or change a zone."""
    school = school_of(request, school_pk)
    zone = get_object_or_404(school.zones, pk=pk) if pk else None
    form = ZoneForm(request.POST or None, instance=zone)
    if form.is_valid() and _save(form, lambda: points.save_zone(
        school, actor=request.user, values=form.cleaned_data, zone=zone
    )):  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("inspections:points", school.pk)
    context = {"school": school, "form": form, "title": _("Zone")}
    return render(request, "inspections/point_form.html", context, status=400 if form.errors else 200)


def point_edit(request, school_pk, pk=None):
    """Add or change a point; its code and label stay."""
    school = school_of(request, school_pk)
    point = get_object_or_404(school.points, pk=pk) if pk else None
    form = PointForm(school.zones.all(), request.POST or None, instance=point)
    if form.is_valid() and _save(form, lambda: points.save_point(
        school, actor=request.user, values=form.cleaned_data, point=point
    )):  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("inspections:points", school.pk)
    context = {"school": school, "form": form, "title": _("Point")}
    return render(request, "inspections/point_form.html", context, status=400 if form.errors else 200)


def label_sheet(request, school_pk):
    """The labels of all points in use as an A4 sheet (PDF), to print and stick on the walls."""
    school = school_of(request, school_pk)
    rows = Point.objects.visible_to(request.user).filter(school=school, is_active=True).select_related("zone")
    answer = HttpResponse(labels.sheet(school, rows), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="labels-{school.code}.pdf"'
    return answer


def point_find(request):
    """From the four digits of a label to its point, at one's own school."""
    code = request.GET.get("code", "").strip()
    rows = Point.objects.visible_to(request.user).filter(school__in=walking.own_schools(request.user))
    point = rows.filter(code=code, is_active=True).first()
    if point is None:
        messages.error(request, _("There is no point with the number %(code)s here.") % {"code": code[:8]})
        return redirect("inspections:today")
    return redirect("inspections:point", point.token)


def point_page(request, token):
    """What a label opens: the point's items, its history, its open hazards, a button to report."""
    rows = Point.objects.visible_to(request.user).select_related("school", "zone")
    point = get_object_or_404(rows, token=token)
    template = checklists.template_for(point.school, timezone.localdate())
    items = [i for i in template.items.filter(zone_kind=point.zone.kind) if i.applies_to(point.school)]
    own = walking.own_schools(request.user)
    mark = codes.mark_of(point, own) if point.is_active and point.school in own else ""
    context = {
        "point": point,
        "mark": mark,
        "items": items,
        "findings": Finding.objects.visible_to(request.user)
        .filter(point=point, hazard__isnull=False)
        .select_related("hazard")[:20],
        "may_edit": bool(request.user.roles_at(point.school) & points.EDITORS),
        "hazards": Hazard.objects.visible_to(request.user)
        .open()
        .filter(school=point.school, point_code=point.code)[:20],
    }
    return render(request, "inspections/point.html", context)


def _save(form, act):
    try:
        act()
    except (NotAllowed, ValidationError) as reason:
        _add(form, reason if isinstance(reason, ValidationError) else ValidationError(_text(reason)))
        return False
    return True
