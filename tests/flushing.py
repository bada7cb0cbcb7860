"""Empties the test database after tests that commit, although history cannot be truncated in service."""

import pytest
from django.db import connection

PROTECTED = ["core_event", "core_eventtext", "core_anchor", "core_anchorleaf", "core_paper"]


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_triggers():
    """Only the flush between tests takes the guards down, for its own transaction, and puts them up again."""
    if connection.vendor != "postgresql":
        yield
        return
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def flush(self, sql_list):
        guards = _guards() if sql_list else []
        down = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in guards]
        up = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for table, name in guards]
        plain(self, [*down, *sql_list, *up])

    operations.execute_sql_flush = flush
    yield
    operations.execute_sql_flush = plain


def _guards():
    """(table, trigger) of every guard over the history."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND c.relname = ANY(%s)",
            [PROTECTED],
        )
        return cursor.fetchall()
