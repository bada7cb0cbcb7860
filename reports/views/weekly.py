"""Weekly reports: the list of a week, the report, its acts, its paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of

from .. import presentation, services
from ..forms import ReasonForm, WordsForm
from ..models import WeeklyReport
from ..services.preview import weekly_pdf
from ..workflow import WEEKLY_RULES, WITH_REASON, WeeklyAction, WeeklyStatus, allowed, standing_of
from .acting import add_errors, sentences_of, serve_draft, serve_paper

SERVICES = {
    WeeklyAction.REFRESH: services.refresh,
    WeeklyAction.NIL: services.nil_report,
    WeeklyAction.SUBMIT: services.submit,
    WeeklyAction.SEND_BACK: services.send_back,
    WeeklyAction.SIGN: services.sign,
    WeeklyAction.RECEIVE: services.receive,
    WeeklyAction.RETURN: services.return_to_sender,
    WeeklyAction.CHASE: services.chase,
}


def detail(request, pk):
    """Figures, lists, words and what can be done; a draft is written here."""
    report = visible_report(request, pk)
    actions = _actions(request, report)
    data = request.POST if request.method == "POST" else None
    form = WordsForm(data, initial={name: getattr(report, name) for name in WordsForm.base_fields})
    theirs = None
    if form.is_valid():
        theirs = _write(request, report, form)
        if theirs is None and not form.errors:
            messages.success(request, _("Saved."))
            return redirect(report)
    context = presentation.weekly_page(report, actions, timezone.now()) | {
        "form": form, "theirs": theirs, "lines": lines_of(history_of(report)),
        "may_write": WeeklyAction.WRITE in actions,
    }  # fmt: skip
    return render(request, "reports/weekly_detail.html", context, status=400 if form.errors else 200)


def act(request, pk, action):
    """One act: a reason is asked where it needs one, everything else is one press."""
    report = visible_report(request, pk)
    if action not in WeeklyAction.values or action == WeeklyAction.WRITE:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" and action in WITH_REASON else None)
    if request.method == "POST" and (action not in WITH_REASON or form.is_valid()):
        try:
            done = SERVICES[action](
                report, actor=request.user, now=timezone.now(), **(form.cleaned_data if form.is_bound else {})
            )
        except (NotAllowed, ValidationError) as error:
            return _refused(request, report, action, form, error)
        _thank(request, action, done)
        return redirect("reports:weekly_list" if request.POST.get("next") == "list" else report)
    refusal = (
        None if action in _actions(request, report) else _("You cannot do this with the report as it stands.")
    )
    context = {"report": report, "action": WeeklyAction(action), "form": form, "refusal": refusal}
    return render(request, "reports/weekly_act.html", context, status=400 if form.errors else 200)


def paper(request, pk):
    """The PDF: a signed report's paper, made when first asked for; else a draft that says so."""
    report = visible_report(request, pk)
    if report.status in {WeeklyStatus.SIGNED, WeeklyStatus.RECEIVED}:
        return serve_paper(services.paper_of(report, now=timezone.now()))
    return serve_draft(weekly_pdf(report), f"weekly-{report.label}-draft")


def visible_report(request, pk):
    """The report, if this person sees it; else 404."""
    rows = WeeklyReport.objects.visible_to(request.user).select_related(
        "organisation__parent", "submitted_by", "signed_by", "received_by", "paper"
    )
    return get_object_or_404(rows, pk=pk)


def _actions(request, report):
    return allowed(WEEKLY_RULES, report.status, standing_of(request.user.posts, report.organisation.path))


def _write(request, report, form):
    """None when it was saved; the report as it stands when somebody else was faster."""
    values = dict(form.cleaned_data)
    try:
        services.write(
            report, actor=request.user, version=values.pop("version"), values=values, now=timezone.now()
        )
    except services.EditedMeanwhile as conflict:
        form.add_error(None, conflict)
        form.data = form.data.copy()
        form.data["version"] = conflict.report.version
        return conflict.report
    except NotAllowed as reason:
        add_errors(form, reason)
    return None


def _refused(request, report, action, form, error):
    if form.is_bound:
        add_errors(form, error)
    context = {
        "report": report, "action": WeeklyAction(action), "form": form,
        "refusal": None if form.is_bound else sentences_of(error),
    }  # fmt: skip
    return render(request, "reports/weekly_act.html", context, status=400)


def _thank(request, action, done):
    if action == WeeklyAction.CHASE:
        text = ngettext("%(n)d person was told.", "%(n)d people were told.", done) % {"n": done}
        messages.success(request, text if done else _("They have been told today already."))
    else:
        messages.success(request, f"{WeeklyAction(action).label} ✓")
