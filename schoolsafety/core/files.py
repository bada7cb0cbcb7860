"""Takes in files and serves them: photos drawn anew, documents by allow-list, both by content not by name."""

import hashlib
import os
import uuid
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from . import photo_prints
from .models import Attachment

Image.MAX_IMAGE_PIXELS = settings.PHOTO_MAX_PIXELS
PHOTO_FORMATS = ["JPEG", "PNG", "WEBP"]
THUMBNAIL = (320, 240)
# Office formats are zip archives that hold this member; anything else in a zip is refused.
OFFICE = {
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/presentation.xml": (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
OWNERS: dict[type, Callable] = {}


def register_owner(model, visible):
    """Say how the owners of attachments are scoped: `visible(user)` is a queryset of `model`."""
    OWNERS[model] = visible


def visible_attachment(user, pk):
    """The Attachment `pk` if this person sees what it belongs to, else None."""
    row = Attachment.objects.select_related("owner_type").filter(pk=pk).first()
    return row if row and is_visible(row, user) else None


def is_visible(attachment, user):
    """May this person see it? Only if they see what it belongs to."""
    model = attachment.owner_type.model_class()
    return model in OWNERS and OWNERS[model](user).filter(pk=attachment.owner_id).exists()


def check_photo(upload):
    """Decode `upload` (a file with .size and .read).

    Returns (JPEG bytes, thumbnail bytes, width, height, fingerprint as photo_prints.of gives it).

    The picture is drawn on a new canvas: no EXIF, GPS, comment or hidden tail survives. Raises
    ValidationError with a sentence for the person. Formats: JPEG, PNG, WebP, judged by content.
    """
    if hasattr(upload, "redrawn"):  # a form has looked at it already: decoding is the dear part
        return upload.redrawn
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise ValidationError(_("The photo is larger than %(n)d MB.") % {"n": settings.PHOTO_MAX_BYTES >> 20})
    if not upload.size:
        raise ValidationError(_("The file is empty."))
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=PHOTO_FORMATS) as source:
                upload.redrawn = _redraw(source)
                return upload.redrawn
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise ValidationError(_("The photo has too many pixels.")) from bomb
    except Exception as broken:  # on hostile bytes a decoder may raise anything
        raise ValidationError(_("This is not a photo that can be opened. Please take it again.")) from broken


def store_photo(upload, *, owner, organisation, purpose, actor, now, client_uuid=None, taken_at=None):
    """Check, redraw and keep one photo of `owner`; returns the Attachment. See `check_photo` for errors.

    The bytes are on disk before the row commits. Call it inside the transaction of the act.
    """
    content, small, width, height, fingerprint = check_photo(upload)
    upload.seek(0)
    original = hashlib.sha256(upload.read()).hexdigest()
    digest = hashlib.sha256(content).hexdigest()
    photo_prints.keep(digest, fingerprint)  # so that it is known again when it is handed in elsewhere
    stem = f"photos/{now:%Y/%m}/{uuid.uuid4().hex}"
    return Attachment.objects.create(
        organisation=organisation, owner_type=ContentType.objects.get_for_model(owner), owner_id=owner.pk,
        purpose=purpose, kind=Attachment.Kind.PHOTO, name=_clean_name(upload.name, "jpg"),
        file=write(f"{stem}.jpg", content), thumbnail=write(f"{stem}-small.jpg", small),
        content_type="image/jpeg", size=len(content), width=width, height=height,
        sha256=digest, original_sha256=original, client_uuid=client_uuid,
        taken_at=taken_at, uploaded_at=now, uploaded_by=actor,
    )  # fmt: skip


def check_document(upload):
    """(extension, content type) of a PDF or Office file by its content; ValidationError for anything else."""
    if upload.size > settings.PAPER_MAX_BYTES:
        raise ValidationError(_("The file is larger than %(n)d MB.") % {"n": settings.PAPER_MAX_BYTES >> 20})
    upload.seek(0)
    head = upload.read(8)
    upload.seek(0)
    if head.startswith(b"%PDF-"):
        return "pdf", "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(upload) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError):
            names = set()
        finally:
            upload.seek(0)
        for member, kind in OFFICE.items():
            if member in names and not any(name.endswith("vbaProject.bin") for name in names):
                return kind
    raise ValidationError(_("Only PDF, Word, Excel and PowerPoint files without macros can be attached."))


def store_document(upload, *, owner, organisation, purpose, actor, now):
    """Check and keep one document of `owner`; returns the Attachment."""
    extension, content_type = check_document(upload)
    content = upload.read()
    digest = hashlib.sha256(content).hexdigest()
    return Attachment.objects.create(
        organisation=organisation, owner_type=ContentType.objects.get_for_model(owner), owner_id=owner.pk,
        purpose=purpose, kind=Attachment.Kind.PAPER if extension == "pdf" else Attachment.Kind.OFFICE,
        name=_clean_name(upload.name, extension), content_type=content_type, size=len(content),
        file=write(f"documents/{now:%Y/%m}/{uuid.uuid4().hex}.{extension}", content),
        sha256=digest, original_sha256=digest, uploaded_at=now, uploaded_by=actor,
    )  # fmt: skip


def attachments_of(owner, purpose=None):
    """The files of one owner, oldest first."""
    found = Attachment.objects.filter(owner_type=ContentType.objects.get_for_model(owner), owner_id=owner.pk)
    return found.filter(purpose=purpose) if purpose else found


def photos_for(owners, purpose=None):
    """{owner pk: [Attachment]} of many owners of one model, in one query."""
    grouped = defaultdict(list)
    owners = list(owners)
    if owners:
        found = Attachment.objects.filter(
            owner_type=ContentType.objects.get_for_model(owners[0]),
            owner_id__in=[owner.pk for owner in owners],
            kind=Attachment.Kind.PHOTO,
        )
        for photo in found.filter(purpose=purpose) if purpose else found:
            grouped[photo.owner_id].append(photo)
    return grouped


def hand_over(owner, new_owner):
    """The files of one record become another's, which grew out of it."""
    kind = ContentType.objects.get_for_model(new_owner)
    attachments_of(owner).update(owner_type=kind, owner_id=new_owner.pk)


def discard(attachment):
    """Throw one file away: the row now, its bytes once that is certain and no other row is made over them."""
    names = [name for name in (attachment.file, attachment.thumbnail) if name]
    attachment.delete()

    def forget():
        for name in names:
            if not Attachment.objects.filter(Q(file=name) | Q(thumbnail=name)).exists():
                (settings.MEDIA_ROOT / name).unlink(missing_ok=True)

    transaction.on_commit(forget)


def read(name):
    """The stored bytes of a file under MEDIA_ROOT."""
    return (settings.MEDIA_ROOT / name).read_bytes()


def write(name, content):
    """Put bytes under MEDIA_ROOT durably (fsync, then rename); returns `name`."""
    path = settings.MEDIA_ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(path.suffix + ".part")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the rename itself must outlive a power cut
    finally:
        os.close(folder)
    return name


def _redraw(source):
    """(JPEG bytes, thumbnail bytes, width, height, fingerprint), upright, within the longest edge."""
    source.draft("RGB", (settings.PHOTO_MAX_EDGE, settings.PHOTO_MAX_EDGE))
    upright = ImageOps.exif_transpose(source)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    upright = upright.convert("RGBA" if has_alpha else "RGB")
    upright.thumbnail((settings.PHOTO_MAX_EDGE, settings.PHOTO_MAX_EDGE))
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright if has_alpha else None)
    small = canvas.copy()
    small.thumbnail(THUMBNAIL)
    return _jpeg(canvas, 82), _jpeg(small, 76), canvas.width, canvas.height, photo_prints.of(small)


def _jpeg(image, quality):
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()


def _clean_name(name, extension):
    """The person's own name for the file without path or control characters."""
    stem = os.path.basename(str(name).replace("\\", "/")).rsplit(".", 1)[0]
    stem = "".join(char for char in stem if char.isprintable())[:150].strip(" .") or "file"
    return f"{stem}.{extension}"
