"""The register of bans from school management, and the look-up before somebody gets a post."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.paging import page_of

from ..forms.measures import CheckForm
from ..models import Measure
from ..services import measures
from ..workflow.measure_kinds import Kind
from ..workflow.measures import Status
from .measures import is_bureau, tabs

COLUMNS = [
    "number", "person_name", "person_post", "school__name", "status", "until", "organisation__name",
]  # fmt: skip


def ban_list(request):
    """The bans of one's bureaus, newest first; a POST looks a name up in the whole city and keeps that."""
    if not is_bureau(request):
        raise PermissionDenied(_("Only a bureau checks whether a person may hold a post."))
    today = timezone.localdate()
    form, found = CheckForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        found = measures.check_person(form.cleaned_data["name"], actor=request.user, today=today)
    rows = Measure.objects.visible_to(request.user).filter(kind=Kind.BAN, issued_at__isnull=False)
    page = page_of(rows, request, field="issued_at", columns=COLUMNS)
    states = dict(Status.choices)
    for row in page.rows:
        row["holds"] = row["status"] == Status.ISSUED and row["until"] >= today
        row["state"] = states[row["status"]]
    context = {
        "page": page, "form": form, "found": found, "tabs": tabs(request, "supervision:bans"),
        "name": form.cleaned_data.get("name") if form.is_bound and form.is_valid() else "",
    }  # fmt: skip
    return render(request, "supervision/measures/bans.html", context, status=400 if form.errors else 200)
