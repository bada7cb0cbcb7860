"""One small city for all browser tests, one Chromium, and phones with the photo parts alone."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.field_page import served
from tests.browser.field_photo_page import Photos
from tests.live import CHROMIUM, CHROMIUM_FLAGS, running_site

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


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
