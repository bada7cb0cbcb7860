"""Labels on the phone: scanned by the camera, typed without a network, checked in at, read from a photo."""

import io
import json

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect

from tests.live import CHROMIUM, CHROMIUM_FLAGS

from .phone import phone, rows_of

pytestmark = [pytest.mark.browser, pytest.mark.field]

FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# Chromium's fake camera shows a moving ball: the reader says what a label in front of it would hold.
READER = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(source) {
    const isVideo = source instanceof HTMLVideoElement;
    if (isVideo && !(source.videoWidth > 0 && source.srcObject?.active)) throw new Error("no picture");
    return window.label ? [{ rawValue: window.label }] : [];
  }
};
"""
NO_READER = "delete window.BarcodeDetector;"
SET = (
    "from schoolsafety.core.models import Organisation, Preference; "
    "root = Organisation.objects.order_by('path').first(); "
    "Preference.objects.update_or_create(organisation=root, key='{key}', defaults={{'value': {value}}})"
)
UNSET = "from schoolsafety.core.models import Preference; Preference.objects.filter(key='{key}').delete()"
NETWORK = (
    "Object.defineProperty(navigator, 'connection', {{ value: Object.assign(new EventTarget(), {0}) }});"
)


@pytest.fixture(scope="module")
def camera(browser):
    """A Chromium that has a camera and needs not ask for it."""
    flags = [*CHROMIUM_FLAGS, *FAKE_CAMERA]
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    yield chromium
    chromium.close()


@pytest.fixture
def switched(site):
    """Sets one of the bureau's switches for the city; takes all of them back."""
    keys = []

    def switch(key, value):
        keys.append(key)
        site.python(SET.format(key=key, value=value))

    yield switch
    for key in keys:
        site.python(UNSET.format(key=key))


@pytest.fixture
def opened(camera, site):
    """Opens the walk on a phone with a script of its own; closes all of them."""
    contexts = []

    def open_walk(script="", path="/m/patrol/"):
        made = phone(camera, site)
        contexts.append(made.page.context)
        made.faults = []
        made.page.on("pageerror", lambda fault: made.faults.append(str(fault)))
        made.page.add_init_script(script)
        made.go(path)
        made.page.wait_for_selector("[data-arrive] button")
        return made

    yield open_walk
    for context in contexts:
        context.close()


def day_of(made):
    return next(row["v"] for row in made.rows("ref") if row["k"] == "bootstrap")


def point_in_walk(made, nth=0):
    """A point of the day's list that hangs in a zone of the walk."""
    kinds = [
        kind.removeprefix("z-")
        for kind in made.page.eval_on_selector_all(".zone", "all => all.map(z => z.id)")
    ]
    return [point for point in day_of(made)["points"] if point["zone"] in kinds][nth]


def label(text):
    """A photo of a label on a wall."""
    drawn, saved = io.BytesIO(), io.BytesIO()
    segno.make(text, error="h").save(drawn, kind="png", scale=8)
    wall = Image.new("RGB", (1600, 1200), (140, 140, 130))
    wall.paste(Image.open(drawn).convert("RGB").rotate(9, expand=True, fillcolor=(140, 140, 130)), (500, 300))
    wall.save(saved, "JPEG")
    return {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": saved.getvalue()}


def test_the_camera_reads_a_label_and_the_walk_goes_to_its_zone(opened):
    made = opened(READER)
    page, point = made.page, point_in_walk(made, -1)
    made.tap("[data-arrive] button")
    page.wait_for_selector("dialog.scan [data-live]:not([hidden])")
    expect(page.locator("dialog.scan")).to_be_visible()

    page.evaluate("text => { window.label = text }", f"https://xa.example.cn/m/p/{point['token']}")

    page.wait_for_selector("dialog.scan", state="detached")
    expect(page.locator(f"#z-{point['zone']} .checkin")).to_contain_text(point["name"])
    expect(page.locator("[data-arrive]")).to_contain_text("到点 1/")
    assert page.locator(f"#z-{point['zone']}").evaluate(
        "zone => zone.getBoundingClientRect().top < innerHeight"
    )
    assert made.rows("drafts") == []  # nothing was asked for: looking at a label begins no walk
    assert made.faults == []


def test_a_label_of_elsewhere_is_told_and_the_camera_goes_on(opened):
    made = opened(READER + "window.label = 'https://pay.example.cn/?to=someone';")
    page = made.page
    made.tap("[data-arrive] button")

    expect(page.locator("dialog.scan [data-fault]")).to_have_text("这不是本校的点位码。")
    page.evaluate("text => { window.label = text }", point_in_walk(made)["code"])
    page.wait_for_selector("dialog.scan", state="detached")


def test_four_digits_do_without_a_network(opened):
    made = opened(NO_READER)
    page, point = made.page, point_in_walk(made)
    page.context.set_offline(True)
    page.reload()
    made.tap("[data-arrive] button")
    expect(page.locator("dialog.scan [data-status]")).to_contain_text("请输入四位数字")

    page.fill("#scan-code", "9999")
    made.tap("[data-digits] button")
    expect(page.locator("dialog.scan [data-fault]")).to_contain_text("这台手机的点位表里没有 9999")
    page.fill("#scan-code", "12")
    made.tap("[data-digits] button")
    expect(page.locator("dialog.scan [data-fault]")).to_have_text("请输入二维码下面的四位数字。")
    page.fill("#scan-code", point["code"])
    made.tap("[data-digits] button")

    page.wait_for_selector("dialog.scan", state="detached")
    expect(page.locator(f"#z-{point['zone']} .checkin")).to_contain_text(point["name"])
    assert made.faults == []


def test_a_photo_of_a_label_is_read_by_the_server_and_not_without_one(opened):
    made = opened(NO_READER)
    page, point = made.page, point_in_walk(made)
    made.tap("[data-arrive] button")
    page.context.set_offline(True)
    page.set_input_files("#scan-photo", label(f"https://xa.example.cn/m/p/{point['token']}"))
    expect(page.locator("dialog.scan [data-fault]")).to_contain_text("没有网")

    page.context.set_offline(False)
    page.set_input_files("#scan-photo", label("just words"))
    expect(page.locator("dialog.scan [data-fault]")).to_have_text("这不是本校的点位码。")
    page.set_input_files("#scan-photo", label(f"https://xa.example.cn/m/p/{point['token']}"))

    page.wait_for_selector("dialog.scan", state="detached")
    expect(page.locator(f"#z-{point['zone']} .checkin")).to_contain_text(point["name"])


def test_a_label_opened_by_the_phones_own_camera_jumps_to_its_zone(opened):
    made = opened()
    point = point_in_walk(made, -1)

    made.go(f"/m/p/{point['token']}")

    made.page.wait_for_selector("[data-arrive] button")
    path, _mark, named = made.page.url.removeprefix(made.url).partition("#p=")
    assert (path, named in {point["code"], point["token"]}) == ("/m/patrol/", True)
    expect(made.page.locator(f"#z-{point['zone']} .checkin")).to_contain_text(point["name"])
    made.page.evaluate("location.hash = '#p=0000'")
    expect(made.page.locator("[data-said]")).to_contain_text("0000")


@pytest.mark.both
def test_check_ins_reach_the_record_and_the_receipt(switched, opened, site):
    switched("field.checkin", True)
    made = opened()
    page = made.page
    zones = page.locator(".zone:has(.checkin)")
    total, (here, away) = zones.count(), (point_in_walk(made), point_in_walk(made, -1))
    expect(page.locator("[data-arrive]")).to_contain_text(f"到点 0/{total}")

    made.tap(f"#z-{here['zone']} .checkin button")
    page.fill("#scan-code", here["code"])
    made.tap("[data-digits] button")
    expect(page.locator("[data-arrive]")).to_contain_text(f"到点 1/{total}")
    made.tap(f"#z-{away['zone']} .checkin button")
    made.tap("dialog.scan details summary")
    made.tap("[data-reason] button")
    expect(page.locator("dialog.scan [data-fault]")).to_have_text("请写明为什么没到。")
    page.fill("#scan-reason", "楼里在考试")
    made.tap("[data-reason] button")
    expect(page.locator(f"#z-{away['zone']} .checkin")).to_contain_text("未到：楼里在考试")
    expect(page.locator("[data-arrive]")).to_contain_text(f"到点 1/{total}")
    hand_in(made)

    query = "select id, checkins from inspections_patrol where checkins <> '[]' order by id desc"
    pk, kept = rows_of(site, query)[0]
    assert here["code"] in kept
    assert {row["zone"]: row["reason"] for row in json.loads(kept)}[away["zone"]] == "楼里在考试"
    page.goto(f"{made.url}/patrol/{pk}/receipt/")
    expect(page.locator("main")).to_contain_text(f"到点 1/{total}")
    expect(page.locator("main")).to_contain_text("楼里在考试")
    expect(page.locator("main")).to_contain_text(here["name"])


def hand_in(made):
    """Answer every item one by one, with a photo where one was drawn, and hand the walk in."""
    page = made.page
    for item in page.locator(".item").all():
        if item.locator("[data-drawn]").is_visible():
            made.shoot(item.locator("[data-say=n]"))
        else:
            made.tap(item.locator("[data-say=n]"))
        expect(item.locator("[data-say=n]")).to_have_attribute("aria-pressed", "true")
    made.tap("[data-submit]")
    made.tap("[data-review] [data-confirm]")
    made.wait_sent()


def snap(made, level="general"):
    """A hazard with one photo, reported by the snap report's screen."""
    page = made.page
    made.go("/m/snap/")
    page.locator("[data-picks=zone] label").first.wait_for()
    made.shoot("label[for=photos_camera]")
    page.locator("[data-shots=photos] .shot img").first.wait_for()
    page.locator("[data-picks=zone] label").first.tap()
    page.locator("[data-picks=phrase] label").first.tap()
    page.locator(f"label:has([name=level][value={level}])").tap()
    page.locator("[data-save]").tap()


def states(made):
    return [row["state"] for row in made.rows("queue")]


@pytest.mark.parametrize("network", ["{ type: 'cellular' }", "{}"])
def test_where_the_bureau_says_so_photos_wait_for_wifi_or_a_word(switched, opened, network):
    switched("field.mobile_photos", False)
    made = opened(NETWORK.format(network))
    snap(made)
    bar = made.page.locator("[data-bar=metered]")
    bar.wait_for()
    expect(made.page.locator("[data-chip]")).to_contain_text("待上传")
    assert states(made) == ["queued"]

    made.tap(bar.locator("button"))

    made.wait_sent()
    expect(bar).to_be_hidden()
    assert states(made) == ["sent"]


@pytest.mark.parametrize(
    ("network", "level"), [("{ type: 'wifi' }", "general"), ("{ type: 'cellular' }", "major")]
)
def test_on_wifi_nothing_waits_and_what_may_be_major_never_does(switched, opened, network, level):
    switched("field.mobile_photos", False)
    made = opened(NETWORK.format(network))
    snap(made, level)

    made.page.locator("[data-receipt] .no").wait_for(timeout=20_000)

    assert states(made) == ["sent"]


def test_back_on_wifi_what_waited_goes_by_itself(switched, opened):
    switched("field.mobile_photos", False)
    made = opened(NETWORK.format("{ type: 'cellular' }"))
    snap(made)
    made.page.locator("[data-bar=metered]").wait_for()

    made.page.evaluate(
        "navigator.connection.type = 'wifi'; navigator.connection.dispatchEvent(new Event('change'))"
    )

    made.wait_sent()
    expect(made.page.locator("[data-bar=metered]")).to_be_hidden()


def test_as_it_stands_photos_go_over_any_network(opened):
    made = opened(NETWORK.format("{ type: 'cellular' }"))
    snap(made)

    made.page.locator("[data-receipt] .no").wait_for(timeout=20_000)
    assert states(made) == ["sent"]
