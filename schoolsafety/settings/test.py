"""Settings of the test suite: fast hashing, mail kept in memory, plain static files, a folder of its own."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-the-tests-of-school-safety-0123456789")
from .base import *  # noqa: F403 -- every setting, then the differences
from .base import BASE_DIR, DATABASES, IS_SQLITE, PROFILE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="schoolsafety-media-"))
CELERY_TASK_ALWAYS_EAGER = False
# A client that force_login()s has no authenticator; the tests of the second factor switch it on.
PROFILE = PROFILE | {"totp_roles": []}
WHITENOISE_AUTOREFRESH = True
STATICFILES_DIRS = [BASE_DIR / "static"]
if IS_SQLITE and not os.environ.get("DATABASE_URL"):
    DATABASES["default"]["NAME"] = ":memory:"
    DATABASES["default"]["TEST"] = {"NAME": None}
FIELD_PUTS_PER_MINUTE = 10_000
