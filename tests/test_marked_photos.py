"""The photos of the storm can be told apart, also after the server has redrawn them."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from schoolsafety.core.files import check_photo
from tests.marked_photos import Mark, Unreadable, draw, read

marks = some.builds(Mark, some.integers(0, 2**24 - 1), some.integers(0, 255), some.integers(0, 255))


@given(marks)
@settings(max_examples=60, deadline=None)
def test_a_photo_tells_its_record_after_the_server_has_redrawn_it(mark):
    redrawn, small, *_size = check_photo(SimpleUploadedFile("p.jpg", draw(mark)))
    assert (read(redrawn), read(small)) == (mark, mark)


def test_every_photo_has_its_own_bytes():
    assert len({draw(Mark(record, photo)) for record in range(300) for photo in range(3)}) == 900


def test_a_damaged_grid_is_not_read_as_another_record():
    with Image.open(BytesIO(draw(Mark(7, 1)))) as photo:
        photo.paste((128, 0, 0), (0, 0, 40, 40))
        photo.paste((255, 255, 255), (60, 60, 90, 90))
        stream = BytesIO()
        photo.save(stream, "JPEG")
    with pytest.raises(Unreadable):
        read(stream.getvalue())
