"""History, anchors and issued papers cannot be changed or deleted, whoever asks through the database.

PostgreSQL: triggers on UPDATE, DELETE and TRUNCATE, ENABLE ALWAYS so that a replica role does not skip
them. SQLite: triggers on UPDATE and DELETE, and one on INSERT, because INSERT OR REPLACE deletes
without firing them. The words of an event may be erased, nothing else of them may change.
"""

from django.db import migrations

TABLES = ["core_event", "core_anchor", "core_anchorleaf", "core_paper"]
WORDS = "core_eventtext"

POSTGRES = """
CREATE FUNCTION {t}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{t} is append-only'; END $$;
CREATE TRIGGER {t}_append_only BEFORE UPDATE OR DELETE ON {t}
FOR EACH ROW EXECUTE FUNCTION {t}_is_append_only();
CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON {t}
FOR EACH STATEMENT EXECUTE FUNCTION {t}_is_append_only();
ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_append_only;
ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_no_truncate;
"""
POSTGRES_WORDS = """
CREATE FUNCTION {t}_only_erased() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'UPDATE' AND NEW.text = '' AND NEW.erased_at IS NOT NULL AND NEW.event_id = OLD.event_id
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION '{t} can only be erased';
END $$;
CREATE TRIGGER {t}_append_only BEFORE UPDATE OR DELETE ON {t}
FOR EACH ROW EXECUTE FUNCTION {t}_only_erased();
ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_append_only;
"""
SQLITE = [
    "CREATE TRIGGER {t}_no_update BEFORE UPDATE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END",
    "CREATE TRIGGER {t}_no_delete BEFORE DELETE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END",
    """CREATE TRIGGER {t}_no_replace BEFORE INSERT ON {t} WHEN EXISTS (SELECT 1 FROM {t} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END""",
]
SQLITE_WORDS = [
    """CREATE TRIGGER {t}_no_update BEFORE UPDATE ON {t}
    WHEN NOT (NEW.text = '' AND NEW.erased_at IS NOT NULL AND NEW.event_id = OLD.event_id)
    BEGIN SELECT RAISE(ABORT, '{t} can only be erased'); END""",
    "CREATE TRIGGER {t}_no_delete BEFORE DELETE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END",
]


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(POSTGRES.format(t=table))
        schema_editor.execute(POSTGRES_WORDS.format(t=WORDS))
    else:
        for table in TABLES:
            for statement in SQLITE:
                schema_editor.execute(statement.format(t=table))
        for statement in SQLITE_WORDS:
            schema_editor.execute(statement.format(t=WORDS))


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
