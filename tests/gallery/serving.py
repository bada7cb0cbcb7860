"""Chromium on the gallery: every request is answered by Django's test client, so nothing listens anywhere."""

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

from tests.live import CHROMIUM, CHROMIUM_FLAGS

SITE = "http://gallery.localhost"
SETTINGS = {"ROOT_URLCONF": "tests.gallery.urls", "ALLOWED_HOSTS": ["*"]}
PAGES = ["parts", "walk", "form", "wrong", "plain"]


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless, on the addresses of the gallery."""
    with override_settings(**SETTINGS), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def visit(browser: Browser, *, width: int, theme: str = "light", size: str = "", **options) -> BrowserContext:
    """A visitor `width` pixels wide with these looks; `options` go to Playwright."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=theme, locale="zh-CN",
        timezone_id="Asia/Shanghai", **options,
    )  # fmt: skip
    client = Client()
    client.cookies["size"] = size
    context.route("**/*", lambda route: _answer(client, route))
    return context


def _answer(client: Client, route: Route) -> None:
    path = urlsplit(route.request.url).path
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if found:
        route.fulfill(path=found)
    elif route.request.method == "POST":
        kind = route.request.headers["content-type"]
        answer = client.post(path, route.request.post_data_buffer, content_type=kind)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)
    else:
        answer = client.get(path)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)
