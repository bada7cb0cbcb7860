"""Requests for money (请示): the list, a draft, one request, its paper, the acts on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.views.acts import perform_with
from hazards.workflow import NotAllowed
from schoolsafety.core.paging import page_of
from schoolsafety.core.pdf.rendering import render_pdf

from .. import pages_funding as pages
from .. import queries_funding as queries
from ..forms import funding as forms
from ..models import FundingNeed, FundingRequest
from ..papers import funding as papers
from ..services import funding_requests as services
from ..workflow.funding import RequestAction, RequestState, request_refusal
from .making import Made

COLUMNS = ["number", "title", "addressee", "status", "total", "issued_at", "organisation__name"]
SIMPLE = {
    RequestAction.ISSUE: services.issue_request,
    RequestAction.DISCARD: services.discard_request,
}


def requests(request):
    """The requests for money, newest first."""
    rows = FundingRequest.objects.visible_to(request.user)
    page = page_of(rows, request, field="created_at", columns=COLUMNS)
    for row in page.rows:
        row["state"], row["total"] = RequestState(row["status"]).label, pages.yuan(row["total"])
        row["kind"] = pages.REQUEST_KINDS.get(row["status"], "wait")
    return render(request, "supervision/funding/requests.html", {"page": page})


def request_new(request):
    """Draft a request for the chosen needs."""
    # The form is sent to the address that it was opened at: the choice stands there, not in a field.
    chosen = request.POST.getlist("need") or request.GET.getlist("need")
    numbers = [pk for pk in chosen if pk.isdecimal()][: services.MOST_LINES]
    seen = FundingNeed.objects.visible_to(request.user).select_related("hazard", "school")
    needs, _is_more = queries.ranked(seen.filter(pk__in=numbers))
    initial, bad = {}, {}
    if needs:
        try:
            issuer = services.issuer_over(request.user, list({need.school for need in needs}))
        except NotAllowed as reason:
            raise PermissionDenied(str(reason)) from reason
        bad = services.refusals(needs, issuer)
        initial = papers.suggestions(issuer, needs, sum(need.cost for need in needs))
    form = forms.RequestForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        made = Made(services.draft_request)
        if perform_with(form, made, needs, actor=request.user, **form.words()):
            messages.success(request, _("The draft is saved."))
            return redirect(made.row)
    rows = [pages.row_of(need) | {"reason": bad.get(need.pk, "")} for need in needs]
    context = {"form": form, "rows": rows, "total": pages.yuan(sum(need.cost for need in needs))}
    status = 400 if form.errors else 200
    return render(request, "supervision/funding/request_new.html", context, status=status)


def request_detail(request, pk):
    """One request: its paper, its needs and what became of them, history."""
    row = visible_request(request, pk)
    context = pages.request_detail(row, request.user)
    context["paper"] = row.paper.data if row.paper_id else _draft(row, context["needs"])
    context["total"] = pages.yuan(row.total)
    return render(request, "supervision/funding/request.html", context)


def request_preview(request, pk):
    """The PDF as it would be issued now, marked as a draft; no number is used up."""
    row = visible_request(request, pk)
    if row.paper_id:
        return redirect("core:paper", row.paper_id)
    data = _draft(row, queries.lines_of_request(row))
    content = render_pdf(services.TEMPLATE, data, identifier=f"request-draft-{row.pk}")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="request-draft-{row.pk}.pdf"'
    return answer


def request_act(request, pk, action):
    """The page of one act on a request: edit its words, issue it, throw the draft away."""
    row = visible_request(request, pk)
    if action not in RequestAction.values:
        raise Http404
    action, place = RequestAction(action), row.organisation
    roles = request.user.roles_at(place)
    reason = request_refusal(action, row.status, roles, is_school=place.is_school)
    context = {"request_paper": row, "action": action, "is_danger": action == RequestAction.DISCARD}
    if reason and request.method != "POST":
        context["refusal"] = reason
        return render(request, "supervision/funding/request_act.html", context, status=403)
    if action == RequestAction.EDIT:
        return _edit(request, row, context)
    return _simple(request, row, action, context)


def visible_request(request, pk):
    """The request, if this person sees it; else 404."""
    rows = FundingRequest.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organisation", "paper", "created_by", "issued_by"), pk=pk)


def _simple(request, row, action, context):
    faults = []
    if request.method == "POST":
        try:
            SIMPLE[action](row, actor=request.user, now=timezone.now())
        except NotAllowed as reason:
            faults = [str(reason)]
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, _("%(act)s: done.") % {"act": action.label})
            return redirect(row)
    context |= {"faults": faults}
    status = 400 if faults else 200
    return render(request, "supervision/funding/request_act.html", context, status=status)


def _edit(request, row, context):
    copy = FundingRequest(**{name: getattr(row, name) for name in [*services.WORDS, "version"]})
    data = request.POST if request.method == "POST" else None
    form = forms.RequestForm(data, instance=copy, initial={"version": row.version})
    if form.is_valid():
        words, version = form.words(), form.cleaned_data["version"]
        if perform_with(form, services.edit_request, row, actor=request.user, version=version, **words):
            messages.success(request, _("The draft is saved."))
            return redirect(row)
    context |= {"form": form}
    status = 400 if form.errors else 200
    return render(request, "supervision/funding/request_act.html", context, status=status)


def _draft(row, lines):
    """The data of the paper as it would be issued today."""
    return papers.draft_of(row, lines, timezone.localdate())
