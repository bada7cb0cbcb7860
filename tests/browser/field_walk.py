"""A whole walk on a phone, pressed through the screen: problems with photos, the other items one by one."""

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
    made.shoot(page.locator(PROBLEM.format(n)))
    page.locator(STRIP).nth(0).wait_for()
    for more in range(1, photos):
        made.shoot("[data-sheet] [data-act=camera]")
        page.locator(STRIP).nth(more).wait_for()
    made.tap("[data-phrases] .chip >> nth=0")
    made.tap("[data-sheet] .btn-primary")
    page.locator("[data-sheet]").wait_for(state="hidden")


def answer_all(made):
    """Every other item by one press on it."""
    made.page.evaluate(ANSWER_ALL)
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
