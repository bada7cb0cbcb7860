"""SQLite keeps a write-ahead log: set once here, because setting it per connection can itself be locked."""

from django.db import migrations


def use_wal(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("core", "0002_append_only")]
    operations = [migrations.RunPython(use_wal, migrations.RunPython.noop)]
