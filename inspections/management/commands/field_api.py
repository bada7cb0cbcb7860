"""Writes the document of the field client's interface (OpenAPI 3.1) to docs/field-api.json."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand

from inspections.views.field_api import document


class Command(BaseCommand):
    help = "Write docs/field-api.json, the OpenAPI document of the field client's interface."

    def handle(self, *args, **options):
        path = settings.BASE_DIR / "docs" / "field-api.json"
        path.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
