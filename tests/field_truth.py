"""What a site's database holds, by bare SQL, past all services: for proofs that nothing is lost or doubled.

`python -m tests.field_truth` prints it as JSON, run with the environment of the site. With the output of
`--mark` from before given as `--since`, only what was added after it.
"""

import json
import os
import sys
import uuid
from pathlib import Path

import django

TABLES = [
    "inspections_fieldrecord", "inspections_fieldphoto", "inspections_patrol", "inspections_finding",
    "hazards_hazard", "core_attachment", "core_event",
]  # fmt: skip
RECORDS = "SELECT client_uuid, kind, payload_sha256, reply, is_time_doubtful FROM inspections_fieldrecord"
PATROLS = "SELECT client_uuid, number, status FROM inspections_patrol"
PHOTOS = "SELECT client_uuid, record_uuid, sha256, used_at IS NOT NULL FROM inspections_fieldphoto"
# An attachment with the keys of whatever it may belong to; exactly one of them fits its type.
ATTACHMENTS = """
SELECT type.model, patrol.client_uuid, finding.client_uuid, hazard.client_uuid, hazard.number,
  photo.client_uuid, core_attachment.purpose, core_attachment.original_sha256, core_attachment.file
FROM core_attachment JOIN django_content_type type ON type.id = core_attachment.owner_type_id
LEFT JOIN inspections_patrol patrol ON type.model = 'patrol' AND patrol.id = core_attachment.owner_id
LEFT JOIN inspections_finding finding ON type.model = 'finding' AND finding.id = core_attachment.owner_id
LEFT JOIN hazards_hazard hazard ON type.model = 'hazard' AND hazard.id = core_attachment.owner_id
LEFT JOIN inspections_fieldphoto photo ON type.model = 'fieldphoto' AND photo.id = core_attachment.owner_id
"""


def ask(cursor, sql: str, *values) -> list[tuple]:
    cursor.execute(sql, values)
    return cursor.fetchall()


def key(value) -> str | None:
    """A UUID in one spelling: SQLite keeps 32 characters, PostgreSQL a type of its own."""
    return None if value is None else str(uuid.UUID(str(value)))


def mark(cursor) -> dict:
    """Where each table ends now, and the patrols counted in the schools' days."""
    ends = {table: ask(cursor, f"SELECT coalesce(max(id), 0) FROM {table}")[0][0] for table in TABLES}
    return ends | {"patrols of the days": _patrols_of_the_days(cursor)}


def truth(cursor, since: dict) -> dict:
    """Everything that was added after `since`."""

    def added(sql, table):
        return ask(cursor, f"{sql} WHERE {table}.id > %s ORDER BY {table}.id", since.get(table, 0))

    return {
        "records": [
            {
                "cid": key(cid), "kind": kind, "sha256": sha256, "doubtful": bool(doubtful),
                "reply": json.loads(reply) if isinstance(reply, str) else reply,
            }
            for cid, kind, sha256, reply, doubtful in added(RECORDS, "inspections_fieldrecord")
        ],
        "photos": [
            {"cid": key(cid), "record": key(record), "sha256": sha256, "used": bool(used)}
            for cid, record, sha256, used in added(PHOTOS, "inspections_fieldphoto")
        ],
        "patrols": [
            {"cid": key(cid), "number": number, "status": status}
            for cid, number, status in added(PATROLS, "inspections_patrol")
        ],
        "findings": [
            key(cid) for (cid,) in added("SELECT client_uuid FROM inspections_finding", "inspections_finding")
        ],
        "hazards": [key(cid) for (cid,) in added("SELECT client_uuid FROM hazards_hazard", "hazards_hazard")],
        "attachments": [_attachment(*row) for row in added(ATTACHMENTS, "core_attachment")],
        "events": dict(
            ask(
                cursor, "SELECT verb, count(*) FROM core_event WHERE id > %s GROUP BY verb",
                since.get("core_event", 0),
            )
        ),
        "patrols of the days": _patrols_of_the_days(cursor) - since.get("patrols of the days", 0),
    }  # fmt: skip


def _patrols_of_the_days(cursor) -> int:
    return int(ask(cursor, "SELECT coalesce(sum(patrols), 0) FROM inspections_patrolday")[0][0])


def _attachment(model, patrol, finding, hazard, number, photo, purpose, sha256, file) -> dict:
    """One stored file with what its picture says, if it is one of the marked ones."""
    from django.conf import settings  # noqa: PLC0415 -- the settings come with the environment

    from tests.marked_photos import Unreadable, read  # noqa: PLC0415 -- as above

    owner = {"patrol": patrol, "finding": finding, "hazard": hazard, "fieldphoto": photo}.get(model)
    path = Path(settings.MEDIA_ROOT) / file
    try:
        seen = read(path.read_bytes())
        picture = f"record {seen.record}, photo {seen.photo}, run {seen.run}"
    except (Unreadable, OSError, SyntaxError):
        picture = None
    return {
        "model": model, "owner": key(owner), "number": number, "purpose": purpose, "sha256": sha256,
        "picture": picture,
    }  # fmt: skip


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolsafety.settings.base")
    django.setup()
    from django.db import connection  # noqa: PLC0415 -- needs the settings

    with connection.cursor() as cursor:
        if arguments == ["--mark"]:
            found = mark(cursor)
        else:
            found = truth(cursor, json.loads(arguments[1]) if arguments[:1] == ["--since"] else {})
    sys.stdout.write(f"{json.dumps(found, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
