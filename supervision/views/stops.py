"""Stops of use: the list, one order with its applications, its draft, and one page per act."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.views.acts import perform_with
from schoolsafety.core.directory import authority
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.pdf.rendering import render_pdf
from schoolsafety.core.preferences import preference
from schoolsafety.core.spreadsheets import workbook_response

from .. import stop_pages
from ..forms.stops import ApplyForm, DecideForm, PressForm, ReviewForm, StopFilter, StopForm, WithdrawForm
from ..models import StopOrder
from ..papers import stops as papers
from ..services import resuming, stop_shared, stops
from ..workflow.stops import StopAction

DANGEROUS = {StopAction.DISCARD, StopAction.WITHDRAW}
# action -> (form or None, service). The form's cleaned data are the service's keyword arguments.
HANDLERS = {
    StopAction.ISSUE: (None, stops.issue),
    StopAction.DISCARD: (None, stops.discard),
    StopAction.SIGN_FOR: (None, stops.sign_for),
    StopAction.WITHDRAW: (WithdrawForm, stops.withdraw),
    StopAction.APPLY: (ApplyForm, resuming.apply),
    StopAction.REVIEW: (ReviewForm, resuming.review),
    StopAction.DECIDE: (DecideForm, resuming.decide),
}


@filtered("supervision:stops", StopFilter, also=["state"])
def stop_list(request):
    """What is out of use, what waits, what ended: newest first."""
    today, state = timezone.localdate(), request.GET.get("state", "")
    form = StopFilter(request.GET or None, Organisation.objects.visible_to(request.user))
    rows = form.apply(StopOrder.objects.visible_to(request.user))
    conditions = stop_pages.tab_conditions(request.user, today)
    state = state if state in conditions else ""
    chosen = stop_pages.with_clock(rows.filter(conditions[state]))
    if request.GET.get("export"):
        return workbook_response(
            _("stops") + f"-{today}", _("Stops of use"), *stop_pages.workbook_of(chosen, today)
        )
    page = page_of(chosen, request, field="created_at", columns=stop_pages.COLUMNS)
    context = {
        "form": form, "page": page, "rows": [stop_pages.row_of(row, today) for row in page.rows],
        "tabs": stop_pages.tabs_of(rows, conditions, state), "is_filtered": bool(request.GET.get("q")),
        "query": _without_cursor(request),
    }  # fmt: skip
    return render(request, "supervision/stops/list.html", context)


def stop(request, pk):
    """One order: what is closed since when, applications with their files, papers, history, next step."""
    order = visible_order(request, pk)
    context = stop_pages.detail_of(order, request.user, timezone.now())
    return render(request, "supervision/stops/detail.html", context)


def stop_new(request, number):
    """Draft an order for a hazard, with suggested words."""
    hazards = Hazard.objects.visible_to(request.user).select_related("school__parent")
    hazard = get_object_or_404(hazards, number=number)
    now = timezone.now()
    reason = stops.draft_refusal(hazard, request.user)
    if reason:
        raise PermissionDenied(reason)
    initial = stops.suggestions(hazard, timezone.localdate(now))
    form = StopForm(request.POST if request.method == "POST" else None, initial=initial)
    made: list[StopOrder] = []
    if form.is_valid() and perform_with(
        form, lambda **fields: made.append(stops.draft(hazard, **fields)), actor=request.user,
        **form.words(),
    ):  # fmt: skip
        messages.success(request, _("The draft is saved."))
        return redirect(made[0])
    context = {"form": form, "hazard": hazard, "title": _("Stop its use")}
    return render(request, "supervision/stops/edit.html", context, status=400 if form.errors else 200)


def stop_edit(request, pk):
    """The words of a draft."""
    order = visible_order(request, pk)
    reason = stop_shared.refusal(order, StopAction.EDIT, request.user)
    if reason:
        raise PermissionDenied(reason)
    data = request.POST if request.method == "POST" else None
    form = StopForm(data, instance=order, initial={"version": order.version})
    if form.is_valid() and perform_with(
        form, stops.edit, order, actor=request.user, version=form.cleaned_data["version"], **form.words()
    ):  # fmt: skip
        messages.success(request, _("The draft is saved."))
        return redirect(order)
    context = {"form": form, "hazard": order.hazard, "order": order, "title": _("Change the draft")}
    return render(request, "supervision/stops/edit.html", context, status=400 if form.errors else 200)


def stop_preview(request, pk):
    """The PDF as it would be issued now, marked as a draft; no number is used up."""
    order = visible_order(request, pk)
    if order.paper_id:
        return redirect("core:paper", order.paper_id)
    data = _draft_paper(request, order)
    answer = HttpResponse(
        render_pdf(papers.TEMPLATE, data, identifier=f"stop-draft-{order.pk}"), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="stop-draft-{order.pk}.pdf"'
    return answer


def stop_act(request, pk, action):
    """The page of one act on one order: GET asks, POST acts; 403 with the reason where it is not theirs."""
    order, action = visible_order(request, pk), StopAction(action)
    form_class, perform = HANDLERS[action]
    form = _form(request, form_class or PressForm, action)
    if form.is_valid() and perform_with(form, perform, order, actor=request.user, **form.cleaned_data):
        messages.success(request, _("%(act)s: done.") % {"act": action.label})
        return redirect("supervision:stop", order.pk)
    refusal = None if form.errors else stop_shared.refusal(order, action, request.user)
    paper = None
    if action in {StopAction.ISSUE, StopAction.SIGN_FOR} and not refusal:
        paper = order.paper.data if order.paper_id else _draft_paper(request, order)
    context = {
        "order": order, "action": action, "form": form, "refusal": refusal, "paper": paper,
        "is_danger": action in DANGEROUS,
    }  # fmt: skip
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "supervision/stops/act.html", context, status=status)


def visible_order(request, pk):
    """The order, if this person sees it; else 404."""
    rows = StopOrder.objects.visible_to(request.user).select_related(
        "hazard", "school__parent", "organisation", "created_by", "issued_by", "received_by", "paper"
    )
    return get_object_or_404(rows, pk=pk)


def _without_cursor(request):
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    return query.urlencode()


def _form(request, form_class, action):
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    today = timezone.localdate()
    initial = {
        StopAction.APPLY: {"assessed_on": today},
        StopAction.REVIEW: {"reviewed_on": today},
    }
    return form_class(*data, initial=initial.get(action))


def _draft_paper(request, order):
    now = timezone.now()
    starts_on = max(order.starts_on, timezone.localdate(now))
    limit = stops.limit_of(starts_on, preference(order.school, "stops.limit_months"))
    order.starts_on = starts_on
    return papers.draft_of(
        order, authority(order), actor=request.user, now=now, limit_on=limit
    )  # fmt: skip
