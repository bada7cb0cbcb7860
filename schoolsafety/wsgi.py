"""WSGI entry point. Refuses to serve while the settings are unsafe."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolsafety.settings.base")

application = get_wsgi_application()

from schoolsafety.core.safety import refuse_unsafe_start  # noqa: E402 -- needs the app registry

refuse_unsafe_start()
