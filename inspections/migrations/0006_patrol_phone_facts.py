from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_field_records")]

    operations = [
        migrations.AddField(
            model_name="patrol",
            name="checkins",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="patrol",
            name="missed_item_ids",
            field=models.JSONField(default=list),
        ),
    ]
