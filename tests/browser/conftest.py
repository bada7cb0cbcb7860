"""One small city for all browser tests, and one Chromium."""

import pytest
from playwright.sync_api import sync_playwright

from tests.live import CHROMIUM, CHROMIUM_FLAGS, running_site


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
