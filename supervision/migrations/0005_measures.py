"""Makes room for measures."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0004_look_backs")]
    operations: list = []
