"""Makes room for chasing."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0007_funding")]
    operations: list = []
