"""Makes room for judgements."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_write_ahead_log"),
        ("hazards", "0003_legal_bases"),
        ("inspections", "0006_patrol_phone_facts"),
    ]
    operations: list = []
