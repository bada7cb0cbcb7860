"""Organisations, people and posts: created, changed, given, ended by an administrator; all is logged."""

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from .audit import record_event
from .models import Organisation, Post, User
from .roles import Role


def may_administer(actor, organisation):
    """Does this person administer `organisation`, from a post there or above?"""
    return Role.ADMINISTRATOR in actor.roles_at(organisation)


@transaction.atomic
def create_organisation(parent, *, actor, **values):
    """A new node below `parent`."""
    _require(actor, parent)
    row = Organisation(parent=parent, **values)
    row.full_clean(exclude=["parent", "path"])
    row.save()
    record_event(row, "core.create_organisation", organisation=row, actor=actor, name=row.name, code=row.code)
    return row


@transaction.atomic
def change_organisation(organisation, *, actor, **values):
    """Change facts of a node; the event keeps old and new."""
    _require(actor, organisation)
    row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    changes = {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }
    for name, (_old, new) in changes.items():
        setattr(row, name, new)
    row.full_clean(exclude=["parent", "path"])
    row.save()
    if changes:
        record_event(row, "core.change_organisation", organisation=row, actor=actor, **changes)
    return row


@transaction.atomic
def create_person(organisation, *, actor, role, title="", starts_on, **values):
    """A person with a first post; returns the User. They choose their password through `welcome_link`."""
    _require(actor, organisation)
    user = User(**values)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    record_event(user, "core.create_person", organisation=organisation, actor=actor, username=user.username)
    give_post(user, organisation=organisation, role=role, title=title, starts_on=starts_on, actor=actor)
    return user


@transaction.atomic
def change_person(user, *, actor, organisation, **values):
    """Change name, sign-in name, phone or e-mail."""
    _require(actor, organisation)
    row = User.objects.select_for_update().get(pk=user.pk)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    row.full_clean(exclude=["password"])
    row.save()
    if changed:
        record_event(row, "core.change_person", organisation=organisation, actor=actor, fields=changed)
    return row


@transaction.atomic
def give_post(user, *, organisation, role, starts_on, actor, title="", ends_on=None):
    """Give a post. An administrator's post comes from an administrator above or at the same place."""
    _require(actor, organisation)
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
    """End a post: its rights end at the next request after `on`. The last administrator stays."""
    _require(actor, post.organisation)
    row = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if row.role == Role.ADMINISTRATOR and not _others_administer(row, on):
        raise ValidationError(_("The last administrator cannot be taken away."))
    row.ends_on = max(on, row.starts_on)
    row.save(update_fields=["ends_on"])
    record_event(row, "core.end_post", organisation=row.organisation, actor=actor, ends_on=row.ends_on)
    return row


def welcome_link(user):
    """The one-time address at which a person chooses a password; it ends with use or after three days."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("core:activate", args=[uid, default_token_generator.make_token(user)])


def _others_administer(post, on):
    others = Post.objects.held_on(on).filter(role=Role.ADMINISTRATOR).exclude(pk=post.pk)
    return others.filter(user__is_active=True).exists()


def _require(actor, organisation):
    if actor is not None and not may_administer(actor, organisation):
        raise PermissionDenied(_("You do not administer this organisation."))
