"""Whether a hazard is major: the walk through the criteria, the judgement, the flagged ones, the criteria."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from hazards import workflow as cases
from hazards.services import facts_of
from hazards.views.acts import perform_with, visible_hazard
from hazards.views.addresses import after_act, queue_of
from schoolsafety.core import files
from schoolsafety.core.deadlines import watch
from schoolsafety.core.paging import page_of

from .. import judging_pages as reading
from ..forms.judging import CriterionForm, JudgeForm, LookOverForm
from ..models import Judgement, MajorCriterion
from ..services import criteria as keeping
from ..services import judging
from ..workflow.judging import Area, Outcome, area_of

LISTED = [
    "hazard__number", "hazard__title", "school__name", "school__short_name", "judged_by__name", "was_major",
    "is_major", "outcome", "flags", "workdays_left", "due_before", "seen_at", "is_late_downgrade",
]  # fmt: skip


def judge(request, number):
    """Go through the criteria of an area and decide."""
    hazard = visible_hazard(request, number)
    action = cases.Action.GRADE if hazard.status == cases.Status.REPORTED else cases.Action.REGRADE
    roles, facts = request.user.roles_at(hazard.school), facts_of(hazard, request.user)
    refusal = cases.refusal(action, hazard.status, roles, facts)
    today = timezone.localdate()
    area = request.GET.get("area", "")
    area = area if area in Area.values else area_of(hazard.category_id).value
    criteria = reading.criteria_on(request.user, today, area)
    form = JudgeForm(criteria, request.POST or None, initial=_initial(request, hazard))
    watch(form, hazard.school, today, "due_on")
    if form.is_valid() and _judged(form, hazard, request.user):
        messages.success(request, _("The judgement is recorded."))
        return redirect(after_act(request, hazard))
    photos = files.photos_for([hazard])[hazard.pk]
    context = {
        "hazard": hazard, "form": form, "refusal": None if form.is_bound else refusal, "area": Area(area),
        "tabs": _areas(request, reading.counts_on(request.user, today), area), "today": today,
        "lines": [(row, reading.group_words(row), *fields) for row, *fields in form.lines()],
        "decision": [form[name] for name in ("is_major", "is_deliberate", "reason", "due_on")],
        "before": [photo for photo in photos if photo.purpose == "before"],
    }  # fmt: skip
    status = 400 if form.errors else 403 if refusal else 200
    return render(request, "supervision/judging/judge.html", context, status=status)


def judgement(request, pk):
    """One judgement as it was made; a leader looks a late downgrade over."""
    rows = Judgement.objects.visible_to(request.user)
    row = get_object_or_404(
        rows.select_related("hazard", "school", "organisation", "judged_by", "seen_by"), pk=pk
    )
    refusal = judging.look_over_refusal(row, request.user)
    form = LookOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        arguments = {"actor": request.user, "note": form.cleaned_data["note"]}
        if perform_with(form, judging.look_over, row, **arguments):
            messages.success(request, _("The judgement is recorded as looked over."))
            return redirect(row)
    context = {
        "row": row, "lines": reading.answer_lines(row), "tags": reading.flag_tags(row),
        "kind": reading.OUTCOME_KINDS.get(row.outcome, "wait"),
        "form": None if refusal and not form.is_bound else form,
    }  # fmt: skip
    return render(request, "supervision/judging/judgement.html", context, status=400 if form.errors else 200)


def judgements(request):
    """The judgements of one's schools: those to look over, all flagged late downgrades, all."""
    rows = Judgement.objects.visible_to(request.user)
    shown = request.GET.get("show", "open")
    waiting = rows.to_look_over().count()
    if shown == "open":
        rows = rows.to_look_over()
    elif shown == "late":
        rows = rows.filter(is_late_downgrade=True)
    page = page_of(rows, request, field="judged_at", columns=LISTED)
    for row in page.rows:
        row["late"] = reading.late_words(row["workdays_left"]) if row["is_late_downgrade"] else ""
        row["outcome_word"] = Outcome(row["outcome"]).label
    names = [("open", _("To look over")), ("late", _("Late downgrades")), ("all", _("All judgements"))]
    tabs = [
        {"url": f"?show={name}", "label": label, "count": waiting if name == "open" else None,
         "is_current": shown == name}
        for name, label in names
    ]  # fmt: skip
    return render(
        request, "supervision/judging/judgements.html", {"page": page, "tabs": tabs, "shown": shown}
    )


def criteria(request):
    """The criteria in force on a day, or all versions."""
    today = timezone.localdate()
    try:
        day = parse_date(request.GET.get("on", "")) or today
    except ValueError:
        day = today
    shows_all = request.GET.get("show") == "all"
    rows = reading.versions(request.user) if shows_all else reading.criteria_on(request.user, day)
    context = {
        "rows": [(row, reading.group_words(row)) for row in rows], "day": day, "shows_all": shows_all,
        "may_edit": keeping.keeper_of(request.user) is not None, "today": today,
    }  # fmt: skip
    return render(request, "supervision/judging/criteria.html", context)


def criterion(request, pk):
    """End a version of a criterion, or say that it was checked."""
    if keeping.keeper_of(request.user) is None:
        raise PermissionDenied(_("Only an administrator of the topmost bureau keeps the criteria."))
    row = get_object_or_404(MajorCriterion.objects.visible_to(request.user), pk=pk)
    form = CriterionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        changed = {"actor": request.user, **form.cleaned_data}
        if perform_with(form, _without_clock(keeping.change_criterion), row, **changed):
            messages.success(request, _("The criterion is saved."))
            return redirect("supervision:criteria")
    context = {"form": form, "row": row, "how": reading.group_words(row)}
    return render(request, "supervision/judging/criterion.html", context, status=400 if form.errors else 200)


def _without_clock(service):
    return lambda *args, now, **arguments: service(*args, **arguments)


def _judged(form, hazard, actor):
    chosen = form.cleaned_data
    return perform_with(
        form, judging.judge, hazard, actor=actor, is_major=chosen["is_major"], reason=chosen["reason"],
        answers=form.answers(), due_on=chosen["due_on"], after=chosen["after"],
    )  # fmt: skip


def _initial(request, hazard):
    """What came along from the short page of grading, and the newest judgement that is known."""
    reason, due_on = request.GET.get("reason", "")[:300], request.GET.get("due_on", "")
    return {"reason": reason, "due_on": due_on, "after": judging.newest_of(hazard)}


def _areas(request, counts, current):
    """Tabs of the areas; queue and words travel along."""
    kept = {name: value for name in ("reason", "due_on") if (value := request.GET.get(name, "")[:300])}
    if queue := queue_of(request):
        kept["queue"] = queue
    return [
        {"url": f"?{urlencode({'area': area.value, **kept})}", "label": area.label,
         "count": counts[area.value], "is_current": area.value == current}
        for area in Area
    ]  # fmt: skip
