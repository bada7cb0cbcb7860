"""The daily walk, page by page; it works without JavaScript, and saves a press without reload with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from hazards.workflow import NotAllowed
from schoolsafety.core import files
from schoolsafety.core.models import Organisation

from .. import walking
from ..forms import FindingForm, LateEntryForm, SubmitPatrolForm
from ..models import Finding, Patrol, Point, Zone
from ..services import patrols
from ..workflow import Answer, PatrolStatus
from .reasons import add_errors as _add
from .reasons import words_of as _text


def today(request):
    """Start the walk, go on with it, or see what was walked today; a late entry for a day that is over."""
    schools = walking.own_schools(request.user)
    if not schools:
        return redirect("inspections:patrols")
    school = _chosen(schools, request.POST.get("school") or request.GET.get("school"))
    now = timezone.now()
    late_form = LateEntryForm(request.POST if "late" in request.POST else None)
    if request.method == "POST" and ("late" not in request.POST or late_form.is_valid()):
        day = late_form.cleaned_data["day"] if late_form.is_bound else None
        try:
            patrol = patrols.start(school, actor=request.user, now=now, day=day)
        except (NotAllowed, ValidationError) as reason:
            late_form = late_form if late_form.is_bound else LateEntryForm({})
            late_form.is_valid()
            late_form.errors.clear()
            _add(late_form, reason)
        else:
            return redirect("inspections:walk", patrol.pk)
    context = walking.today_of(request.user, school, timezone.localdate(now))
    context |= {"schools": schools, "late_form": late_form}
    return render(request, "inspections/today.html", context, status=400 if late_form.errors else 200)


def walk(request, pk):
    """The walk by zones. A POST is one press: an answer, "the other N are normal", or its undo."""
    patrol = _patrol(request, pk)
    if patrol.status == PatrolStatus.SUBMITTED:
        return _leave(request, "inspections:receipt", patrol.pk)
    if request.method != "POST":
        return render(request, "inspections/walk.html", walking.page_of(patrol, request.user))
    try:
        item_id, key = _press(request, patrol)
    except (NotAllowed, ValidationError) as reason:
        return _refused(request, patrol, _text(reason))
    except ValueError as strange:  # a press that no page of ours can send
        raise Http404 from strange
    if item_id and request.POST["answer"].endswith(f":{Answer.PROBLEM}"):
        return _leave(request, "inspections:finding", patrol.pk, item_id)
    return _pressed(request, patrol, item_id, key)


def finding(request, pk, item_pk):
    """What is wrong with one item."""
    patrol = _patrol(request, pk)
    item = get_object_or_404(patrol.template.items.filter(pk__in=patrol.item_ids), pk=item_pk)
    zone = Zone.objects.visible_to(request.user).filter(school=patrol.school, kind=item.zone_kind).first()
    found = Finding.objects.visible_to(request.user).filter(patrol=patrol, item=item).first()
    points = Point.objects.visible_to(request.user).filter(school=patrol.school, is_active=True)
    photos = list(files.attachments_of(found)) if found else []
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    first = walking.finding_initial(patrol, item, found)
    form = FindingForm(item, zone, points, *bound, initial=first, has_photos=bool(photos))
    if form.is_valid():
        try:
            patrols.note_finding(
                patrol, actor=request.user, item=item, zone=zone, now=timezone.now(), **form.cleaned_data
            )
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return _back(patrol, item.pk)
    back = _back(patrol, item.pk).url
    context = {"patrol": patrol, "item": item, "zone": zone, "form": form, "photos": photos, "back": back}
    return render(request, "inspections/finding.html", context, status=400 if form.errors else 200)


def review(request, pk):
    """What will be handed in: one by one against merged, findings, and what is still missing."""
    patrol, now = _patrol(request, pk), timezone.now()
    if patrol.status == PatrolStatus.SUBMITTED:  # the second press of the same button too
        return redirect("inspections:receipt", patrol.pk)
    form = SubmitPatrolForm(patrols.is_late(patrol, now), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            patrols.submit(patrol, actor=request.user, now=now, note=form.cleaned_data["note"])
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            return redirect("inspections:receipt", patrol.pk)
    context = walking.review_of(patrol, request.user) | {"form": form}
    return render(request, "inspections/review.html", context, status=400 if form.errors else 200)


def receipt(request, pk):
    """Proof of the walk: number, time, what became of its findings, every answer."""
    patrol = _patrol(request, pk)
    if patrol.status != PatrolStatus.SUBMITTED:
        return redirect("inspections:walk", patrol.pk)
    return render(request, "inspections/receipt.html", walking.receipt_of(patrol))


@require_POST
def photo(request, pk, item_pk):
    """The photo of an item drawn for one: shows that it is fine."""
    patrol = _patrol(request, pk)
    upload = request.FILES.get("photo")
    try:
        patrols.answer(
            patrol, actor=request.user, item_id=item_pk, value=Answer.NORMAL, now=timezone.now(), photo=upload
        )
    except (NotAllowed, ValidationError) as reason:
        messages.error(request, _text(reason))
    return _back(patrol, item_pk)


def _press(request, patrol):
    """Do what one press of the walk's page says; returns (item id or None, key of the zone or None)."""
    if "answer" in request.POST:
        item_id, _colon, value = request.POST["answer"].partition(":")
        if value != Answer.PROBLEM:
            patrols.answer(patrol, actor=request.user, item_id=int(item_id), value=value, now=timezone.now())
        return int(item_id), None
    act = patrols.answer_rest if "rest" in request.POST else patrols.undo_rest
    zone = walking.zone_of(patrol, request.POST.get("rest") or request.POST.get("undo"))
    act(patrol, actor=request.user, item_ids=zone["ids"])
    return None, zone["key"]


def _pressed(request, patrol, item_id, key):
    """With JavaScript only what changed: the item, or the zone, and the counts. Else back to the place."""
    if not request.htmx:
        return _back(patrol, item_id) if item_id else _back_to_zone(patrol, key, "rest" in request.POST)
    patrol.refresh_from_db()
    if item_id:
        zone, line = walking.zone_with(patrol, item_id)
    else:
        zone, line = walking.zone_of(patrol, key), None
    context = {"patrol": patrol, "zone": zone, "line": line, "may_answer": True, "is_press": True}
    return render(request, "inspections/_pressed.html", context | walking.progress_of(patrol))


def _refused(request, patrol, reason):
    """The page again with the reason on top."""
    messages.error(request, reason)
    return _leave(request, "inspections:walk", patrol.pk)


def _leave(request, name, *args):
    """To another page, also when only a part of the page was asked for."""
    address = reverse(name, args=args)
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def _patrol(request, pk):
    rows = Patrol.objects.visible_to(request.user)
    rows = rows.select_related("school", "officer", "template", "field_record")
    return get_object_or_404(rows, pk=pk)


def _back(patrol, item_id):
    return HttpResponseRedirect(f"{reverse('inspections:walk', args=[patrol.pk])}#i{item_id}")


def _back_to_zone(patrol, key, goes_on):
    """To the zone, or after "the other N are normal" to the next one."""
    target = (walking.zone_of(patrol, key)["next"] if goes_on else key) or "end"
    return HttpResponseRedirect(f"{reverse('inspections:walk', args=[patrol.pk])}#z-{target}")


def _chosen(schools, pk):
    """The school asked for; without a choice the first one; 404 for one that is not the person's."""
    if not pk:
        return schools[0]
    found = next((school for school in schools if str(school.pk) == pk), None)
    if found is None:
        raise Http404
    return found


def school_of(request, pk):
    """A school that this person sees, else 404."""
    return get_object_or_404(Organisation.objects.visible_to(request.user).schools(), pk=pk)
