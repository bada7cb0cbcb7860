"""Signing in: by name or phone number, throttled; every open session is a row that can be revoked."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.dispatch import receiver
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import SignedInSession, User


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
    return not settings.DEMO and bool({role for _path, role in user.posts} & wanted)


@receiver(user_logged_in)
def remember_session(request, user, **kwargs):
    """Every sign-in becomes a row, listed under the person's account."""
    now = timezone.now()
    SignedInSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "opened_at": now,
            "seen_at": now,
            "ip_address": request.META.get("REMOTE_ADDR"),
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:300],
            "is_shared_phone": bool(getattr(request, "is_shared_phone", False)),
        },
    )


@receiver(user_logged_out)
def forget_session(request, user, **kwargs):
    SignedInSession.objects.filter(session_key=request.session.session_key).delete()
