"""Photos on the phone: small, upright, labelled, never half kept; marks and blur change them for good."""

import base64
import hashlib

import pytest
from PIL import ImageChops

from tests.browser import field_pictures as pictures
from tests.browser.field_photo_page import ABOUT, HELP

pytestmark = pytest.mark.browser  # no database behind these pages: once is enough
LIMIT = 300 * 1024


@pytest.mark.alone
def test_twelve_megapixels_become_small_and_upright_and_forget_the_camera(photos):
    data = pictures.camera(turned=True)
    assert b"Pocketcam" in data
    photos.take(pictures.plain(), ABOUT)  # the modules are there
    photos.throttle(4)
    rows = [photos.take(data, ABOUT) for _ in range(3)]

    row = rows[0]
    image = pictures.opened(row)
    raw = base64.b64decode(row["bytes"])
    assert len(raw) <= LIMIT
    assert image.size == (row["w"], row["h"]) == (1600, 1200)
    assert not image.getexif()
    assert b"Pocketcam" not in raw
    assert b"Exif" not in raw
    assert pictures.is_red(image.getpixel((800, 20)))
    assert not pictures.is_red(image.getpixel((20, 600)))
    assert row["sha256"] == hashlib.sha256(raw).hexdigest()
    assert row["taken"] == "2026-11-24T00:12:00.000Z"
    assert min(row["ms"] for row in rows) <= 1500  # the best of three: others work on this machine too


def test_sharp_keeps_more_for_plates_and_gauges(photos):
    row = photos.take(pictures.camera(), ABOUT | {"sharp": True})

    assert max(row["w"], row["h"]) == 2048
    assert len(base64.b64decode(row["bytes"])) <= LIMIT


def test_a_picture_that_never_fits_gets_smaller(photos):
    row = photos.take(pictures.noise(), ABOUT)

    assert len(base64.b64decode(row["bytes"])) <= LIMIT
    assert 600 < max(row["w"], row["h"]) < 1600


def test_a_small_picture_is_not_blown_up(photos):
    row = photos.take(pictures.plain(640, 480), ABOUT)

    assert (row["w"], row["h"]) == (640, 480)


def test_the_line_at_the_bottom_is_drawn_and_nothing_else_changes(photos):
    one, other = (pictures.opened(photos.take(pictures.plain(), ABOUT | {"person": name})) for name in "李王")

    changed = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > 24 else 0)
    left, top, right, _bottom = changed.getbbox()
    assert top > 1200 - 80
    assert right - left < 80  # one letter
    band = one.crop((0, 1140, 1600, 1200)).convert("L")
    assert band.getextrema()[0] < 130
    assert band.getextrema()[1] > 230
    assert one.getpixel((800, 600))[0] > 190


def test_a_doubtful_clock_is_said_in_the_picture(photos):
    def bottom(skew):
        row = photos.take(pictures.plain(), ABOUT | {"skew": skew})
        return pictures.opened(row).crop((0, 1120, 1600, 1200)).tobytes()

    sure = bottom(0)
    assert bottom(4 * 60_000) == sure
    assert bottom(-6 * 60_000) != sure
    assert bottom(6 * 60_000) == bottom(-6 * 60_000) == bottom(None)


def test_long_words_go_on_the_next_line(photos):
    wide = photos.take(pictures.plain(1600, 1200), ABOUT)
    narrow = photos.take(pictures.plain(600, 1600), ABOUT | {"place": "教学楼三层东侧走廊尽头的配电间"})

    assert narrow["band"] > 2 * wide["band"] * 0.8
    assert narrow["band"] < 300


def test_one_picture_at_a_time_and_each_is_let_go(photos):
    most, left = photos.page.evaluate(HELP["crowd"], [base64.b64encode(pictures.plain()).decode(), ABOUT])

    assert most == 1
    assert left == 0


def test_without_bitmaps_an_image_serves(photos):
    photos.page.evaluate("delete window.createImageBitmap")
    row = photos.take(pictures.camera(2000, 1500, turned=True), ABOUT)

    assert (row["w"], row["h"]) == (1600, 1200)
    assert pictures.is_red(pictures.opened(row).getpixel((800, 20)))


def test_what_cannot_be_opened_is_refused_and_nothing_is_kept(photos):
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(range(256)) * 40
    assert photos.take(heic, ABOUT) == {"fault": "photo_unreadable"}

    photos.walk()
    photos.burst()
    photos.choose([heic], kind="heic", kept="这张照片打不开，没有保存。请直接拍照。")

    assert photos.rows() == []
    assert photos.take(pictures.plain(), ABOUT)["w"] == 1600  # the next one is not held up


# --- marks and blur ------------------------------------------------------------------------------


def test_an_arrow_by_finger_changes_pixels_and_fingerprint(photos):
    before = photos.take(pictures.plain(), ABOUT)
    photos.retouch(before)
    photos.tap_at(0.5, 0.4)
    after = photos.done()

    assert after["sha256"] != before["sha256"]
    assert after["sha256"] == hashlib.sha256(base64.b64decode(after["bytes"])).hexdigest()
    assert (after["w"], after["h"], after["cid"]) == (before["w"], before["h"], before["cid"])
    assert len(base64.b64decode(after["bytes"])) <= LIMIT
    box = (500, 300, 900, 700)
    red = [pictures.is_red(pixel) for pixel in pictures.opened(after).crop(box).get_flattened_data()]
    assert sum(red) > 1000
    assert not any(pictures.is_red(pixel) for pixel in pictures.opened(before).crop(box).get_flattened_data())


def test_a_blurred_box_cannot_be_read_again(photos):
    before = photos.take(pictures.checkered(), ABOUT)
    photos.retouch(before)
    photos.page.get_by_text("打码", exact=True).click()
    photos.drag((0.2, 0.2), (0.5, 0.5))
    after = photos.done()

    inside, outside = (340, 260, 780, 580), (900, 260, 1340, 580)
    assert pictures.spread(pictures.opened(before), inside) > 8000
    assert pictures.spread(pictures.opened(after), inside) < 100
    assert pictures.spread(pictures.opened(after), outside) > 8000


def test_a_blur_hides_no_part_of_the_line_at_the_bottom(photos):
    before = photos.take(pictures.checkered(), ABOUT)
    photos.retouch(before)
    photos.page.get_by_text("打码", exact=True).click()
    photos.drag((0.05, 0.5), (0.95, 1))
    after = photos.done()

    band = (0, 1200 - before["band"] + 4, 1600, 1200)
    changed = ImageChops.difference(pictures.opened(before).crop(band), pictures.opened(after).crop(band))
    assert changed.convert("L").getextrema()[1] < 90  # another packing, the same picture
    assert pictures.spread(pictures.opened(after), (200, 700, 1400, 1100)) < 200


def test_undo_takes_the_last_mark_away_and_cancel_all(photos):
    before = photos.take(pictures.plain(), ABOUT)
    photos.retouch(before)
    photos.tap_at(0.3, 0.3)
    shown = photos.canvas()
    photos.page.get_by_text("圆圈", exact=True).click()
    photos.tap_at(0.7, 0.6)
    assert photos.canvas() != shown
    photos.page.get_by_role("button", name="撤销").click()
    assert photos.canvas() == shown
    photos.page.get_by_role("button", name="撤销").click()
    assert photos.page.get_by_role("button", name="撤销").is_disabled()
    assert photos.done() is None

    photos.retouch(before)
    photos.tap_at(0.3, 0.3)
    photos.page.get_by_role("button", name="取消").click()
    assert photos.result() is None


def test_marks_by_keys_alone(photos):
    before = photos.take(pictures.plain(), ABOUT)
    photos.retouch(before)
    page = photos.page
    page.locator("dialog canvas").focus()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # gives up the mark, not the dialog
    assert page.locator("dialog[open] [role=status]").inner_text() == "已标 1 处"
    page.keyboard.press("Control+z")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.dataset.done") is None:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    row = pictures.opened(photos.result())
    assert any(pictures.is_red(pixel) for pixel in row.crop((960, 580, 1120, 620)).get_flattened_data())
    assert not any(pictures.is_red(pixel) for pixel in row.crop((1160, 580, 1400, 620)).get_flattened_data())


def test_a_photo_that_was_sent_stays_as_it_is(photos):
    row = photos.take(pictures.plain(), ABOUT)

    assert photos.page.evaluate(HELP["sent"], row) is None
    assert photos.page.locator("dialog").count() == 0


def test_thumbnails_offer_what_can_be_done_and_nothing_once_sent(photos):
    row = photos.take(pictures.plain(), ABOUT)
    photos.page.evaluate(HELP["strip"], [row | {"sent": 0}, row | {"sent": 1}])

    images = photos.page.locator("[data-strip] img")
    assert (
        images.evaluate_all("all => Promise.all(all.map(each => each.decode())).then(() => all.length)") == 2
    )
    assert images.first.get_attribute("alt") == "照片 1，08:12"
    photos.page.get_by_role("button", name="删除").click()
    photos.page.get_by_role("button", name="标注或打码").click()
    assert photos.page.evaluate("window.pressed") == ["remove", "retouch"]


# --- no room -------------------------------------------------------------------------------------


def test_a_photo_gets_smaller_before_it_is_given_up(photos):
    """The refusal is played: Chromium may go on counting what it refused, so its room is no fixed thing."""
    row = photos.take(pictures.camera(), ABOUT | {"sharp": True})
    row |= {"cid": "one", "parent": "walk", "what": "finding", "sent": 0}
    size = len(base64.b64decode(row["bytes"]))
    photos.page.evaluate(HELP["refuse"], size - 1)

    assert photos.page.evaluate(HELP["keep"], row) == "kept"
    (kept,) = photos.rows()
    assert (kept["w"], kept["h"]) == (1280, 960)
    assert kept["bytes"] < size * 0.8
    assert kept["sha256"] != row["sha256"]
    assert kept["band"] == pytest.approx(row["band"] * 1280 / 2048, abs=1)

    photos.page.evaluate(HELP["refuse"], 1000)
    assert photos.page.evaluate(HELP["keep"], row | {"cid": "two"}) == '["photo_no_space",{"mb":11,"n":1}]'
    assert [each["cid"] for each in photos.rows()] == ["one"]
