"""Makes room for look backs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_stop_orders")]
    operations: list = []
