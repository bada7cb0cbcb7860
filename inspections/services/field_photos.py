"""Photos from phones: taken in ahead of their record, handed to it when it comes, tidied if it never does."""

import hashlib
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core import files
from schoolsafety.core.models import Attachment

from ..models import FieldPhoto
from .field_clock import PhoneClock
from .field_errors import Conflict, Mangled, PhotosMissing

PURPOSE = "field"
# A photo whose record never came is thrown away after this; the phone still has it and sends it again.
KEEP_UNUSED = timedelta(days=7)


def take_photo(uuid, content, *, record_uuid, sha256, actor, school, taken, now):
    """Keep one photo (JPEG bytes) of a record still to come; returns (FieldPhoto, is it new).

    `taken` is by the server's clock, as far as the phone knew it. The same bytes under the same number a
    second time change nothing. Raises Conflict (other bytes,
    another person's number), Mangled (not the bytes that `sha256` names), ValidationError (no photo).
    """
    if known := _known(uuid, sha256, actor):
        return known, False
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Mangled(_("The photo was damaged on the way."))
    if school is None:
        raise NotAllowed(_("You hold no post that walks patrols there."))
    upload = SimpleUploadedFile(f"{uuid}.jpg", content, "image/jpeg")
    files.check_photo(upload)  # the dear part, before any lock
    taken_at = PhoneClock(None, now).corrected(taken) if taken else None
    try:
        with transaction.atomic():
            photo = FieldPhoto.objects.create(
                client_uuid=uuid, record_uuid=record_uuid, officer=actor, sha256=sha256, received_at=now
            )
            files.store_photo(
                upload, owner=photo, organisation=school, purpose=PURPOSE, actor=actor, now=now,
                client_uuid=uuid, taken_at=taken_at,
            )  # fmt: skip
    except IntegrityError:  # the same photo arrived twice at once, and the other one won
        if known := _known(uuid, sha256, actor):
            return known, False
        raise
    return photo, True


def _known(uuid, sha256, actor):
    """The photo that came before under this number; Conflict if it is another one."""
    known = FieldPhoto.objects.filter(client_uuid=uuid).first()
    if known is None:
        return None
    if known.officer_id != actor.pk:
        raise Conflict("owner", _("This number belongs to somebody else's photo."))
    if known.sha256 != sha256:
        raise Conflict("changed", _("Another photo was already sent under this number."))
    return known


class Album:
    """The photos that one record brought, each to be used once. Call it inside the record's transaction."""

    def __init__(self, uuids, *, record_uuid, actor, school, now):
        """Raises PhotosMissing for what has not arrived, ValidationError for a photo named twice."""
        if len(set(uuids)) != len(uuids):
            raise ValidationError(_("A photo is named twice."))
        rows = FieldPhoto.objects.filter(client_uuid__in=uuids, record_uuid=record_uuid, officer=actor)
        photos = {row.client_uuid: row for row in rows.filter(used_at=None)}
        if missing := [uuid for uuid in uuids if uuid not in photos]:
            raise PhotosMissing(missing)
        kept = files.photos_for(photos.values(), PURPOSE)
        self._stored = {uuid: kept[row.pk][0] for uuid, row in photos.items()}
        self._lent = {photo.pk for photo in self._stored.values()}
        self._school = school
        rows.update(used_at=now)

    def take(self, uuids) -> list[Attachment]:
        """The stored photos with these numbers, for a service that makes rows of its own over their bytes."""
        return [self._stored[uuid] for uuid in uuids]

    def give(self, uuids, owner, purpose):
        """These photos now belong to `owner`: one UPDATE for however many."""
        given = {photo.pk for photo in self.take(uuids)}
        if given:
            Attachment.objects.filter(pk__in=given).update(
                owner_type=ContentType.objects.get_for_model(owner), owner_id=owner.pk, purpose=purpose,
                organisation=self._school,
            )  # fmt: skip
        self._lent -= given

    def close(self):
        """What was only lent goes: its bytes live on in the rows that were made over them."""
        if self._lent:
            Attachment.objects.filter(pk__in=self._lent).delete()


def tidy_unused(*, now):
    """Throw away photos whose record never came; returns how many."""
    return throw_away(FieldPhoto.objects.filter(received_at__lt=now - KEEP_UNUSED))


@transaction.atomic
def throw_away(photos):
    """Delete those of `photos` (FieldPhoto queryset) that belong to no record, with their bytes; how many."""
    unused = photos.select_for_update().filter(used_at=None)
    for kept in files.photos_for(unused, PURPOSE).values():
        for stored in kept:
            files.discard(stored)
    return unused.delete()[0]
