"""Signing in: by name or phone number, throttled; every open session is a row that can be revoked."""

from datetime import timedelta

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.dispatch import receiver
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import SignedInSession, User

HAS_FACTOR = "has_factor"  # in the session: this person types six digits after the password


class NameOrPhoneBackend(ModelBackend):
    """Accepts the user name or the phone number; all rights come from posts, none from Django's groups."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        user = User.objects.filter(Q(username=username) | Q(phone=username)).order_by("pk").first()
        if user is None:
            User().set_password(password)  # the same cost for an unknown name: no guessing by time
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None):
        return False


class ThreeOfFourClassesValidator:
    """等保 2.0 asks for complexity: three of lower case, upper case, digits and other characters."""

    def validate(self, password, user=None):
        tests = [str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum()]
        if sum(any(test(char) for char in password) for test in tests) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self):
        return _("Use three of: small letters, capital letters, digits, other characters.")


def locked_out(request, credentials, *args, **kwargs):
    """The page after too many wrong tries; says for how long, not whether the name exists."""
    return render(request, "registration/locked_out.html", status=429)


def needs_factor(user):
    """Does the security profile ask this person for a second factor? Not in the demo."""
    wanted = set(settings.PROFILE["totp_roles"])
    if settings.DEMO or not wanted:
        return False
    return bool({role for _path, role in user.posts} & wanted)


def has_factor(user):
    """Has this person set up an authenticator?"""
    return user.totpdevice_set.filter(confirmed=True).exists()


def is_password_too_old(user, now):
    """Does the security profile want a new password? Not in the demo, where nobody has one."""
    days = settings.PROFILE["password_days"]
    if settings.DEMO or not days:
        return False
    return user.password_changed_at is None or now - user.password_changed_at > timedelta(days=days)


def owed_page(request, now):
    """The URL name of the page a signed-in person must see first, or None.

    Whether there is an authenticator is noted in the session at sign-in: asking at every request
    would cost each page a query.
    """
    user = request.user
    if not user.is_verified():
        if request.session.get(HAS_FACTOR):
            return "core:verify"
        if needs_factor(user):
            return "core:totp"
    return "core:password" if is_password_too_old(user, now) else None


def end_session(row):
    """End a session: its rows go, the browser that held it is signed out at its next request."""
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()


@receiver(user_logged_in)
def remember_session(request, user, **kwargs):
    """Every sign-in becomes a row, listed under the person's account."""
    now = timezone.now()
    request.session[HAS_FACTOR] = has_factor(user)
    if not request.session.session_key:  # another person's session was flushed just before
        request.session.create()
    SignedInSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "opened_at": now,
            "seen_at": now,
            "ip_address": get_client_ip_address(request),
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:300],
            "is_shared_phone": bool(getattr(request, "is_shared_phone", False)),
        },
    )


@receiver(user_logged_out)
def forget_session(request, user, **kwargs):
    SignedInSession.objects.filter(session_key=request.session.session_key).delete()


def is_shared_phone(request):
    """Did this person say at sign-in that others use this phone too?"""
    rows = SignedInSession.objects.filter(session_key=request.session.session_key, user_id=request.user.pk)
    return rows.filter(is_shared_phone=True).exists()
