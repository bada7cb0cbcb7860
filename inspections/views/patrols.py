"""The daily walk, page by page; it works without JavaScript."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from hazards.workflow import NotAllowed
from schoolsafety.core.models import Organisation

from .. import walking
from ..forms import FindingForm, LateEntryForm, SubmitPatrolForm
from ..models import Patrol, Point, Zone
from ..services import patrols
from ..workflow import PatrolStatus
from .reasons import add_errors as _add
from .reasons import words_of as _text


def today(request):
    """Start the walk, go on with it, or see what was walked today."""
    school = walking.own_school(request.user)
    if school is None:
        return redirect("inspections:patrols")
    now = timezone.now()
    if request.method == "POST":
        try:
            patrol = patrols.start(school, actor=request.user, now=now, day=_late_day(request))
        except (NotAllowed, ValidationError) as reason:
            messages.error(request, _text(reason))
            return redirect("inspections:today")
        return redirect("inspections:walk", patrol.pk)
    day = timezone.localdate(now)
    walks = Patrol.objects.visible_to(request.user).filter(school=school, day=day).select_related("officer")
    context = {"school": school, "walks": walks, "day": day, "late_form": LateEntryForm()}
    return render(request, "inspections/today.html", context)


def walk(request, pk):
    """The walk by zones. A POST is one press: an answer, "the other N are normal", or its undo."""
    patrol = _patrol(request, pk)
    if patrol.status == PatrolStatus.SUBMITTED:
        return redirect("inspections:receipt", patrol.pk)
    if request.method == "POST":
        return _press(request, patrol)
    return render(request, "inspections/walk.html", walking.page_of(patrol))


def finding(request, pk, item_pk):
    """What is wrong with one item."""
    patrol = _patrol(request, pk)
    item = get_object_or_404(patrol.template.items, pk=item_pk)
    zone = Zone.objects.visible_to(request.user).filter(school=patrol.school, kind=item.zone_kind).first()
    points = Point.objects.visible_to(request.user).filter(school=patrol.school, is_active=True)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    grade = "major" if item.level_if_failed in {"M", "M?"} else "general"
    initial = walking.finding_initial(patrol, item) or {"proposed_grade": grade}
    form = FindingForm(item, points, *bound, initial=initial)
    if form.is_valid():
        try:
            patrols.note_finding(
                patrol, actor=request.user, item=item, zone=zone, now=timezone.now(), **form.cleaned_data
            )
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return _back(patrol, item.pk)
    context = {"patrol": patrol, "item": item, "zone": zone, "form": form}
    return render(request, "inspections/finding.html", context, status=400 if form.errors else 200)


def review(request, pk):
    """What will be handed in: one by one against merged, findings, and what is still missing."""
    patrol = _patrol(request, pk)
    form = SubmitPatrolForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            patrols.submit(patrol, actor=request.user, now=timezone.now(), note=form.cleaned_data["note"])
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return redirect("inspections:receipt", patrol.pk)
    context = walking.review_of(patrol) | {"form": form}
    return render(request, "inspections/review.html", context, status=400 if form.errors else 200)


def receipt(request, pk):
    """Proof of the walk: number, time, what became of its findings."""
    patrol = _patrol(request, pk)
    if patrol.status != PatrolStatus.SUBMITTED:
        return redirect("inspections:walk", patrol.pk)
    return render(request, "inspections/receipt.html", walking.receipt_of(patrol))


@require_POST
def photo(request, pk, item_pk):
    """The photo of an item drawn for one: shows that it is fine."""
    patrol = _patrol(request, pk)
    try:
        patrols.answer(
            patrol, actor=request.user, item_id=item_pk, value="n", now=timezone.now(),
            photo=request.FILES.get("photo"),
        )  # fmt: skip
    except (NotAllowed, ValidationError) as reason:
        messages.error(request, _text(reason))
    return _back(patrol, item_pk)


def _press(request, patrol):
    """One press of the walk's page; back to where the thumb was."""
    target = request.POST.get("at", "")
    try:
        if "answer" in request.POST:
            item_id, _colon, value = request.POST["answer"].partition(":")
            target = item_id
            if value == "p":
                return redirect("inspections:finding", patrol.pk, int(item_id))
            patrols.answer(patrol, actor=request.user, item_id=int(item_id), value=value, now=timezone.now())
        elif "rest" in request.POST:
            zone = walking.zone_of(patrol, request.POST["rest"])
            patrols.answer_rest(patrol, actor=request.user, item_ids=zone["ids"])
            target = zone["next"] or "end"
        elif "undo" in request.POST:
            patrols.undo_rest(
                patrol, actor=request.user, item_ids=walking.zone_of(patrol, request.POST["undo"])["ids"]
            )
    except (NotAllowed, ValidationError, ValueError) as reason:
        messages.error(request, _text(reason))
    return _back(patrol, target)


def _patrol(request, pk):
    rows = Patrol.objects.visible_to(request.user).select_related("school", "officer", "template")
    return get_object_or_404(rows, pk=pk)


def _back(patrol, target):
    return HttpResponseRedirect(f"{reverse('inspections:walk', args=[patrol.pk])}#i{target}")


def _late_day(request):
    form = LateEntryForm(request.POST)
    return form.cleaned_data["day"] if "day" in request.POST and form.is_valid() else None


def school_of(request, pk):
    """A school that this person sees, else 404."""
    return get_object_or_404(Organisation.objects.visible_to(request.user).schools(), pk=pk)
