"""The page of the five (or six) implementations: slot by slot, with proof, signature and conflict."""

import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core import files
from schoolsafety.core.deadlines import watch
from schoolsafety.core.preferences import preference

from .. import presentation, services, workflow
from ..forms import PlanForm
from ..models import RectificationPlan
from ..services.planning import EditedMeanwhile
from ..workflow import Action, Grade, NotAllowed, Slot
from .acts import add_errors, visible_hazard


def plan(request, number):
    """Fill in the implementations. Someone else's change meanwhile is shown beside one's own."""
    hazard = visible_hazard(request, number)
    if hazard.grade != Grade.MAJOR:
        return redirect(hazard)
    variant = preference(hazard.school, "hazards.plan_variant")
    current = getattr(hazard, "plan", None) or RectificationPlan(hazard=hazard)
    form = _form(request, hazard, current, variant)
    theirs = []
    if form.is_valid():
        try:
            services.save_plan(hazard, actor=request.user, now=timezone.now(), **form.save_arguments())
        except EditedMeanwhile as conflict:
            theirs = _differences(form, conflict.plan)
            form = _form_again(request, conflict, current, variant)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("hazards:plan", hazard.number)
    return _page(request, hazard, current, variant, form, theirs)


def _form(request, hazard, current, variant):
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"version": current.version, "deadline": current.deadline or hazard.due_on}
    form = PlanForm(*data, instance=copy.copy(current), variant=variant, initial=initial)
    return watch(form, hazard.school, timezone.localdate(), "deadline")


def _form_again(request, conflict, current, variant):
    """The person's own words over the version that now stands: to save again is a decision."""
    data = request.POST.copy()
    data["version"] = conflict.plan.version
    form = PlanForm(data, instance=copy.copy(current), variant=variant)
    form.is_valid()
    form.add_error(None, conflict)
    return form


def _differences(form, plan):
    """[{label, theirs, yours}] of the fields that differ."""
    names = [name for name in form.Meta.fields if name in form.cleaned_data]
    return [
        {"label": form.fields[name].label, "theirs": getattr(plan, name), "yours": form.cleaned_data[name]}
        for name in names
        if getattr(plan, name) != form.cleaned_data[name]
    ]


def _page(request, hazard, current, variant, form, theirs):
    facts = services.facts_of(hazard, request.user)
    roles = request.user.roles_at(hazard.school)
    cards = presentation.slots_of(hazard, current, variant, timezone.localdate())
    proofs: dict = {}
    for file in files.attachments_of(hazard).filter(purpose__in=Slot.values):
        proofs.setdefault(file.purpose, []).append(file)
    parts = [
        {
            "card": card,
            "fields": [form[name] for name in form.names_of(card["slot"])],
            "proof": form[f"proof_{card['slot']}"],
            "proofs": proofs.get(card["slot"], []),
        }
        for card in cards
    ]
    signs = workflow.refusal(Action.SIGN_RESPONSIBILITY, hazard.status, roles, facts) is None
    context = {
        "hazard": hazard, "plan": current, "form": form, "parts": parts, "theirs": theirs,
        "refusal": workflow.refusal(Action.PLAN, hazard.status, roles, facts),
        "done": sum(card["is_done"] for card in cards), "total": len(cards),
        "sign": presentation.button(hazard, Action.SIGN_RESPONSIBILITY) if signs else None,
    }  # fmt: skip
    return render(request, "hazards/plan.html", context, status=400 if form.errors else 200)
