"""The 17 categories of hazards and checklist items."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "categories.csv"


def load(apps, schema_editor):
    Category = apps.get_model("hazards", "Category")
    with DATA.open(encoding="utf-8", newline="") as stream:
        rows = [Category(order=order, **row) for order, row in enumerate(csv.DictReader(stream))]
    Category.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
