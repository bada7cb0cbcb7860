"""What the field client costs on a slow line: bytes, script, the first picture, the next opening."""

from time import monotonic

import pytest

from .field_front import Front
from .phone import SIZE, Phone, phone, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.field, pytest.mark.alone]
WIRE, SCRIPT, FIRST, AGAIN = 60 * 1024, 25 * 1024, 2200, 500
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
WATCH = """
window.seen = { lcp: 0, cls: 0, what: "" };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    seen.lcp = entry.startTime;
    seen.what = entry.element?.outerHTML.slice(0, 80);
  }
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def fresh(browser, site):
    """A signed-in phone that has never been at /m/."""
    page = browser.new_context(viewport=SIZE, locale="zh-CN", has_touch=True, is_mobile=True).new_page()
    made = Phone(page, site.url)
    sign_in(made)
    yield made
    page.context.close()


def counted(page):
    """{address: bytes on the wire} of what the page itself loads, and the connection that counts them."""
    line = page.context.new_cdp_session(page)
    names, sizes = {}, {}
    line.on(
        "Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]})
    )
    line.on(
        "Network.loadingFinished",
        lambda event: sizes.update({names.get(event["requestId"], "?"): event["encodedDataLength"]}),
    )
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return sizes, line


def test_the_first_opening_is_small(fresh):
    sizes, _line = counted(fresh.page)
    fresh.page.goto(f"{fresh.url}/m/", wait_until="networkidle")
    scripts = {url: size for url, size in sizes.items() if ".js" in url and "/sw.js" not in url}
    assert len(scripts) > 5  # the control: they were seen
    assert sum(scripts.values()) <= SCRIPT
    assert sum(sizes.values()) <= WIRE


def test_the_first_picture_comes_soon_on_a_slow_line(fresh):
    page = fresh.page
    _sizes, line = counted(page)
    page.add_init_script(WATCH)
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{fresh.url}/m/", wait_until="networkidle")
    seen = page.evaluate("seen")
    assert 400 < seen["lcp"] <= FIRST  # the control: no faster than one way there and back
    assert seen["cls"] <= 0.02


@pytest.mark.parametrize("path", ["/m/", "/m/patrol/", "/m/snap/", "/m/queue/"])
def test_the_next_opening_does_not_wait_for_a_late_server(browser, site, path):
    with Front(site.url) as front:
        made = phone(browser, front)
        front.late = 7
        made.page.add_init_script(WATCH)
        began = monotonic()
        made.page.goto(f"{made.url}{path}", wait_until="commit")
        made.page.locator("h1").first.wait_for()
        assert monotonic() - began < AGAIN / 1000
        made.page.wait_for_timeout(300)
        assert 0 < made.page.evaluate("seen")["lcp"] < AGAIN
        made.page.context.close()
