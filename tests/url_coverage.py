"""Which pages the tests ask for. With EVERY_URL=1 a page that no test asked for makes the run fail.

The functions are pytest hooks; tests/conftest.py imports them. Works with pytest-xdist and live servers.
"""

import os

import pytest
from django.core.signals import request_started
from django.urls import Resolver404, resolve

KEY = "pages_asked_for"
asked: set[str] = set()


def remember(environ=None, **kwargs):
    """Note the name of the page that a request asks for."""
    if environ is not None:
        try:
            asked.add(resolve(environ["PATH_INFO"]).view_name)
        except Resolver404:
            return


def pytest_sessionstart(session):
    request_started.connect(remember, dispatch_uid=KEY)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """A worker of pytest-xdist ended: take over what it saw."""
    asked.update(getattr(node, "workeroutput", {}).get(KEY, []))


def pytest_sessionfinish(session, exitstatus):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[KEY] = sorted(asked)
    elif os.environ.get("EVERY_URL") == "1" and not exitstatus and untouched():
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    if os.environ.get("EVERY_URL") == "1" and (names := untouched()):
        terminalreporter.section("pages that no test asked for", red=True)
        for name in names:
            terminalreporter.line(name)


def untouched() -> list[str]:
    """Names of the site's pages that no request of this run resolved to."""
    from tests.test_consistency import PAGES  # noqa: PLC0415 -- the resolver needs Django set up

    return sorted(set(PAGES) - asked)
