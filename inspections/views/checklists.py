"""Checklists: read, copy, change a draft, publish."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hazards.workflow import NotAllowed
from schoolsafety.core.models import Organisation
from schoolsafety.core.spreadsheets import Column, workbook_response

from ..forms import ItemForm, PublishForm
from ..models import ChecklistTemplate
from ..services import checklists
from .patrols import _add, _text


def checklist_list(request):
    """The checklists that concern this person, newest version first."""
    rows = ChecklistTemplate.objects.visible_to(request.user).select_related("organisation", "based_on")
    return render(
        request,
        "inspections/checklists.html",
        {"rows": rows.order_by("organisation__path", "code", "-version")},
    )


def checklist(request, pk):
    """One version with its items by category."""
    template = _template(request, pk)
    items = template.items.select_related("category").order_by("category__order", "order", "code")
    own = _own_organisation(request.user)
    context = {
        "template": template, "items": items, "own": own,
        "publish_form": PublishForm(initial={"on": timezone.localdate()}),
        "may_edit": not template.is_published and template.organisation_id and bool(
            request.user.roles_at(template.organisation) & checklists.EDITORS
        ),
    }  # fmt: skip
    return render(request, "inspections/checklist.html", context)


@require_POST
def copy(request, pk):
    """A draft of one's own from this version."""
    template, own = _template(request, pk), _own_organisation(request.user)
    if own is None:
        raise Http404
    try:
        draft = checklists.copy_template(template, organisation=own, actor=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("inspections:checklist", pk)
    return redirect("inspections:checklist", draft.pk)


def item_edit(request, pk, item_pk=None):
    """Add or change an item of a draft."""
    template = _template(request, pk)
    item = get_object_or_404(template.items, pk=item_pk) if item_pk else None
    phrases = (
        "\n".join(f"{row['text']}{'!' if row['grade'] == 'major' else ''}" for row in item.phrases)
        if item
        else ""
    )
    form = ItemForm(request.POST or None, instance=item, initial={"phrases_text": phrases})
    if form.is_valid():
        values = dict(form.cleaned_data)
        lines = values.pop("phrases_text").splitlines()
        values["phrases"] = [checklists.phrase_of(line.strip()) for line in lines if line.strip()]
        try:
            checklists.save_item(template, actor=request.user, values=values, item=item)
        except (NotAllowed, ValidationError) as reason:
            _add(form, reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("inspections:checklist", template.pk)
    context = {"template": template, "form": form, "item": item}
    return render(request, "inspections/item_form.html", context, status=400 if form.errors else 200)


@require_POST
def item_drop(request, pk, item_pk):
    """Take an item out of a draft."""
    template = _template(request, pk)
    try:
        checklists.drop_item(get_object_or_404(template.items, pk=item_pk), actor=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    return redirect("inspections:checklist", template.pk)


@require_POST
def publish(request, pk):
    """Bring a draft into force."""
    template, form = _template(request, pk), PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a day."))
        return redirect("inspections:checklist", pk)
    try:
        checklists.publish(template, actor=request.user, on=form.cleaned_data["on"], now=timezone.now())
    except (NotAllowed, ValidationError) as reason:
        messages.error(request, _text(reason))
    else:
        messages.success(request, _("Published."))
    return redirect("inspections:checklist", pk)


def export(request, pk):
    """The items as a workbook."""
    template = _template(request, pk)
    heads = [
        Column(_("Code"), 10), Column(_("Category"), 16), Column(_("Check"), 60), Column(_("Frequency"), 10),
        Column(_("Zone"), 16), Column(_("Basis"), 24), Column(_("Phrases"), 40),
    ]  # fmt: skip
    rows = (
        [i.code, i.category.name, i.text, i.get_frequency_display(), i.get_zone_kind_display(), i.basis,
         "、".join(row["text"] for row in i.phrases)]
        for i in template.items.select_related("category")
    )  # fmt: skip
    return workbook_response(str(template), template.name, heads, rows)


def _template(request, pk):
    rows = ChecklistTemplate.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


def _own_organisation(user):
    """The organisation of the person's first post: that is where a copy belongs."""
    paths = sorted({path for path, role in user.posts if role in checklists.EDITORS}, key=len)
    if not paths:
        return None
    return Organisation.objects.visible_to(user).get(path=paths[0])
