"""The second factor: set up an authenticator, take it off, type its six digits."""

import segno
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp import login as otp_login
from django_otp import match_token

from ..forms import CodeForm
from ..signin import HAS_FACTOR, end_session, has_factor, needs_factor


def totp(request):
    """Set up an authenticator: scan, type six digits, done; or take it off."""
    if has_factor(request.user):
        return _installed(request)
    device, _created = request.user.totpdevice_set.get_or_create(confirmed=False, defaults={"name": "phone"})
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            _sign_in(request, device)
            for row in request.user.signed_in_sessions.exclude(session_key=request.session.session_key):
                end_session(row)  # they were opened by the password alone
            messages.success(request, _("The second factor is on."))
            return redirect("core:me")
        form.add_error("code", _("This code does not fit. Look at the clock of the phone."))
    context = {
        "form": form,
        "key": device.config_url,
        "qr": segno.make(device.config_url, error="m").svg_inline(scale=5, border=2, light="#fff"),
    }
    return render(request, "core/totp.html", context, status=400 if form.errors else 200)


def _installed(request):
    """The page of someone who has an authenticator: only after its six digits may it be taken off."""
    if not request.user.is_verified():
        return redirect("core:verify")
    if request.method == "POST" and "off" in request.POST:
        if needs_factor(request.user):
            messages.error(request, _("Your post needs the second factor."))
        else:
            request.user.totpdevice_set.all().delete()
            request.session[HAS_FACTOR] = False
            messages.success(request, _("The second factor is off."))
        return redirect("core:totp")
    return render(request, "core/totp.html", {"is_on": True, "is_needed": needs_factor(request.user)})


def verify(request):
    """After the password: the six digits."""
    if not has_factor(request.user):
        raise Http404
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = match_token(request.user, form.cleaned_data["code"])
        if device:
            _sign_in(request, device)
            return redirect("core:home")
        form.add_error("code", _("This code does not fit. Look at the clock of the phone."))
    return render(request, "core/verify.html", {"form": form}, status=400 if form.errors else 200)


def _sign_in(request, device):
    otp_login(request, device)
    request.session[HAS_FACTOR] = True
