"""What several tests of the kernel need: pictures, workbooks, the bytes of an answer."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image


def picture(width=64, height=48, kind="JPEG", name="现场.jpg", mode="RGB", colour="red", **options):
    """An uploaded picture, drawn here."""
    stream = io.BytesIO()
    Image.new(mode, (width, height), colour).save(stream, kind, **options)
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")


def workbook(*rows, name="导入.xlsx"):
    """An uploaded workbook with these rows; the first are the heads."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def cells_of(content):
    """The rows of the first sheet of a workbook, as tuples."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def bytes_of(answer):
    """The body of a response, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def queries_of(client, address):
    """How many queries a page takes, after a first look that fills what is cached."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured)
