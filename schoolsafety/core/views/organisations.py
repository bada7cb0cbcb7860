"""The tree of organisations: find, look at, create, change, move, close."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import directory, tree
from ..audit import history_of
from ..filtered import filtered
from ..forms import CloseForm, MoveForm, OrganisationForm, ReasonForm
from ..history import lines_of
from ..models import Organisation, Post
from ..navigation import place_links, place_notes
from ..paging import page_along, whole_number

CHILDREN_SHOWN = 50


@filtered("core:organisations", also=["q", "within"])
def organisation_list(request):
    """The tree that this person sees, in its order; searched by name or code, narrowed to a branch."""
    rows = Organisation.objects.visible_to(request.user)
    words, branch = request.GET.get("q", "").strip()[:60], None
    if request.GET.get("within"):
        branch = get_object_or_404(rows, pk=whole_number(request.GET["within"]))
        rows = rows.below(branch)
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__icontains=words)
        )
    page = page_along(rows, request, fields=["path"])
    lowest = min((row.path.count("/") for row in page.rows), default=0)
    context = {
        "rows": [(row, min(row.path.count("/") - lowest, 5)) for row in page.rows], "page": page,
        "q": words, "branch": branch, "may_import": _mine(request.user).exists(),
    }  # fmt: skip
    return render(request, "core/organisations.html", context)


def organisation(request, pk):
    """One organisation: facts, people, what hangs below it, its history."""
    row = _visible(request, pk)
    posts = Post.objects.visible_to(request.user).held_on(timezone.localdate()).filter(organisation=row)
    children = list(row.children.order_by(F("closed_on").asc(nulls_first=True), "code")[: CHILDREN_SHOWN + 1])
    context = {
        "organisation": row, "facts": _facts(row), "posts": posts.select_related("user"),
        "children": children[:CHILDREN_SHOWN], "has_more": len(children) > CHILDREN_SHOWN,
        "may_edit": directory.may_administer(request.user, row), "links": place_links(row, request.user),
        "lines": lines_of(history_of(row)[:30]), "notes": place_notes(row, request.user, timezone.now()),
    }  # fmt: skip
    return render(request, "core/organisation.html", context)


def organisation_edit(request, pk):
    """Change facts."""
    row = _administered(request, pk)
    form = OrganisationForm(
        request.POST if request.method == "POST" else None, instance=_visible(request, pk)
    )
    if form.is_valid() and attempt(
        form, lambda: directory.change_organisation(row, actor=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Saved."))
        return redirect("core:organisation", row.pk)
    return _form(request, form, _("Change the organisation"), row)


def organisation_new(request, pk):
    """A new organisation below this one."""
    parent, made = _administered(request, pk), []
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(
        form,
        lambda: made.append(directory.create_organisation(parent, actor=request.user, **form.cleaned_data)),
    ):
        return redirect("core:organisation", made[0].pk)
    return _form(request, form, _("New organisation"), parent)


def organisation_move(request, pk):
    """Hang it below another superior; its cases go along."""
    row = _administered(request, pk)
    parents = _mine(request.user).bureaus().filter(closed_on=None)
    parents = parents.exclude(path__startswith=row.path).exclude(pk=row.parent_id)
    form = MoveForm(parents, request.POST if request.method == "POST" else None)
    if form.is_valid():
        parent, note = form.cleaned_data["parent"], form.cleaned_data["note"]
        if attempt(form, lambda: tree.move(row, new_parent=parent, actor=request.user, note=note)):
            messages.success(request, _("It hangs below %(name)s now.") % {"name": parent})
            return redirect("core:organisation", row.pk)
    return _form(request, form, _("Move below another superior"), row, _("Move"))


def organisation_close(request, pk):
    """Close it, its records stay; or open a closed one again."""
    row = _administered(request, pk)
    form_class, verb = (ReasonForm, tree.open_again) if row.closed_on else (CloseForm, tree.close)
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(form, lambda: verb(row, actor=request.user, **form.cleaned_data)):
        return redirect("core:organisation", row.pk)
    title = _("Open the organisation again") if row.closed_on else _("Close the organisation")
    return _form(request, form, title, row, title)


def attempt(form, act):
    """Run a verb; True if it was done. Its ValidationError becomes errors of the form."""
    try:
        act()
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            form.add_error(None, error)
        return False
    return True


def _facts(row):
    facilities = [
        row._meta.get_field(f"has_{name}").verbose_name for name in sorted(row.facilities)
    ]  # the words that the form uses too
    return [
        (_("Kind"), row.get_kind_display()),
        (_("Ownership"), row.get_ownership_display()),
        (_("Mark of its papers"), row.paper_code),
        (_("Pupils"), row.pupils),
        (_("Staff"), row.staff),
        (_("Facilities"), "、".join(str(name) for name in facilities)),
        (_("Address"), row.address),
        (_("Telephone"), row.phone),
    ]


def _mine(user):
    return Organisation.objects.visible_to(user).administered_by(user)


def _visible(request, pk):
    return get_object_or_404(Organisation.objects.visible_to(request.user).select_related("parent"), pk=pk)


def _administered(request, pk):
    row = _visible(request, pk)
    directory.require_administrator(request.user, row)
    return row


def _form(request, form, title, row, submit=None):
    context = {"form": form, "title": title, "place": row, "submit": submit or _("Save")}
    return render(request, "core/organisation_form.html", context, status=400 if form.errors else 200)
