"""People and their posts: find, look at, add, change, give and end posts, shut out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import people
from ..filtered import filtered
from ..forms import PersonForm, PostForm
from ..models import Organisation, Post, User
from ..paging import page_along
from .organisations import attempt


@filtered("core:people", also=["q", "ended"])
def person_list(request):
    """Posts among one's organisations, place by place; searched by person or place."""
    posts = Post.objects.visible_to(request.user).select_related("user", "organisation")
    words, today = request.GET.get("q", "").strip()[:60], timezone.localdate()
    if words:
        person = Q(user__name__icontains=words) | Q(user__username__icontains=words) | Q(user__phone=words)
        posts = posts.filter(person | Q(organisation__name__icontains=words) | Q(organisation__code=words))
    if "ended" not in request.GET:
        posts = posts.held_on(today)
    page = page_along(posts, request, fields=["organisation__path", "pk"])
    context = {
        "page": page,
        "q": words,
        "may_add": _places(request.user).exists(),
        "is_all": "ended" in request.GET,
    }
    return render(request, "core/people.html", context)


def person(request, pk):
    """One person: posts, a new post, a new one-time link."""
    row = _visible(request, pk)
    posts = list(Post.objects.visible_to(request.user).filter(user=row).select_related("organisation"))
    places, today = _places(request.user), timezone.localdate()
    is_giver = places.exists() and row != request.user
    form = PostForm(places, request.POST if request.method == "POST" else None) if is_giver else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(_("You do not administer this person."))
        if form.is_valid() and attempt(
            form, lambda: people.give_post(row, actor=request.user, **form.cleaned_data)
        ):
            messages.success(request, _("The post is given."))
            return redirect("core:person", row.pk)
    in_hand = User.objects.visible_to(request.user).administered_by(request.user).filter(pk=pk)
    context = {
        "someone": row, "posts": [(post, _may_end(request.user, post, today)) for post in posts],
        "form": form, "may_edit": in_hand.exists(), "is_self": row == request.user, "link": _link(request),
    }  # fmt: skip
    return render(request, "core/person.html", context, status=400 if form and form.errors else 200)


def person_new(request):
    """A new person with a first post."""
    places = _places(request.user)
    if not places.exists():
        raise PermissionDenied(_("This page is for administrators."))
    data, made = request.POST if request.method == "POST" else None, []
    form, post_form = PersonForm(data), PostForm(places, data)
    if form.is_valid() and post_form.is_valid():
        post = dict(post_form.cleaned_data)
        place = post.pop("organisation")
        facts = {**post, **form.cleaned_data}
        if _try_both(
            form, post_form, lambda: made.append(people.create_person(place, actor=request.user, **facts))
        ):
            request.session["welcome_link"] = people.welcome_link(made[0])
            return redirect("core:person", made[0].pk)
    is_bad = form.errors or post_form.errors
    context = {"form": form, "post_form": post_form}
    return render(request, "core/person_new.html", context, status=400 if is_bad else 200)


def person_edit(request, pk):
    """Change name, sign-in name, phone, e-mail."""
    row = _visible(request, pk)
    people.require_hold(request.user, row, on=timezone.localdate())
    form = PersonForm(request.POST if request.method == "POST" else None, instance=_visible(request, pk))
    on = timezone.localdate()
    if form.is_valid() and attempt(
        form, lambda: people.change_person(row, actor=request.user, on=on, **form.cleaned_data)
    ):
        messages.success(request, _("Saved."))
        return redirect("core:person", row.pk)
    context = {"form": form, "someone": row}
    return render(request, "core/person_edit.html", context, status=400 if form.errors else 200)


@require_POST
def person_link(request, pk):
    """A fresh one-time link; until it is used the old password holds."""
    row = _visible(request, pk)
    request.session["welcome_link"] = people.new_link(row, actor=request.user, on=timezone.localdate())
    return redirect("core:person", row.pk)


@require_POST
def person_account(request, pk):
    """Shut a person out at once, or let them in again."""
    row = _visible(request, pk)
    _tell(request, lambda: people.close_account(row, actor=request.user, on=timezone.localdate()))
    return redirect("core:person", row.pk)


@require_POST
def post_end(request, pk):
    """End a post: today is its last day."""
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    _tell(request, lambda: people.end_post(post, actor=request.user, on=timezone.localdate()))
    return redirect("core:person", post.user_id)


def _tell(request, act):
    try:
        act()
    except ValidationError as reason:
        messages.error(request, " ".join(reason.messages))
    else:
        messages.success(request, _("Done."))


def _try_both(form, post_form, act):
    """As `attempt`, with each error at the form that has the field."""
    try:
        act()
    except ValidationError as error:
        found = error.error_dict if hasattr(error, "error_dict") else {None: error}
        for name, errors in found.items():
            owner = post_form if name in post_form.fields else form
            owner.add_error(name if name in owner.fields else None, errors)
        return False
    return True


def _places(user):
    return Organisation.objects.visible_to(user).administered_by(user).filter(closed_on=None)


def _visible(request, pk):
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _may_end(user, post, today):
    is_open = post.ends_on is None or post.ends_on > today
    return is_open and post.starts_on <= today and people.may_hold(user, [post])


def _link(request):
    """The one-time link that was just made, in full; it is shown once."""
    link = request.session.pop("welcome_link", None)
    return request.build_absolute_uri(link) if link else None
