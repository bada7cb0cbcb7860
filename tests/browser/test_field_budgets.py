"""What the field client costs on a slow line: bytes, script, the first picture, the next opening.

Where seconds count, the best of three tries: the machine may have other work in one of them.
"""

from time import monotonic

import pytest

from .field_front import Front
from .phone import SIZE, Phone, phone, sign_in
from .queue_records import snap

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
    """fresh() → a signed-in phone that has never been at /m/."""

    def another():
        page = browser.new_context(viewport=SIZE, locale="zh-CN", has_touch=True, is_mobile=True).new_page()
        made = Phone(page, site.url)
        sign_in(made)
        return made

    return another


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
    made = fresh()
    sizes, _line = counted(made.page)
    made.page.goto(f"{made.url}/m/", wait_until="networkidle")
    scripts = {url: size for url, size in sizes.items() if ".js" in url and "/sw.js" not in url}
    assert len(scripts) > 5  # the control: they were seen
    assert sum(scripts.values()) <= SCRIPT
    assert sum(sizes.values()) <= WIRE


def test_the_first_picture_comes_soon_on_a_slow_line(fresh):
    tries = []
    for _ in range(3):
        made = fresh()
        _sizes, line = counted(made.page)
        made.page.add_init_script(WATCH)
        line.send("Network.emulateNetworkConditions", SLOW)
        line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        made.page.goto(f"{made.url}/m/", wait_until="networkidle")
        tries.append(made.page.evaluate("seen"))
        made.page.context.close()
    assert 400 < min(seen["lcp"] for seen in tries) <= FIRST  # no faster than one way there and back
    assert max(seen["cls"] for seen in tries) <= 0.02


@pytest.mark.parametrize("path", ["/m/", "/m/patrol/", "/m/snap/", "/m/queue/"])
def test_the_next_opening_does_not_wait_for_a_late_server(browser, site, path):
    with Front(site.url) as front:
        made = phone(browser, front)
        front.late = 7
        made.page.add_init_script(WATCH)
        took, painted = [], []
        for _ in range(3):
            began = monotonic()
            made.page.goto(f"{made.url}{path}", wait_until="commit")
            made.page.locator("h1").first.wait_for()
            took.append(monotonic() - began)
            made.page.wait_for_function("() => seen.lcp > 0")
            made.page.wait_for_timeout(300)  # a larger part may be painted after the first
            painted.append(made.page.evaluate("seen")["lcp"])
        assert min(took) < AGAIN / 1000
        assert min(painted) < AGAIN
        made.page.context.close()


def test_what_waited_is_up_within_five_seconds_of_the_networks_return(browser, site):
    made = phone(browser, site)
    made.go("/m/queue/")
    took = []
    for _ in range(3):
        made.page.context.set_offline(True)
        snap(made, photos=4)
        began = monotonic()
        made.page.context.set_offline(False)
        made.wait_sent()
        took.append(monotonic() - began)
    assert min(took) < 5
