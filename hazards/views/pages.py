"""A hazard's page and the snap report."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Attachment, Organisation
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_ROLES

from .. import presentation, queries, services
from ..forms import SchoolSnapForm, SnapForm
from ..workflow import Action, Grade, NotAllowed, Source, Status
from .acts import add_errors, visible_hazard
from .addresses import queue_of, queue_query

PAIR = ("before", "after")


def detail(request, number):
    """Number, state, five cards, timeline, whose turn it is."""
    hazard = visible_hazard(request, number)
    facts = services.facts_of(hazard, request.user)
    attached = list(files.attachments_of(hazard))
    photos = [file for file in attached if file.kind == Attachment.Kind.PHOTO]
    query, now = queue_query(request), timezone.now()
    today = timezone.localdate(now)
    context = {
        "hazard": hazard,
        "look": presentation.look_of(hazard, facts, request.user.roles_at(hazard.school), today),
        "next": presentation.next_step(hazard, request.user, facts, query),
        "slots": _slots(hazard, today),
        "facts": presentation.facts_list(hazard),
        "before": [photo for photo in photos if photo.purpose == "before"],
        "after": [photo for photo in photos if photo.purpose == "after"],
        "other_photos": [photo for photo in photos if photo.purpose not in PAIR],
        "documents": [file for file in attached if file.kind != Attachment.Kind.PHOTO],
        "extensions": hazard.extensions.select_related("asked_by", "decided_by"),
        "lines": lines_of(history_of(hazard)),
        "notices": presentation.notices_of(hazard, request.user),
        "parts": presentation.parts_of(hazard, request.user, now),
        "triage": _triage(request, hazard, facts, query),
        "queue": queue_of(request),
    }
    return render(request, "hazards/detail.html", context)


def new(request):
    """Snap report: one screen, also fixed on the spot in one step."""
    school = _own_school(request.user)
    form = _snap_form(request, school)
    if form.is_valid():
        hazard = _report(request, form, school)
        if hazard:
            messages.success(request, _("Recorded as %(number)s.") % {"number": hazard.number})
            return redirect(hazard)
    places = queries.recent_places(school) if school else []
    context = {"form": form, "places": places}
    return render(request, "hazards/new.html", context, status=400 if form.errors else 200)


def _slots(hazard, today):
    if hazard.grade != Grade.MAJOR:
        return []
    variant = preference(hazard.school, "hazards.plan_variant")
    return presentation.slots_of(hazard, getattr(hazard, "plan", None), variant, today)


def _triage(request, hazard, facts, query):
    """The bureau's two quick answers to a report: [{url, label, key}]; they open the form, never commit."""
    actions = presentation.allowed(hazard, request.user, facts)
    if hazard.status != Status.REPORTED or Action.GRADE not in actions:
        return []
    base = presentation.button(hazard, Action.GRADE)["url"]
    tail = f"&{query[1:]}" if query else ""
    links = []
    for key, grade in (("1", Grade.GENERAL), ("2", Grade.MAJOR)):
        page = presentation.grading_page(hazard, grade)
        url = page + query if page else f"{base}?grade={grade.value}{tail}"
        links.append({"url": url, "label": grade.label, "key": key})
    return links


def _own_school(user):
    """The school of a person who holds posts at one school only; None for a bureau."""
    schools = list(Organisation.objects.visible_to(user).schools()[:2])
    is_bureau = bool({role for _path, role in user.posts} & BUREAU_ROLES)
    return schools[0] if len(schools) == 1 and not is_bureau else None


def _snap_form(request, school):
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"client_uuid": uuid.uuid4(), "place": request.GET.get("place", "")}
    if school:
        return SnapForm(*data, initial=initial)
    schools = Organisation.objects.visible_to(request.user).schools()
    initial["school"] = request.GET.get("school", "")
    return SchoolSnapForm(schools, *data, initial=initial)


def _report(request, form, school):
    """The new hazard; None if it was refused, with the reason in the form."""
    chosen = {name: value for name, value in form.cleaned_data.items() if name != "school"}
    source = Source.SNAP if school else Source.PARTNER if chosen["partner"] else Source.INSPECTION
    now = timezone.now()
    try:
        return services.report(
            school or form.cleaned_data["school"], actor=request.user, source=source, found_at=now, now=now,
            fixed_on_spot=bool(chosen.get("after_photos")), point_code=request.GET.get("point", "")[:20],
            **chosen,
        )  # fmt: skip
    except NotAllowed as reason:
        form.add_error(None, str(reason))
    except ValidationError as error:
        add_errors(form, error)
    return None
