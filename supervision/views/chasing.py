"""What is late and how it is chased: the list with its one press."""

from urllib.parse import urlencode
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.views.acts import add_errors
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_along
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_ROLES

from .. import chasing_pages as pages
from ..forms.chasing import ChaseForm, OverdueFilter
from ..services import chasing
from ..settings_chasing import TEXT
from ..workflow.chasing import Way


@filtered("supervision:overdue", OverdueFilter, also=["age"])
def overdue(request):
    """Overdue hazards by age, longest late first. POST chases the chosen ones as one job."""
    may_chase = bool({role for _path, role in request.user.posts} & BUREAU_ROLES)
    form = None
    if request.method == "POST":
        if not may_chase:
            raise PermissionDenied(_("The bureau chases schools."))
        form = ChaseForm(Hazard.objects.visible_to(request.user), request.POST)
        if form.is_valid() and (job := _chased(request, form)):
            return redirect("core:job", job.pk)
    context = _list(request)
    if may_chase and context["rows"]:
        context["form"] = form or _new_form(context["page"].rows)
        context["key"] = request.POST.get("key", "")[:60] or uuid4()
    is_bad = form is not None
    return render(request, "supervision/chasing/list.html", context, status=400 if is_bad else 200)


def _list(request):
    """What the list shows, whatever was pressed."""
    today = timezone.localdate()
    seen = Organisation.objects.visible_to(request.user)
    finder = OverdueFilter(request.GET or None, seen)
    found = finder.apply(pages.overdue_of(request.user, today))
    ages = pages.conditions(today)
    age = request.GET.get("age", "")
    age = age if age in ages else ""
    page = page_along(found.filter(ages[age]), request, fields=["due_on", "pk"])
    kept = urlencode({name: value for name in ("q", "within") if (value := request.GET.get(name))})
    chosen = set(request.POST.getlist("hazard"))
    return {
        "finder": finder, "page": page, "rows": [pages.row_of(row, chosen, today) for row in page.rows],
        "tabs": pages.tabs_of(found, age, today, kept), "is_filtered": bool(kept or age),
    }  # fmt: skip


def _new_form(rows):
    """The form as it is first shown, with the line that the bureau of these schools set."""
    text = preference(rows[0].school, "chasing.text") if rows else TEXT
    return ChaseForm(initial={"way": Way.APP, "text": text})


def _chased(request, form):
    """The job of a valid press; None when it is refused, with the reason in the form."""
    chosen = form.cleaned_data
    try:
        return chasing.chase_many(
            list(chosen["hazard"][: chasing.MOST]), actor=request.user, now=timezone.now(),
            key=request.POST.get("key", "")[:60] or str(uuid4()), way=chosen["way"], text=chosen["text"],
            note=chosen["note"], is_again=chosen["is_again"],
        )  # fmt: skip
    except ValidationError as reason:
        add_errors(form, reason)
        return None
