"""The second factor (TOTP), and the first administrator."""

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp import login as otp_login
from django_otp import match_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from .. import first_run
from ..forms import CodeForm, FirstAdministratorForm
from ..models import User
from ..signin import needs_factor


def totp(request):
    """Set up an authenticator: scan, type six digits, done; or take it off."""
    user = request.user
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if request.method == "POST" and "off" in request.POST:
        if needs_factor(user):
            messages.error(request, _("Your post needs the second factor."))
        else:
            TOTPDevice.objects.filter(user=user).delete()
        return redirect("core:totp")
    fresh = (
        device or TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "phone"})[0]
    )
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if fresh.verify_token(form.cleaned_data["code"].strip()):
            TOTPDevice.objects.filter(pk=fresh.pk).update(confirmed=True)
            otp_login(request, fresh)
            messages.success(request, _("The second factor is on."))
            return redirect("core:me")
        form.add_error("code", _("This code does not fit. Look at the clock of the phone."))
    context = {"form": form, "device": device, "key": None if device else fresh.config_url}
    if not device:
        context["qr"] = segno.make(fresh.config_url, error="m").svg_inline(scale=5, border=2)
    return render(request, "core/totp.html", context, status=400 if form.errors else 200)


def verify(request):
    """After the password: the six digits."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = match_token(request.user, form.cleaned_data["code"].strip())
        if device:
            otp_login(request, device)
            return redirect("core:home")
        form.add_error("code", _("This code does not fit. Look at the clock of the phone."))
    return render(request, "core/verify.html", {"form": form}, status=400 if form.errors else 200)


@login_not_required
def setup(request, token):
    """The one-time link of the first run."""
    if not first_run.is_valid(token):
        raise Http404
    form = FirstAdministratorForm(User(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = form.cleaned_data
        user = first_run.create_first(
            bureau=chosen["bureau"], code=chosen["code"], username=chosen["username"], name=chosen["name"],
            password=chosen["new"], on=timezone.localdate(),
        )  # fmt: skip
        login(request, user, backend="schoolsafety.core.signin.NameOrPhoneBackend")
        return redirect("core:home")
    return render(request, "registration/setup.html", {"form": form}, status=400 if form.errors else 200)
