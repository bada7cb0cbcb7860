"""History, anchors and issued papers cannot be changed or deleted, whoever asks through the database.

PostgreSQL: triggers on UPDATE, DELETE and TRUNCATE, ENABLE ALWAYS so that a replica role does not skip
them. SQLite: triggers on UPDATE and DELETE, and one on INSERT, because INSERT OR REPLACE deletes
without firing them, by whichever unique key it meets. The words of an event may be erased, nothing
else of them may change.
"""

from django.db import migrations

# table -> its other unique keys
TABLES = {
    "core_event": [("organisation_id", "seq")],
    "core_anchor": [("day",)],
    "core_anchorleaf": [("anchor_id", "organisation_id")],
    "core_paper": [("number",), ("identifier",)],
}
WORDS, WORDS_KEYS = "core_eventtext", [("event_id",)]

POSTGRES = """
CREATE FUNCTION {t}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{t} is append-only'; END $$;
CREATE TRIGGER {t}_append_only BEFORE UPDATE OR DELETE ON {t}
FOR EACH ROW EXECUTE FUNCTION {t}_is_append_only();
"""
POSTGRES_WORDS = """
CREATE FUNCTION {t}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.text = '' AND NEW.erased_at IS NOT NULL AND NEW.event_id = OLD.event_id AND NEW.salt = OLD.salt
       AND NEW.id = OLD.id THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '{t} can only be erased';
END $$;
CREATE TRIGGER {t}_append_only BEFORE UPDATE OR DELETE ON {t}
FOR EACH ROW EXECUTE FUNCTION {t}_is_append_only();
"""
POSTGRES_ALL = """
CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON {t}
FOR EACH STATEMENT EXECUTE FUNCTION {t}_is_append_only();
ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_append_only;
ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_no_truncate;
"""
SQLITE_UPDATE = (
    "CREATE TRIGGER {t}_no_update BEFORE UPDATE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END"
)
SQLITE_WORDS_UPDATE = """CREATE TRIGGER {t}_no_update BEFORE UPDATE ON {t}
    WHEN NOT (NEW.text = '' AND NEW.erased_at IS NOT NULL AND NEW.event_id = OLD.event_id
              AND NEW.salt = OLD.salt AND NEW.id = OLD.id)
    BEGIN SELECT RAISE(ABORT, '{t} can only be erased'); END"""
SQLITE_DELETE = (
    "CREATE TRIGGER {t}_no_delete BEFORE DELETE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END"
)
SQLITE_INSERT = """CREATE TRIGGER {t}_no_replace BEFORE INSERT ON {t} WHEN EXISTS (SELECT 1 FROM {t} WHERE {same})
    BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END"""


def protect(apps, schema_editor):
    on_postgres = schema_editor.connection.vendor == "postgresql"
    for table, keys in (TABLES | {WORDS: WORDS_KEYS}).items():
        if on_postgres:
            own = POSTGRES_WORDS if table == WORDS else POSTGRES
            schema_editor.execute((own + POSTGRES_ALL).format(t=table))
        else:
            for statement in sqlite_guards(table, keys):
                schema_editor.execute(statement)


def sqlite_guards(table, keys):
    """The statements that make one SQLite table append-only."""
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in [("id",), *keys]
    )
    update = SQLITE_WORDS_UPDATE if table == WORDS else SQLITE_UPDATE
    return [part.format(t=table, same=same) for part in (update, SQLITE_DELETE, SQLITE_INSERT)]


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
