"""Bulletins: archive, draft, editing, acts, paper, reading."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES

from .. import presentation, queries, services
from ..figures.period import months_before, months_until
from ..forms import BulletinForm, MonthForm, ReasonForm
from ..models import Bulletin
from ..services.bulletins import unread_by
from ..services.preview import bulletin_pdf
from ..workflow import BULLETIN_RULES, WITH_REASON, BulletinAction, BulletinStatus, allowed, standing_of
from .acting import add_errors, sentences_of, serve_draft, serve_paper

SERVICES = {
    BulletinAction.REFRESH: services.redraw,
    BulletinAction.SUBMIT: services.submit_bulletin,
    BulletinAction.SEND_BACK: services.send_back_bulletin,
    BulletinAction.APPROVE: services.approve,
    BulletinAction.ISSUE: services.issue,
}
MONTHS_LISTED = 60


def bulletin_list(request):
    """The archive by month: drafts of one's own bureau, and everything issued to one."""
    rows = (
        Bulletin.objects.visible_to(request.user).select_related("organisation").defer("figures", "sections")
    )
    unread = set(queries.unread_bulletins(request.user).values_list("pk", flat=True))
    context = {
        "rows": rows.order_by("-month", "organisation__path")[:MONTHS_LISTED], "unread": unread,
        "may_draft": bool(_writing_bureaus(request.user)),
    }  # fmt: skip
    return render(request, "reports/bulletin_list.html", context)


def new(request):
    """Draft the bulletin of a month that is over; an existing one is opened."""
    paths = _writing_bureaus(request.user)
    bureau = Organisation.objects.visible_to(request.user).filter(path__in=paths).order_by("path").first()
    if bureau is None:
        raise Http404
    months = months_until(months_before(timezone.localdate().replace(day=1), 1), 12)[::-1]
    form = MonthForm(months, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect(
                services.draft(bureau, form.cleaned_data["month"], now=timezone.now(), actor=request.user)
            )
        except (NotAllowed, ValidationError) as error:
            add_errors(form, error)
    context = {"form": form, "bureau": bureau}
    return render(request, "reports/bulletin_new.html", context, status=400 if form.errors else 200)


def detail(request, pk):
    """The bulletin as one reads it, with its state and what can be done."""
    bulletin = visible_bulletin(request, pk)
    actions = _actions(request, bulletin)
    is_own = bool(actions) or bulletin.organisation.path in queries.paths_with(request.user, queries.READERS)
    is_issued = bulletin.status == BulletinStatus.ISSUED
    context = presentation.bulletin_page(bulletin, actions) | {
        "lines": lines_of(history_of(bulletin)) if is_own else [],
        "reading": queries.reading_counts(bulletin) if is_own and is_issued else None,
        "receipts": list(unread_by(bulletin, request.user)) if is_issued else [],
    }  # fmt: skip
    return render(request, "reports/bulletin_detail.html", context)


def edit(request, pk):
    """The words of the sections; the figures stand beside them, locked."""
    bulletin = visible_bulletin(request, pk)
    form = BulletinForm.of(bulletin, request.POST if request.method == "POST" else None)
    theirs = None
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            services.edit(
                bulletin, actor=request.user, version=values.pop("version"), values=values, now=timezone.now()
            )
        except services.EditedMeanwhile as conflict:
            form.add_error(None, conflict)
            form.data = form.data.copy()
            form.data["version"] = conflict.report.version
            theirs = conflict.report
        except NotAllowed as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(bulletin)
    context = {
        "bulletin": bulletin, "form": form, "may_write": BulletinAction.WRITE in _actions(request, bulletin),
        "theirs": presentation.sections_list(theirs) if theirs else [],
    }  # fmt: skip
    return render(request, "reports/bulletin_edit.html", context, status=400 if form.errors else 200)


def act(request, pk, action):
    """One act: a reason is asked where it needs one, everything else is one press."""
    bulletin = visible_bulletin(request, pk)
    if action not in SERVICES:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" and action in WITH_REASON else None)
    refusal = (
        None
        if action in _actions(request, bulletin)
        else _("You cannot do this with the bulletin as it stands.")
    )
    if request.method == "POST" and (action not in WITH_REASON or form.is_valid()):
        try:
            SERVICES[action](
                bulletin,
                actor=request.user,
                now=timezone.now(),
                **(form.cleaned_data if form.is_bound else {}),
            )
        except (NotAllowed, ValidationError) as error:
            refusal = sentences_of(error)
        else:
            messages.success(request, f"{BulletinAction(action).label} ✓")
            return redirect(bulletin)
    context = {"bulletin": bulletin, "action": BulletinAction(action), "form": form, "refusal": refusal}
    is_refused = form.errors or request.method == "POST"
    return render(request, "reports/bulletin_act.html", context, status=400 if is_refused else 200)


def paper(request, pk):
    """The PDF: the issued paper, or the draft marked as such."""
    bulletin = visible_bulletin(request, pk)
    if bulletin.paper:
        return serve_paper(bulletin.paper)
    return serve_draft(bulletin_pdf(bulletin), f"bulletin-{bulletin.month:%Y-%m}-draft")


@require_POST
def read(request, pk):
    """Confirm that it was read."""
    bulletin = visible_bulletin(request, pk)
    try:
        count = services.confirm_reading(bulletin, actor=request.user, now=timezone.now())
    except NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect(bulletin)
    messages.success(request, _("Reading is confirmed.") if count else _("It was confirmed before."))
    return redirect(bulletin)


def receipts(request, pk):
    """Who has read it and who has not yet: for the bureau only, in the order of codes."""
    bulletin = visible_bulletin(request, pk)
    if bulletin.organisation.path not in queries.paths_with(request.user, queries.READERS):
        raise Http404
    rows = bulletin.receipts.select_related("organisation", "read_by").order_by("organisation__code")
    if request.GET.get("state") == "unread":
        rows = rows.filter(read_at=None)
    page, following, first = queries.page_by_code(rows, request)
    context = {
        "bulletin": bulletin, "rows": page, "following": following, "first": first,
        "counts": queries.reading_counts(bulletin), "only_unread": request.GET.get("state") == "unread",
    }  # fmt: skip
    return render(request, "reports/bulletin_receipts.html", context)


def visible_bulletin(request, pk):
    """The bulletin, if this person sees it; else 404."""
    rows = Bulletin.objects.visible_to(request.user).select_related(
        "organisation", "submitted_by", "approved_by", "issued_by", "paper"
    )
    return get_object_or_404(rows, pk=pk)


def _actions(request, bulletin):
    return allowed(
        BULLETIN_RULES, bulletin.status, standing_of(request.user.posts, bulletin.organisation.path)
    )


def _writing_bureaus(user):
    return queries.paths_with(user, BUREAU_ROLES)
