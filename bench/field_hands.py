"""Two hands on two phones: the same walk in the field client and as a one-page form, every tap counted."""

import tempfile
from pathlib import Path

from bench.plain_form import PHRASES, Server
from tests.browser.field_pictures import camera
from tests.browser.phone import SIZE, Phone, ready, sign_in
from tests.browser.test_field_walk import THIRTY
from tests.live import CHROMIUM, CHROMIUM_FLAGS, running_site
from tests.lossy import LossyProxy

ITEMS = 30
PROBLEMS = {11: PHRASES[0], 21: PHRASES[1]}  # item → what is wrong; the second one is major


def measure():
    """(ours, plain, preset): {taps, scrolls, up, first, …} of each."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only this measurement needs it

    photos = [camera(seed=n) for n in range(len(PROBLEMS))]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        with (
            tempfile.TemporaryDirectory(prefix="ss-bench-") as folder,
            running_site(Path(folder), "--schools", "6", "--days", "3") as site,
        ):
            ours = _ours(browser, site, photos)
        plain, preset = (_plain(browser, photos, answer) for answer in ("", "n"))
        browser.close()
    return ours, plain, preset


def _phone(browser, url, **more):
    options = {"viewport": SIZE, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
    return Phone(browser.new_context(**options, device_scale_factor=2, **more).new_page(), url)


def _shoot(made, where, content):
    """Open the camera, press the shutter, use the photo: three taps."""
    with made.page.expect_file_chooser() as chooser:
        made.tap(where)
    chooser.value.set_files({"name": "image.jpg", "mimeType": "image/jpeg", "buffer": content})
    made.taps += 2


def _ours(browser, site, photos):
    """First opening without and with what is kept for offline, then the walk from home to receipt."""
    with LossyProxy(site.url) as proxy:
        bare = _phone(browser, proxy.url, service_workers="block")
        sign_in(bare)
        first = _down(proxy, lambda: bare.page.goto(f"{proxy.url}/m/", wait_until="networkidle"))
        bare.page.context.close()
        made = _phone(browser, proxy.url)
        sign_in(made)
        whole = _down(proxy, lambda: _settle(made))
        day = next(row["v"] for row in made.rows("ref") if row["k"] == "bootstrap")
        site.manage("shell", "--no-imports", "-c", THIRTY.format(school=day["school"]["pk"]))
        made.go("/m/")
        made.page.locator("[data-hero]", has_text=str(ITEMS)).wait_for()
        made.page.wait_for_load_state("networkidle")
        again = _down(proxy, lambda: made.page.goto(f"{proxy.url}/m/", wait_until="networkidle"))
        before, made.taps, made.scrolls = proxy.account.bytes_up, 0, 0
        _walk(made, photos)
        up = proxy.account.bytes_up - before
        made.page.context.close()
    figures = {"taps": made.taps, "scrolls": made.scrolls, "up": up}
    return figures | {"first": first, "kept": whole - first, "next": again}


def _settle(made):
    made.go("/m/")
    ready(made.page)
    made.page.wait_for_load_state("networkidle")


def _down(proxy, act):
    before = proxy.account.bytes_down
    act()
    return proxy.account.bytes_down - before


def _walk(made, photos):
    """Home, six zones, two problems, handed in: the receipt is the server's."""
    page, shots = made.page, iter(photos)
    made.tap("[data-hero] .btn")
    page.wait_for_selector(".zone")
    for n in range(6):
        zone = page.locator(".zone").nth(n)
        zone.locator("[data-rest]:not([aria-disabled])").wait_for(timeout=30_000)
        for item in [item for item in PROBLEMS if item // 5 == n]:
            _shoot(made, zone.locator(".item").nth(item % 5).locator("[data-say=p]"), next(shots))
            page.locator("[data-strip-photos] img").first.wait_for()
            made.tap(page.locator("[data-phrases] .chip").filter(has_text=PROBLEMS[item]))
            made.tap("[data-sheet] .btn-primary")
            page.locator("[data-sheet]").wait_for(state="hidden")
        made.tap(zone.locator("[data-rest]"))
    made.tap("[data-submit]")
    made.tap("[data-confirm]")
    page.locator("[data-receipt] .no").wait_for(timeout=60_000)


def _plain(browser, photos, preset):
    """The form, opened from a link on a home screen: one tap, then every answer that is not chosen yet."""
    with Server(ITEMS, preset) as server, LossyProxy(server.url) as proxy:
        made = _phone(browser, proxy.url)
        first = _down(proxy, lambda: made.page.goto(proxy.url))
        made.taps, shots, before = 1, iter(photos), proxy.account.bytes_up
        for n in range(ITEMS):
            answer = "p" if n in PROBLEMS else "n"
            if answer != preset:
                made.tap(made.page.locator(f"label:has([name='item-{n}'][value={answer}])"))
            if n in PROBLEMS:
                _shoot(made, f"[name='photo-{n}']", next(shots))
                _select(made, f"[name='what-{n}']", PROBLEMS[n])
                if PROBLEMS[n] == PHRASES[1]:
                    _select(made, f"[name='grade-{n}']", "major")
        made.tap("button")
        made.page.locator("#done").wait_for()
        assert len(server.received) == 1
        made.page.context.close()
        return {
            "taps": made.taps, "scrolls": made.scrolls, "first": first,
            "up": proxy.account.bytes_up - before,
        }  # fmt: skip


def _select(made, where, value):
    """A native list: one tap opens it, one chooses."""
    made.tap(where)
    made.page.keyboard.press("Escape")
    made.page.locator(where).select_option(value)
    made.taps += 1
