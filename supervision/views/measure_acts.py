"""One page per act on a measure, and one per step: GET asks, POST acts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards.workflow import NotAllowed
from inspections.views.reasons import add_errors

from ..forms.measures import ACT_FORMS, DecisionForm, RecordForm, StepForm
from ..services import measures
from ..workflow.measure_kinds import Step
from ..workflow.measures import Action
from .measures import visible_measure

PERFORM = {
    Action.SUBMIT: measures.submit, Action.SEND_BACK: measures.send_back,
    Action.GIVE_NOTICE: measures.give_notice, Action.STATE: measures.state, Action.HEAR: measures.hear,
    Action.ISSUE: measures.issue, Action.DISCARD: measures.discard, Action.LIFT: measures.lift,
    Action.END: measures.end, Action.APPEAL: measures.appeal, Action.DECIDE_APPEAL: measures.decide_appeal,
    Action.DRAFT_DECISION: measures.draft_decision,
    Action.RELEASE: measures.release,
}  # fmt: skip
DANGEROUS = {Action.DISCARD}
WITH_PAPER = {Action.SUBMIT, Action.ISSUE, Action.GIVE_NOTICE, Action.DECIDE_APPEAL}
HINTS = {
    Action.SUBMIT: gettext_lazy("The leader finds it on the desk. Nothing goes out yet."),
    Action.GIVE_NOTICE: gettext_lazy(
        "The school is told what is intended, why and on what basis, and may state its case."
    ),
    Action.ISSUE: gettext_lazy(
        "It gets its number now and cannot be changed afterwards. The school is told."
    ),
    Action.APPEAL: gettext_lazy("Somebody else than who issued it decides. The measure stands meanwhile."),
    Action.DRAFT_DECISION: gettext_lazy(
        "A leader who did not issue the measure reads the draft and issues it. Until then the school sees "
        "nothing of it."
    ),
    Action.DECIDE_APPEAL: gettext_lazy(
        "The decision gets its number now and cannot be changed afterwards. The school is told."
    ),
    Action.STATE: gettext_lazy("What you say never makes the penalty heavier."),
}


def measure_act(request, pk, action):
    """An act of the workflow."""
    row = visible_measure(request, pk)
    if action not in {one.value for one in PERFORM}:
        raise Http404
    action = Action(action)
    form, faults = _form(request, row, action), []
    if request.method == "POST" and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        faults = _try(form, lambda: PERFORM[action](row, actor=request.user, now=timezone.now(), **given))
        if faults is None:
            messages.success(request, _("%(act)s: done.") % {"act": action.label})
            return redirect(row)
    return _page(request, row, action, form, faults)


def measure_step(request, pk, step):
    """A step that follows the measure: what was done, and when."""
    row = visible_measure(request, pk)
    line = row.steps.filter(step=step).first()
    if line is None:
        raise Http404
    now = timezone.now()
    form_class = RecordForm if step == Step.HOLD else StepForm
    form, faults = form_class(step, *_data(request), today=timezone.localdate(now)), []
    if request.method == "POST" and form.is_valid():
        faults = _try(
            form, lambda: measures.finish(row, step, actor=request.user, now=now, **form.cleaned_data)
        )
        if faults is None:
            messages.success(request, _("%(act)s: done.") % {"act": line.get_step_display()})
            return redirect(row)
    is_bad = bool(faults) or bool(form.errors)
    refusal = ""
    if not is_bad and not measures.may_finish(line, row, request.user):
        refusal = _("This step is done already, or not yours.")
    context = {
        "measure": row, "title": line.get_step_display(), "form": form, "faults": faults or [],
        "refusal": refusal, "due_on": line.due_on, "submit": _("Save"),
    }  # fmt: skip
    status = 400 if is_bad else 403 if refusal else 200
    return render(request, "supervision/measures/act.html", context, status=status)


def _form(request, row, action):
    if action == Action.DRAFT_DECISION:
        appeal = row.appeals.filter(decided_at=None).first()
        return DecisionForm(*_data(request), measure=row, appeal=appeal)
    form_class = ACT_FORMS.get(action)
    return form_class(*_data(request)) if form_class else None


def _data(request):
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _try(form, act):
    """None when the act was done; else the reasons that no field of the form shows."""
    try:
        act()
    except NotAllowed as reason:
        return [str(reason)]
    except ValidationError as error:
        if form is None:
            return error.messages
        add_errors(form, error)
        return []
    return None


def _page(request, row, action, form, faults):
    """The page of an act: 403 with the reason where it is not this person's, 400 after bad input."""
    now = timezone.now()
    is_bad = bool(faults) or bool(form is not None and form.errors)
    refusal = ""
    if not is_bad and action not in measures.actions_of(row, request.user, now):
        refusal = measures.why_not(row, action, request.user, now)
    paper = None
    if not refusal and not is_bad and action in WITH_PAPER and measures.is_printable(row):
        paper = measures.paper_before(row, action, actor=request.user, now=now)
    context = {
        "measure": row, "title": action.label, "form": form, "faults": faults, "refusal": refusal,
        "paper": paper, "is_danger": action in DANGEROUS, "hint": HINTS.get(action, ""),
        "submit": action.label,
    }  # fmt: skip
    status = 400 if is_bad else 403 if refusal else 200
    return render(request, "supervision/measures/act.html", context, status=status)
