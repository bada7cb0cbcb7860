"""Error pages: what happened, a reference to quote, and a way back."""

import logging
import secrets

from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def forbidden(request, exception=None):
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """The reference stands in the log too. No context processors: the database may be down."""
    reference = secrets.token_hex(4)
    log.error("Reference %s: %s %s", reference, request.method, request.path)
    return HttpResponseServerError(render_to_string("500.html", {"reference": reference}))


def csrf_failure(request, reason=""):
    """The form was open too long or came from elsewhere: nothing was saved."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "csrf", "message": ""}, status=403)
    text = _("This form was open too long. Nothing was saved; go back, reload and send it again.")
    return render(request, "403.html", {"reason": text}, status=403)
