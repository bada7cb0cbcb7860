"""Photos first, items later; the same view as before; and how the photo dialogs look."""

import base64
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser import field_pictures as pictures
from tests.browser.field_photo_page import ABOUT, HELP
from tests.browser.phone import phone
from tests.browser.test_screens import ONE_CHARACTER_LINES, SMALL_TARGETS, TAGS

pytestmark = pytest.mark.browser  # no database behind these pages: once is enough


def test_photos_first_survive_a_closed_page_and_find_their_items(photos):
    draft = photos.walk()
    photos.burst()
    photos.choose([pictures.plain(colour=(n * 40, 90, 90)) for n in range(5)], kept="5 张照片已存本机")
    sums = sorted(row["sha256"] for row in photos.rows())
    photos.page.close()

    photos.open(draft)
    assert sorted(row["sha256"] for row in photos.rows()) == sums
    assert {row["what"] for row in photos.rows()} == {"loose"}
    photos.burst()
    photos.pick(0, 1)
    photos.press("灭火器压力在绿区", "有问题")
    photos.pick(0)
    photos.press("疏散通道畅通", "正常")
    photos.page.close()

    photos.open(draft)
    kept = photos.draft()
    finding = kept["findings"][0]
    assert finding["item"] == 1
    assert kept["answers"] == {"1": "pf", "2": "nf"}
    rows = {row["cid"]: row["what"] for row in photos.rows()}
    assert [rows[cid] for cid in finding["photos"]] == ["finding", "finding"]
    assert [rows[cid] for cid in kept["photosOf"]["2"]] == ["item"]
    assert sorted(rows.values()) == ["finding", "finding", "item", "loose", "loose"]
    photos.burst()
    assert photos.page.locator("dialog.burst [type=checkbox]").count() == 2


def test_a_page_closed_while_photos_come_in_keeps_those_that_were_there(photos):
    draft = photos.walk()
    photos.burst()
    photos.page.evaluate(HELP["hang"], 3)  # the fourth is still being opened
    photos.choose([pictures.plain(colour=(n * 40, 90, 90)) for n in range(6)], kept="正在存第 4 张，共 6 张")
    photos.page.close()

    photos.open(draft)
    kept = photos.rows()
    assert len(kept) == 3
    assert all(row["parent"] == draft["cid"] and row["bytes"] > 1000 for row in kept)
    assert photos.draft()["cid"] == draft["cid"]  # the walk too, or nobody would find them


def test_deleted_and_given_photos_come_back_by_undo(photos):
    photos.walk()
    photos.burst()
    photos.choose([pictures.plain(colour=(n * 60, 90, 90)) for n in range(3)], kept="3 张照片已存本机")
    whole = sorted(row["sha256"] for row in photos.rows())
    photos.pick(1)
    photos.page.get_by_role("button", name="删除").click()
    photos.says("已删除 1 张照片")
    assert len(photos.rows()) == 2
    photos.page.get_by_role("button", name="撤销").click()
    photos.says("已撤销")
    assert sorted(row["sha256"] for row in photos.rows()) == whole

    photos.page.get_by_role("button", name="全选／全不选").click()
    photos.press("灭火器压力在绿区", "有问题")
    assert photos.draft()["findings"]
    photos.page.get_by_role("button", name="撤销").click()
    photos.says("已撤销")
    assert photos.draft()["findings"] == []
    assert photos.draft()["answers"] == {}
    assert {row["what"] for row in photos.rows()} == {"loose"}
    assert photos.page.evaluate("window.draft.findings.length") == 0


def test_an_item_needs_chosen_photos_and_takes_no_more_than_it_may(photos):
    photos.walk(photos_per_finding=2)
    photos.burst()
    photos.choose([pictures.plain(400, 300, (n * 60, 90, 90)) for n in range(3)], kept="3 张照片已存本机")
    photos.press("疏散通道畅通", "正常", answer="请先选照片。")
    photos.pick(0, 1, 2)
    photos.press("疏散通道畅通", "正常", answer="这里最多 2 张照片。")

    assert {row["what"] for row in photos.rows()} == {"loose"}
    assert photos.page.evaluate("window.draft.answers") == {}


def test_a_walk_has_a_last_photo(photos):
    photos.walk(photos_per_walk=2)
    photos.burst()
    photos.choose([pictures.plain(400, 300, (n * 60, 90, 90)) for n in range(3)], kept="这里最多 2 张照片。")

    assert len(photos.rows()) == 2


# --- no room -------------------------------------------------------------------------------------


def test_a_full_phone_keeps_the_words_and_says_how_much_to_free(phones):
    photos = phones(room=2 * 2**20)
    draft = photos.walk(note="食堂后门灭火器过期，已通知总务处")
    photos.burst()
    photos.choose([pictures.noise(1000 + n, 750, 40) for n in range(10)], kept="请腾出约 11 MB")

    kept = photos.rows()
    assert 2 <= len(kept) < 10
    assert all(row["bytes"] > 1000 for row in kept)
    photos.page.close()
    photos.open(draft)
    assert photos.draft()["note"] == "食堂后门灭火器过期，已通知总务处"
    assert len(photos.rows()) == len(kept)


# --- looks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "scheme", "size"), [(320, "light", ""), (390, "dark", "large"), (1280, "light", "")]
)
def test_the_dialogs_are_clean(phones, width, scheme, size):
    photos = phones(viewport={"width": width, "height": 844}, color_scheme=scheme)
    photos.page.evaluate("(size) => { document.documentElement.dataset.size = size; }", size)
    row = photos.take(pictures.camera(1600, 1200), ABOUT)
    photos.page.evaluate(HELP["strip"], [row | {"sent": 0}])
    found = faults(photos.page)
    photos.retouch(row)
    photos.tap_at(0.5, 0.5)
    found += faults(photos.page)
    photos.page.get_by_role("button", name="取消").click()
    photos.shoot(pictures.plain())
    photos.says("这里打不开相机画面。请站在原处，用手机相机拍。")
    found += faults(photos.page)
    photos.page.get_by_role("button", name="取消").click()
    photos.walk()
    photos.burst()
    photos.choose([pictures.camera(800, 600, seed=n) for n in range(3)], kept="3 张照片已存本机")
    photos.pick(0)
    photos.press("灭火器压力在绿区", "有问题")
    photos.pick(0)
    found += faults(photos.page)

    assert found == []


WIDE = """() => [document.documentElement, ...document.querySelectorAll("dialog[open]")]
  .some((each) => each.scrollWidth > Math.max(each.clientWidth, 1))"""


def faults(page):
    """What is wrong with what is on the screen, in words."""
    page.wait_for_timeout(300)  # the dialog's own style sheet has come
    found = ["scrolls sideways"] if page.evaluate(WIDE) else []
    found += [f"one character a line: {text}" for text in page.evaluate(ONE_CHARACTER_LINES)]
    found += [f"small target: {text}" for text in page.evaluate(SMALL_TARGETS)]
    for violation in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
        found.append(f"{violation['id']}: {violation['nodes'][0]['html'][:160]}")
    return found


# --- the same view -------------------------------------------------------------------------------


def test_the_same_view_under_the_photo_of_before(camera_phone):
    page = camera_phone.page
    camera_phone.shoot(pictures.plain(colour=(250, 10, 10)))
    page.locator("dialog [data-shutter]:enabled").wait_for()
    image = page.locator("dialog img[data-before]")
    assert image.evaluate("each => getComputedStyle(each).opacity") == "0.5"
    page.get_by_role("slider").fill("20")
    assert image.evaluate("each => getComputedStyle(each).opacity") == "0.2"
    page.get_by_role("button", name="拍照").click()
    made = camera_phone.result()

    picture = Image.open(BytesIO(base64.b64decode(made["bytes"])))
    assert made["type"] == "image/jpeg"
    assert min(picture.size) >= 480
    assert not pictures.is_red(picture.getpixel((4, 4)))  # the photo of before is not in it
    assert page.evaluate("window.tracks.map((track) => track.readyState)") == ["ended"]


def test_leaving_the_same_view_switches_the_camera_off(camera_phone):
    camera_phone.shoot(pictures.plain())
    camera_phone.page.locator("dialog [data-shutter]:enabled").wait_for()
    camera_phone.page.keyboard.press("Escape")

    assert camera_phone.result() is None
    assert camera_phone.page.evaluate("window.tracks.map((track) => track.readyState)") == ["ended"]


def test_a_camera_that_goes_away_leaves_the_phones_own_one(camera_phone):
    camera_phone.shoot(pictures.plain())
    camera_phone.page.locator("dialog [data-shutter]:enabled").wait_for()
    camera_phone.page.evaluate("window.tracks[0].dispatchEvent(new Event('ended'))")
    camera_phone.says("这里打不开相机画面。请站在原处，用手机相机拍。")

    assert not camera_phone.page.locator("dialog [data-shutter]").is_visible()


def test_without_a_camera_the_phones_own_one_serves(photos):
    photos.shoot(pictures.plain())  # this browser has none
    photos.says("这里打不开相机画面。请站在原处，用手机相机拍。")
    assert not photos.page.locator("dialog [data-shutter]").is_visible()
    data = pictures.plain(800, 600)
    photos.page.locator("dialog input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": data}
    )

    assert base64.b64decode(photos.result()["bytes"]) == data


def test_a_photo_of_before_that_is_not_on_the_phone_is_said(camera_phone):
    page = camera_phone.page
    page.evaluate("() => { import('/static/field/ghost.js').then((m) => m.shoot('/media/none.jpg')); }")
    camera_phone.says("没有网络，看不到整改前的照片。")

    assert not page.locator("dialog img[data-before]").is_visible()
    assert page.get_by_role("slider").is_disabled()
    page.locator("dialog [data-shutter]:enabled").wait_for()


@pytest.mark.field
def test_photos_first_on_a_real_walk(browser, site):
    """The walk's own page: a photo taken first becomes the photo of an item, and the walk shows it."""
    made = phone(browser, site)
    page = made.page
    made.go("/m/patrol/")
    page.locator("[data-burst]").click()
    page.locator("dialog.burst[open]").wait_for()
    page.locator("dialog input[data-camera]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.camera(1600, 1200)}
    )
    page.locator("dialog.burst [data-photos] input").check()
    line = page.locator("dialog .item").first
    item = line.locator("[data-f=text]").inner_text()
    line.locator("[data-normal]").click()
    page.locator("dialog [role=status]", has_text=f"放入正常：{item}").wait_for()
    page.locator("dialog [data-close]").click()

    shown = page.locator("[data-walk] .item", has_text=item).first
    shown.locator("[data-say=n][aria-pressed=true]").wait_for()
    (draft,) = made.rows("drafts")
    (row,) = made.rows("photos")
    assert list(draft["photosOf"].values()) == [[row["cid"]]]
    assert (row["what"], row["parent"]) == ("item", draft["cid"])
    page.reload()
    page.locator("[data-walk] .item", has_text=item).first.locator("[aria-pressed=true]").wait_for()
