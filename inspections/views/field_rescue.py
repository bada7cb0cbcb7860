"""The page at which a rescue file of a phone is brought in, on any computer."""

from time import monotonic

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from schoolsafety.core.models import Organisation

from ..field_forms import RescueForm
from ..services import field_rescue
from ..services.patrols import WALKERS

# Photos are drawn anew one by one: what does not fit into this time is left for the next press.
SECONDS = 25


def rescue(request):
    """Bring in a file; each record gets its row: taken in, here already, or refused and why."""
    school = _school(request)
    form, report = RescueForm(), None
    if request.method == "POST":
        form = RescueForm(request.POST, request.FILES)
        if form.is_valid():
            report = _take(form, request.user, school)
    counts = {state: report.count(state) for state in field_rescue.STATES} if report else {}
    context = {"form": form, "report": report, "school": school, **counts}
    return render(request, "inspections/rescue.html", context, status=400 if form.errors else 200)


def _take(form, user, school):
    began = monotonic()
    try:
        return field_rescue.take_file(
            form.cleaned_data["file"], actor=user, now=timezone.now(), school=school,
            may_go_on=lambda: monotonic() - began < SECONDS,
        )  # fmt: skip
    except ValidationError as reason:
        form.add_error("file", reason)
        return None


def _school(request):
    """The school whose page led here; None from the queue. A stranger's is not found."""
    wanted = request.GET.get("school")
    if wanted is None:
        return None
    if not wanted.isdecimal() or len(wanted) > 9:
        raise Http404
    school = get_object_or_404(Organisation.objects.visible_to(request.user).schools(), pk=wanted)
    if not request.user.roles_at(school) & (field_rescue.RECEIVERS | WALKERS):
        raise Http404
    return school
