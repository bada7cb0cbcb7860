"""One page per act: GET shows its form, POST performs it. The workflow decides, the service acts."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core import files
from schoolsafety.core.deadlines import watch

from .. import forms, presentation, queries, services, workflow
from ..models import Hazard
from ..workflow import Action, NotAllowed
from .addresses import after_act, queue_of, queue_query

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
HINTED = {Action.VERIFY, Action.CLOSE, Action.SEND_BACK}
SHOWS_PHOTOS = {Action.GRADE, Action.VERIFY, Action.CLOSE, Action.SEND_BACK, Action.MERGE}


def act(request, number, action):
    """The page of one act on one hazard."""
    hazard = visible_hazard(request, number)
    if action not in HANDLERS:
        raise Http404
    action = Action(action)
    form_class, perform = HANDLERS[action]
    form = _form(request, hazard, action, form_class)
    if form.is_valid() and (page := _decided_elsewhere(request, hazard, action, form)):
        return redirect(page)
    if form.is_valid() and perform_with(form, perform, hazard, actor=request.user, **form.cleaned_data):
        done = _("%(act)s: done.") % {"act": action.label}  # the page that follows may be another case's
        messages.success(request, f"{hazard.number} {done}")
        return redirect(after_act(request, hazard))
    return _page(request, hazard, action, form)


def visible_hazard(request, number):
    """The hazard, if this person sees it; else 404."""
    people = ["found_by", "submitted_by", "verified_by", "closed_by"]
    hazards = Hazard.objects.visible_to(request.user).select_related(
        "school", "category", "merged_into", "plan", *people
    )
    return get_object_or_404(hazards, number=number)


def perform_with(form, service, *args, **arguments):
    """Run a service; what it refuses becomes an error of `form`. Returns whether it was done."""
    try:
        service(*args, now=timezone.now(), **arguments)
    except NotAllowed as reason:
        form.add_error(None, str(reason))
    except ValidationError as error:
        add_errors(form, error)
    else:
        return True
    return False


def add_errors(form, error):
    """Show a service's ValidationError beside the field that it names, else on top."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


def _decided_elsewhere(request, hazard, action, form):
    """Where an app above has such a grade decided, with what was typed here; "" where it is done here."""
    chosen = form.cleaned_data
    if action not in {Action.GRADE, Action.REGRADE}:
        return ""
    page = presentation.grading_page(hazard, chosen["grade"])
    kept = {"reason": chosen["reason"], "due_on": chosen["due_on"] or "", "queue": queue_of(request)}
    return page and f"{page}?{urlencode({name: value for name, value in kept.items() if value})}"


def _form(request, hazard, action, form_class):
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if action == Action.MERGE:
        mates = Hazard.objects.visible_to(request.user).open().filter(school=hazard.school)
        return form_class(mates.exclude(pk=hazard.pk), services.suggest_duplicates(hazard), *data)
    initial = {
        Action.GRADE: {"grade": request.GET.get("grade") or hazard.proposed_grade},
        Action.PROTECT: {"closed": hazard.interim_closed, "watch": hazard.interim_watch},
        Action.SUBMIT: {"responsible": hazard.responsible or str(request.user)},
        Action.CLOSE: {"closure": workflow.Closure.RECTIFIED},
    }
    form = form_class(*data, initial=initial.get(action))
    return watch(form, hazard.school, timezone.localdate(), "due_on", "new_due_on")


def _page(request, hazard, action, form):
    facts = services.facts_of(hazard, request.user)
    reason = workflow.refusal(action, hazard.status, request.user.roles_at(hazard.school), facts)
    photos = files.photos_for([hazard])[hazard.pk] if action in SHOWS_PHOTOS else []
    refusal = None if form.is_bound else reason
    is_hinted = action in HINTED and not refusal
    context = {
        "hints": presentation.photo_hints([hazard], request.user).get(hazard.pk) if is_hinted else None,
        "hazard": hazard, "action": action, "form": form, "is_danger": action in DANGEROUS,
        "refusal": refusal, "query": queue_query(request), "shows_photos": action in SHOWS_PHOTOS,
        "before": [photo for photo in photos if photo.purpose == "before"],
        "after": [photo for photo in photos if photo.purpose == "after"],
        "extension": _open_extension(hazard) if action == Action.DECIDE_EXTENSION else None,
        "plan": getattr(hazard, "plan", None) if action == Action.SIGN_RESPONSIBILITY else None,
        "reasons": queries.reasons_of(request.user) if action == Action.GRADE and not refusal else [],
    }  # fmt: skip
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "hazards/act.html", context, status=status)


def _open_extension(hazard):
    return hazard.extensions.filter(decided_at__isnull=True).select_related("asked_by").first()
