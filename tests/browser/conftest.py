"""One small city for all browser tests, one Chromium, a front before the city and the phones."""

import re

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.browser.field_front import Front
from tests.browser.field_page import served
from tests.browser.field_photo_page import Photos
from tests.browser.phone import phone
from tests.live import CHROMIUM, CHROMIUM_FLAGS, ROOT, running_site

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
FAILED = ROOT / "var" / "failed"
LONG = ["test_field_storm.py", "test_story.py"]
expect.set_options(timeout=20_000)  # a busy machine takes its time; what is there is seen at once


def pytest_collection_modifyitems(items):
    """The longest files first, so that no process ends with one while the other has nothing left to do."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Beside a failure: where the pictures of the open pages lie, and what their consoles said."""
    report = yield
    if report.failed and call.when == "call":
        found = [each for each in item.funcargs.values() if isinstance(each, Browser)]
        pages = [page for each in found for context in each.contexts for page in context.pages]
        for number, page in enumerate(pages):
            report.sections.append(("page", _kept(page, f"{item.name}-{number}")))
    return report


def _kept(page, name):
    """A picture of the page in var/failed; returns its address, its place and its console."""
    path = FAILED / (re.sub(r"[^\w.-]+", "-", name) + ".png")
    try:
        page.screenshot(path=path, timeout=10_000)
        said = [f"{each.type}: {each.text}" for each in page.console_messages()]
        return "\n".join([page.url, str(path), *said, *map(str, page.page_errors())])
    except Error as fault:
        return f"{page.url}: no picture, {fault}"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A small city with ten days of history, served with its worker."""
    with running_site(tmp_path_factory.mktemp("site"), "--schools", "6", "--days", "10") as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _no_phone_stays_on(browser):
    """A page that a test left open would go on asking the site, and slow down the tests after it."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture
def front(site):
    """A site before the site: it can be late, newer, or fail in a part."""
    with Front(site.url) as between:
        yield between


@pytest.fixture
def behind(browser, front):
    """An officer's phone that sees only the front."""
    one = phone(browser, front)
    yield one
    one.page.context.close()


@pytest.fixture(scope="module")
def photo_page():
    """The address of a field screen that has nothing but the photo parts."""
    with served("field/_retouch.html", "field/_ghost.html", "field/_burst.html") as url:
        yield f"{url}/m/"


@pytest.fixture
def phones(browser, photo_page):
    """Phones at a page with nothing but the photo parts; what nobody caught on one of them fails the test."""
    made = []

    def phone(room=0, **options):
        made.append(Photos(browser.new_context(has_touch=True, **PHONE | options), photo_page, room))
        return made[-1]

    yield phone
    for one in made:
        one.context.close()
    assert [fault for one in made for fault in one.uncaught] == []


@pytest.fixture
def photos(phones):
    """One such phone with room enough."""
    return phones()


@pytest.fixture
def camera_phone(browser, photo_page):
    """A phone whose camera shows Chromium's moving test picture."""
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, *FAKE_CAMERA])
    made = Photos(chromium.new_context(**PHONE), photo_page)
    yield made
    chromium.close()
    assert made.uncaught == []
