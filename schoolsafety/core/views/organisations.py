"""The tree of organisations, and the people in it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import directory, tree
from ..audit import history_of
from ..forms import CloseForm, MoveForm, OrganisationForm, PersonForm, PostForm
from ..history import lines_of
from ..models import Organisation, Post, User

PAGE = 100


def organisation_list(request):
    """The tree that this person sees, in its order, searched by name or code."""
    rows = Organisation.objects.visible_to(request.user)
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words))
    after = request.GET.get("after", "")
    page = list(rows.filter(path__gt=after).order_by("path").annotate(posts_held=Count("posts"))[: PAGE + 1])
    context = {
        "rows": page[:PAGE], "q": words, "older": f"?q={words}&after={page[PAGE - 1].path}" if len(page) > PAGE else None,
        "may_add": Organisation.objects.administered_by(request.user).exists(),
    }  # fmt: skip
    return render(request, "core/organisations.html", context)


def organisation(request, pk):
    """One organisation: facts, people, what hangs below it, its history."""
    row = _visible(request, pk)
    context = {
        "organisation": row,
        "children": row.children.order_by("code")[:200],
        "posts": Post.objects.held_on(timezone.localdate()).filter(organisation=row).select_related("user"),
        "may_edit": directory.may_administer(request.user, row),
        "lines": lines_of(history_of(row)[:30]),
    }
    return render(request, "core/organisation.html", context)


def organisation_edit(request, pk):
    """Change facts."""
    row = _visible(request, pk)
    form = OrganisationForm(request.POST or None, instance=row)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.fields}
        if _try(
            form,
            lambda: directory.change_organisation(
                Organisation(pk=row.pk, path=row.path), actor=request.user, **values
            ),
        ):
            messages.success(request, _("Saved."))
            return redirect("core:organisation", row.pk)
    return _form(request, form, _("Change the organisation"), row)


def organisation_new(request, pk):
    """A new organisation below this one."""
    parent = _visible(request, pk)
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        made = []
        if _try(
            form,
            lambda: made.append(
                directory.create_organisation(parent, actor=request.user, **form.cleaned_data)
            ),
        ):
            return redirect("core:organisation", made[0].pk)
    return _form(request, form, _("New organisation"), parent)


def organisation_move(request, pk):
    """Hang it below another superior; its cases go along."""
    row = _visible(request, pk)
    parents = Organisation.objects.administered_by(request.user).bureaus().exclude(path__startswith=row.path)
    form = MoveForm(parents, request.POST or None)
    if form.is_valid():
        _require(request.user, row)
        chosen = form.cleaned_data
        if _try(
            form, lambda: tree.move(row, new_parent=chosen["parent"], actor=request.user, note=chosen["note"])
        ):
            return redirect("core:organisation", row.pk)
    return _form(request, form, _("Move below another superior"), row)


def organisation_close(request, pk):
    """Close it; its records stay."""
    row = _visible(request, pk)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        _require(request.user, row)
        if _try(form, lambda: tree.close(row, actor=request.user, **form.cleaned_data)):
            return redirect("core:organisation", row.pk)
    return _form(request, form, _("Close the organisation"), row)


def person_list(request):
    """People with posts among one's organisations."""
    posts = Post.objects.visible_to(request.user).select_related("user", "organisation")
    words = request.GET.get("q", "").strip()
    if words:
        posts = posts.filter(Q(user__name__icontains=words) | Q(organisation__name__icontains=words))
    rows = posts.order_by("organisation__path", "role", "pk")[:200]
    may_add = Organisation.objects.administered_by(request.user).exists()
    return render(request, "core/people.html", {"rows": rows, "q": words, "may_add": may_add})


def person(request, pk):
    """One person: posts, and a new one-time link."""
    row = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    posts = Post.objects.visible_to(request.user).filter(user=row).select_related("organisation")
    places = Organisation.objects.administered_by(request.user)
    form = PostForm(places, request.POST or None)
    if form.is_valid() and _try(
        form, lambda: directory.give_post(row, actor=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The post is given."))
        return redirect("core:person", row.pk)
    context = {
        "someone": row, "posts": posts, "form": form, "may_edit": places.exists(),
        "link": request.session.pop("welcome_link", None),
    }  # fmt: skip
    return render(request, "core/person.html", context, status=400 if form.errors else 200)


def person_new(request):
    """A new person with a first post."""
    places = Organisation.objects.administered_by(request.user)
    _require(request.user, places.first())
    form, post_form = PersonForm(request.POST or None), PostForm(places, request.POST or None)
    if form.is_valid() and post_form.is_valid():
        post = dict(post_form.cleaned_data)
        post.pop("ends_on")
        made = []
        if _try(
            form,
            lambda: made.append(
                directory.create_person(
                    post.pop("organisation"), actor=request.user, **post, **form.cleaned_data
                )
            ),
        ):
            request.session["welcome_link"] = directory.welcome_link(made[0])
            return redirect("core:person", made[0].pk)
    is_bad = form.errors or post_form.errors
    context = {"form": form, "post_form": post_form}
    return render(request, "core/person_new.html", context, status=400 if request.POST and is_bad else 200)


def person_edit(request, pk):
    """Change name, sign-in name, phone, e-mail."""
    row = get_object_or_404(User.objects.administered_by(request.user), pk=pk)
    form = PersonForm(request.POST or None, instance=row)
    place = Organisation.objects.administered_by(request.user).first()
    if form.is_valid():
        values = dict(form.cleaned_data)
        if _try(
            form,
            lambda: directory.change_person(
                User(pk=row.pk), actor=request.user, organisation=place, **values
            ),
        ):
            return redirect("core:person", row.pk)
    return render(
        request,
        "core/form.html",
        {"form": form, "title": row.name, "back": "core:people"},
        status=400 if form.errors else 200,
    )


@require_POST
def person_link(request, pk):
    """A fresh one-time link; the old password ends only when it is used."""
    row = get_object_or_404(User.objects.administered_by(request.user), pk=pk)
    request.session["welcome_link"] = directory.welcome_link(row)
    return redirect("core:person", row.pk)


@require_POST
def post_end(request, pk):
    """End a post today."""
    post = get_object_or_404(Post.objects.administered_by(request.user).select_related("organisation"), pk=pk)
    try:
        directory.end_post(post, actor=request.user, on=timezone.localdate() - timedelta(days=1))
    except ValidationError as reason:
        messages.error(request, " ".join(reason.messages))
    return redirect("core:person", post.user_id)


def _visible(request, pk):
    return get_object_or_404(Organisation.objects.visible_to(request.user).select_related("parent"), pk=pk)


def _require(user, row):
    if row is None or not directory.may_administer(user, row):
        raise PermissionDenied(_("You do not administer this organisation."))


def _try(form, act):
    """Run a verb; its refusals become errors of the form."""
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


def _form(request, form, title, row):
    _require(request.user, row)
    context = {"form": form, "title": title, "place": row}
    return render(request, "core/organisation_form.html", context, status=400 if form.errors else 200)
