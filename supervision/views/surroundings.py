"""Hazards around schools: the archive with its filters and workbook, one place, the acts on it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.views.acts import perform_with, visible_hazard
from hazards.workflow import RULES as HAZARD_RULES
from hazards.workflow import Action as HazardAction
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.spreadsheets import Column, workbook_response

from .. import pages_surroundings as pages
from .. import queries_surroundings as queries
from ..forms import surroundings as forms
from ..models import Surrounding
from ..services import surroundings as services
from ..workflow.surroundings import REPORTERS, Action, Kind, State, refusal
from .making import Made

EXPORTED = [
    "number", "school__name", "kind", "title", "place", "distance", "agency", "found_on", "status",
    "letter_number", "reply_due_on", "protection", "solved_on", "solved_note", "look_again_on", "looked_on",
]  # fmt: skip
HANDLERS = {
    Action.SOLVE: (forms.SolveForm, services.solve_surrounding),
    Action.LOOK_AGAIN: (forms.LookAgainForm, services.look_again),
    Action.DROP: (forms.ReasonForm, services.drop_surrounding),
}


@filtered("supervision:surroundings", forms.ArchiveFilter)
def archive(request):
    """The archive, newest first. A POST takes the chosen places to a letter or a joint meeting."""
    if request.method == "POST":
        return _chosen(request)
    today = timezone.localdate()
    form = forms.ArchiveFilter(request.GET or None, Organisation.objects.visible_to(request.user))
    rows = form.apply(queries.with_clock(Surrounding.objects.visible_to(request.user)), today)
    if request.GET.get("export"):
        return _workbook(rows)
    page = page_of(rows, request, field="reported_at", columns=queries.COLUMNS)
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {
        "page": page, "rows": [pages.row_of(row, today) for row in page.rows], "form": form,
        "query": query.urlencode(), "is_filtered": bool(query), "may_write": pages.is_bureau(request.user),
        "tabs": pages.tabs_of(request.user, "surroundings"),
        "bulk": [("letter", _("Write a letter")), ("meeting", _("Call a joint meeting"))],
    }  # fmt: skip
    return render(request, "supervision/surroundings/list.html", context)


def new(request):
    """Record what is wrong around a school."""
    places = Organisation.objects.visible_to(request.user).schools()
    schools = [place for place in places[:2] if request.user.roles_at(place) & REPORTERS]
    own = schools[0] if len(schools) == 1 and not pages.is_bureau(request.user) else None
    if not schools:
        raise PermissionDenied(_("You hold no post that may report hazards there."))
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"found_on": timezone.localdate(), "school": request.GET.get("school", "")}
    form = forms.SurroundingForm(*data, initial=initial, schools=None if own else places)
    if form.is_valid():
        school = own or form.cleaned_data["school"]
        made = Made(services.report_surrounding)
        if perform_with(form, made, school, actor=request.user, **form.facts()):
            messages.success(request, _("Recorded as %(number)s.") % {"number": made.row.number})
            return redirect(made.row)
    return render(
        request, "supervision/surroundings/new.html", {"form": form}, status=400 if form.errors else 200
    )


def hand_over(request, number):
    """Take a school's hazard over into the archive: it is outside the school's power."""
    hazard = visible_hazard(request, number)
    rule = HAZARD_RULES[HazardAction.TRANSFER][0]
    may = hazard.status in rule.source and rule.roles & request.user.roles_at(hazard.school)
    initial = {
        "title": hazard.title, "place": hazard.place, "description": hazard.description, "kind": Kind.OTHER,
        "found_on": hazard.found_on, "protection": hazard.interim_closed,
    }  # fmt: skip
    form = forms.HandOverForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        made = Made(services.take_over)
        if perform_with(form, made, hazard, actor=request.user, **form.facts()):
            messages.success(request, _("Handed over as %(number)s.") % {"number": made.row.number})
            return redirect(made.row)
    reason = "" if may or form.is_bound else _("The bureau hands over what is not handed in or closed yet.")
    context = {"form": form, "hazard": hazard, "refusal": reason}
    status = 400 if form.errors else 403 if reason else 200
    return render(request, "supervision/surroundings/hand_over.html", context, status=status)


def detail(request, number):
    """One place: facts, photos, letters and meetings about it, history, next step."""
    row = visible_surrounding(request, number)
    context = pages.detail_of(row, request.user, timezone.localdate())
    return render(request, "supervision/surroundings/detail.html", context)


def act(request, number, action):
    """The page of one act on one place."""
    row = visible_surrounding(request, number)
    if action not in Action.values:
        raise Http404
    action = Action(action)
    form, perform = _form(request, row, action)
    if form.is_valid():
        arguments = form.facts() if action == Action.EDIT else form.cleaned_data
        if perform_with(form, perform, row, actor=request.user, **arguments):
            messages.success(request, _("%(act)s: done.") % {"act": action.label})
            return redirect(row)
    roles, is_own = request.user.roles_at(row.school), row.solved_by_id == request.user.pk
    reason = None if form.is_bound else refusal(action, row.status, roles, is_own_word=is_own)
    context = {
        "row": row,
        "action": action,
        "form": form,
        "refusal": reason,
        "is_danger": action == Action.DROP,
    }
    status = 400 if form.errors else 403 if reason else 200
    return render(request, "supervision/surroundings/act.html", context, status=status)


def visible_surrounding(request, number):
    """The place, if this person sees it; else 404."""
    rows = Surrounding.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("school", "hazard", "reported_by", "solved_by"), number=number
    )


def places_of(request, name="place"):
    """The visible places that the address or the form names, in the order of their schools."""
    # A form is sent to the address that it was opened at: the choice stands there, not in a field.
    numbers = (request.POST.getlist(name) or request.GET.getlist(name))[:100]
    rows = Surrounding.objects.visible_to(request.user).select_related("school")
    return list(rows.filter(number__in=numbers).order_by("school__path", "pk"))


def _chosen(request):
    names = {"letter": "surrounding_letter_new", "meeting": "joint_meeting_new"}
    numbers = request.POST.getlist("place")
    if request.POST.get("does") not in names or not numbers:
        messages.error(request, _("Choose at least one place."))
        return redirect("supervision:surroundings")
    query = urlencode([("place", number) for number in numbers[:100]])
    return redirect(f"{reverse('supervision:' + names[request.POST['does']])}?{query}")


def _form(request, row, action):
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if action == Action.EDIT:
        # The form writes into its own copy: the row itself stays what the page shows.
        copy = Surrounding(**{name: getattr(row, name) for name in services.FACTS})
        return forms.SurroundingForm(*data, instance=copy), services.edit_surrounding
    form_class, perform = HANDLERS[action]
    initial = {"solved_on": timezone.localdate()} if action == Action.SOLVE else None
    return form_class(*data, initial=initial), perform


def _workbook(rows):
    heads = [
        Column(_("Number"), 20), Column(_("School"), 28), Column(_("Kind"), 16),
        Column(_("What is wrong"), 34),
        Column(_("Place"), 20), Column(_("Metres from the school"), 10, "number"),
        Column(_("Agency that should lead"), 22), Column(_("Seen on"), 12, "date"), Column(_("State"), 18),
        Column(_("Letter"), 26), Column(_("Reply by"), 12, "date"),
        Column(_("What the school does meanwhile"), 26), Column(_("Solved on"), 12, "date"),
        Column(_("How it was solved"), 30), Column(_("Look again on"), 12, "date"),
        Column(_("Looked at again on"), 12, "date"),
    ]  # fmt: skip
    kind, state = EXPORTED.index("kind"), EXPORTED.index("status")

    def words(row):
        cells = list(row)
        cells[kind], cells[state] = str(Kind(row[kind]).label), str(State(row[state]).label)
        return cells

    flat = (words(row) for row in rows.order_by("-reported_at", "-pk").values_list(*EXPORTED).iterator())
    today = timezone.localdate()
    return workbook_response(f"{_('surroundings')}-{today}", _("Hazards around schools"), heads, flat)
