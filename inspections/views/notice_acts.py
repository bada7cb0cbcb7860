"""One page per act on a notice: GET shows the paper and asks, POST acts; and the paper of a draft."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core.pdf.rendering import render_pdf

from .. import documents, notice_pages, workflow
from ..notice_forms import RefusalForm, SignForForm, WithdrawForm
from ..services import notices
from ..workflow import NoticeAction
from .notices import visible_notice

DANGEROUS = {NoticeAction.DISCARD, NoticeAction.WITHDRAW}
WITH_PAPER = {NoticeAction.ISSUE, NoticeAction.SIGN_FOR}


def notice_preview(request, pk):
    """The PDF as it would be issued now, marked as a draft; no number is used up."""
    row = visible_notice(request, pk)
    if row.paper_id:
        return redirect("core:paper", row.paper_id)
    data = documents.draft_of(row, list(row.items.all()), actor=request.user, now=timezone.now())
    answer = HttpResponse(
        render_pdf(notices.TEMPLATE, data, identifier=f"notice-draft-{row.pk}"),
        content_type="application/pdf",
    )
    answer["Content-Disposition"] = f'inline; filename="notice-draft-{row.pk}.pdf"'
    return answer


def notice_issue(request, pk):
    """Read the paper once more, then give it its number."""
    return _act(request, pk, NoticeAction.ISSUE, notices.issue)


def notice_discard(request, pk):
    """Throw a draft away."""
    return _act(request, pk, NoticeAction.DISCARD, notices.discard)


def notice_sign_for(request, pk):
    """Read the paper and sign for it."""
    return _act(request, pk, NoticeAction.SIGN_FOR, notices.sign_for, SignForForm)


def notice_record_refusal(request, pk):
    """Record that the school refused to sign."""
    return _act(request, pk, NoticeAction.RECORD_REFUSAL, notices.record_refusal, RefusalForm)


def notice_withdraw(request, pk):
    """Void an issued notice."""
    return _act(request, pk, NoticeAction.WITHDRAW, notices.withdraw, WithdrawForm)


def _act(request, pk, action, perform, form_class=None):
    row = visible_notice(request, pk)
    form, faults = _form(request, row, form_class), []
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            perform(row, actor=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        except NotAllowed as reason:
            faults = [str(reason)]
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, _("%(act)s: done.") % {"act": action.label})
            return redirect(row)
    return _page(request, row, action, form, faults)


def _form(request, row, form_class):
    if form_class is None:
        return None
    roles = request.user.roles_at(row.school) & workflow.SCHOOL
    initial = {"post": next((str(role.label) for role in workflow.SCHOOL if role in roles), "")}
    return form_class(request.POST if request.method == "POST" else None, initial=initial)


def _page(request, row, action, form, faults):
    """The page of an act: 403 with the reason where it is not this person's, 400 after bad input."""
    is_bad = bool(faults) or bool(form is not None and form.errors)
    refusal = "" if is_bad or action in notices.actions_of(row, request.user) else _refusal(row)
    items = list(row.items.all()) if action in WITH_PAPER else []
    paper = None
    if items and not refusal:
        paper = notice_pages.paper_of(row, items, actor=request.user, now=timezone.now())
    context = {
        "notice": row, "action": action, "form": form, "faults": faults, "refusal": refusal, "paper": paper,
        "is_danger": action in DANGEROUS,
    }  # fmt: skip
    status = 400 if is_bad else 403 if refusal else 200
    return render(request, "inspections/notices/act.html", context, status=status)


def _refusal(row):
    words = {"status": row.get_status_display()}
    return _("You cannot do this while the notice is “%(status)s”.") % words
