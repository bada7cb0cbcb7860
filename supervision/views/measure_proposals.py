"""Proposals of measures, each to be decided; and the triggers that make them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from inspections.views.reasons import add_errors
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.roles import BUREAU_LEADERS

from ..forms.measures import DismissForm, TriggerForm
from ..models import MeasureTrigger, Proposal
from ..services import measures
from ..workflow.measure_kinds import Kind
from ..workflow.measure_triggers import Look, ProposalStatus
from .measures import is_bureau, tabs

COLUMNS = [
    "kind", "status", "school__name", "school__short_name", "facts", "aggravating", "trigger__look",
    "trigger__name",
]  # fmt: skip
LOOKS = {ProposalStatus.OPEN: "todo", ProposalStatus.TAKEN: "done"}


def proposal_list(request):
    """What waits for a decision, or with ?decided=1 what was decided."""
    is_decided = bool(request.GET.get("decided"))
    rows = Proposal.objects.visible_to(request.user)
    open_ones = {"status": ProposalStatus.OPEN}
    rows = rows.exclude(**open_ones) if is_decided else rows.filter(**open_ones)
    page = page_of(rows, request, field="made_at", columns=COLUMNS)
    kinds, states = dict(Kind.choices), dict(ProposalStatus.choices)
    for row in page.rows:
        row["kind_text"], row["state"] = kinds[row["kind"]], states[row["status"]]
        row["look"] = LOOKS.get(row["status"], "wait")
        row["text"] = measures.sentence(row["trigger__look"], row["facts"])
    context = {"page": page, "is_decided": is_decided, "tabs": tabs(request, "supervision:proposals")}
    return render(request, "supervision/measures/proposals.html", context)


def proposal(request, pk):
    """One proposal with its facts and basis; a POST dismisses it with a reason."""
    row = _visible(request, pk)
    form = DismissForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            measures.dismiss(row, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("The proposal is dismissed."))
            return redirect("supervision:proposals")
    context = {
        "proposal": row, "form": form, "text": measures.sentence(row.trigger.look, row.facts),
        "aggravating": [measures.sentence(Look.FUNDS, facts) for facts in row.aggravating],
        "may_decide": measures.may_decide(row, request.user), "stop_url": _stop_url(row),
        "is_stop": row.kind == Kind.STOP, "measure": getattr(row, "measure", None),
        "look": LOOKS.get(row.status, "wait"),
    }  # fmt: skip
    return render(request, "supervision/measures/proposal.html", context, status=400 if form.errors else 200)


def proposal_take_up(request, pk):
    """Take a proposal up: to its draft, or to where a stop of use is ordered. GET shows the proposal."""
    row = _visible(request, pk)
    if request.method != "POST":
        return redirect(row)
    try:
        made = measures.take_up(row, actor=request.user, now=timezone.now())
    except (NotAllowed, ValidationError) as reason:
        messages.error(request, " ".join(getattr(reason, "messages", [str(reason)])))
        return redirect(row)
    if made is None:
        return redirect(_stop_url(row) or row.hazard)
    return redirect("supervision:measure_edit", made.pk)


def trigger_list(request):
    """What proposes a measure at one's bureaus: the rows in force, a bureau's own before those above."""
    if not is_bureau(request):
        raise PermissionDenied(_("The bureau decides on proposals."))
    seen = MeasureTrigger.objects.visible_to(request.user).in_force(timezone.localdate())
    rows = list(seen.select_related("organisation", "legal_basis").order_by("code", "organisation__path"))
    context = {
        "rows": rows, "tabs": tabs(request, "supervision:triggers"),
        "may_edit": bool({role for _path, role in request.user.posts} & BUREAU_LEADERS),
    }  # fmt: skip
    return render(request, "supervision/measures/triggers.html", context)


def trigger_edit(request, pk):
    """A leader's own version of a trigger for the bureau."""
    today = timezone.localdate()
    seen = MeasureTrigger.objects.visible_to(request.user).in_force(today)
    row = get_object_or_404(seen.select_related("organisation"), pk=pk)
    bureau = _own_bureau(request)
    if bureau is None:
        raise PermissionDenied(_("A leader of the bureau changes what proposes a measure."))
    data = request.POST if request.method == "POST" else None
    form = TriggerForm(data, instance=row, today=today)
    if form.is_valid():
        try:
            measures.save_trigger(
                row, organisation=bureau, actor=request.user, values=form.cleaned_data, today=today
            )
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(
                request, _("The trigger holds from today on at %(bureau)s.") % {"bureau": bureau}
            )
            return redirect("supervision:triggers")
    context = {"trigger": row, "form": form, "bureau": bureau}
    return render(request, "supervision/measures/trigger.html", context, status=400 if form.errors else 200)


def _visible(request, pk):
    rows = Proposal.objects.visible_to(request.user).select_related(
        "school", "organisation", "hazard", "trigger", "decided_by", "measure"
    )
    return get_object_or_404(rows, pk=pk)


def _own_bureau(request):
    """The highest bureau that this person leads; None for others."""
    paths = [path for path, role in request.user.posts if role in BUREAU_LEADERS]
    if not paths:
        return None
    return Organisation.objects.visible_to(request.user).filter(path=min(paths, key=len)).first()


def _stop_url(row):
    """Where a stop of use is ordered for the hazard; "" where nothing orders it."""
    if row.kind != Kind.STOP or row.hazard is None:
        return ""
    try:
        return reverse("supervision:stop_new", args=[row.hazard.number])
    except NoReverseMatch:
        return ""
