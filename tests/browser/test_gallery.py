"""Every component in every state, in Chromium: sound for axe, inside the screen, big enough, alive."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_screens import ONE_CHARACTER_LINES, SMALL_TARGETS, TAGS
from tests.gallery.serving import PAGES, SETTINGS, SITE, visit

pytestmark = pytest.mark.browser
LOOKS = {
    "narrow": {"width": 320}, "phone in the dark": {"width": 390, "theme": "dark"},
    "large type": {"width": 360, "size": "large"}, "desk": {"width": 1280},
    "desk in the dark": {"width": 1280, "theme": "dark"},
}  # fmt: skip
# Boxes of the document that reach past the window, outside regions that scroll by themselves.
STICKING_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && !each.closest(".scroll, .tabs, .vh, .skip, .chart, dialog"))
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.outerHTML.slice(0, 90))"""
LOW_TARGETS = """(least) => [...document.querySelectorAll("main :is(.btn, .task, select, .seg button)")]
  .filter((each) => each.checkVisibility())
  .filter((each) => each.getBoundingClientRect().height < least - 0.5)
  .map((each) => each.outerHTML.slice(0, 90))"""


@pytest.fixture
def gallery(browser, settings):
    """Opens a page of the gallery in a look; the page remembers what the console and the policy said."""
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    contexts = []

    def enter(name, **look):
        contexts.append(visit(browser, **({"width": 390} | look)))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        assert page.goto(f"{SITE}/gallery/{name}/").ok
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_every_component_is_accessible_and_fits(gallery, name, look):
    page = gallery(name, **LOOKS[look])
    page.evaluate("scrollTo(0, 0)")  # a list of errors takes the focus, and fields go under the sticky bar

    found = page.evaluate(STICKING_OUT) + page.evaluate(ONE_CHARACTER_LINES) + page.evaluate(SMALL_TARGETS)
    found += page.evaluate(LOW_TARGETS, 60 if look == "large type" else 44)
    for violation in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
        found.append(f"{violation['id']}: {violation['nodes'][0]['html'][:160]}")

    assert found + page.complaints == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_failed_form_brings_the_person_to_the_list_of_errors_and_from_there_to_the_fields(gallery):
    page = gallery("wrong")

    expect(page).to_have_title(re.compile("^有误："))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for link in page.locator(".errsum a").all():
        target = link.get_attribute("href")
        assert page.locator(target).count() == 1, target
        link.click()
        expect(page.locator(target)).to_be_focused()
    expect(page.locator("#id_place")).to_have_attribute("aria-invalid", "true")
    described = page.locator("#id_place").get_attribute("aria-describedby").split()
    assert [page.locator(f"#{each}").inner_text() for each in described] == [
        "写到楼层和房间，例如“教学楼三层东侧”。", "这个字段是必填项。"
    ]  # fmt: skip


def test_forms_work_without_scripts(gallery):
    page = gallery("form", java_script_enabled=False)

    for box in page.locator("input[type=file]").all():
        assert box.bounding_box()["height"] >= 44
    expect(page.locator("[data-keys]")).to_be_hidden()


def test_photos_are_shown_before_they_are_sent(gallery):
    page = gallery("form")
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(stream, "JPEG")
    picture = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}

    page.locator("#id_photos_camera").set_input_files(picture)
    page.locator("#id_photos").set_input_files([picture, picture])

    expect(page.locator("[data-preview] img")).to_have_count(3)
    assert page.locator("#id_photos_camera").get_attribute("capture") == "environment"
    assert page.complaints == []


def test_photos_open_in_full_and_the_arrows_walk_through_them(gallery):
    page = gallery("parts", width=1280)
    page.locator("[data-viewer] a").first.click()
    viewer = page.get_by_role("dialog")

    expect(viewer.locator("p")).to_contain_text("1/6")
    page.keyboard.press("ArrowLeft")
    expect(viewer.locator("p")).to_contain_text("6/6")
    viewer.get_by_role("button", name="下一张").click()
    expect(viewer.locator("p")).to_contain_text("1/6")
    violations = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    assert [violation["id"] for violation in violations] == []
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(page.locator("[data-viewer] a").first).to_be_focused()


def test_keys_choose_rows_and_say_how_many(gallery):
    page = gallery("parts", width=1280)
    expect(page.locator("[data-chosen]")).to_be_hidden()

    for key in ["j", "x", "Shift+J", "Shift+J"]:
        page.keyboard.press(key)

    assert [box.is_checked() for box in page.locator("[data-row]").all()] == [True, True, True, False]
    expect(page.locator("[data-chosen]")).to_have_text("已选 3")
    page.locator("[data-row]").first.uncheck()
    page.locator("[data-row]").last.click(modifiers=["Shift"])
    expect(page.locator("[data-chosen]")).to_have_text("已选 4")


def test_keys_can_be_switched_off(gallery):
    page = gallery("parts", width=1280)
    page.keyboard.press("?")
    violations = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    assert [violation["id"] for violation in violations] == []
    page.get_by_label("启用单键快捷键").uncheck()
    page.get_by_role("button", name="关闭").click()
    page.reload()

    page.keyboard.press("j")
    page.keyboard.press("x")

    assert page.locator("[data-row]:checked").count() == 0


def test_no_key_acts_while_somebody_writes(gallery):
    page = gallery("form", width=1280)

    page.locator("#id_place").press_sequentially("jx/?1")

    expect(page.locator("#id_place")).to_have_value("jx/?1")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_type_size_changes_at_once_stays_and_keeps_what_was_typed(gallery):
    page = gallery("form")
    page.locator("#id_place").fill("教学楼三层")

    with page.expect_request("**/look/"):
        page.get_by_role("button", name="大字").click()

    expect(page.locator("html")).to_have_attribute("data-size", "large")
    expect(page.locator("#id_place")).to_have_value("教学楼三层")
    expect(page.get_by_role("button", name="标准字号")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-size", "large")


def test_one_press_submits_once(gallery):
    page = gallery("form", width=1280)
    page.evaluate("addEventListener('submit', (e) => { e.defaultPrevented || sent++; e.preventDefault() })")
    page.evaluate("window.sent = 0")

    page.locator("main form.form .btn-primary").dblclick()

    assert page.evaluate("window.sent") == 1
