"""One page per act on a listing: GET shows what it is about and asks, POST acts; and the draft's paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from inspections.views.reasons import add_errors
from schoolsafety.core import files
from schoolsafety.core.deadlines import watch
from schoolsafety.core.directory import authority
from schoolsafety.core.pdf.rendering import render_pdf

from .. import listing_pages as pages
from ..forms import listing as forms
from ..services import listing_drafting, listing_ending, listing_public, listing_running, listing_shared
from ..workflow.listing import ListingAction
from .listing import visible_listing

A = ListingAction
# action -> (form, service)
HANDLERS = {
    A.ISSUE: (forms.PressForm, listing_running.issue),
    A.DISCARD: (forms.RemarkForm, listing_drafting.discard),
    A.PUBLISH: (forms.PublishForm, listing_public.publish),
    A.UNPUBLISH: (forms.ReasonForm, listing_public.unpublish),
    A.REPORT: (forms.ProgressForm, listing_running.report),
    A.ASK_EXTENSION: (forms.AskForm, listing_running.ask_extension),
    A.DECIDE_EXTENSION: (forms.DecideForm, listing_running.decide_extension),
    A.APPLY: (forms.ApplyForm, listing_ending.apply),
    A.JUDGE: (forms.JudgeForm, listing_ending.judge),
    A.DELIST: (forms.RemarkForm, listing_ending.delist),
    A.LIFT: (forms.LiftForm, listing_ending.lift),
    A.HAND_OVER: (forms.HandOverForm, listing_running.hand_over),
    A.PUBLISH_DELISTING: (forms.PressForm, listing_public.publish_delisting),
}
DANGEROUS = {A.DISCARD, A.UNPUBLISH, A.LIFT}


def listing_act(request, pk, action):
    """The page of one act on one listing."""
    row = visible_listing(request, pk)
    if action not in HANDLERS:
        raise Http404
    action = A(action)
    form_class, perform = HANDLERS[action]
    form = _form(request, row, action, form_class)
    if form.is_valid():
        arguments = form.arguments() if hasattr(form, "arguments") else form.cleaned_data
        try:
            perform(row, actor=request.user, now=timezone.now(), **arguments)
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("%(act)s: done.") % {"act": action.label})
            return redirect(row)
    return _page(request, row, action, form)


def listing_preview(request, pk):
    """The PDF as it would be issued now, marked as a draft; no number is used up."""
    row = visible_listing(request, pk)
    if row.paper_id:
        return redirect("core:paper", row.paper_id)
    data = pages.draft_paper(row, actor=request.user, now=timezone.now())
    answer = HttpResponse(
        render_pdf(listing_running.LETTER, data, identifier=f"listing-draft-{row.pk}"),
        content_type="application/pdf",
    )
    answer["Content-Disposition"] = f'inline; filename="listing-draft-{row.pk}.pdf"'
    return answer


def _form(request, row, action, form_class):
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if action == A.REPORT:
        return form_class(list(row.stages.filter(done_on__isnull=True)), *bound)
    if action == A.HAND_OVER:
        bureau = authority(row)
        return form_class(pages.supervisors_at(bureau, timezone.localdate()), *bound)
    if action == A.PUBLISH:
        return form_class(bound[0], instance=row)
    initial = {"people": f"{request.user}、"} if action == A.JUDGE else {}
    return watch(
        form_class(*bound, initial=initial), row.school, timezone.localdate(), "due_on", "new_due_on"
    )


def _page(request, row, action, form):
    """403 with the reason where it is not this person's act, 400 after bad input."""
    refusal = None if form.errors else listing_shared.refusal(row, action, request.user)
    paper = None
    if action == A.ISSUE and not refusal:
        paper = pages.paper_of(row, actor=request.user, now=timezone.now())
    context = {
        "listing": row, "action": action, "form": form, "refusal": refusal, "paper": paper,
        "is_danger": action in DANGEROUS,
        "extension": row.extensions.filter(decided_at__isnull=True).select_related("asked_by").first()
        if action == A.DECIDE_EXTENSION else None,
        "acceptance": row.acceptances.filter(held_at__isnull=True).select_related("applied_by").first()
        if action == A.JUDGE else None,
        "photos": files.photos_for([row.hazard], "after")[row.hazard_id] if action == A.JUDGE else [],
    }  # fmt: skip
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "supervision/listings/act.html", context, status=status)
