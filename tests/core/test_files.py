"""Files: what is taken in, what is left of it, and who gets to see it."""

import io
import zipfile

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin

from schoolsafety.core import files
from schoolsafety.core.fields import DocumentField, PhotosField
from schoolsafety.core.models import Attachment
from tests.core.kit import bytes_of, picture
from tests.factories import HazardFactory

NOW = timezone.now


def store(hazard, officer, upload=None):
    facts = {"owner": hazard, "organisation": hazard.school, "purpose": "before", "actor": officer}
    return files.store_photo(upload or picture(), now=NOW(), **facts)


@pytest.fixture
def hazard(school):
    return HazardFactory(school=school)


def opened(row):
    return Image.open(settings.MEDIA_ROOT / row.file)


def test_a_photo_is_redrawn_without_place_comment_or_tail(hazard, officer):
    exif = Image.Exif()
    exif[0x010E] = "secret"
    exif.get_ifd(0x8825)[1] = "N"
    raw = picture(exif=exif, comment=b"secret").read() + b"<?php secret"
    row = store(hazard, officer, SimpleUploadedFile("a.jpg", raw))
    content = (settings.MEDIA_ROOT / row.file).read_bytes()
    assert b"secret" not in content
    assert not opened(row).getexif()
    assert row.sha256 != row.original_sha256
    assert row.size == len(content)


def test_a_photo_taken_sideways_is_stored_upright(hazard, officer):
    exif = Image.Exif()
    exif[0x0112] = 6
    row = store(hazard, officer, picture(80, 40, exif=exif))
    assert (row.width, row.height) == opened(row).size == (40, 80)


def test_a_large_photo_is_brought_to_the_longest_edge_with_a_small_one_beside(hazard, officer):
    row = store(hazard, officer, picture(2500, 1000))
    assert max(opened(row).size) == settings.PHOTO_MAX_EDGE
    assert Image.open(settings.MEDIA_ROOT / row.thumbnail).width == 320


def test_transparent_parts_become_white(hazard, officer):
    row = store(hazard, officer, picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0), name="a.png"))
    assert opened(row).getpixel((5, 5)) == (255, 255, 255)
    assert row.name == "a.jpg"


def png_with_bomb():
    """A small file that claims 20,000 × 20,000 pixels."""
    raw = bytearray(picture(8, 8, kind="PNG").read())
    raw[16:24] = (20_000).to_bytes(4, "big") * 2
    raw[29:33] = __import__("zlib").crc32(bytes(raw[12:29])).to_bytes(4, "big")
    return bytes(raw)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "无法打开"),
        (b"GIF89a" + b"\0" * 50, "无法打开"),
        (picture().read()[:200], "无法打开"),
        (png_with_bomb(), "像素"),
        (b"\xff\xd8\xff" + b"\x00" * 300, "无法打开"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(content, words):
    with pytest.raises(ValidationError, match=words):
        files.check_photo(SimpleUploadedFile("x.jpg", content))


def test_a_photo_that_is_too_heavy_is_refused_before_it_is_opened(settings):
    settings.PHOTO_MAX_BYTES = 100
    with pytest.raises(ValidationError, match="MB"):
        files.check_photo(picture())


def test_a_field_takes_several_photos_and_names_the_bad_one():
    field = PhotosField()
    assert len(field.clean([picture(), picture()])) == 2
    with pytest.raises(ValidationError, match="无法打开"):
        field.clean([picture(), SimpleUploadedFile("b.jpg", b"no")])
    with pytest.raises(ValidationError, match="6"):
        field.clean([picture() for _each in range(7)])
    with pytest.raises(ValidationError):
        field.clean([])
    assert PhotosField(required=False).clean([]) == []


def test_a_photo_that_a_form_has_checked_is_not_decoded_again(hazard, officer, monkeypatch):
    upload = PhotosField().clean([picture()])[0]
    monkeypatch.setattr(files.Image, "open", lambda *args, **kwargs: pytest.fail("decoded twice"))
    assert store(hazard, officer, upload).pk


def office(*members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in members:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"%PDF-1.7 rest", "pdf"),
        (office("[Content_Types].xml", "word/document.xml"), "docx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (office("ppt/presentation.xml"), "pptx"),
    ],
)
def test_papers_and_office_files_are_known_by_their_content(content, extension):
    assert files.check_document(SimpleUploadedFile("x.exe", content))[0] == extension


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90",
        b"",
        b"PK\x03\x04broken",
        office("a.txt"),
        office("word/document.xml", "word/vbaProject.bin"),
    ],
)
def test_other_files_are_refused(content):
    with pytest.raises(ValidationError, match="PDF"):
        files.check_document(SimpleUploadedFile("x.pdf", content))
    if content:
        with pytest.raises(ValidationError):
            DocumentField().clean(SimpleUploadedFile("x.pdf", content))


def test_a_document_keeps_its_name_without_any_path(hazard, officer):
    row = files.store_document(
        SimpleUploadedFile("方案.pdf", b"%PDF-1.7"), owner=hazard, organisation=hazard.school, purpose="plan",
        actor=officer, now=NOW(),
    )  # fmt: skip
    assert (row.name, row.kind) == ("方案.pdf", Attachment.Kind.PAPER)
    assert row.file.startswith("documents/")
    assert files._clean_name("..\\..\\a/b\x00c.pdf", "pdf") == "bc.pdf"


def test_photos_of_many_owners_cost_one_query(school, officer, django_assert_num_queries):
    owners = [HazardFactory(school=school) for _each in range(3)]
    for owner in owners:
        store(owner, officer)
    with django_assert_num_queries(1):
        found = files.photos_for(owners, "before")
    assert {pk: len(rows) for pk, rows in found.items()} == {owner.pk: 1 for owner in owners}
    assert files.attachments_of(owners[0], "after").count() == 0


def test_whoever_sees_the_hazard_sees_its_photo(client, hazard, officer, clerk):
    row = store(hazard, officer)
    client.force_login(clerk)
    for name in ("attachment", "thumbnail"):
        answer = client.get(reverse(f"core:{name}", args=[row.pk]))
        assert answer.status_code == 200
        assert bytes_of(answer).startswith(b"\xff\xd8")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store, private"
        assert "sandbox" in answer["Content-Security-Policy"]


def test_a_stranger_gets_404_for_a_photo(client, hazard, officer, stranger):
    row = store(hazard, officer)
    client.force_login(stranger)
    assert client.get(reverse("core:attachment", args=[row.pk])).status_code == 404
    assert client.get(reverse("core:thumbnail", args=[row.pk])).status_code == 404
    assert client.get(reverse("core:attachment", args=[999])).status_code == 404
    client.logout()
    assert client.get(reverse("core:attachment", args=[row.pk])).status_code == 302


def test_a_file_of_something_that_nobody_registered_is_served_to_nobody(client, school, officer, admin):
    row = store(HazardFactory(school=school), officer)
    Attachment.objects.filter(pk=row.pk).update(
        owner_type=files.ContentType.objects.get_for_model(type(admin)), owner_id=admin.pk
    )
    client.force_login(officer)
    assert client.get(reverse("core:attachment", args=[row.pk])).status_code == 404


def test_a_document_is_saved_not_shown(client, hazard, officer):
    row = files.store_document(
        SimpleUploadedFile("方案.pdf", b"%PDF-1.7"), owner=hazard, organisation=hazard.school, purpose="plan",
        actor=officer, now=NOW(),
    )  # fmt: skip
    client.force_login(officer)
    answer = client.get(reverse("core:attachment", args=[row.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("core:thumbnail", args=[row.pk])).status_code == 404


def test_a_written_file_is_whole_or_not_there(monkeypatch):
    def fail(descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        files.write("photos/never.jpg", b"x")
    assert not (settings.MEDIA_ROOT / "photos/never.jpg").exists()


def test_text_chunks_of_a_png_do_not_survive(hazard, officer):
    chunk = PngImagePlugin.PngInfo()
    chunk.add_text("GPS", "31.2,121.4")
    row = store(hazard, officer, picture(kind="PNG", pnginfo=chunk))
    assert b"121.4" not in (settings.MEDIA_ROOT / row.file).read_bytes()
