"""Without a worker: what an open page would load at a press is there before the network goes."""

import pytest
from playwright.sync_api import expect

from tests.browser.phone import HAS_DAY, phone, until

pytestmark = [pytest.mark.browser, pytest.mark.field]
NO_WORKER = "delete Navigator.prototype.serviceWorker;"
STYLED = "() => [...document.styleSheets].some(({ href }) => href?.includes('field-photo'))"


@pytest.fixture
def made(browser, site):
    """An officer's phone whose browser has no worker, at the day's data."""
    one = phone(browser, site, nth=1, enter=False)
    one.page.add_init_script(NO_WORKER)
    one.go("/m/")
    until(one.page, HAS_DAY)
    yield one
    one.page.context.close()


def offline(made):
    """The page has loaded what it would; then the network goes."""
    made.page.wait_for_load_state("networkidle")
    made.page.context.set_offline(True)


def test_a_walk_has_its_dialogs_without_network(made):
    page = made.page
    made.go("/m/patrol/")
    page.wait_for_selector(".zone")
    offline(made)

    made.tap("[data-burst]")
    expect(page.locator("dialog.burst")).to_be_visible()
    assert page.evaluate(STYLED)
    made.shoot("label[for=burst-camera]")
    expect(page.locator("[data-photos] img")).to_have_count(1)
    made.tap("dialog.burst [data-close]")
    made.tap("[data-arrive] button")
    expect(page.locator("dialog.scan")).to_be_visible()
    made.tap("dialog.scan [data-cancel]")
    made.shoot(page.locator(".item:has([data-drawn][hidden]) [data-say=p]").first)
    made.tap("[data-sheet] [data-retouch]")
    expect(page.locator("dialog.photo-tool")).to_be_visible()
    page.keyboard.press("Escape")
    made.tap("[data-phrases] .chip >> nth=0")
    made.tap("[data-sheet] .btn-primary")
    asked = []
    page.once("dialog", lambda each: (asked.append(each.message), each.dismiss()))
    made.tap("[data-discard]")
    assert "放弃这次巡查" in asked[0]


def test_a_snap_report_and_my_hazards_have_theirs(made):
    page = made.page
    made.go("/m/snap/")
    page.locator("form.snap").wait_for()
    offline(made)
    made.tap("[data-act=scan]")
    expect(page.locator("dialog.scan")).to_be_visible()
    page.context.set_offline(False)

    made.go("/m/mine/")
    offline(made)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name).join()")
    assert [each in loaded for each in ("/ghost.", "/retouch.")] == [True, True]
