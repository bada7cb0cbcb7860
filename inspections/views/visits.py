"""Inspections by a bureau: list, open, fill in, finish, the record as a paper."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hazards.workflow import NotAllowed
from schoolsafety.core import files
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.pdf.rendering import render_pdf
from schoolsafety.core.roles import BUREAU_ROLES

from .. import documents
from ..filters import VisitFilter
from ..forms import FinishVisitForm, MemberFormSet, VisitAnswersForm, VisitFindingForm, VisitForm
from ..models import Inspection
from ..services import visits
from ..workflow import InspectionStatus
from .reasons import add_errors as _add
from .reasons import words_of

COLUMNS = [
    "number", "subject", "school__name", "school__short_name", "inspected_on", "form", "is_joint", "status",
]  # fmt: skip


@filtered("inspections:visits", VisitFilter)
def visit_list(request):
    """Inspections, newest first; a school sees those that are finished."""
    form = VisitFilter(request.GET or None, Organisation.objects.visible_to(request.user))
    rows = form.apply(Inspection.objects.visible_to(request.user))
    page = page_of(rows, request, field="created_at", columns=COLUMNS)
    forms, states = dict(Inspection.Form.choices), dict(InspectionStatus.choices)
    for row in page.rows:
        row["form"], row["state"] = forms[row["form"]], states[row["status"]]
    context = {
        "page": page, "form": form, "may_open": _bureau_of(request.user) is not None,
        "is_narrowed": bool(request.GET),
    }  # fmt: skip
    return render(request, "inspections/visits.html", context)


def visit_new(request):
    """Open an inspection with its team."""
    bureau = _bureau_of(request.user)
    if bureau is None:
        raise PermissionDenied(_("You hold no post that inspects there."))
    schools = Organisation.objects.visible_to(request.user).below(bureau).schools()
    schools = schools.open_on(timezone.localdate())
    data = request.POST if request.method == "POST" else None
    asked = {name: request.GET.get(name, "")[:200] for name in ("school", "subject")}  # as a link asks for
    form = VisitForm(schools, data, initial={"inspected_on": timezone.localdate(), "form": "open"} | asked)
    members = MemberFormSet(
        data,
        prefix="member",
        initial=None if data else [{"name": str(request.user), "unit": bureau.name, "is_leader": True}],
    )
    if form.is_valid() and members.is_valid():
        values = dict(form.cleaned_data)
        school, categories = values.pop("school"), values.pop("categories")
        team = [row for row in members.cleaned_data if row.get("name")]
        try:
            visit = visits.open_visit(
                bureau=bureau, school=school, actor=request.user, values=values, members=team,
                categories=categories, now=timezone.now(),
            )  # fmt: skip
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return redirect("inspections:visit", visit.pk)
    is_bad = form.errors or (data and members.total_error_count())
    return render(
        request,
        "inspections/visit_new.html",
        {"form": form, "members": members},
        status=400 if is_bad else 200,
    )


def visit(request, pk):
    """One inspection: facts, team, findings; while under way also the ways to go on."""
    row = _visit(request, pk)
    items = _items(row).select_related("category")
    found = list(row.findings.select_related("hazard", "item"))
    photos = files.photos_for(found)
    lines = [
        {"text": item.text, "answer": row.answers.get(str(item.pk), "")[:1], "mode": ""} for item in items
    ]
    context = {
        "visit": row, "members": row.members.all(), "findings": [(f, photos.get(f.pk)) for f in found],
        "lines": lines, "answered": len(row.answers), "may_write": _may_write(request.user, row),
        "facts": documents.visit_facts(row),
    }  # fmt: skip
    return render(request, "inspections/visit.html", context)


def visit_answers(request, pk):
    """Go through the checklist: every item on one page, saved in one press."""
    row = _visit(request, pk)
    items = list(_items(row).select_related("category").order_by("category__order", "order"))
    form = VisitAnswersForm(items, row.answers, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            visits.save_answers(row, actor=request.user, answers=form.answers())
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return redirect("inspections:visit", row.pk)
    return render(
        request, "inspections/visit_answers.html", {"visit": row, "form": form},
        status=400 if form.errors else 200,
    )  # fmt: skip


def visit_finding(request, pk):
    """Note a problem that the team saw."""
    row = _visit(request, pk)
    items = _items(row)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = VisitFindingForm(items, *bound)
    if form.is_valid():
        try:
            visits.add_finding(row, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return redirect("inspections:visit", row.pk)
    context = {"visit": row, "form": form, "title": _("Note a problem"), "submit": _("Save")}
    return render(request, "inspections/visit_form.html", context, status=400 if form.errors else 200)


@require_POST
def visit_finding_drop(request, pk, finding_pk):
    """Take a problem back."""
    row = _visit(request, pk)
    finding = get_object_or_404(row.findings.select_related("inspection"), pk=finding_pk)
    try:
        visits.drop_finding(finding, actor=request.user)
    except NotAllowed as reason:
        messages.error(request, words_of(reason))
    return redirect("inspections:visit", row.pk)


@require_POST
def visit_discard(request, pk):
    """Throw away an inspection that was opened by mistake."""
    row = _visit(request, pk)
    try:
        visits.discard(row, actor=request.user)
    except NotAllowed as reason:
        messages.error(request, words_of(reason))
        return redirect("inspections:visit", row.pk)
    messages.success(request, _("The inspection is thrown away."))
    return redirect("inspections:visits")


def visit_finish(request, pk):
    """Finish: handling, signature or refusal; hazards are created."""
    row = _visit(request, pk)
    form = FinishVisitForm(list(row.findings.all()), request.POST or None, instance=row)
    if form.is_valid():
        try:
            visits.finish(row, actor=request.user, values=form.cleaned_data, now=timezone.now())
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return redirect("inspections:visit", row.pk)
    context = {
        "visit": row,
        "form": form,
        "title": _("Finish the inspection"),
        "submit": _("Finish and record the hazards"),
    }
    return render(request, "inspections/visit_form.html", context, status=400 if form.errors else 200)


def visit_record(request, pk):
    """The check record (检查记录) as a PDF."""
    row = _visit(request, pk)
    content = render_pdf(
        "papers/form.html", documents.visit_record(row), identifier=f"visit-{row.pk}-{row.status}"
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number or row.pk}.pdf"'
    return answer


def _items(row):
    """The items of the visit's checklist."""
    return row.template.items.filter(pk__in=row.item_ids)


def _may_write(user, row):
    return row.status == InspectionStatus.DRAFT and bool(user.roles_at(row.bureau) & BUREAU_ROLES)


def _visit(request, pk):
    rows = Inspection.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("school", "bureau", "created_by", "template"), pk=pk)


def _bureau_of(user):
    """The bureau of a person who may inspect; None for everyone else."""
    paths = sorted({path for path, role in user.posts if role in BUREAU_ROLES}, key=len)
    return Organisation.objects.visible_to(user).get(path=paths[0]) if paths else None
