"""Joint meetings about hazards around schools: the list, one meeting, its list as workbook, its minutes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.views.acts import add_errors, perform_with
from hazards.workflow import NotAllowed
from schoolsafety.core.paging import page_of
from schoolsafety.core.spreadsheets import Column, workbook_response

from .. import pages_surroundings as pages
from .. import queries_surroundings as queries
from ..forms import surroundings as forms
from ..models import JointMeeting
from ..services import joint_meetings as services
from ..services.surrounding_letters import bureau_over
from ..workflow.surroundings import MeetingState
from .making import Made
from .surroundings import places_of

COLUMNS = ["title", "status", "held_on", "venue", "n_places", "organisation__name"]


def meetings(request):
    """The joint meetings, newest first."""
    page = page_of(queries.meetings(request.user), request, field="created_at", columns=COLUMNS)
    for row in page.rows:
        row["state"] = MeetingState(row["status"]).label
        row["kind"] = pages.MEETING_KINDS.get(row["status"], "wait")
    context = {"page": page, "tabs": pages.tabs_of(request.user, "joint_meetings")}
    return render(request, "supervision/surroundings/meetings.html", context)


def meeting_new(request):
    """Call a joint meeting about the chosen places."""
    places = places_of(request)
    if places:
        try:
            bureau_over(request.user, [row.school for row in places])
        except NotAllowed as reason:
            raise PermissionDenied(str(reason)) from reason
    form = forms.MeetingForm(
        request.POST if request.method == "POST" else None,
        initial={"title": _("Joint meeting about the surroundings of schools")},
    )
    if form.is_valid():
        made = Made(services.call_meeting)
        if perform_with(form, made, places, actor=request.user, **form.cleaned_data):
            messages.success(request, _("The meeting is on the list."))
            return redirect(made.row)
    context = {"form": form, "places": [{"row": row, "reason": ""} for row in places]}
    return render(
        request, "supervision/surroundings/meeting_new.html", context, status=400 if form.errors else 200
    )


def meeting(request, pk):
    """One meeting: members, places with what was decided, minutes, history."""
    row = visible_meeting(request, pk)
    return render(request, "supervision/surroundings/meeting.html", pages.meeting_detail(row, request.user))


def meeting_list(request, pk):
    """The list of the meeting as a workbook: each place with its letters, its answer, its decision."""
    row = visible_meeting(request, pk)
    heads = [
        Column(_("No."), 6, "number"), Column(_("School"), 26), Column(_("Kind"), 16),
        Column(_("What is wrong"), 34), Column(_("Place"), 20),
        Column(_("Metres from the school"), 10, "number"),
        Column(_("State"), 18), Column(_("Letters"), 30), Column(_("What the answer says"), 30),
        Column(_("Who leads"), 22), Column(_("Decision"), 34), Column(_("Deadline"), 12, "date"),
    ]  # fmt: skip
    title = _("List of the joint meeting")
    return workbook_response(f"{title}-{row.held_on}", title, heads, queries.meeting_cells(row))


def meeting_act(request, pk, action):
    """Record the meeting, or call it off."""
    row = visible_meeting(request, pk)
    if action not in {"record", "call-off"}:
        raise Http404
    reason = services.meeting_refusal(row.status, request.user.roles_at(row.organisation))
    if reason and request.method != "POST":
        context = {"meeting": row, "refusal": reason}
        return render(request, "supervision/surroundings/meeting_act.html", context, status=403)
    return _record(request, row) if action == "record" else _call_off(request, row)


def visible_meeting(request, pk):
    """The meeting, if this person sees it; else 404."""
    rows = JointMeeting.objects.visible_to(request.user).select_related("organisation", "created_by")
    return get_object_or_404(rows, pk=pk)


def _call_off(request, row):
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and perform_with(
        form, services.call_off_meeting, row, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The meeting is called off."))
        return redirect(row)
    context = {"meeting": row, "form": form, "heading": _("Call it off"), "is_danger": True}
    return render(
        request, "supervision/surroundings/meeting_act.html", context, status=400 if form.errors else 200
    )


def _record(request, row):
    is_post = request.method == "POST"
    data = (request.POST, request.FILES) if is_post else (None, None)
    copy = JointMeeting(held_on=row.held_on, venue=row.venue, members=row.members, minutes=row.minutes)
    form = forms.MinutesForm(*data, instance=copy)
    places = list(row.places.select_related("surrounding__school"))
    parts = [
        (place, forms.DecisionForm(data[0], instance=place, prefix=f"place-{place.pk}")) for place in places
    ]
    if is_post and all([form.is_valid(), *[part.is_valid() for _place, part in parts]]):
        decisions = {place.pk: part.cleaned_data for place, part in parts}
        try:
            services.record_meeting(
                row, actor=request.user, now=timezone.now(), decisions=decisions, **form.cleaned_data
            )
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The meeting is recorded."))
            return redirect(row)
    context = {"meeting": row, "form": form, "parts": parts, "heading": _("Record the meeting")}
    return render(request, "supervision/surroundings/record.html", context, status=400 if is_post else 200)
