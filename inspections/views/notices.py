"""Rectification notices: list, workbook, choice of hazards, draft, one notice."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.workflow import NotAllowed
from schoolsafety.core.deadlines import watch
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.roles import BUREAU_ROLES
from schoolsafety.core.spreadsheets import Column, workbook_response

from .. import notice_pages, workflow
from ..filters import NoticeFilter
from ..models import Notice
from ..notice_forms import ChooseForm, NoticeForm, NoticeItemForm
from ..services import notices
from ..workflow import NoticeAction
from .reasons import add_errors

COLUMNS = [
    "number", "status", "school__name", "school__short_name", "checked_on", "reply_due_on", "review_on",
]  # fmt: skip
MOST_HAZARDS = 500


@filtered("inspections:notices", NoticeFilter)
def notice_list(request):
    """Notices, newest first; a school sees those issued to it."""
    form = NoticeFilter(request.GET or None, Organisation.objects.visible_to(request.user))
    rows = form.apply(Notice.objects.visible_to(request.user))
    if request.GET.get("export"):
        return _workbook(rows)
    page = page_of(rows, request, field="created_at", columns=COLUMNS)
    labels, today = dict(workflow.NoticeStatus.choices), timezone.localdate()
    for row in page.rows:
        row["state"] = labels[row["status"]]
        row["kind"] = notice_pages.KINDS.get(row["status"], "todo")
        row["is_late"] = row["status"] in workflow.UNANSWERED and row["reply_due_on"] < today
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {"page": page, "form": form, "query": query.urlencode(), "is_filtered": bool(query)}
    return render(request, "inspections/notices/list.html", context)


def notice_new(request):
    """The chosen hazards by school. A POST drafts for one school, or issues to several as one job."""
    if not {role for _path, role in request.user.posts} & BUREAU_ROLES:
        raise PermissionDenied(_("You hold no post that issues notices there."))
    numbers = request.POST if request.method == "POST" else request.GET
    seen = Hazard.objects.visible_to(request.user).select_related("school__parent")
    rows = list(seen.filter(number__in=numbers.getlist("hazard")[:MOST_HAZARDS]))
    form = ChooseForm(seen, request.POST if request.method == "POST" else None)
    if form.is_valid() and (answer := _begin(request, form, rows)):
        return answer
    key = request.POST.get("key") or uuid4()
    context = {"form": form, "groups": notice_pages.choice_by_school(rows), "key": key}
    return render(request, "inspections/notices/new.html", context, status=400 if form.errors else 200)


def notice(request, pk):
    """One notice: state, items with replies and results, papers, history, next step."""
    row = visible_notice(request, pk)
    return render(request, "inspections/notices/detail.html", notice_pages.detail_of(row, request.user))


def notice_edit(request, pk):
    """The words of a draft, and its items."""
    row = visible_notice(request, pk)
    if NoticeAction.EDIT not in notices.actions_of(row, request.user):
        raise PermissionDenied(_("This notice cannot be changed any more, or not by you."))
    data = request.POST if request.method == "POST" else None
    items = list(row.items.select_related("hazard"))
    near, far = notice_pages.clauses_for(row, items)
    form = NoticeForm(near, far, data, instance=row)
    watch(form, row.school, timezone.localdate(), "reply_due_on", "review_on")
    item_forms = [NoticeItemForm(data, instance=item, prefix=f"item-{item.pk}") for item in items]
    for each in item_forms:
        watch(each, row.school, timezone.localdate(), "due_on")
    # Every form is asked, so that all errors show at once.
    is_valid = data is not None and all([form.is_valid(), *[each.is_valid() for each in item_forms]])
    if is_valid and _save(request, row, form, item_forms):
        messages.success(request, _("The draft is saved."))
        return redirect("inspections:notice_issue", row.pk) if "then" in data else redirect(row)
    is_bad = form.errors or any(each.errors for each in item_forms)
    context = {
        "notice": row, "form": form, "item_forms": list(zip(items, item_forms, strict=True)),
        "clauses": [*near, *far],
    }  # fmt: skip
    return render(request, "inspections/notices/edit.html", context, status=400 if is_bad else 200)


def visible_notice(request, pk):
    """The notice, if this person sees it; else 404."""
    rows = Notice.objects.visible_to(request.user).select_related(
        "school__parent", "bureau", "created_by", "issued_by", "received_by", "paper", "review_paper"
    )
    return get_object_or_404(rows, pk=pk)


def _begin(request, form, rows):
    """The answer to a valid choice; None when the draft is refused, with the reasons in the form."""
    now, shared = timezone.now(), {name: form.cleaned_data[name] for name in ("inspectors", "contact")}
    schools = {row.school for row in rows}
    if len(schools) > 1:
        key = request.POST.get("key", "")[:60]
        return redirect(
            "core:job", notices.issue_many(rows, actor=request.user, now=now, key=key, **shared).pk
        )
    school = schools.pop()
    try:
        bureau = notices.bureau_of(request.user, school)
        row = notices.draft(
            school, bureau=bureau, chosen=rows, actor=request.user, now=now,
            **{name: text for name, text in shared.items() if text},
        )  # fmt: skip
    except (NotAllowed, ValidationError) as reason:
        add_errors(form, reason)
        return None
    return redirect("inspections:notice_edit", row.pk)


def _save(request, row, form, item_forms):
    """Save the draft; False when it is refused, with the reason in the form."""
    try:
        notices.edit(
            row, actor=request.user, texts=form.texts(), version=form.cleaned_data["version"],
            items={each.instance.pk: each.texts() for each in item_forms},
            left_out=[each.instance.pk for each in item_forms if each.cleaned_data["is_left_out"]],
        )  # fmt: skip
    except (NotAllowed, ValidationError) as reason:
        add_errors(form, reason)
        return False
    return True


def _workbook(rows):
    heads = [
        Column(_("Number"), 26), Column(_("State"), 18), Column(_("School"), 30), Column(_("Bureau"), 24),
        Column(_("Checked on"), 12, "date"), Column(_("Reply by"), 12, "date"),
        Column(_("Re-check on"), 12, "date"), Column(_("Issued"), 18, "time"),
        Column(_("Signed for"), 18, "time"), Column(_("Replied"), 18, "time"),
        Column(_("Re-checked"), 18, "time"), Column(_("Re-check opinion"), 26),
    ]  # fmt: skip
    labels = dict(workflow.NoticeStatus.choices)
    names = [
        "number", "status", "school__name", "bureau__name", "checked_on", "reply_due_on", "review_on",
        "issued_at", "received_at", "replied_at", "reviewed_at", "review_number",
    ]  # fmt: skip
    flat = (
        [row[0] or "", str(labels[row[1]]), *row[2:]]
        for row in rows.order_by("-created_at", "-pk").values_list(*names).iterator()
    )
    return workbook_response(_("notices"), _("Rectification notices"), heads, flat)
