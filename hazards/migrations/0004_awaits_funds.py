"""Hazards that wait for money are told apart from overdue ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hazards", "0003_legal_bases")]
    operations = [
        migrations.AddField(
            model_name="hazard",
            name="awaits_funds_since",
            field=models.DateField(editable=False, null=True),
        ),
    ]
