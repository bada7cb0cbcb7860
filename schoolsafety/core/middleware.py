"""Headers that every answer carries, and the guard over open sessions."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from .models import SignedInSession
from .signin import owed_page

SEEN_EVERY = timedelta(minutes=1)
# Scripts call these addresses: a redirect to a page of ours would look like a success to them.
INTERFACE = "/api/"
# Set by the field client when somebody signs out without a network: the session ends at the next request.
SIGNED_OUT = "signed_out"
# Whose number the browser was last answered under: the field client shows nothing of anybody else, at once
# and without asking the server. No secret, and the server itself never reads it.
WHOSE = "whose"
# What answers even to a person who still owes the second factor or a new password.
ALWAYS_OPEN = [reverse_lazy(f"core:{name}") for name in ("logout", "look", "healthz", "readyz")]


class SecurityHeadersMiddleware:
    """Content-Security-Policy with Django 6's setting name, and no caching of anything personal."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
            patch_vary_headers(response, ["Cookie"])
        return response


class AskForLoginMiddleware(LoginRequiredMiddleware):
    """Pages lead to the login; the interface says 401."""

    def handle_no_permission(self, request, view_func):
        if request.path.startswith(INTERFACE):
            return JsonResponse({"code": "sign_in", "message": _("Sign in first.")}, status=401)
        return super().handle_no_permission(request, view_func)


class SessionGuardMiddleware:
    """Ends sessions that were revoked, were idle too long, or belong to a shared phone left alone.

    To the interface, a person who still owes the second factor or a new password is nobody yet.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        now = timezone.now()
        if request.user.is_authenticated:
            self._guard(request, now)
        owed = None
        if request.user.is_authenticated and request.path not in ALWAYS_OPEN:
            owed = owed_page(request, now)
        is_nobody_yet = bool(owed) and request.path.startswith(INTERFACE)
        if is_nobody_yet:
            request.user = AnonymousUser()
        elif owed and request.path != reverse(owed):
            return redirect(owed)
        answer = self.get_response(request)
        if SIGNED_OUT in request.COOKIES:
            answer.delete_cookie(SIGNED_OUT)
        if not is_nobody_yet:  # the browser is still this person's: nothing there belongs to somebody else
            self._say_whose(request, answer)
        return answer

    def _say_whose(self, request, answer):
        number = str(request.user.pk) if request.user.is_authenticated else ""
        if number == request.COOKIES.get(WHOSE, ""):
            return
        if number:
            answer.set_cookie(WHOSE, number, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        else:
            answer.delete_cookie(WHOSE)

    def _guard(self, request, now):
        row = SignedInSession.objects.filter(session_key=request.session.session_key).first()
        is_over = SIGNED_OUT in request.COOKIES
        if is_over or row is None or row.user_id != request.user.pk or self._is_idle(row, now):
            if row is not None:
                row.delete()
            logout(request)
        elif now - row.seen_at > SEEN_EVERY:
            SignedInSession.objects.filter(pk=row.pk).update(seen_at=now)

    def _is_idle(self, row, now):
        limits = [settings.PROFILE["idle_minutes"], 30 if row.is_shared_phone else None]
        minutes = min((limit for limit in limits if limit), default=None)
        return minutes is not None and now - row.seen_at > timedelta(minutes=minutes)
