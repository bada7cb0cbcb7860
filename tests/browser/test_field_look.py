"""The field client's screens, each with what it shows at its fullest: small phone, desk, large type."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.field_walk import PROBLEM, STRIP, begin
from tests.browser.phone import phone
from tests.browser.queue_records import flush, redraw, run, snap
from tests.browser.test_field_queue import SET
from tests.browser.test_screens import ONE_CHARACTER_LINES, TAGS

pytestmark = [pytest.mark.browser, pytest.mark.field]
# width, height, light or dark, size of type; the least side of a target and the least size of the main text
LOOKS = {
    "phone": (320, 568, "light", "", 44, 16),
    "desk": (1280, 844, "dark", "", 44, 16),
    "large": (360, 740, "light", "large", 60, 20),
}
# What a finger must hit: controls, and labels that stand for one. Links in the middle of a sentence are none.
TARGETS = """([least, inside]) => [...document.querySelectorAll(
    "a[href], button, summary, select, textarea, input, label:has(input), label.btn")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => each.closest(inside) && !each.closest(".skip, .vh"))
  .filter((each) => !document.querySelector("dialog:modal") || each.closest("dialog:modal"))
  .filter((each) => !each.matches("label input"))
  .map((each) => [each.outerHTML.slice(0, 110), each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && Math.min(box.width, box.height) < least - 0.5)
  .map(([text, box]) => `target ${Math.round(box.width)}x${Math.round(box.height)} ${text}`)"""
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll("dialog[open]")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => `sideways ${each.tagName} ${each.className}`)"""
SKIP_ALL = "() => document.querySelectorAll('.item [data-say=x]').forEach((each) => each.click())"
TEXT = "() => parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"


@pytest.fixture(params=LOOKS)
def seen(request, browser, site):
    """A phone with this look, and what says what is wrong with its screen."""
    width, height, scheme, size, least, text = LOOKS[request.param]
    made = phone(
        browser, site, nth=3, size={"width": width, "height": height}, color_scheme=scheme,
        is_mobile=width < 900, device_scale_factor=1,
    )  # fmt: skip
    made.page.context.add_cookies([{"name": "size", "value": size, "url": made.url}] if size else [])
    made.go("/m/")

    def faults(inside="body"):
        page = made.page
        page.wait_for_timeout(100)
        found = page.evaluate(SIDEWAYS) + targets(inside)
        found += [f"one character a line: {line}" for line in page.evaluate(ONE_CHARACTER_LINES)]
        if page.evaluate(TEXT) < text:
            found.append(f"small text {page.evaluate(TEXT)}")
        for broken in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
            found.append(f"{broken['id']} x{len(broken['nodes'])}: {broken['nodes'][0]['html'][:160]}")
        return found

    def targets(inside):
        return made.page.evaluate(TARGETS, [least, inside])

    yield made, faults, targets
    made.page.context.close()


def test_today(seen):
    made, faults, _targets = seen
    snap(made, draft=True)
    made.go("/m/")
    made.page.locator("[data-drafts] a").wait_for()

    assert faults() == []


def test_walk_sheet_and_review(seen):
    made, faults, targets = seen
    page = made.page
    begin(made)
    made.shoot(page.locator(PROBLEM.format(0)))
    page.locator(STRIP).first.wait_for()
    made.tap("[data-phrases] .chip >> nth=0")
    made.tap("[data-sheet] .chip:has([name=fixed])")
    if not page.locator("[data-more]").evaluate("node => node.open"):
        made.tap("[data-more] summary")
    found = {"sheet": faults()}
    page.keyboard.press("Escape")
    found["walk"] = faults()
    made.tap(page.locator(".item:has([aria-pressed=false]) summary").nth(1))
    found["more"] = targets(".more")
    made.tap("[data-submit]")
    page.locator("[data-list-missing] a").first.wait_for()
    found["review"] = faults()

    assert found == {"sheet": [], "walk": [], "more": [], "review": []}


def test_handed_in(seen):
    made, faults, _targets = seen
    page = made.page
    begin(made)
    page.evaluate(SKIP_ALL)
    made.page.context.set_offline(True)
    made.tap("[data-submit]")
    made.tap("[data-confirm]")
    page.locator("[data-done]").wait_for()
    found = {"kept": faults()}
    made.page.context.set_offline(False)
    page.locator("[data-receipt]").wait_for()
    found["receipt"] = faults()

    assert found == {"kept": [], "receipt": []}


def test_scan(seen):
    made, faults, _targets = seen
    begin(made)
    made.tap("[data-arrive] button")
    made.page.locator("[name=code]").fill("12")
    made.tap("[data-digits] button")
    expect(made.page.locator("[data-fault]").last).not_to_have_text("")

    assert faults() == []


def test_queue(seen):
    made, faults, _targets = seen
    page = made.page
    made.go("/m/queue/")
    page.wait_for_selector("[data-q=checking]", state="hidden")
    sent = snap(made)
    flush(made)
    page.locator(f"[data-cid='{sent}'][data-state=sent]").wait_for()
    page.context.route("**/api/m/records/*", lambda route: route.abort())
    page.context.set_offline(True)
    for state, code in (
        ("queued", None),
        ("failed", "busy"),
        ("auth", None),
        ("blocked", "role"),
        ("blocked", "changed"),
    ):
        run(made, SET, [snap(made, "三楼东侧楼梯间应急照明灯损坏，指示牌脱落"), state, code])
    snap(made, draft=True)
    snap(made, owner=999_999, name="王小明")
    redraw(made)
    expect(page.locator("[data-q=waiting] li")).to_have_count(5)
    found = {"queue": faults()}
    made.tap(page.locator("[data-act=open]"))
    found["receipt"] = faults()

    assert found == {"queue": [], "receipt": []}


def test_help_and_signing_out(seen):
    made, faults, _targets = seen
    found = {}
    made.go("/m/help/")
    found["help"] = faults()
    made.go("/m/out/")
    made.page.locator("[data-out=clear]").wait_for()
    found["out"] = faults()
    made.page.context.set_offline(True)
    snap(made, draft=True)
    made.go("/m/out/")
    made.tap("[data-out=unsent] summary")
    made.page.locator("#count").fill("9")
    made.tap("[data-delete] button")
    found["unsent"] = faults()

    assert found == {"help": [], "out": [], "unsent": []}


def test_rescue(seen):
    made, faults, _targets = seen
    made.go("/m/rescue/")
    made.page.locator("[name=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"nothing"}
    )
    inside = "main :is(form, table, .card)"  # the frame is that of the pages for a desk
    found = faults(inside)
    made.page.locator("main button.btn-primary").click()
    made.page.wait_for_load_state()

    assert found + faults(inside) == []
