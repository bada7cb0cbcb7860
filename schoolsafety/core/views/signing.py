"""Signing in and out, the demo's door, passwords, the second factor."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import LoginView
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..forms import SignInForm, WordsForm
from ..models import Post
from ..roles import Role


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """By name or phone number; "shared phone" ends with the browser and after 30 idle minutes."""

    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        self.request.is_shared_phone = form.cleaned_data["is_shared_phone"]
        answer = super().form_valid(form)
        if form.cleaned_data["is_shared_phone"]:
            self.request.session.set_expiry(0)
        return answer


@require_POST
def sign_out(request):
    """Ends the session and asks the browser to forget what it kept."""
    logout(request)
    answer = redirect("core:login")
    answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@login_not_required
def demo(request):
    """Enter as any demo person: in demo mode and from this machine only."""
    if not settings.DEMO or request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1"}:
        raise Http404
    if request.method == "POST":
        post = get_object_or_404(_demo_posts(), pk=request.POST.get("post") or 0)
        login(request, post.user, backend="schoolsafety.core.signin.NameOrPhoneBackend")
        return redirect("core:home")
    return render(request, "registration/demo.html", {"groups": _demo_groups()})


@login_not_required
def activate(request, uid, token):
    """The one-time link that an import or an administrator makes: choose a password, and you are in."""
    user = _user_of(uid)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "registration/link_used.html", status=410)
    form = WordsForm(user, request.POST or None)
    if form.is_valid():
        form.save()
        get_user_model().objects.filter(pk=user.pk).update(password_changed_at=timezone.now())
        login(request, user, backend="schoolsafety.core.signin.NameOrPhoneBackend")
        return redirect("core:home")
    context = {"form": form, "newcomer": user}
    return render(request, "registration/activate.html", context, status=400 if form.errors else 200)


def change_password(request):
    """A new password for oneself; other sessions end."""
    form = WordsForm(request.user, request.POST or None, ask_old=True)
    if form.is_valid():
        form.save()
        get_user_model().objects.filter(pk=request.user.pk).update(password_changed_at=timezone.now())
        request.user.signed_in_sessions.exclude(session_key=request.session.session_key).delete()
        update_session_auth_hash(request, form.user)
        request.user.signed_in_sessions.all().delete()
        login(request, form.user, backend="schoolsafety.core.signin.NameOrPhoneBackend")
        messages.success(request, _("The password is changed; other sessions have ended."))
        return redirect("core:me")
    return render(request, "core/password.html", {"form": form}, status=400 if form.errors else 200)


@login_not_required
@require_POST
def look(request):
    """Theme, type size and language, kept in cookies: "theme", "size", "django_language"."""
    target = request.POST.get("next") or "/"
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    answer = redirect(target)
    choices = {"theme": {"", "light", "dark"}, "size": {"", "large"}, "language": {"zh-hans", "en"}}
    for name, allowed in choices.items():
        if request.POST.get(name) in allowed and name in request.POST:
            cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
            answer.set_cookie(cookie, request.POST[name], max_age=31536000, samesite="Lax")
    return answer


def _demo_posts():
    return Post.objects.held_on(timezone.localdate()).select_related("user", "organisation")


def _demo_groups():
    """[(role label, posts)] in the order of a newcomer's tour; schools are cut to twelve a role."""
    order = [
        Role.SAFETY_OFFICER, Role.PRINCIPAL, Role.SCHOOL_STAFF, Role.DISTRICT_STAFF, Role.DISTRICT_LEADER,
        Role.CITY_STAFF, Role.CITY_LEADER, Role.AUDITOR, Role.ADMINISTRATOR,
    ]  # fmt: skip
    return [
        (role.label, _demo_posts().filter(role=role).order_by("organisation__code")[:12]) for role in order
    ]


def _user_of(uid):
    try:
        return get_user_model().objects.filter(pk=int(urlsafe_base64_decode(uid).decode())).first()
    except (ValueError, UnicodeDecodeError):
        return None
