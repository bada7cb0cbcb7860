"""Photos known again: copies near, different places far, places that look alike and unlike, old photos."""

import itertools
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageEnhance

from schoolsafety.core import files, jobs, photo_prints
from schoolsafety.core.models import Attachment, PhotoPrint
from tests.drawn_places import again, jpeg, place
from tests.factories import HazardFactory

PLACES = [place(seed) for seed in range(40)]


def reopened(image, quality):
    upload = SimpleUploadedFile("a.jpg", jpeg(image, quality))
    return Image.open(upload)


COPIES = {
    "stored anew": lambda image: reopened(image, 40),
    "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "half the size, stored anew": lambda image: reopened(image.resize((320, 240)), 60),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_near(how):
    """Each kind of copy is found among forty drawn places, but for one in twenty at most."""
    far = [
        image for image in PLACES
        if photo_prints.distance(photo_prints.hash_of(image), photo_prints.hash_of(COPIES[how](image)))
        > photo_prints.NEAR
    ]  # fmt: skip
    assert len(far) <= 2


def test_no_two_different_places_are_near():
    hashes = [photo_prints.hash_of(image) for image in PLACES]
    apart = [photo_prints.distance(one, other) for one, other in itertools.combinations(hashes, 2)]
    assert len(apart) == 780
    assert min(apart) > photo_prints.NEAR


def test_hashes_within_the_threshold_always_share_a_band():
    rng = random.Random(1)
    for _ in range(500):
        bits = rng.getrandbits(64)
        other = bits
        for place_of_bit in rng.sample(range(64), photo_prints.NEAR):
            other ^= 1 << place_of_bit
        bands = [f"{value:016x}"[n : n + 4] for value in (bits, other) for n in (0, 4, 8, 12)]
        assert any(one == two for one, two in zip(bands[:4], bands[4:], strict=True))


def test_the_same_place_on_another_day_is_hardly_ever_called_unlike():
    """False alarms on eighty pairs of the same drawn place; half the pairs of different ones are caught."""
    looks = [photo_prints.look_of(image) for image in PLACES]
    same = [
        photo_prints.is_unlike(looks[n], photo_prints.look_of(again(image, seed)))
        for n, image in enumerate(PLACES)
        for seed in (n, n + 100)
    ]
    different = [photo_prints.is_unlike(one, other) for one, other in itertools.combinations(looks, 2)]
    assert sum(same) <= 2, sum(same)
    assert sum(different) / len(different) > 0.5, sum(different) / len(different)


@pytest.mark.parametrize("tone", ["black", "white", "red"])
def test_a_picture_of_nothing_is_known_by_nothing(tone):
    assert photo_prints.hash_of(Image.new("RGB", (64, 48), tone)) == ""


def test_without_a_look_nothing_is_unlike():
    assert not photo_prints.is_unlike("", photo_prints.look_of(PLACES[0]))


def stored(hazard, image, officer, purpose="after"):
    upload = SimpleUploadedFile("现场.jpg", jpeg(image))
    return files.store_photo(
        upload, owner=hazard, organisation=hazard.school, purpose=purpose, actor=officer, now=timezone.now()
    )


@pytest.fixture
def hazard(school):
    return HazardFactory(school=school)


def test_a_stored_photo_has_its_print_once(hazard, officer):
    first, second = (stored(hazard, PLACES[0], officer) for _ in range(2))
    assert first.sha256 == second.sha256
    row = PhotoPrint.objects.get()
    assert (row.sha256, len(row.bits), len(row.look)) == (first.sha256, 16, 240)
    assert f"{row.band_0:04x}{row.band_1:04x}{row.band_2:04x}{row.band_3:04x}" == row.bits


def test_what_is_near_is_found_with_one_query(hazard, officer, django_assert_num_queries):
    one = stored(hazard, PLACES[0], officer)
    copy = stored(hazard, PLACES[0].resize((480, 360)), officer)
    for image in PLACES[1:6]:
        stored(hazard, image, officer)
    rows = photo_prints.prints_of([one.sha256, copy.sha256])
    with django_assert_num_queries(1):
        found = photo_prints.near(rows.values())
    assert found == {one.sha256: [copy.sha256], copy.sha256: [one.sha256]}


def test_older_photos_are_fingerprinted_by_night(hazard, officer):
    rows = [stored(hazard, image, officer) for image in PLACES[:3]]
    (files.settings.MEDIA_ROOT / rows[2].thumbnail).unlink()
    expected = set(PhotoPrint.objects.exclude(sha256=rows[2].sha256).values_list("sha256", "bits"))
    PhotoPrint.objects.all().delete()
    job = jobs.enqueue("core.photo_prints", now=timezone.now(), day="2026-11-24")
    assert jobs.run(job.pk, now=timezone.now())
    job.refresh_from_db()
    assert job.result == {"photos": 3}
    assert set(PhotoPrint.objects.exclude(bits="").values_list("sha256", "bits")) == expected
    assert PhotoPrint.objects.get(bits="").sha256 == rows[2].sha256  # its bytes are gone: not tried again
    assert photo_prints.keep_missing() == 0
    assert Attachment.objects.count() == 3
