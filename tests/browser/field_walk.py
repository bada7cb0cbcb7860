"""A whole walk on a phone, pressed through the screen: problems with photos, the other items one by one."""

from playwright.sync_api import expect

from tests.browser.queue_records import run

PROBLEM = ".item:has([data-drawn][hidden]) [data-say=p][aria-pressed=false] >> nth={}"
STRIP = "[data-sheet] [data-strip-photos] img"
# Each item that is not answered: not applicable if it was drawn for a photo, else normal.
ANSWER_ALL = """() => {
  for (const item of document.querySelectorAll(".item")) {
    if (item.querySelector("[data-say][aria-pressed=true]")) continue;
    const drawn = !item.querySelector("[data-drawn]").hidden;
    item.querySelector(`[data-say=${drawn ? "x" : "n"}]`).click();
  }
}"""
PRINTS = """const rows = await store.all("photos");
  const pair = (byte) => byte.toString(16).padStart(2, "0");
  const hex = (buffer) => [...new Uint8Array(buffer)].map(pair).join("");
  const found = {};
  for (const row of rows) found[row.cid] = hex(await crypto.subtle.digest("SHA-256", row.bytes));
  return found;"""


def begin(made):
    """The walk's screen, with today's list on it."""
    made.go("/m/patrol/")
    made.page.wait_for_selector(".zone")


def problem(made, n=0, photos=2):
    """Item `n` of those that need no photo: a problem with photos and the first phrase that it offers."""
    page = made.page
    spot = page.locator(PROBLEM.format(n))
    item = page.locator(f"#{spot.evaluate('node => node.closest(`.item`).id')}")
    made.shoot(spot)
    page.locator(STRIP).nth(0).wait_for()
    for more in range(1, photos):
        made.shoot("[data-sheet] [data-act=camera]")
        page.locator(STRIP).nth(more).wait_for()
    words = page.locator("[data-phrases] .chip").first.inner_text().strip()
    made.tap("[data-phrases] .chip >> nth=0")
    made.tap("[data-sheet] .btn-primary")
    page.locator("[data-sheet]").wait_for(state="hidden")
    expect(item.locator("[data-say=p]")).to_have_attribute("aria-pressed", "true")
    expect(item.locator("[data-edit]")).to_have_text(words)


def answer_all(made):
    """Every other item by one press on it; what was a problem stays one."""
    problems = made.page.locator("[data-say=p][aria-pressed=true]").count()
    made.page.evaluate(ANSWER_ALL)
    expect(made.page.locator(".item:not(:has([aria-pressed=true]))")).to_have_count(0)
    expect(made.page.locator("[data-say=p][aria-pressed=true]")).to_have_count(problems)
    run(made, "await new Promise((resolve) => setTimeout(resolve, 200))")


def hand_in(made):
    """Through the review into the queue; returns the record's number."""
    made.tap("[data-submit]")
    made.tap("[data-confirm]")
    made.page.locator("[data-done]").wait_for()
    return max(made.rows("queue"), key=lambda row: row["finished"])["cid"]


def walk(made, findings=2, photos=2):
    """A whole walk, handed in; returns the record's number."""
    begin(made)
    for _n in range(findings):
        problem(made, 0, photos)
    answer_all(made)
    return hand_in(made)


def prints(made):
    """{photo: sha256 of the bytes that lie in the phone's database}."""
    return run(made, PRINTS)


def said_prints(made):
    """{photo: sha256 as the phone noted it when the photo was taken}."""
    return {row["cid"]: row["sha256"] for row in made.rows("photos")}
