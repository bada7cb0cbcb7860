"""Is the site alive, and is it ready? For load balancers and for the administrator's eye."""

import shutil
import uuid

from celery import current_app as app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.utils import timezone

from .. import jobs

BEAT_IS_LATE_AFTER = 300  # seconds


@login_not_required
def healthz(request):
    """Alive: the process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request):
    """Ready: database, media, cache, worker's beat, fonts and disk. 503 if one of them is not."""
    checks = {name: _ask(check) for name, check in CHECKS.items()}
    is_ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse({"ready": is_ready, "checks": checks}, status=200 if is_ready else 503)


def _ask(check):
    try:
        return check() or "ok"
    except Exception as failure:
        return type(failure).__name__


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _media():
    path = settings.MEDIA_ROOT / f".probe-{uuid.uuid4().hex}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    path.unlink()


def _cache():
    cache.set("probe", "1", 5)
    return None if cache.get("probe") == "1" else "no answer"


def _beat():
    """The newest sign of life of beat and worker; a site without any job yet is young, not broken."""
    newest = jobs.last_sign_of_life()
    if newest and (timezone.now() - newest).total_seconds() > BEAT_IS_LATE_AFTER:
        return "late"
    return None


def _broker():
    """Only asks whether the broker answers: the queue may be long, the site is still ready."""
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=3)


def _fonts():
    from ..pdf.fonts import font_status  # noqa: PLC0415 -- heavy import

    return "missing" if font_status().missing_all() else None


def _disk():
    free = shutil.disk_usage(settings.VAR_DIR).free
    return None if free > 200 * 1024 * 1024 else "less than 200 MB free"


CHECKS = {
    "database": _database, "media": _media, "cache": _cache, "broker": _broker, "beat": _beat,
    "fonts": _fonts, "disk": _disk,
}  # fmt: skip
