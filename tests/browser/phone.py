"""A phone with the field client, for browser tests: signed in, touched, counted."""

import io
from dataclasses import dataclass, field
from time import monotonic

from PIL import Image
from playwright.sync_api import Error, Page

SIZE = {"width": 390, "height": 844}


@dataclass
class Phone:
    """One phone in somebody's hand. Every tap is counted, also the two that the system's camera takes."""

    page: Page
    url: str
    taps: int = 0
    scrolls: int = 0
    shots: int = 0
    sizes: list = field(default_factory=list)

    def tap(self, where):
        """Tap what a selector or locator names; what is not on the screen costs a scroll gesture."""
        spot = self.page.locator(where) if isinstance(where, str) else where
        if not spot.evaluate(ON_SCREEN):
            self.scrolls += 1
        spot.tap()
        self.taps += 1

    def shoot(self, where, color=(90, 120, 60), size=(640, 480)):
        """Tap what opens the camera, press the shutter, use the photo."""
        self.shots += 1
        with self.page.expect_file_chooser() as chooser:
            self.tap(where)
        picture = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo(color, size, self.shots)}
        chooser.value.set_files(picture)
        self.taps += 2

    def go(self, path):
        """Open a page of the field client; returns the status of the answer."""
        answer = self.page.goto(f"{self.url}{path}")
        return answer.status if answer else None

    def rows(self, store):
        """What a store of the phone's own database holds, as plain objects (bytes as their length)."""
        return self.page.evaluate(ROWS, store)

    def wait_rows(self, store, fits, most=20_000):
        """Until the rows of this store are as `fits(rows)` wants them; returns them."""
        deadline = monotonic() + most / 1000
        while not fits(rows := self.rows(store)):
            if monotonic() > deadline:
                raise AssertionError(f"Not within {most} ms: {rows}")
            self.page.wait_for_timeout(100)
        return rows

    def wait_sent(self, most=20_000):
        """Until the queue holds something and nothing of it waits any more."""
        until(self.page, NOTHING_WAITS, most=most)


def phone(browser, site, who="安全主任", nth=0, *, size=None, enter=True, **context):
    """A Phone of the demo's `nth` person with this post, at /m/, with the day's data on it."""
    options = {
        "viewport": size or SIZE, "has_touch": True, "is_mobile": True, "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai", "device_scale_factor": 2,
    } | context  # fmt: skip
    page = browser.new_context(**options).new_page()
    made = Phone(page, site.url)
    sign_in(made, who, nth)
    if enter:
        made.go("/m/")
        ready(page)
    return made


def sign_in(made, who="安全主任", nth=0):
    """Enter as a demo person by the demo's door."""
    made.page.goto(f"{made.url}/demo/")
    made.page.locator("button.task").filter(has_text=who).nth(nth).click()
    made.page.wait_for_url(f"{made.url}/")


def ready(page):
    """Until the worker holds the page and the day's data lie in the database."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # A function: the policy of the pages forbids to evaluate a text again, so a text holds at once or fails.
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    until(page, HAS_DAY)


def until(page, test, arg=None, most=20_000):
    """Until the asynchronous function `test` says yes in the page.

    Playwright's own wait_for_function does not wait for a promise: it takes the promise itself for a yes.
    """
    deadline = monotonic() + most / 1000
    while True:
        try:
            if page.evaluate(test, arg):
                return
        except Error as gone:  # the page went on to another one meanwhile
            if "context" not in str(gone):
                raise
        if monotonic() > deadline:
            raise AssertionError(f"Not within {most} ms: {test}")
        page.wait_for_timeout(100)


def photo(color=(90, 120, 60), size=(640, 480), n=0):
    """The bytes of a JPEG; `n` makes it another one."""
    stream = io.BytesIO()
    image = Image.new("RGB", size, color)
    image.putpixel((n % size[0], n // size[0]), (255, 255, 255))
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def rows_of(site, sql):
    """Rows of the site's own database, read past the application: [[text of each column]]."""
    return site.rows(sql)


ON_SCREEN = """(node) => {
  const box = node.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
}"""
OPEN = """const open = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("schoolsafety");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const all = async (store) => {
    const db = await open();
    try {
      return await new Promise((resolve, reject) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    } finally {
      db.close();
    }
  };"""
ROWS = f"""async (store) => {{
  {OPEN}
  return (await all(store)).map((row) => ({{ ...row, bytes: row.bytes?.byteLength }}));
}}"""
HAS_DAY = f"""async () => {{
  {OPEN}
  return (await indexedDB.databases()).length > 0 && (await all("ref")).some((row) => row.k === "bootstrap");
}}"""
NOTHING_WAITS = f"""async () => {{
  {OPEN}
  const rows = await all("queue");
  return rows.length > 0 && rows.every((row) => row.state === "sent");
}}"""
