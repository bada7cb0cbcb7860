"""Look-backs: what is due and what was seen, one look, its result, the relapse rate, the rules."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.views.acts import perform_with
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_along, page_of
from schoolsafety.core.roles import BUREAU_ROLES, Role
from schoolsafety.core.spreadsheets import workbook_response

from .. import look_back_pages
from ..forms.looking_back import PlanForm, RelapseFilter, ResultForm, RuleForm
from ..models import LookBack, LookBackRule
from ..services import looking_back
from ..workflow.looking_back import DEFAULT_DAYS, WHO_SETS_RULES


@filtered("supervision:look_backs", also=["state"])
def look_back_list(request):
    """What is due, the most urgent first; what was seen, the newest first."""
    state = request.GET.get("state", "")
    state = state if state in look_back_pages.TABS else ""
    visible = LookBack.objects.visible_to(request.user)
    if request.GET.get("export"):
        rows = visible.filter(look_back_pages.TABS[state])
        name = _("look-backs") + f"-{timezone.localdate()}"
        return workbook_response(name, _("Look-backs"), *look_back_pages.workbook_of(rows))
    page, rows = _page_of(visible.filter(look_back_pages.TABS[state]), request, is_due=not state)
    today = timezone.localdate()
    context = {
        "page": page, "rows": [look_back_pages.list_row(row, today) for row in rows], "state": state,
        "tabs": look_back_pages.tabs_of(visible, state), "is_bureau": _is_bureau(request.user),
    }  # fmt: skip
    return render(request, "supervision/looking_back/list.html", context)


def look_back(request, pk):
    """One look-back: the case, what was seen, photos, history."""
    row = _visible(request, pk)
    context = look_back_pages.detail_of(row, request.user, timezone.localdate())
    return render(request, "supervision/looking_back/detail.html", context)


def look_back_new(request, number):
    """Order a look-back at a closed hazard by hand."""
    hazards = Hazard.objects.visible_to(request.user).select_related("school")
    hazard = get_object_or_404(hazards, number=number)
    reason = looking_back.plan_refusal(hazard, request.user)
    if reason and request.method != "POST":
        raise PermissionDenied(reason)
    initial = {"due_on": looking_back.again_by(hazard.school, timezone.localdate())}
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and perform_with(
        form, looking_back.plan, hazard, actor=request.user, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, _("The look-back is planned."))
        return redirect(hazard)
    context = {"form": form, "hazard": hazard}
    return render(request, "supervision/looking_back/new.html", context, status=400 if form.errors else 200)


def look_back_result(request, pk):
    """What was seen: GET asks, POST records; 403 with the reason where it is not theirs."""
    row = _visible(request, pk)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ResultForm(*data, initial={"again_on": looking_back.again_by(row.school, timezone.localdate())})
    if form.is_valid() and perform_with(
        form, looking_back.record, row, actor=request.user, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, _("The look-back is recorded."))
        return redirect(row)
    refusal = None if form.errors else looking_back.result_refusal(row, request.user)
    context = look_back_pages.detail_of(row, request.user, timezone.localdate())
    context |= {"form": form, "refusal": refusal}
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "supervision/looking_back/result.html", context, status=status)


def relapse(request):
    """How much of what was closed came back: n of N with its interval, by bureau, category and more."""
    bureaus = Organisation.objects.visible_to(request.user).bureaus()
    form = RelapseFilter(request.GET or None, bureaus)
    rows = form.apply(LookBack.objects.visible_to(request.user))
    context = {"form": form, **look_back_pages.relapse_of(rows)}
    return render(request, "supervision/looking_back/relapse.html", context)


def rule_list(request):
    """The rules that hold here: those of one's bureaus and of those above; the default of the rest."""
    rules = LookBackRule.objects.visible_to(request.user).select_related("organisation", "category")
    bureaus = set(_rule_bureaus(request.user).values_list("pk", flat=True))
    context = {
        "rules": [(rule, rule.organisation_id in bureaus) for rule in rules], "may_set": bool(bureaus),
        "default_days": DEFAULT_DAYS["major"],
    }  # fmt: skip
    return render(request, "supervision/looking_back/rules.html", context)


def rule_edit(request, pk=None):
    """A new rule, or other days for one: a leader's word."""
    bureaus = _rule_bureaus(request.user)
    if not bureaus:
        raise PermissionDenied(_("A leader of the bureau sets its rules."))
    rule = None
    if pk is not None:
        rule = get_object_or_404(
            LookBackRule.objects.visible_to(request.user).filter(organisation__in=bureaus), pk=pk
        )
    data = request.POST if request.method == "POST" else None
    form = RuleForm(bureaus, data, instance=rule, initial={"organisation": bureaus.first()})
    if form.is_valid() and perform_with(
        form, looking_back.save_rule, form.save(commit=False), actor=request.user
    ):  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("supervision:look_back_rules")
    context = {"form": form, "rule": rule}
    return render(request, "supervision/looking_back/rule.html", context, status=400 if form.errors else 200)


def _page_of(rows, request, *, is_due):
    """(page, look-backs with what a line shows): what is due runs forward in time, what was seen back."""
    shown = rows.select_related("hazard", "school")
    if is_due:
        page = page_along(shown, request, fields=["due_on", "pk"])
        return page, page.rows
    page = page_of(rows, request, field="looked_at", columns=[])
    found = shown.in_bulk([row["pk"] for row in page.rows])
    return page, [found[row["pk"]] for row in page.rows]


def _visible(request, pk):
    rows = LookBack.objects.visible_to(request.user).select_related(
        "hazard__school", "hazard__category", "school", "organisation", "looked_by", "draw", "previous"
    )
    return get_object_or_404(rows, pk=pk)


def _rule_bureaus(user):
    """The bureaus whose rules this person sets."""
    paths = {path for path, role in user.posts if role in WHO_SETS_RULES}
    return Organisation.objects.visible_to(user).bureaus().filter(path__in=paths)


def _is_bureau(user):
    return bool({role for _path, role in user.posts} & (BUREAU_ROLES | {Role.AUDITOR}))
