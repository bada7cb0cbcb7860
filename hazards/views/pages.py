"""A hazard's page, the snap report, the plan."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Organisation
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import SCHOOL_ROLES

from .. import presentation, services
from ..forms import PlanForm, ProofForm, SchoolSnapForm, SnapForm
from ..workflow import Action, Grade, NotAllowed, Source
from .acts import add_errors, visible_hazard


def detail(request, number):
    """Number, state, five cards, timeline, whose turn it is."""
    hazard = visible_hazard(request, number)
    facts = services.facts_of(hazard, request.user)
    photos = files.photos_for([hazard])[hazard.pk]
    documents = [f for f in files.attachments_of(hazard) if f.kind != "photo"]
    today = timezone.localdate()
    context = {
        "hazard": hazard,
        "look": presentation.look_of(hazard, request.user.roles_at(hazard.school), today),
        "next": presentation.next_step(hazard, request.user, facts),
        "slots": presentation.slots_of(hazard, preference(hazard.school, "hazards.plan_variant"), today),
        "facts": presentation.facts_list(hazard),
        "before": [photo for photo in photos if photo.purpose == "before"],
        "after": [photo for photo in photos if photo.purpose == "after"],
        "other_photos": [photo for photo in photos if photo.purpose not in {"before", "after"}],
        "documents": documents,
        "extensions": hazard.extensions.select_related("asked_by", "decided_by"),
        "lines": lines_of(history_of(hazard)),
        "notices": presentation.notices_of(hazard, request.user),
    }
    return render(request, "hazards/detail.html", context)


def new(request):
    """Snap report: one screen, also fixed on the spot in one step."""
    school = _own_school(request.user)
    schools = Organisation.objects.visible_to(request.user).schools()
    data, uploads = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"client_uuid": uuid.uuid4(), "place": request.GET.get("place", ""), "school": request.GET.get("school")}
    form = SnapForm(data, uploads, initial=initial) if school else SchoolSnapForm(schools, data, uploads, initial=initial)
    if form.is_valid():
        hazard = _report(request, form, school)
        if hazard:
            messages.success(request, _("Recorded as %(number)s.") % {"number": hazard.number})
            return redirect(hazard)
    return render(request, "hazards/new.html", {"form": form}, status=400 if form.errors else 200)


def plan(request, number):
    """The five (or six) implementations: one form, with the signature of the responsible person."""
    hazard = visible_hazard(request, number)
    if hazard.grade != Grade.MAJOR:
        return redirect(hazard)
    variant = preference(hazard.school, "hazards.plan_variant")
    initial = {"version": hazard.plan.version, "deadline": hazard.plan.deadline or hazard.due_on}
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, instance=hazard.plan, variant=variant, initial=initial)
    theirs = None
    if form.is_valid():
        try:
            _save_plan(request, hazard, form)
        except services.planning.EditedMeanwhile as conflict:
            theirs = conflict.plan
            form.add_error(None, conflict)
            form.data = form.data.copy()
            form.data["version"] = theirs.version
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason if isinstance(reason, ValidationError) else ValidationError(str(reason)))
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("hazards:plan", hazard.number)
    context = {
        "hazard": hazard, "form": form, "theirs": theirs, "proof_form": ProofForm(),
        "slots": presentation.slots_of(hazard, variant, timezone.localdate()),
        "documents": files.attachments_of(hazard).exclude(purpose__in=["before", "after"]),
        "may_edit": Action.PLAN in presentation.allowed(hazard, request.user, services.facts_of(hazard, request.user)),
    }  # fmt: skip
    return render(request, "hazards/plan.html", context, status=400 if form.errors else 200)


def proof(request, number):
    """Add a proof to a slot of the plan."""
    hazard = visible_hazard(request, number)
    form = ProofForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            _keep_proof(hazard, form.cleaned_data, request.user, timezone.now())
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("hazards:plan", hazard.number)
    return render(request, "hazards/proof.html", {"hazard": hazard, "form": form}, status=400 if form.errors else 200)


@transaction.atomic
def _keep_proof(hazard, chosen, actor, now):
    services.comment(
        hazard, actor=actor, now=now, note=_("Proof of: %(slot)s") % {"slot": dict(ProofForm.base_fields["slot"].choices)[chosen["slot"]]}
    )
    common = {"owner": hazard, "organisation": hazard.school, "purpose": chosen["slot"], "actor": actor, "now": now}
    for photo in chosen["photos"]:
        files.store_photo(photo, **common)
    if chosen["document"]:
        files.store_document(chosen["document"], **common)


def _save_plan(request, hazard, form):
    values = {name: form.cleaned_data[name] for name in form.fields if name != "version"}
    if form.has_changed() or "sign" not in request.POST:
        services.save_plan(
            hazard, actor=request.user, values=values, version=form.cleaned_data["version"], now=timezone.now()
        )
    if "sign" in request.POST:
        services.sign_responsibility(hazard, actor=request.user, now=timezone.now())


def _own_school(user):
    """The school of a person with posts at one school only; None for everyone who sees more."""
    paths = {path for path, role in user.posts if role in SCHOOL_ROLES}
    if len(paths) != 1 or any(role not in SCHOOL_ROLES for _path, role in user.posts):
        return None
    return Organisation.objects.visible_to(user).get(path=paths.pop())


def _report(request, form, school):
    chosen = dict(form.cleaned_data)
    source = Source.SNAP if school else Source.INSPECTION
    if chosen.get("partner"):
        source = Source.PARTNER
    now = timezone.now()
    try:
        return services.report(
            school or chosen.pop("school"), actor=request.user, source=source, found_at=now, now=now,
            fixed_on_spot=bool(chosen["after_photos"]), **{k: v for k, v in chosen.items() if k != "school"},
        )  # fmt: skip
    except NotAllowed as reason:
        form.add_error(None, str(reason))
    except ValidationError as error:
        add_errors(form, error)
    return None
