"""Every screen at phone and desk width, light and dark: axe finds nothing, nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ROLES = {
    "officer": (
        "安全主任",
        ["/", "/todo/", "/patrol/", "/h/", "/h/new/", "/notices/", "/listings/", "/weekly/", "/bulletins/",
         "/me/"],
    ),
    "principal": ("校长", ["/", "/weekly/", "/overview/"]),
    "clerk": (
        "安全股科员",
        ["/", "/h/", "/h/?queue=grade", "/patrols/", "/patrols/day/", "/visits/", "/visits/new/", "/notices/",
         "/listings/", "/listings/waiting/", "/overdue/", "/escalations/",
         "/command/", "/ledger/", "/ledger/?part=penalty",
         "/weekly/", "/bulletins/", "/overview/", "/checklists/", "/organisations/", "/jobs/"],
    ),
    "auditor": ("审计专员", ["/log/", "/notifications/"]),
    "administrator": ("系统管理员", ["/people/", "/imports/", "/calendar/", "/settings/", "/jobs/"]),
}  # fmt: skip
# Text that is laid out one character a line on a phone: what axe does not see.
ONE_CHARACTER_LINES = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const bad = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    if (!/[\\u4e00-\\u9fff]{4}/.test(text)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    if (tops.size >= text.length && tops.size > 3) bad.push(text);
  }
  return bad;
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "a, button, summary, select, input:not([type=hidden], [type=checkbox], [type=radio])")]
  .filter((each) => each.checkVisibility() && !each.closest("p, li, dd, .doc, .quiet, .chip, label, .skip"))
  .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && ((box.height < 43.5 && box.width < 43.5) || box.height < 23.5))
  .map(([text, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${text}`)"""


def signed_in(browser, site, title, **context):
    page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **context).new_page()
    page.goto(f"{site.url}/demo/")
    page.locator("button.task").filter(has_text=title).first.click()
    page.wait_for_url(f"{site.url}/")
    return page


def faults(page, address):
    """What is wrong with one screen, in words."""
    answer = page.goto(address)
    found = [] if answer.status == 200 else [f"status {answer.status}"]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    found += [f"one character a line: {text}" for text in page.evaluate(ONE_CHARACTER_LINES)]
    found += [f"small target: {text}" for text in page.evaluate(SMALL_TARGETS)]
    for violation in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
        where = violation["nodes"][0]["html"][:160]
        found.append(f"{violation['id']} x{len(violation['nodes'])}: {where}")
    return [f"{address.partition('/')[2]}: {text}" for text in found]


@pytest.mark.parametrize("look", ["phone", "desk"])
@pytest.mark.parametrize("role", ROLES)
def test_every_screen_is_clean(browser, site, role, look):
    title, paths = ROLES[role]
    width, scheme = (320, "light") if look == "phone" else (1280, "dark")
    page = signed_in(browser, site, title, viewport={"width": width, "height": 844}, color_scheme=scheme)

    found = [fault for path in paths for fault in faults(page, site.url + path)]

    assert found == []


def test_one_of_each_thing_is_clean(browser, site):
    """The pages behind the lists: a hazard, a notice, a weekly report, a bulletin, a checklist."""
    page = signed_in(browser, site, "安全股科员", viewport={"width": 390, "height": 844})
    found = []
    for listing, pattern in (
        ("/h/?queue=major", "main a[href^='/h/WL']"),
        ("/notices/", "main a[href^='/notices/']"),
        ("/weekly/", "main a[href^='/weekly/']"),
        ("/bulletins/", "main a[href^='/bulletins/']"),
        ("/organisations/", "main a[href^='/organisations/']"),
        ("/checklists/", "main a[href^='/checklists/']"),
        ("/listings/", "main th a[href^='/listings/']"),
        ("/listings/waiting/", "main td a[href^='/listings/new/']"),
    ):
        page.goto(site.url + listing)
        links = page.locator(pattern)
        if links.count():
            found += faults(page, site.url + links.first.get_attribute("href"))

    assert found == []


def test_the_door_is_clean(browser, site):
    page = browser.new_page(viewport={"width": 320, "height": 700})

    assert [
        fault
        for path in ("login", "demo", "public/listings")
        for fault in faults(page, f"{site.url}/{path}/")
    ] == []


def test_large_type_has_sixty_pixel_targets_and_no_sideways_scroll(browser, site):
    page = signed_in(browser, site, "安全主任", viewport={"width": 360, "height": 780})
    page.context.add_cookies([{"name": "size", "value": "large", "url": site.url}])
    page.goto(f"{site.url}/patrol/")

    height = page.locator("main .btn-primary").first.bounding_box()["height"]

    assert height >= 60
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
