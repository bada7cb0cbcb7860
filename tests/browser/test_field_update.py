"""A new release of the field client: it waits, is asked for once, comes whole or not at all."""

import pytest
from playwright.sync_api import expect

from .phone import until
from .queue_records import flush, snap, state

pytestmark = [pytest.mark.browser, pytest.mark.field]
NAMES = "async () => (await caches.keys()).filter((name) => name.startsWith('shell-'))"
WORKERS = """async () => {
  const found = await navigator.serviceWorker.getRegistration("/m/");
  return [found?.active?.state, found?.waiting?.state, found?.installing?.state];
}"""
# Twice: the browser joins a look with one under way already, and that one may know of no new release.
UPDATE = """async () => {
  const found = await navigator.serviceWorker.getRegistration("/m/");
  await found.update().catch(() => {});
  return found.update().then(() => true, () => false);
}"""
LOOK = "() => { navigator.serviceWorker.getRegistration('/m/').then((found) => found.update()); }"
# A page that learns of its worker only after a minute.
KNOWN_LATE = """ServiceWorkerContainer.prototype.register = () =>
  new Promise((resolve) => setTimeout(resolve, 60_000));"""
CALM = "async () => !(await navigator.serviceWorker.getRegistration('/m/')).installing"
WAITS = "async () => Boolean((await navigator.serviceWorker.getRegistration('/m/'))?.waiting)"
NO_WAITING = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("shell-"));
  return names.length === 1 && names[0].startsWith("shell-next-");
}"""


def loads(page):
    """A list that grows with every load of the page."""
    found = []
    page.on("load", lambda _page: found.append(page.url))
    return found


def loaded_once(page, seen):
    """The next release runs, the page has been loaded for it, and is not loaded again."""
    until(page, NO_WAITING)
    until(page, "() => document.readyState === 'complete'")
    page.wait_for_timeout(1500)  # a second load would come now
    assert len(seen) == 1


def refused(made, front):
    """A new release is out, and the server takes a record from no other any more; returns its number."""
    front.release = "next"
    refusal = {"status": 426, "content_type": "application/json", "body": '{"code": "upgrade"}'}
    made.page.route("**/api/m/records/*", lambda route: route.fulfill(**refusal))
    cid = snap(made)
    flush(made)
    expect(made.page.locator("[data-bar=update]")).to_contain_text("这个版本太旧")
    expect(made.page.locator("[data-later]")).to_be_hidden()
    made.page.unroute("**/api/m/records/*")
    return cid


def test_waits_during_a_walk_and_one_press_is_one_reload(behind, front):
    page = behind.page
    bar = page.locator("[data-bar=update]")
    behind.go("/m/patrol/")
    page.locator(".item [data-say=n]").first.wait_for()
    (old,) = page.evaluate(NAMES)
    front.release = "next"
    assert page.evaluate(UPDATE)
    until(page, WAITS)
    assert len(page.evaluate(NAMES)) == 2
    expect(page.locator("body")).to_have_attribute("data-busy", "")
    expect(bar).to_be_hidden()

    answered = page.locator(".item:has([data-drawn][hidden]) [data-say=n]").first
    answered.tap()
    (draft,) = behind.wait_rows("drafts", lambda rows: rows and rows[0]["answers"])
    behind.go("/m/")
    expect(bar).to_be_visible()
    seen = loads(page)
    page.locator("[data-update]").dblclick()
    loaded_once(page, seen)
    expect(bar).to_be_hidden()
    (new,) = page.evaluate(NAMES)
    assert new != old
    assert new.startswith("shell-next-")
    assert behind.rows("drafts")[0]["answers"] == draft["answers"] != {}


def test_comes_when_the_walk_is_over(behind, front):
    page = behind.page
    behind.go("/m/patrol/")
    page.locator(".item [data-say=n]").first.wait_for()
    front.release = "next"
    assert page.evaluate(UPDATE)
    until(page, WAITS)
    expect(page.locator("[data-bar=update]")).to_be_hidden()
    page.evaluate("document.body.removeAttribute('data-busy')")  # what handing in does
    expect(page.locator("[data-bar=update]")).to_be_visible()
    page.locator("[data-later]").tap()
    expect(page.locator("[data-bar=update]")).to_be_hidden()


def test_does_not_come_without_a_new_release(behind):
    assert behind.page.evaluate(UPDATE)
    assert not behind.page.evaluate(WAITS)
    expect(behind.page.locator("[data-bar=update]")).to_be_hidden()


def test_a_server_that_refuses_the_release_makes_it_a_must_and_loses_nothing(behind, front):
    page = behind.page
    behind.go("/m/queue/")
    cid, seen = refused(behind, front), loads(page)
    page.locator("[data-update]").tap()
    loaded_once(page, seen)
    state(behind, cid, "sent")


def test_one_press_is_enough_while_a_look_from_before_is_under_way(behind, front):
    """The browser joins two looks: the one that set out before the release knows nothing of it."""
    page = behind.page
    behind.go("/m/queue/")
    assert page.evaluate(UPDATE)  # the page's own look has ended
    before, front.held = front.asked("/m/sw.js"), "/m/sw.js"
    page.evaluate(LOOK)
    front.wait_asked("/m/sw.js", before + 1)
    refused(behind, front)
    seen = loads(page)
    page.locator("[data-update]").tap()
    page.wait_for_timeout(500)  # the press has joined
    front.held = ""
    loaded_once(page, seen)


def test_one_press_is_enough_before_the_page_knows_its_worker(behind, front):
    page = behind.page
    page.add_init_script(KNOWN_LATE)
    behind.go("/m/queue/")
    refused(behind, front)
    seen = loads(page)
    page.locator("[data-update]").tap()
    loaded_once(page, seen)


def test_one_file_that_fails_leaves_the_old_worker_serving(behind, front):
    page = behind.page
    (old,) = page.evaluate(NAMES)
    before = front.asked("/m/help/")
    front.release, front.failing = "next", "/m/help/"
    page.evaluate(UPDATE)
    until(page, CALM)
    assert front.asked("/m/help/") > before
    assert page.evaluate(WORKERS)[:2] == ["activated", None]
    page.context.set_offline(True)
    assert behind.go("/m/snap/") == 200
    assert old in page.evaluate(NAMES)
    expect(page.locator("[data-bar=update]")).to_be_hidden()

    page.context.set_offline(False)  # the control: without the failure the same release waits
    front.failing = ""
    assert page.evaluate(UPDATE)
    until(page, WAITS)
