"""The clauses that a notice may cite at first. Those taken from reprints wait for someone to check them."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "legal_bases.csv"


def load(apps, schema_editor):
    LegalBasis = apps.get_model("hazards", "LegalBasis")
    with DATA.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            categories = row.pop("categories").split("|")
            row["is_verified"] = row["is_verified"] == "1"
            basis, _created = LegalBasis.objects.get_or_create(code=row["code"], defaults=row)
            basis.categories.set(categories)


class Migration(migrations.Migration):
    dependencies = [("hazards", "0002_categories")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
