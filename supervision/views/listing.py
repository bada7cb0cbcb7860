"""Listed supervision: list, workbooks, majors that wait, the draft, one listing, one progress report."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import NotAllowed
from inspections.views.reasons import add_errors
from schoolsafety.core.deadlines import watch
from schoolsafety.core.filtered import everything, filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.roles import BUREAU_ROLES
from schoolsafety.core.spreadsheets import workbook_response

from .. import listing_lists as lists
from .. import listing_pages as pages
from ..forms.listing import AnswerForm, ListingFilter, ListingForm
from ..models import Listing, ProgressReport
from ..services import listing_drafting, listing_running, listing_shared
from ..workflow.listing import ListingAction, ListingStatus, ReportState

PEOPLE = [
    "school__parent", "organisation", "hazard__plan", "hazard__submitted_by", "supervisor", "created_by",
    "issued_by", "paper",
]  # fmt: skip


@filtered("supervision:listings", ListingFilter, also=["queue"])
def listing_list(request):
    """Listings, newest first; a school sees its own once they are issued."""
    today, queue = timezone.localdate(), request.GET.get("queue", "")
    form = ListingFilter(request.GET or None, Organisation.objects.visible_to(request.user))
    seen = Listing.objects.visible_to(request.user)
    rows = form.apply(seen)
    condition = lists.condition_of(queue, today)
    if condition is not None:
        rows = rows.filter(condition)
    elif request.GET.get("status") != ListingStatus.WITHDRAWN:
        rows = rows.exclude(status=ListingStatus.WITHDRAWN)
    if request.GET.get("export"):
        return _workbook(request.GET["export"], rows, today)
    page = page_of(rows, request, field="created_at", columns=lists.COLUMNS)
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {
        "form": form, "page": page, "rows": [pages.row_of(row, today) for row in page.rows],
        "tabs": _tabs(seen, request.user, queue, today), "query": query.urlencode(),
        "is_filtered": any(query.get(name) for name in ("q", "within", "status")), "queue": queue,
        "is_bureau": _is_bureau(request.user), "shows_school": _is_bureau(request.user),
    }  # fmt: skip
    return render(request, "supervision/listings/list.html", context)


def listing_waiting(request):
    """Major hazards that are not under listed supervision, for a bureau to choose from."""
    _bureau_only(request)
    rows = lists.waiting(request.user)
    if request.GET.get("export"):
        name = _("majors not listed") + f"-{timezone.localdate()}"
        return workbook_response(name, _("Majors not listed"), lists.WAITING_HEADS, lists.waiting_rows(rows))
    page = page_of(rows, request, columns=lists.WAITING_COLUMNS)
    context = {"page": page, "today": timezone.localdate()}
    return render(request, "supervision/listings/waiting.html", context)


def listing_new(request):
    """The draft of a listing for one hazard, filled in from the case, its plan and the bureau's settings."""
    _bureau_only(request)
    seen = Hazard.objects.visible_to(request.user).select_related("school", "plan")
    hazard = get_object_or_404(seen, number=request.GET.get("hazard", ""))
    bureau = listing_drafting.bureau_of(request.user, hazard.school)
    today = timezone.localdate()
    values, stages = listing_drafting.suggestions(hazard, bureau, actor=request.user, today=today)
    people = pages.supervisors_at(bureau, today)
    data = request.POST if request.method == "POST" else None
    form = ListingForm(people, data, initial=values, stages=stages)
    watch(form, hazard.school, timezone.localdate(), "due_on", "plan_due_on")
    if data is not None and form.is_valid():
        try:
            row = listing_drafting.draft(
                hazard, bureau=bureau, actor=request.user, now=timezone.now(), **form.arguments()
            )
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(row)
    refusal = None if data is not None else listing_drafting.draft_refusal(hazard)
    context = {"form": form, "hazard": hazard, "bureau": bureau, "refusal": refusal}
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "supervision/listings/edit.html", context, status=status)


def listing(request, pk):
    """One listing: state, term, stages, reports, requests, papers, history, next step."""
    row = visible_listing(request, pk)
    context = pages.detail_of(row, request.user, timezone.now())
    return render(request, "supervision/listings/detail.html", context)


def listing_edit(request, pk):
    """The words of a draft."""
    row = visible_listing(request, pk)
    if reason := listing_shared.refusal(row, ListingAction.EDIT, request.user):
        raise PermissionDenied(reason)
    data = request.POST if request.method == "POST" else None
    form = ListingForm(
        pages.supervisors_at(row.organisation, timezone.localdate()), data, instance=row,
        initial={"version": row.version},
        stages=[(stage.name, stage.due_on) for stage in row.stages.all()],
    )  # fmt: skip
    watch(form, row.school, timezone.localdate(), "due_on", "plan_due_on")
    if data is not None and form.is_valid():
        try:
            listing_drafting.edit(
                row, actor=request.user, now=timezone.now(), version=form.cleaned_data["version"],
                **form.arguments(),
            )  # fmt: skip
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(row)
    context = {"form": form, "hazard": row.hazard, "bureau": row.organisation, "listing": row}
    return render(request, "supervision/listings/edit.html", context, status=400 if form.errors else 200)


def listing_report(request, pk):
    """One progress report, read or returned by a bureau above the school."""
    seen = ProgressReport.objects.visible_to(request.user).select_related(
        "listing__school__parent", "listing__organisation", "listing__hazard", "listing__supervisor",
        "made_by", "read_by",
    )  # fmt: skip
    report = get_object_or_404(seen, pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            listing_running.answer(report, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("Answered."))
            return redirect(report.listing)
    refusal = listing_shared.refusal(report.listing, ListingAction.ANSWER, request.user)
    context = {
        "line": pages.report_lines([report], may_answer=False)[0], "report": report, "form": form,
        "may_answer": refusal is None and report.state == ReportState.SENT,
    }  # fmt: skip
    return render(request, "supervision/listings/report.html", context, status=400 if form.errors else 200)


def visible_listing(request, pk):
    """The listing, if this person sees it; else 404."""
    return get_object_or_404(Listing.objects.visible_to(request.user).select_related(*PEOPLE), pk=pk)


def _tabs(seen, user, queue, today):
    names, base = lists.queues_for(user), reverse("supervision:listings")
    counts = lists.counts_of(seen, names, today)
    tabs = [
        {"url": f"{base}?queue={name}", "label": lists.LABELS[name], "count": counts[name],
         "is_current": name == queue}
        for name in names
        if counts[name] or name == queue
    ]  # fmt: skip
    return [{"url": everything(base), "label": _("All"), "count": None, "is_current": not queue}, *tabs]


def _workbook(kind, rows, today):
    if kind == "reports":
        name, title = _("progress reports") + f"-{today}", _("Progress reports")
        return workbook_response(name, title, lists.REPORT_HEADS, lists.report_rows(rows))
    name, title = _("listings") + f"-{today}", _("Listed supervision")
    return workbook_response(name, title, lists.HEADS, lists.workbook_rows(rows))


def _is_bureau(user):
    return bool({role for _path, role in user.posts} & BUREAU_ROLES)


def _bureau_only(request):
    if not _is_bureau(request.user):
        raise Http404
