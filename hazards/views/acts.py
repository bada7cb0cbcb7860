"""One page per act: GET shows its form, POST performs it. The workflow decides, the service acts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from .. import forms, services, workflow
from ..models import Hazard
from ..workflow import Action, NotAllowed

# action -> (form, service). The form's cleaned data are the service's keyword arguments.
HANDLERS = {
    Action.GRADE: (forms.GradeForm, services.grade),
    Action.REGRADE: (forms.GradeForm, services.regrade),
    Action.DISMISS: (forms.NoteForm, services.dismiss),
    Action.TRANSFER: (forms.TransferForm, services.transfer),
    Action.MERGE: (forms.MergeForm, services.merge),
    Action.PROTECT: (forms.ProtectForm, services.protect),
    Action.SIGN_RESPONSIBILITY: (forms.SignForm, services.sign_responsibility),
    Action.SIGN_PLAN: (forms.OptionalNoteForm, services.sign_plan),
    Action.ACCEPT_PLAN: (forms.OptionalNoteForm, services.accept_plan),
    Action.RETURN_PLAN: (forms.NoteForm, services.return_plan),
    Action.SUBMIT: (forms.SubmitForm, services.submit),
    Action.VERIFY: (forms.VerifyForm, services.verify),
    Action.SEND_BACK: (forms.NoteForm, services.send_back),
    Action.CLOSE: (forms.CloseForm, services.close),
    Action.REOPEN: (forms.ReopenForm, services.reopen),
    Action.ASK_EXTENSION: (forms.AskExtensionForm, services.ask_extension),
    Action.DECIDE_EXTENSION: (forms.DecideExtensionForm, services.decide_extension),
    Action.CHASE: (forms.OptionalNoteForm, services.chase),
    Action.COMMENT: (forms.CommentForm, services.comment),
}
DANGEROUS = {Action.DISMISS, Action.REOPEN, Action.SEND_BACK, Action.RETURN_PLAN}


def act(request, number, action):
    """The page of one act on one hazard."""
    hazard = visible_hazard(request, number)
    if action not in HANDLERS:
        raise Http404
    form_class, perform = HANDLERS[Action(action)]
    form = _form(request, hazard, action, form_class)
    if form.is_valid() and _perform(request, hazard, perform, form):
        messages.success(request, f"{Action(action).label} ✓")
        return redirect(hazard)
    reason = workflow.refusal(
        action, hazard.status, request.user.roles_at(hazard.school), services.facts_of(hazard, request.user)
    )
    context = {
        "hazard": hazard, "action": Action(action), "form": form, "is_danger": action in DANGEROUS,
        "refusal": None if form.is_bound else reason,
    }  # fmt: skip
    return render(request, "hazards/act.html", context, status=400 if form.errors else 200)


def visible_hazard(request, number):
    """The hazard, if this person sees it; else 404."""
    hazards = Hazard.objects.visible_to(request.user).select_related(
        "school__parent", "category", "found_by", "submitted_by", "verified_by", "closed_by", "merged_into", "plan"
    )
    return get_object_or_404(hazards, number=number)


def add_errors(form, error):
    """Show a service's ValidationError beside the field that it names, else on top."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


def _form(request, hazard, action, form_class):
    data = request.POST if request.method == "POST" else None
    if form_class is forms.MergeForm:
        mates = Hazard.objects.visible_to(request.user).open().filter(school=hazard.school)
        return form_class(mates.exclude(pk=hazard.pk), data)
    return form_class(data, request.FILES or None)


def _perform(request, hazard, perform, form):
    try:
        perform(hazard, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except NotAllowed as reason:
        form.add_error(None, str(reason))
    except ValidationError as error:
        add_errors(form, error)
    else:
        return True
    return False
