"""Phones' records taken in a second on PostgreSQL against the same rows by bare SQL; run by bench.field."""

import hashlib
import io
import json
import time
import uuid

RECORDS = 200
PHOTOS = 40


def main():
    """Fill, measure, print name=value; runs against DATABASE_URL."""
    import django  # noqa: PLC0415 -- the settings come with the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- needs the app registry

    call_command("migrate", verbosity=0)
    officer, packer = _city()
    print(f"photos={_photos(officer):.2f}")
    parcels = [packer.pack(number, "snap") for number in range(RECORDS)]
    for parcel in parcels:
        for photo in parcel.photos:
            _take_photo(photo.cid, photo.content, parcel.cid, officer)
    print(f"service={_taken(parcels, officer):.2f}")
    print(f"sql={_written():.2f}")


def _city():
    """An officer, and a packer of records with the day's data of the school."""
    from django.utils import timezone  # noqa: PLC0415 -- needs the app registry

    from inspections.services import field_day  # noqa: PLC0415 -- needs the app registry
    from schoolsafety.core.roles import Role  # noqa: PLC0415 -- needs the app registry
    from tests.factories import OrganisationFactory, UserFactory  # noqa: PLC0415 -- needs the app registry
    from tests.field_cargo import Packer  # noqa: PLC0415 -- needs the app registry

    city = OrganisationFactory(city=True)
    school = OrganisationFactory(parent=OrganisationFactory(bureau=True, parent=city))
    officer, now = UserFactory(post=(school, Role.SAFETY_OFFICER)), timezone.now()
    day = field_day.build(school, [school], user=officer, now=now)
    return officer, Packer(day, photos=1, seed=1, now=now)


def _take_photo(cid, content, parent, officer):
    from django.utils import timezone  # noqa: PLC0415 -- needs the app registry

    from inspections import walking  # noqa: PLC0415 -- needs the app registry
    from inspections.services import field_photos  # noqa: PLC0415 -- needs the app registry

    now = timezone.now()
    field_photos.take_photo(
        uuid.UUID(cid), content, record_uuid=uuid.UUID(parent), sha256=hashlib.sha256(content).hexdigest(),
        actor=officer, school=walking.own_schools(officer)[0], taken=now, now=now,
    )  # fmt: skip


def _photos(officer):
    """Photos a second, of the size that phones send."""
    from PIL import Image  # noqa: PLC0415 -- only here

    stream = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(stream, "JPEG", quality=60)
    content = stream.getvalue()
    began = time.perf_counter()
    for _n in range(PHOTOS):
        _take_photo(str(uuid.uuid4()), content, str(uuid.uuid4()), officer)
    return PHOTOS / (time.perf_counter() - began)


def _taken(parcels, officer):
    """Records a second, from the bytes of the request to the receipt."""
    from django.utils import timezone  # noqa: PLC0415 -- needs the app registry

    from inspections.field_payload import RecordIn  # noqa: PLC0415 -- needs the app registry
    from inspections.services import field_records  # noqa: PLC0415 -- needs the app registry

    began = time.perf_counter()
    for parcel in parcels:
        content = json.dumps(parcel.record | {"app": 1}).encode()
        record, sha256 = RecordIn.model_validate_json(content), hashlib.sha256(content).hexdigest()
        field_records.take_record(
            uuid.UUID(parcel.cid), record, sha256=sha256, actor=officer, now=timezone.now()
        )
    return len(parcels) / (time.perf_counter() - began)


def _written():
    """Records a second by bare SQL: the rows of the last record written again, one transaction a record."""
    from django.db import connection, transaction  # noqa: PLC0415 -- needs the app registry

    from hazards.models import Hazard  # noqa: PLC0415 -- needs the app registry
    from inspections.models import FieldPhoto, FieldRecord  # noqa: PLC0415 -- needs the app registry
    from schoolsafety.core.models import Attachment, Event  # noqa: PLC0415 -- needs the app registry

    hazard, record, event = (model.objects.latest("pk") for model in (Hazard, FieldRecord, Event))
    photo, attachment = (model.objects.latest("pk") for model in (FieldPhoto, Attachment))
    began = time.perf_counter()
    for n in range(RECORDS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM inspections_fieldrecord WHERE client_uuid = %s", [uuid.uuid4()])
            cursor.execute("UPDATE inspections_fieldphoto SET used_at = now() WHERE id = %s", [photo.pk])
            _copy(cursor, record, client_uuid=uuid.uuid4())
            _copy(cursor, hazard, client_uuid=uuid.uuid4(), number=f"SQL-{n}")
            _copy(cursor, attachment, client_uuid=None)
            for step in range(2):
                _copy(cursor, event, seq=1_000_000 + 2 * n + step)
    return RECORDS / (time.perf_counter() - began)


def _copy(cursor, row, **changes):
    """Insert a row like this one, but for what must differ."""
    meta = row._meta
    columns = [field.column for field in meta.concrete_fields if not field.primary_key]
    values = ", ".join("%s" if column in changes else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    given = [changes[column] for column in columns if column in changes]
    cursor.execute(
        f'INSERT INTO "{meta.db_table}" ({names}) SELECT {values} FROM "{meta.db_table}" WHERE id = %s',
        [*given, row.pk],
    )


if __name__ == "__main__":
    main()
