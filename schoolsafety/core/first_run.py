"""The first run without demo data: a one-time link creates the bureau and its first administrator."""

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from .audit import record_event
from .models import Organisation, Post, User
from .models.organisation import Kind
from .roles import Role

SIGNER = TimestampSigner(salt="schoolsafety.first-administrator")
VALID_FOR = 24 * 3600


def setup_link():
    """The address, valid for a day and only while there is nobody; None once there is somebody."""
    if User.objects.exists():
        return None
    return reverse("core:setup", args=[SIGNER.sign("first")])


def is_valid(token):
    """Is this a fresh link, and is there still nobody?"""
    try:
        SIGNER.unsign(token, max_age=VALID_FOR)
    except (BadSignature, SignatureExpired):
        return False
    return not User.objects.exists()


@transaction.atomic
def create_first(*, bureau, code, username, name, password, now):
    """The city bureau, its administrator and the event that says so; returns the User.

    ValidationError if somebody was quicker with the same link.
    """
    if User.objects.exists():
        raise ValidationError(_("There is an administrator already."))
    place = Organisation.objects.create(name=bureau, code=code, kind=Kind.CITY_BUREAU)
    user = User(username=username, name=name, password_changed_at=now)
    user.set_password(password)
    user.save()
    post = Post.objects.create(
        user=user, organisation=place, role=Role.ADMINISTRATOR, starts_on=localdate(now)
    )
    record_event(place, "core.create_organisation", organisation=place, actor=user, name=bureau, code=code)
    record_event(
        post, "core.give_post", organisation=place, actor=user, person=username, role=Role.ADMINISTRATOR
    )
    return user
