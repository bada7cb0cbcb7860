"""Records for the queue, made by the page's own modules: what the walk and the snap report leave behind."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.phone import until

# The modules of the page under their hashed names: the same instances that the page runs.
USE = """const address = (name) => performance.getEntriesByType("resource").map((entry) => entry.name)
    .find((url) => new RegExp(`/static/field/${name}\\.([0-9a-f]+\\.)?js`).test(url));
  const use = async (name) => {
    while (!address(name)) await new Promise((resolve) => setTimeout(resolve, 50)); // still loading
    return import(address(name));
  };
  const [store, outbox, session] = await Promise.all(["store", "outbox", "session"].map(use));"""
SNAP = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").partition("\n")[2]


def run(phone, body, argument=None):
    """Run `body` in the page, with its modules `store`, `outbox`, `session`, and `use(name)` for others."""
    return phone.page.evaluate(f"async (argument) => {{ {USE} {body} }}", argument)


def snap(phone, words="灭火器压力不足", photos=1, days_ago=0, **more):
    """A finished snap report in the queue (`draft=True`: one that was begun); returns its number."""
    values = {"words": words, "photos": photos, "daysAgo": days_ago, "owner": None, "name": None}
    return phone.page.evaluate(SNAP, {**values, "draft": False, **more})


def flush(phone):
    """Set out now, as a returning network does."""
    phone.page.evaluate("dispatchEvent(new Event('online'))")


def redraw(phone):
    """Let the page draw what was put behind its back."""
    run(phone, "outbox.tell('test')")


def row(phone, cid):
    """The row of the queue with this number, or None."""
    return next((each for each in phone.rows("queue") if each["cid"] == cid), None)


def state(phone, cid, wanted, most=30_000):
    """Wait until the record is in this state."""
    test = f"async ([cid, wanted]) => {{ {USE} return (await store.get('queue', cid))?.state === wanted; }}"
    until(phone.page, test, [cid, wanted], most)


def card(phone, cid):
    return phone.page.locator(f"[data-cid='{cid}']")


def sees(phone, cid, words):
    expect(card(phone, cid)).to_contain_text(words, timeout=20_000)
