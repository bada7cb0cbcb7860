"""Signing in and out, the demo's door, passwords, the second factor."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_otp import login as otp_login

from .. import first_run, people
from ..forms import FirstAdministratorForm, SignInForm, WordsForm
from ..paging import whole_number
from ..signin import is_password_too_old

LOOPBACK = {"127.0.0.1", "::1"}


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
    """Ends the session. The browser forgets what it kept when asked to: unsent records may lie there."""
    logout(request)
    answer = redirect("core:login")
    if request.POST.get("clear") == "1":
        answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@login_not_required
def demo(request):
    """Enter as any demo person, then on to `next`: in demo mode and from this machine only."""
    if not settings.DEMO or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    if request.method == "POST":
        post = get_object_or_404(
            people.demo_posts(timezone.localdate()), pk=whole_number(request.POST.get("post"))
        )
        _enter(request, post.user)
        return redirect(_own_address(request, request.GET.get("next")))
    groups = people.demo_groups(timezone.localdate())
    return render(request, "registration/demo.html", {"groups": groups})


@login_not_required
def activate(request, uid, token):
    """The one-time link that an import or an administrator makes: choose a password, and you are in."""
    user = people.newcomer(uid, token)
    if user is None:
        return render(request, "registration/link_used.html", status=410)
    form = WordsForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        people.set_password(user, form.cleaned_data["new"], now=timezone.now())
        _enter(request, user)
        return redirect("core:home")
    context = {"form": form, "newcomer": user}
    return render(request, "registration/activate.html", context, status=400 if form.errors else 200)


@login_not_required
def setup(request, token):
    """The one-time link of the first run: the bureau and its first administrator."""
    if not first_run.is_valid(token):
        return render(request, "registration/link_used.html", status=410)
    form = FirstAdministratorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = first_run.create_first(**form.facts(), now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _enter(request, user)
            return redirect("core:home")
    return render(request, "registration/setup.html", {"form": form}, status=400 if form.errors else 200)


def change_password(request):
    """A new password for oneself; other sessions end."""
    form = WordsForm(request.user, request.POST if request.method == "POST" else None, ask_old=True)
    if form.is_valid():
        people.set_password(request.user, form.cleaned_data["new"], now=timezone.now())
        _enter(request, request.user)
        messages.success(request, _("The password is changed; other sessions have ended."))
        return redirect("core:me")
    context = {"form": form, "is_old": is_password_too_old(request.user, timezone.now())}
    return render(request, "core/password.html", context, status=400 if form.errors else 200)


@login_not_required
@require_POST
def look(request):
    """Theme, type size and language, kept in cookies: "theme", "size", "django_language"."""
    answer = redirect(_own_address(request, request.POST.get("next")))
    choices = {"theme": {"", "light", "dark"}, "size": {"", "large"}, "language": {"zh-hans", "en"}}
    for name, allowed in choices.items():
        if request.POST.get(name) in allowed and name in request.POST:
            cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
            answer.set_cookie(cookie, request.POST[name], max_age=31536000, samesite="Lax")
    return answer


def _own_address(request, target):
    """`target` if it is an address of this site, else the home page."""
    target = target or "/"
    is_own = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if is_own else "/"


def _enter(request, user):
    """Sign `user` in here; an authenticator already answered in this session stays answered."""
    device = getattr(request.user, "otp_device", None) if request.user == user else None
    login(request, user, backend="schoolsafety.core.signin.NameOrPhoneBackend")
    if device:
        otp_login(request, device)
