"""Checklists: read, copy, change a draft, publish."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hazards.workflow import NotAllowed
from schoolsafety.core.models import Organisation
from schoolsafety.core.spreadsheets import workbook_response

from .. import importing
from ..forms import ItemForm, PublishForm
from ..models import ChecklistTemplate
from ..services import checklists
from .reasons import add_errors

MOST_ROWS = 200


def checklist_list(request):
    """The checklists that concern this person, newest first, with the one in force at home marked."""
    rows = ChecklistTemplate.objects.visible_to(request.user).select_related("organisation")
    own = _own_organisation(request.user)
    context = {
        "rows": list(rows.order_by("-pk")[: MOST_ROWS + 1]), "most": MOST_ROWS, "own": own,
        "in_force": checklists.template_for(own, timezone.localdate()) if own else None,
    }  # fmt: skip
    return render(request, "inspections/checklists.html", context)


def checklist(request, pk):
    """One version with its items by category; a draft can be changed and published here."""
    return _page(request, _template(request, pk), PublishForm(initial={"on": timezone.localdate()}))


@require_POST
def copy(request, pk):
    """A draft of one's own from this version."""
    template, own = _template(request, pk), _own_organisation(request.user)
    if own is None:
        raise PermissionDenied(_("You hold no post that may change checklists there."))
    draft = checklists.copy_template(template, organisation=own, actor=request.user)
    return redirect("inspections:checklist", draft.pk)


def item_edit(request, pk, item_pk=None):
    """Add or change an item of a draft."""
    template = _template(request, pk)
    item = get_object_or_404(template.items, pk=item_pk) if item_pk else None
    phrases = "\n".join(checklists.words_of(item.phrases)) if item else ""
    form = ItemForm(request.POST or None, instance=item, initial={"phrases_text": phrases})
    if form.is_valid():
        values = dict(form.cleaned_data)
        values["phrases"] = checklists.phrases_of(values.pop("phrases_text"))
        try:
            checklists.save_item(template, actor=request.user, values=values, item=item)
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
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
    if form.is_valid():
        try:
            checklists.publish(template, actor=request.user, on=form.cleaned_data["on"], now=timezone.now())
        except (NotAllowed, ValidationError) as reason:
            add_errors(form, reason)
        else:
            messages.success(request, _("Published."))
            return redirect("inspections:checklist", pk)
    return _page(request, template, form)


def export(request, pk):
    """The items as a workbook, which can be changed and brought in again as the next draft."""
    template = _template(request, pk)
    rows = (importing.row_out(item) for item in template.items.select_related("category"))
    return workbook_response(str(template), template.name, importing.columns_out(), rows)


def _page(request, template, form):
    own = _own_organisation(request.user)
    context = {
        "template": template, "own": own, "publish_form": form,
        "items": template.items.select_related("category").order_by("category__order", "order", "code"),
        "may_edit": not template.is_published and template.organisation_id and bool(
            request.user.roles_at(template.organisation) & checklists.EDITORS
        ),
    }  # fmt: skip
    return render(request, "inspections/checklist.html", context, status=400 if form.errors else 200)


def _template(request, pk):
    rows = ChecklistTemplate.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


def _own_organisation(user):
    """The organisation of the person's first post: that is where a copy belongs."""
    paths = sorted({path for path, role in user.posts if role in checklists.EDITORS}, key=len)
    if not paths:
        return None
    return Organisation.objects.visible_to(user).get(path=paths[0])
