"""Measures: list, workbook, new draft, one measure, its words, its papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hazards.models import Hazard
from hazards.workflow import BUREAU, NotAllowed
from inspections.views.reasons import add_errors
from schoolsafety.core.directory import authority
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.pdf.rendering import render_pdf
from schoolsafety.core.spreadsheets import Column, workbook_response
from schoolsafety.core.views.files import serve

from .. import measure_pages
from ..forms.measures import MeasureFilter, MeasureForm, NewForm
from ..models import Measure
from ..papers import measures as papers
from ..services import measures
from ..services.measure_drafting import AFTER_NOTICE
from ..workflow.measure_kinds import KIND_RULES, Kind, Step
from ..workflow.measures import Action, Status


@filtered("supervision:measures", MeasureFilter)
def measure_list(request):
    """Measures, newest first; a school sees those it was told of."""
    form = MeasureFilter(request.GET or None, Organisation.objects.visible_to(request.user))
    rows = form.apply(Measure.objects.visible_to(request.user))
    if request.GET.get("export"):
        return _workbook(rows)
    page = page_of(rows, request, field="created_at", columns=measure_pages.COLUMNS)
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {
        "page": measure_pages.rows_of(page, timezone.localdate()), "form": form, "query": query.urlencode(),
        "is_filtered": bool(query), "tabs": tabs(request, "supervision:measures"),
        "is_bureau": is_bureau(request),
    }  # fmt: skip
    return render(request, "supervision/measures/list.html", context)


def measure_new(request):
    """Draft a measure by hand, without a proposal."""
    if not is_bureau(request):
        raise PermissionDenied(_("You hold no post that imposes measures there."))
    hazards = Hazard.objects.visible_to(request.user).select_related("school")
    schools = Organisation.objects.visible_to(request.user).schools()
    data = request.POST if request.method == "POST" else None
    form = NewForm(schools, hazards, data, initial=_asked_for(request, hazards))
    if form.is_valid():
        try:
            row = measures.draft(actor=request.user, now=timezone.now(), **form.cleaned_data)
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            return redirect("supervision:measure_edit", row.pk)
    return render(
        request, "supervision/measures/new.html", {"form": form}, status=400 if form.errors else 200
    )


def measure(request, pk):
    """One measure: what it says, steps, papers, appeals, history, next step."""
    row = visible_measure(request, pk)
    return render(
        request,
        "supervision/measures/detail.html",
        measure_pages.detail_of(row, request.user, timezone.now()),
    )


def measure_edit(request, pk):
    """The words of a draft; after the prior notice only what may still change."""
    row, now = visible_measure(request, pk), timezone.now()
    if Action.EDIT not in measures.actions_of(row, request.user, now):
        raise PermissionDenied(_("This measure cannot be changed any more, or not by you."))
    fields = AFTER_NOTICE if row.status == Status.HEARD else None
    form = MeasureForm(request.POST if request.method == "POST" else None, instance=row, fields=fields)
    if form.is_valid():
        try:
            measures.edit(
                row, actor=request.user, values=form.values(), version=form.cleaned_data["version"], now=now
            )
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(row)
    context = {"measure": visible_measure(request, pk), "form": form}
    return render(request, "supervision/measures/edit.html", context, status=400 if form.errors else 200)


def measure_preview(request, pk):
    """The paper as it would be issued now, marked as a draft; no number is used up."""
    row = visible_measure(request, pk)
    if row.paper_id:
        return redirect("supervision:measure_paper", row.pk, "measure")
    if not measures.is_printable(row):
        raise PermissionDenied(_("Fill in the draft first: its paper still lacks something."))
    return _draft_pdf(row, papers.draft_of(row, now=timezone.now()), f"measure-draft-{row.pk}")


def _draft_pdf(row, data, name):
    answer = HttpResponse(
        render_pdf(KIND_RULES[Kind(row.kind)].template, data, identifier=name), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def appeal_preview(request, pk):
    """The decision on the appeal as it would be issued now, for the bureau; no number is used up."""
    row, user = visible_measure(request, pk), request.user
    if not user.roles_at(authority(row)) & BUREAU:
        raise PermissionDenied(_("The draft of a decision is the bureau's alone."))
    try:
        data = measures.decision_before(row, actor=user, now=timezone.now())
    except NotAllowed as reason:
        raise PermissionDenied(str(reason)) from reason
    return _draft_pdf(row, data, f"appeal-draft-{row.pk}")


def measure_paper(request, pk, which):
    """An issued paper of the measure, for whoever sees the measure."""
    row = visible_measure(request, pk)
    paper = {"measure": row.paper, "notice": row.notice_paper}.get(which)
    if which == "record":
        step = row.steps.select_related("paper").filter(step=Step.HOLD).first()
        paper = step and step.paper
    if which.startswith("appeal-") and which[7:].isdecimal():
        appeal = row.appeals.select_related("paper").filter(pk=int(which[7:])).first()
        paper = appeal and appeal.paper
    if paper is None:
        raise Http404
    name = f"{paper.number or ''} {paper.title}.pdf".strip()
    return serve(paper.file, name, "application/pdf", inline=True)


def visible_measure(request, pk):
    """The measure, if this person sees it; else 404."""
    rows = Measure.objects.visible_to(request.user).select_related(
        "school__parent", "organisation", "hazard", "created_by", "noticed_by", "heard_by", "issued_by",
        "paper", "notice_paper", "unit",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def is_bureau(request):
    """Does this person act for a bureau?"""
    return bool({role for _path, role in request.user.posts} & BUREAU)


def tabs(request, here):
    """The parts of the ladder, for those of a bureau."""
    if not is_bureau(request):
        return []
    parts = [
        ("supervision:proposals", _("Proposals")), ("supervision:measures", _("Measures")),
        ("supervision:bans", _("Register of bans")), ("supervision:triggers", _("Triggers")),
    ]  # fmt: skip
    return [{"url": reverse(name), "label": label, "is_current": name == here} for name, label in parts]


def _asked_for(request, hazards):
    """What the address asks to begin with: a hazard and its school."""
    hazard = hazards.filter(number=request.GET.get("hazard", "")[:40]).first()
    return {"hazard": hazard.number, "school": hazard.school.name} if hazard else {}


def _workbook(rows):
    heads = [
        Column(_("Number"), 26), Column(_("Measure"), 18), Column(_("State"), 18), Column(_("School"), 30),
        Column(_("Bureau"), 24), Column(_("Unit concerned"), 24), Column(_("Person concerned"), 14),
        Column(_("What is imposed"), 18), Column(_("Amount (yuan)"), 14, "money"), Column(_("Hazard"), 24),
        Column(_("Issued"), 18, "time"), Column(pgettext("measure", "Until"), 12, "date"),
        Column(_("Over"), 18, "time"),
    ]  # fmt: skip
    names = [
        "number", "kind", "status", "school__name", "organisation__name", "unit__name", "person_name",
        "sanction", "amount", "hazard__number", "issued_at", "until", "over_at",
    ]  # fmt: skip
    flat = (_flat(row) for row in rows.order_by("-created_at", "-pk").values_list(*names).iterator())
    return workbook_response(_("measures"), _("Measures"), heads, flat)


def _flat(row):
    number, kind, status, school, bureau, unit, person, sanction, amount, hazard, issued, until, over = row
    named = str(dict(Measure._meta.get_field("sanction").choices).get(sanction, ""))
    return [
        number or "", str(Kind(kind).label), str(Status(status).label), school, bureau, unit or "", person,
        named, amount, hazard or "", issued, until, over,
    ]  # fmt: skip
