"""Version 1 of the built-in checklist: 245 items."""

from django.db import migrations

from inspections.services.checklists import load_builtin


def load(apps, schema_editor):
    load_builtin(
        apps.get_model("inspections", "ChecklistTemplate"), apps.get_model("inspections", "ChecklistItem")
    )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial"), ("hazards", "0002_categories")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
