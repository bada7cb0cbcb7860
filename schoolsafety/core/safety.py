"""What makes a start unsafe, and the refusal to start then."""

import sys

from django.conf import settings
from django.db import connection


def refuse_unsafe_start():
    """Exit with every reason at once, so that one restart mends them all."""
    reasons = unsafe_reasons()
    if reasons:
        sys.exit("School Safety does not start:\n" + "\n".join(f"- {reason}" for reason in reasons))


def unsafe_reasons():
    """Sentences, empty when it is safe to serve. Loopback-only installations may be simple, others not."""
    if settings.IS_LOOPBACK_ONLY:
        return []
    reasons = []
    if settings.DEMO:
        reasons.append("SCHOOLSAFETY_DEMO=1 lets anyone enter: it is for 127.0.0.1 only.")
    if settings.DEBUG:
        reasons.append("DEBUG=1 shows the inside of the program: it is for 127.0.0.1 only.")
    if not settings.HAS_OWN_SECRET_KEY or len(settings.SECRET_KEY) < 50:
        reasons.append("SECRET_KEY must be set to at least 50 random characters.")
    if settings.IS_SQLITE:
        reasons.append("DATABASE_URL must name a PostgreSQL database.")
    else:
        reasons += _database_reasons()
    return reasons + _broker_reasons() + _font_reasons()


def _database_reasons():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync')")
        found = dict(cursor.fetchall())
    return [f"PostgreSQL runs with {name}={value}: acknowledged records can be lost."
            for name, value in found.items() if value == "off"]  # fmt: skip


def _broker_reasons():
    from redis import Redis  # noqa: PLC0415 -- only where Redis is used

    broker, cache = settings.CELERY_BROKER_URL, settings.CACHES["default"].get("LOCATION", "")
    if not broker.startswith("redis"):
        return ["CELERY_BROKER_URL must name a Redis of its own."]
    with Redis.from_url(broker) as redis:
        policy = redis.config_get("maxmemory-policy")["maxmemory-policy"]
        run_id = redis.info("server")["run_id"]
    reasons = []
    if policy != "noeviction":
        reasons.append(f"The broker's Redis evicts under pressure ({policy}): jobs would vanish.")
    if isinstance(cache, str) and cache.startswith("redis"):
        with Redis.from_url(cache) as redis:
            if redis.info("server")["run_id"] == run_id:
                reasons.append("Cache and broker must be two Redis instances.")
    return reasons


def _font_reasons():
    from .pdf.fonts import font_status  # noqa: PLC0415 -- heavy import

    return [f"No Chinese font for {style}: papers would be boxes." for style in font_status().missing_all()]
