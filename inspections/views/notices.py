"""Rectification notices: list, draft, preview, issue, receipt, reply, re-check."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hazards.models import Hazard
from hazards.workflow import NotAllowed
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.pdf.rendering import render_pdf
from schoolsafety.core.spreadsheets import Column, workbook_response

from .. import documents, workflow
from ..filters import NoticeFilter
from ..models import Notice
from ..notice_forms import NoticeForm, NoticeItemForm, ReasonForm, RefusalForm, SignForForm
from ..services import notice_jobs, notices
from ..workflow import NoticeAction
from .patrols import _add, _text

COLUMNS = [
    "number", "status", "school__name", "school__short_name", "checked_on", "reply_due_on", "issued_at",
    "created_at",
]  # fmt: skip
DRAFT_NUMBER = "（草稿，未编号）"


def notice_list(request):
    """Notices, newest first; a school sees those issued to it."""
    form = NoticeFilter(request.GET or None, Organisation.objects.visible_to(request.user))
    rows = form.apply(Notice.objects.visible_to(request.user))
    if request.GET.get("export"):
        return _workbook(rows)
    page = page_of(rows, request, field="created_at", columns=COLUMNS)
    labels = dict(workflow.NoticeStatus.choices)
    for row in page.rows:
        row["state"] = labels[row["status"]]
    return render(request, "inspections/notices/list.html", {"page": page, "form": form})


@require_POST
def notice_new(request):
    """Draft from selected hazards: one school gives a draft, several a job that drafts and issues."""
    chosen = Hazard.objects.visible_to(request.user).filter(number__in=request.POST.getlist("hazard"))
    rows = list(chosen.select_related("school__parent"))
    schools = {row.school for row in rows}
    if len(schools) > 1:
        job = notice_jobs.issue_many(
            rows, actor=request.user, now=timezone.now(), key=request.POST.get("key")
        )
        return redirect("core:job", job.pk)
    try:
        if not rows:
            raise ValidationError(_("Choose open hazards of one school."))
        school = schools.pop()
        notice = notices.draft(
            school, bureau=notice_jobs.bureau_of(request.user, school), chosen=rows, actor=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except (NotAllowed, ValidationError) as reason:
        messages.error(request, _text(reason))
        return redirect("hazards:list")
    return redirect("inspections:notice_edit", notice.pk)


def notice(request, pk):
    """One notice: state, items with replies and results, papers, history, next step."""
    row = visible_notice(request, pk)
    actions = workflow.notice_actions(row.status, request.user.roles_at(row.school))
    context = {
        "notice": row, "items": row.items.select_related("hazard"), "lines": lines_of(history_of(row)),
        "actions": [(action, f"inspections:notice_{action}") for action in actions],
    }  # fmt: skip
    return render(request, "inspections/notices/detail.html", context)


def notice_edit(request, pk):
    """The words of a draft, and its items."""
    row = visible_notice(request, pk)
    data = request.POST if request.method == "POST" else None
    form = NoticeForm(data, instance=row, initial={"version": row.version})
    items = list(row.items.select_related("hazard"))
    item_forms = [NoticeItemForm(data, instance=item, prefix=f"item-{item.pk}") for item in items]
    if data and form.is_valid() and all(each.is_valid() for each in item_forms):
        texts = {name: form.cleaned_data[name] for name in form.Meta.fields}
        changed = {item.pk: each.cleaned_data for item, each in zip(items, item_forms, strict=True)}
        try:
            notices.edit(
                row, actor=request.user, texts=texts, items=changed, version=form.cleaned_data["version"]
            )
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(row)
    is_bad = data and (form.errors or any(each.errors for each in item_forms))
    context = {"notice": row, "form": form, "item_forms": list(zip(items, item_forms, strict=True))}
    return render(request, "inspections/notices/edit.html", context, status=400 if is_bad else 200)


def notice_preview(request, pk):
    """The paper as it would be issued now, marked as a draft; no number is used up."""
    row = visible_notice(request, pk)
    row.issued_at, row.issued_by = row.issued_at or timezone.now(), row.issued_by or request.user
    data = documents.notice(row, list(row.items.all()), row.number or DRAFT_NUMBER)
    content = render_pdf(notices.TEMPLATE, data, identifier=f"notice-draft-{row.pk}")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="notice-{row.pk}.pdf"'
    return answer


def notice_issue(request, pk):
    """Look once more, then give the number and issue."""
    return _act(request, pk, NoticeAction.ISSUE, None, notices.issue)


def notice_discard(request, pk):
    return _act(request, pk, NoticeAction.DISCARD, None, notices.discard)


def notice_sign_for(request, pk):
    return _act(request, pk, NoticeAction.SIGN_FOR, SignForForm, notices.sign_for)


def notice_record_refusal(request, pk):
    return _act(request, pk, NoticeAction.RECORD_REFUSAL, RefusalForm, notices.record_refusal)


def notice_withdraw(request, pk):
    return _act(request, pk, NoticeAction.WITHDRAW, ReasonForm, notices.withdraw)


def visible_notice(request, pk):
    """The notice, if this person sees it; else 404."""
    rows = Notice.objects.visible_to(request.user).select_related(
        "school", "bureau", "created_by", "issued_by", "received_by", "replied_by", "reviewed_by", "paper",
        "review_paper",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _act(request, pk, action, form_class, perform):
    """One page per act: GET asks, POST acts."""
    row = visible_notice(request, pk)
    form = form_class(request.POST if request.method == "POST" else None) if form_class else None
    error = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            perform(row, actor=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        except (NotAllowed, ValidationError) as reason:
            error = _text(reason)
        else:
            messages.success(request, f"{action.label} ✓")
            return redirect(row)
    context = {"notice": row, "action": action, "form": form, "error": error}
    is_bad = error or (form is not None and form.errors)
    return render(request, "inspections/notices/act.html", context, status=400 if is_bad else 200)


def _workbook(rows):
    heads = [
        Column(_("Number"), 26), Column(_("State"), 18), Column(_("School"), 30), Column(_("Checked on"), 12, "date"),
        Column(_("Reply by"), 12, "date"), Column(_("Issued"), 18, "time"),
    ]  # fmt: skip
    labels = dict(workflow.NoticeStatus.choices)
    names = ["number", "status", "school__name", "checked_on", "reply_due_on", "issued_at"]
    flat = (
        [row[0] or "", labels[row[1]], *row[2:]]
        for row in rows.order_by("-created_at").values_list(*names).iterator()
    )
    return workbook_response(_("notices"), _("Rectification notices"), heads, flat)
