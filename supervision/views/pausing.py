"""Pauses of a deadline: a new one, one pause, its acts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.views.acts import perform_with

from .. import chasing_pages as pages
from ..forms.chasing import DecidePauseForm, PauseForm, ResumeForm
from ..models import Pause
from ..services import pausing
from ..workflow.chasing import PauseAction

# action -> (form, service)
HANDLERS = {
    PauseAction.DECIDE: (DecidePauseForm, pausing.decide),
    PauseAction.RESUME: (ResumeForm, pausing.resume),
}


def pause_new(request, number):
    """Ask for a pause (the school) or set one (the bureau); those of before are listed."""
    hazards = Hazard.objects.visible_to(request.user).select_related("school")
    hazard, today = get_object_or_404(hazards, number=number), timezone.localdate()
    action = pausing.begin_action(request.user, hazard.school)
    if action is None:
        raise PermissionDenied(_("The school asks for a pause, the bureau decides or sets it."))
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PauseForm(*bound, initial={"starts_on": today})
    made: list[Pause] = []
    if form.is_valid() and perform_with(
        form, lambda **fields: made.append(pausing.begin(hazard, **fields)), actor=request.user,
        **form.cleaned_data,
    ):  # fmt: skip
        messages.success(request, _("%(act)s: done.") % {"act": action.label})
        return redirect(made[0])
    refusal = None if form.errors else pausing.new_refusal(hazard, request.user, today)
    context = {
        "form": form, "hazard": hazard, "action": action, "refusal": refusal, "title": action.label,
        "back": hazard.get_absolute_url(), "pauses": pages.pauses_of(hazard, request.user),
    }  # fmt: skip
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "supervision/chasing/act.html", context, status=status)


def pause(request, pk):
    """One pause: days, both deadlines, proofs, history, what can be done."""
    row = _visible(request, pk)
    acts = [action for action in HANDLERS if pausing.refusal(row, action, request.user) is None]
    return render(request, "supervision/chasing/pause.html", pages.pause_of(row) | {"acts": acts})


def pause_act(request, pk, action):
    """The page of one act: GET asks, POST acts; 403 with the reason where it is not theirs."""
    row = _visible(request, pk)
    form_class, perform = HANDLERS[action]
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid() and perform_with(form, perform, row, actor=request.user, **form.cleaned_data):
        messages.success(request, _("%(act)s: done.") % {"act": action.label})
        return redirect(row)
    refusal = None if form.errors else pausing.refusal(row, action, request.user)
    context = pages.pause_of(row) | {
        "form": form, "action": action, "refusal": refusal, "title": action.label,
        "back": row.get_absolute_url(), "pauses": [],
    }  # fmt: skip
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "supervision/chasing/act.html", context, status=status)


def _visible(request, pk):
    people = ["asked_by", "decided_by", "ended_by"]
    rows = Pause.objects.visible_to(request.user).select_related("hazard__school", "school", *people)
    return get_object_or_404(rows, pk=pk)
