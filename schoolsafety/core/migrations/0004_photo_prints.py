"""Room for the fingerprints of photos; a nightly job fingerprints those kept before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_write_ahead_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhotoPrint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("bits", models.CharField(blank=True, max_length=16)),
                ("look", models.CharField(blank=True, max_length=240)),
                ("band_0", models.PositiveIntegerField(db_index=True, null=True)),
                ("band_1", models.PositiveIntegerField(db_index=True, null=True)),
                ("band_2", models.PositiveIntegerField(db_index=True, null=True)),
                ("band_3", models.PositiveIntegerField(db_index=True, null=True)),
            ],
        ),
    ]
