"""The ledger of missing money: ranked, exported; one need, its declaration, the acts on it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.views.acts import perform_with, visible_hazard
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import whole_number
from schoolsafety.core.spreadsheets import Column, workbook_response

from .. import pages_funding as pages
from .. import queries_funding as queries
from ..forms import funding as forms
from ..models import FundingNeed
from ..services import funding as services
from ..workflow.funding import LIVE, NeedAction, refusal

HANDLERS = {
    NeedAction.ACKNOWLEDGE: (forms.NeedForm, services.acknowledge),
    NeedAction.RETURN: (forms.NoteForm, services.return_need),
    NeedAction.FUND: (forms.FundForm, services.fund),
    NeedAction.REFUSE: (forms.NoteForm, services.refuse),
    NeedAction.WITHDRAW: (forms.NoteForm, services.withdraw),
}


@filtered("supervision:funding", forms.WithinForm, also=["tab"])
def ledger(request):
    """What waits for money, the most risk per yuan first. A POST takes the chosen ones to a request."""
    if request.method == "POST":
        numbers = [pk for pk in request.POST.getlist("need") if pk.isdecimal()][:200]
        if numbers:
            query = urlencode([("need", pk) for pk in numbers])
            return redirect(f"{reverse('supervision:funding_request_new')}?{query}")
        messages.error(request, _("Choose at least one need."))
        return redirect("supervision:funding")
    form = forms.WithinForm(request.GET or None, Organisation.objects.visible_to(request.user))
    needs = form.apply(FundingNeed.objects.visible_to(request.user))
    tab = request.GET.get("tab", "counted")
    tab = tab if tab in queries.TABS else "counted"
    rows, is_more = queries.ranked(queries.of_tab(needs, tab))
    if request.GET.get("export"):
        return _workbook(rows)
    counts, number = queries.counts_of(needs), whole_number(request.GET.get("page", "1"))
    shown = rows[(number - 1) * pages.ROWS : number * pages.ROWS]
    query = request.GET.copy()
    query.pop("page", None)
    within = form.cleaned_data.get("within") if form.is_bound and form.is_valid() else None
    context = {
        "rows": [pages.row_of(need) for need in shown], "is_more": is_more, "form": form, "tab": tab,
        "tabs": pages.tabs_of(counts, tab, within.pk if within else ""), "query": query.urlencode(),
        "missing": pages.yuan(counts["missing"] or 0), "granted": pages.yuan(counts["granted"] or 0),
        "count": len(rows), "formula": pages.formula(), "within": within,
        "newer": _page(query, number - 1) if number > 1 else None,
        "older": _page(query, number + 1) if len(rows) > number * pages.ROWS else None,
        "bulk": [("request", _("Draft a request for money"))] if tab in {"counted", "all"} else [],
    }  # fmt: skip
    return render(request, "supervision/funding/ledger.html", context)


def declare(request, number):
    """Declare that a hazard waits for money."""
    hazard = visible_hazard(request, number)
    known = FundingNeed.objects.visible_to(request.user).filter(hazard=hazard, status__in=LIVE).first()
    if known is not None and request.method != "POST":
        return redirect(known)
    plan = getattr(hazard, "plan", None)
    initial = {"pupils": hazard.school.pupils}
    if plan and plan.funds_planned:
        initial["cost"] = max(plan.funds_planned - (plan.funds_allocated or 0), 0)
    form = forms.NeedForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and perform_with(
        form, services.declare_need, hazard, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, _("Declared; the bureau acknowledges it."))
        return redirect(hazard)
    reason = services.declare_refusal(hazard, request.user.roles_at(hazard.school))
    reason = None if form.is_bound else reason
    context = {"form": form, "hazard": hazard, "refusal": reason, "formula": pages.formula()}
    status = 400 if form.errors else 403 if reason else 200
    return render(request, "supervision/funding/declare.html", context, status=status)


def need(request, pk):
    """One need: what it costs, what it would remove, what became of it."""
    row = visible_need(request, pk)
    return render(request, "supervision/funding/need.html", pages.need_detail(row, request.user))


def need_act(request, pk, action):
    """The page of one act on a need."""
    row = visible_need(request, pk)
    if action not in HANDLERS:
        raise Http404
    action = NeedAction(action)
    form_class, perform = HANDLERS[action]
    form = form_class(request.POST if request.method == "POST" else None, **_beginning(row, action))
    if form.is_valid() and perform_with(form, perform, row, actor=request.user, **form.cleaned_data):
        messages.success(request, _("%(act)s: done.") % {"act": action.label})
        return redirect(row)
    reason = None if form.is_bound else refusal(action, row.status, request.user.roles_at(row.school))
    if not form.is_bound and action == NeedAction.ACKNOWLEDGE and row.declared_by_id == request.user.pk:
        reason = reason or _("Whoever declared the need does not acknowledge it.")
    context = {
        "need": row, "action": action, "form": form, "refusal": reason,
        "is_danger": action in {NeedAction.REFUSE, NeedAction.RETURN, NeedAction.WITHDRAW},
    }  # fmt: skip
    status = 400 if form.errors else 403 if reason else 200
    return render(request, "supervision/funding/act.html", context, status=status)


def visible_need(request, pk):
    """The need, if this person sees it; else 404."""
    rows = FundingNeed.objects.visible_to(request.user)
    people = ["declared_by", "acknowledged_by"]
    return get_object_or_404(rows.select_related("hazard__school", "school", *people), pk=pk)


def _beginning(row, action):
    """What the form of an act shows at first."""
    if action == NeedAction.ACKNOWLEDGE:
        # A copy: the form writes into it, the row stays what the page shows.
        return {"instance": FundingNeed(**{name: getattr(row, name) for name in services.FACTS})}
    if action == NeedAction.FUND:
        return {"initial": {"amount": row.cost, "funded_on": timezone.localdate()}}
    return {}


def _page(query, number):
    query = query.copy()
    query["page"] = number
    return f"?{query.urlencode()}"


def _workbook(rows):
    heads = [
        Column(_("Rank"), 6, "number"), Column(_("School"), 26), Column(_("Hazard"), 20),
        Column(_("What is wrong"), 34),
        Column(_("Place"), 20), Column(_("Grade"), 10), Column(_("State"), 16),
        Column(_("Money needed (yuan)"), 16, "money"), Column(_("Risk"), 10, "money"),
        Column(_("Risk per 10,000 yuan"), 14, "money"), Column(_("Pupils exposed a day"), 12, "number"),
        Column(_("Likelihood"), 16), Column(_("Severity"), 14), Column(_("Interim protection"), 30),
        Column(_("Why the school cannot pay"), 34), Column(_("Waits since"), 12, "date"),
        Column(_("Granted (yuan)"), 16, "money"), Column(_("Source of the funds"), 20),
        Column(_("There since"), 12, "date"), Column(_("Ended on"), 12, "date"),
    ]  # fmt: skip
    title = _("Missing money")
    return workbook_response(f"{title}-{timezone.localdate()}", title, heads, map(_cells, rows))


def _cells(need):
    row = pages.row_of(need)
    return [
        need.rank, need.school.name, row["number"], row["title"], row["place"], row["grade_text"],
        str(row["tag_text"]), need.cost, need.risk, round(float(need.worth), 2), need.pupils,
        str(need.get_likelihood_display()), str(need.get_severity_display()), row["guard"], need.reason,
        need.since, need.amount, need.source, need.funded_on, need.ended_on,
    ]  # fmt: skip
