"""What the phone sets right by itself: its own faults pass, and what has lain long enough goes."""

import pytest
from playwright.sync_api import expect

from tests.browser.phone import phone, until
from tests.browser.queue_records import USE, row, run, snap, state

pytestmark = [pytest.mark.browser, pytest.mark.field]
# For a second and a half the queue cannot be read, as under memory pressure.
FAILS_A_WHILE = """const real = IDBObjectStore.prototype.getAll;
  const until = Date.now() + 1500;
  IDBObjectStore.prototype.getAll = function (...given) {
    if (this.name === "queue" && Date.now() < until) throw new DOMException("no memory", "DataError");
    return real.apply(this, given);
  };"""
GONE = f"async (cid) => {{ {USE} return !(await store.get('queue', cid)); }}"


@pytest.fixture
def made(browser, site):
    one = phone(browser, site, nth=0)
    one.go("/m/queue/")
    one.page.wait_for_selector("[data-q=checking]", state="hidden")
    yield one
    one.page.context.close()


def test_a_fault_of_the_phone_itself_is_tried_again_without_a_tap(made):
    made.page.context.set_offline(True)
    cid = snap(made)
    made.page.wait_for_timeout(500)
    run(made, FAILS_A_WHILE)
    made.page.context.set_offline(False)
    state(made, cid, "sent")


def test_the_first_page_clears_what_the_queue_page_would(made):
    made.go("/m/help/")
    old = snap(made, days_ago=31, owner=999_999, name="王小明")
    young = snap(made, days_ago=29, owner=999_999, name="王小明")
    assert row(made, old)
    made.go("/m/")
    until(made.page, GONE, old)
    assert row(made, young)
    made.go("/m/queue/")
    expect(made.page.locator("[data-q=notes] li")).to_contain_text("王小明的 1 条记录超过 30 天")
