"""People and their posts: added, changed, given, ended by an administrator; passwords and one-time links."""

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from .audit import record_event
from .directory import require_administrator
from .models import Post, User
from .models.organisation import Kind
from .roles import BUREAU_ROLES, SCHOOL_ROLES, Role

CITY_ROLES = frozenset({Role.CITY_STAFF, Role.CITY_LEADER})


@transaction.atomic
def create_person(organisation, *, actor, role, title="", starts_on, ends_on=None, **values):
    """A person with a first post; returns the User. They choose their password through `welcome_link`."""
    require_administrator(actor, organisation)
    user = User(**values)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    record_event(user, "core.create_person", organisation=organisation, actor=actor, username=user.username)
    give_post(
        user, organisation=organisation, role=role, title=title, starts_on=starts_on, ends_on=ends_on,
        actor=actor,
    )  # fmt: skip
    return user


@transaction.atomic
def change_person(user, *, actor, on, **values):
    """Change name, sign-in name, phone or e-mail; only of a person who is wholly in the actor's hands."""
    place = require_hold(actor, user, on=on)
    row = User.objects.select_for_update().get(pk=user.pk)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    row.full_clean(exclude=["password"])
    if changed:
        row.save(update_fields=changed)
        record_event(row, "core.change_person", organisation=place, actor=actor, fields=changed)
    return row


@transaction.atomic
def give_post(user, *, organisation, role, starts_on, actor, title="", ends_on=None):
    """Give a post at a place that the role fits; never to oneself. Returns the Post."""
    require_administrator(actor, organisation)
    if actor == user:
        raise ValidationError(_("Another administrator must give you a post."))
    if not fits(role, organisation):
        raise ValidationError({"role": _("This role does not exist at an organisation of this kind.")})
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("A post ends after it starts.")})
    post = Post.objects.create(
        user=user, organisation=organisation, role=role, title=title, starts_on=starts_on, ends_on=ends_on
    )
    record_event(
        post, "core.give_post", organisation=organisation, actor=actor, person=user.username, role=role,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    return post


@transaction.atomic
def end_post(post, *, actor, on):
    """End a post with `on` as its last day. The last administrator of a place and all above it stays."""
    require_administrator(actor, post.organisation)
    row = Post.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=post.pk)
    if row.ends_on and row.ends_on <= on:
        raise ValidationError(_("This post has ended already."))
    if row.role == Role.ADMINISTRATOR and not _others_administer(row, on):
        raise ValidationError(_("The last administrator cannot be taken away."))
    if on < row.starts_on:
        raise ValidationError(_("A post that begins later cannot end before; end it when it has begun."))
    row.ends_on = on
    row.save(update_fields=["ends_on"])
    record_event(row, "core.end_post", organisation=row.organisation, actor=actor, ends_on=row.ends_on)
    return row


@transaction.atomic
def close_account(user, *, actor, on):
    """Shut a person out at once: the account is closed, every session ends, posts stay as they were."""
    place = require_hold(actor, user, on=on)
    if actor == user:
        raise ValidationError(_("You cannot close your own account."))
    row = User.objects.select_for_update().get(pk=user.pk)
    row.is_active = not row.is_active
    row.save(update_fields=["is_active"])
    row.signed_in_sessions.all().delete()
    verb = "core.open_account" if row.is_active else "core.close_account"
    record_event(row, verb, organisation=place, actor=actor, username=row.username)
    return row


@transaction.atomic
def new_link(user, *, actor, on):
    """A fresh one-time link for someone wholly in the actor's hands; until its use the old password holds."""
    place = require_hold(actor, user, on=on)
    record_event(user, "core.make_link", organisation=place, actor=actor, username=user.username)
    return welcome_link(user)


def require_hold(actor, user, *, on):
    """The organisation of one of `user`'s posts, if the actor administers the places of all of them.

    Otherwise a district's administrator could give a post to the city's and then reset that password.
    """
    posts = list(Post.objects.held_on(on).filter(user=user).select_related("organisation"))
    posts = posts or list(Post.objects.filter(user=user).select_related("organisation"))
    if not posts:
        raise PermissionDenied(_("You do not administer this person."))
    for post in posts:
        if Role.ADMINISTRATOR not in actor.roles_at(post.organisation):
            raise PermissionDenied(_("This person also holds a post that you do not administer."))
    return posts[0].organisation


def may_hold(actor, posts):
    """As `require_hold`, for posts already loaded with their organisations."""
    return bool(posts) and all(Role.ADMINISTRATOR in actor.roles_at(post.organisation) for post in posts)


def set_password(user, password, *, now):
    """Set a password that was checked; every open session of the person ends."""
    user.set_password(password)
    user.password_changed_at = now
    user.save(update_fields=["password", "password_changed_at"])
    user.signed_in_sessions.all().delete()


def welcome_link(user):
    """The one-time address at which a person chooses a password; it ends with use or after three days."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("core:activate", args=[uid, default_token_generator.make_token(user)])


def newcomer(uid, token):
    """The active User to whom a one-time link belongs, or None if it is used, too old or not one."""
    try:
        user = User.objects.filter(pk=int(urlsafe_base64_decode(uid).decode()), is_active=True).first()
    except (ValueError, UnicodeDecodeError, OverflowError):
        return None
    return user if user and default_token_generator.check_token(user, token) else None


def demo_posts(on):
    """Every post of the demo city that one may enter with."""
    return Post.objects.held_on(on).select_related("user", "organisation")


def demo_groups(on):
    """[(role label, posts)] in the order of a newcomer's tour, at most twelve posts a role."""
    order = [
        Role.SAFETY_OFFICER, Role.PRINCIPAL, Role.SCHOOL_STAFF, Role.DISTRICT_STAFF, Role.DISTRICT_LEADER,
        Role.CITY_STAFF, Role.CITY_LEADER, Role.AUDITOR, Role.ADMINISTRATOR,
    ]  # fmt: skip
    posts = demo_posts(on)
    return [(role.label, posts.filter(role=role).order_by("organisation__code")[:12]) for role in order]


def fits(role, organisation):
    """School roles at schools, bureau roles at bureaus, city roles at the city; the others anywhere."""
    if role in SCHOOL_ROLES:
        return not organisation.is_bureau
    if role in CITY_ROLES:
        return organisation.kind == Kind.CITY_BUREAU
    return role not in BUREAU_ROLES or organisation.is_bureau


def _others_administer(post, on):
    """Does anybody else administer this place, from there or above, after `on`?"""
    others = Post.objects.held_on(on).filter(role=Role.ADMINISTRATOR).exclude(pk=post.pk)
    others = others.filter(organisation__in=post.organisation.path_ids(), user__is_active=True)
    return others.exclude(ends_on=on).exists()
