"""The sheet of one item: whatever is pressed while a photo is on its way, photo and words are kept."""

import pytest
from playwright.sync_api import expect

from tests.browser.field_walk import begin, problem
from tests.browser.phone import OPEN, phone, photo, until

pytestmark = [pytest.mark.browser, pytest.mark.field]
PLAIN = ".item:has([data-drawn][hidden])"
# What the item shows in the very moment in which its sheet is gone.
WATCH = """(pk) => {
  const pressed = () => document.querySelector(`#i${pk} [data-say=p]`).getAttribute("aria-pressed");
  const dialog = document.querySelector("[data-sheet]");
  window.seen = [];
  const look = () => dialog.open || seen.push(pressed());
  new MutationObserver(look).observe(dialog, { attributeFilter: ["open"] });
}"""
# A machine on which the browser tells of a closed dialog late.
LATE_CLOSE = """addEventListener("close", (event) => {
  if (!event.isTrusted) return;
  event.stopImmediatePropagation();
  setTimeout(() => event.target.dispatchEvent(new Event("close")), 1000);
}, true);"""
KEPT = f"""async (n) => {{
  {OPEN}
  const findings = (await all("drafts")).flatMap((draft) => draft.findings);
  return findings.length === 1 && findings[0].photos.length === n;
}}"""
BUSY = "[data-sheet][aria-busy=true]"


@pytest.fixture
def made(browser, site):
    """An officer's phone in the middle of a walk."""
    one = phone(browser, site, nth=4)
    begin(one)
    yield one
    one.page.context.close()


def slow(made, rate=20):
    made.page.context.new_cdp_session(made.page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def item(made, n=0):
    return made.page.locator(f"#i{made.page.locator(PLAIN).nth(n).get_attribute('data-item')}")


def draft(made):
    (row,) = made.rows("drafts")
    return row


def kept(made, n):
    """The finding of the walk on the phone, once it has `n` photos."""
    until(made.page, KEPT, n)
    return draft(made)["findings"][0]


def test_left_while_the_photo_is_being_made_the_photo_is_kept(made):
    one = item(made)
    slow(made)
    made.shoot(one.locator("[data-say=p]"), size=(3000, 2000))
    made.page.locator(BUSY).wait_for()
    made.page.keyboard.press("Escape")

    expect(made.page.locator("[data-sheet]")).to_be_hidden()
    assert draft(made)["findings"][0]["photos"] == []  # the control: it was left before the photo was there
    finding = kept(made, 1)
    assert [each["cid"] for each in made.rows("photos")] == finding["photos"]
    expect(one.locator("[data-say=p]")).to_have_attribute("aria-pressed", "true")
    expect(one.locator("[data-edit]")).to_have_text("没写完，继续")


def test_a_photo_that_comes_after_the_sheet_was_left_belongs_to_its_item(made):
    one, other = item(made, 0), item(made, 1)
    with made.page.expect_file_chooser() as chooser:
        made.tap(one.locator("[data-say=p]"))
    made.page.keyboard.press("Escape")
    expect(one.locator("[data-say=p]")).to_have_attribute("aria-pressed", "false")
    made.tap(other.locator("[data-say=n]"))
    chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})

    finding = kept(made, 1)
    assert str(finding["item"]) == one.get_attribute("data-item")
    expect(one.locator("[data-say=p]")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("late", ["", LATE_CLOSE], ids=["", "late close"])
def test_a_sheet_is_never_seen_closed_before_its_item_shows_the_problem(made, late):
    one = item(made)
    pk = one.get_attribute("data-item")
    made.page.evaluate(WATCH, pk)
    made.page.evaluate(f"() => {{ {late} }}")
    problem(made, 0, photos=1)

    assert made.page.evaluate("seen") == ["true"]
    expect(one.locator("[data-edit]")).not_to_have_text("没写完，继续")


def test_normal_pressed_on_a_problem_by_mistake_costs_neither_photos_nor_words(made):
    one = item(made)
    problem(made, 0, photos=2)
    before = draft(made)["findings"]
    made.tap(one.locator("[data-say=n]"))
    expect(one.locator("[data-say=n]")).to_have_attribute("aria-pressed", "true")
    made.page.wait_for_timeout(200)
    assert draft(made)["findings"] == []

    made.page.reload()
    choosers = []
    made.page.on("filechooser", lambda each: choosers.append(each))
    made.tap(item(made).locator("[data-say=p]"))
    expect(made.page.locator("[data-strip-photos] img")).to_have_count(2)
    made.tap("[data-sheet] .btn-primary")
    expect(made.page.locator("[data-sheet]")).to_be_hidden()
    assert draft(made)["findings"] == before
    assert choosers == []  # there are photos: the camera does not open by itself
