"""The lottery of look-backs: draws, one draw with its proof, its population, the script to check it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hazards.views.acts import perform_with
from schoolsafety.core.paging import page_of

from .. import look_back_pages
from ..forms.looking_back import CancelForm, DrawForm, PressForm, SeedForm
from ..models import Draw
from ..services import lottery
from ..workflow.lottery import DrawStatus, SeedKind

SCRIPT = settings.BASE_DIR / "docs" / "lottery.py"
COLUMNS = ["status", "organisation__name", "closed_from", "closed_to", "size", "population_size", "due_on"]


def draw_list(request):
    """All draws, newest first; frozen populations stay out of it."""
    rows = Draw.objects.visible_to(request.user)
    page = page_of(rows, request, field="frozen_at", columns=COLUMNS)
    labels = dict(DrawStatus.choices)
    for row in page.rows:
        row["state"] = labels[row["status"]]
        row["kind"] = {DrawStatus.FROZEN: "todo", DrawStatus.DRAWN: "done"}.get(row["status"], "wait")
    may_draw = look_back_pages.places_to_draw(request.user).exists()
    context = {"page": page, "may_draw": may_draw}
    return render(request, "supervision/looking_back/draws.html", context)


def draw_new(request):
    """Freeze a population and bind the seed."""
    bureaus = look_back_pages.places_to_draw(request.user)
    first = bureaus.first()
    if first is None:
        raise PermissionDenied(_("The bureau draws among its own schools."))
    initial = {"organisation": first, "seed_kind": SeedKind.SEALED}
    form = DrawForm(bureaus, request.POST if request.method == "POST" else None, initial=initial)
    made: list[Draw] = []
    if form.is_valid() and perform_with(
        form, lambda **fields: made.append(lottery.freeze(**fields)), actor=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The population is frozen; now it can be drawn."))
        return redirect(made[0])
    status = 400 if form.errors else 200
    return render(request, "supervision/looking_back/draw_new.html", {"form": form}, status=status)


def draw(request, pk):
    """One draw: what it is drawn from, what was bound before, what was drawn."""
    row = _visible(request, pk)
    form = SeedForm() if row.seed_kind == SeedKind.PUBLIC else PressForm()
    return _page(request, row, form, 200)


def draw_perform(request, pk):
    """Draw: the button reveals the sealed seed, or the public number is typed in."""
    row = _visible(request, pk)
    form_class = SeedForm if row.seed_kind == SeedKind.PUBLIC else PressForm
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid() and perform_with(
        form, lottery.perform, row, actor=request.user, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, _("Drawn. What was picked is to be looked back at."))
        return redirect(row)
    return _page(request, row, form, 400 if form.errors else 200)


def draw_cancel(request, pk):
    """Give a draw up, with the reason."""
    row = _visible(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and perform_with(
        form, lottery.cancel, row, actor=request.user, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, _("The draw was given up."))
        return redirect(row)
    context = {"form": form, "draw": row}
    status = 400 if form.errors else 200
    return render(request, "supervision/looking_back/draw_cancel.html", context, status=status)


def draw_population(request, pk):
    """The frozen population as it was hashed."""
    answer = HttpResponse(
        look_back_pages.population_bytes(_visible(request, pk)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="population-{pk}.csv"'
    return answer


def lottery_script(request):
    """The twenty lines that draw again from a population and a seed, without this program."""
    return FileResponse(SCRIPT.open("rb"), as_attachment=True, content_type="text/x-python")


def _page(request, row, form, status):
    context = look_back_pages.draw_detail(row, request.user) | {"form": form}
    return render(request, "supervision/looking_back/draw.html", context, status=status)


def _visible(request, pk):
    rows = Draw.objects.visible_to(request.user).select_related(
        "organisation", "category", "frozen_by", "drawn_by"
    )
    return get_object_or_404(rows, pk=pk)
