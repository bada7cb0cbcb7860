"""The field client's shells, worker and manifest: asked for without a session, sent without a secret."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from .. import field_shells

LANGUAGES = dict(settings.LANGUAGES)


@login_not_required
@require_safe
def shell(request, screen):
    """One screen. It may be kept, but is asked for anew each time: a new release must arrive."""
    return _answer(request, field_shells.shell(screen, _language(request)), "text/html; charset=utf-8")


@login_not_required
@require_safe
def worker(request):
    """Served from /m/, so that its reach is /m/ and nothing else of the site."""
    return _answer(request, field_shells.worker(_language(request)), "text/javascript; charset=utf-8")


@login_not_required
@require_safe
def manifest(request):
    return _answer(request, field_shells.manifest(_language(request)), "application/manifest+json")


def _language(request):
    """The worker names its language; a person's own choice comes by cookie, as everywhere."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else get_language()


def _answer(request, built, content_type):
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(built.packed if is_packed else built.plain, content_type=content_type)
    if is_packed:
        answer["Content-Encoding"] = "gzip"
    answer["Cache-Control"] = "no-cache"
    answer["ETag"] = built.etag
    patch_vary_headers(answer, ["Accept-Encoding", "Cookie"])
    return get_conditional_response(request, etag=built.etag, response=answer)
