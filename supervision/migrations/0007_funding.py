"""Makes room for funding."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0006_surroundings")]
    operations: list = []
