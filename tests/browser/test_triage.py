"""A district clerk goes through twelve suspected major hazards with the keyboard alone, presses counted."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_screens import signed_in

pytestmark = pytest.mark.browser
CASES, MOST = 12, 60
# A word of so many characters takes about three presses each to write with an input method.
PER_CHARACTER = 3
FILL = """
from django.utils import timezone
from hazards.models import Category, Hazard
from schoolsafety.core.models import Organisation
district = Organisation.objects.get(code="WL-BD")
school = Organisation.objects.schools().below(district).order_by("code").first()
now = timezone.now()
for n in range(12):
    Hazard.objects.create(
        number=f"KEY-{n:02d}", school=school, title=f"键盘核实 {n}", place="三层", source="patrol",
        category=Category.objects.get(code="XF"), proposed_grade="major", found_at=now,
        found_on=timezone.localdate(now), reported_at=now,
    )
"""
COUNT = (
    "from hazards.models import Hazard; rows = Hazard.objects.filter(number__startswith='KEY-');"
    "print(rows.filter(grade='general').count(), rows.exclude(grade_reason='').count())"
)


class Keys:
    """A keyboard that counts."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, key):
        self.presses += 1
        self.page.keyboard.press(key)

    def follow(self, key):
        """Press and wait for the page that follows."""
        self.presses += 1
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, words):
        self.presses += PER_CHARACTER * len(words)
        self.page.keyboard.insert_text(words)


def test_twelve_hazards_are_graded_in_at_most_sixty_presses(site, browser):
    site.manage("shell", "-v", "0", "-c", FILL)
    page = signed_in(browser, site, "安全股科员", viewport={"width": 1280, "height": 800})
    page.goto(f"{site.url}/h/?queue=grade")
    keys = Keys(page)

    keys.press("j")
    keys.follow("Enter")
    for case in range(CASES):
        expect(page.locator("h1")).to_contain_text("键盘核实")
        keys.follow("1")
        expect(page.locator("[name=reason]")).to_be_focused()
        if case:
            keys.press("ArrowDown")
            expect(page.locator("[name=reason]")).to_have_value("可即时整改")
        else:
            keys.write("可即时整改")
        keys.follow("Enter")

    assert site.manage("shell", "-v", "0", "-c", COUNT).split() == ["12", "12"]
    assert keys.presses <= MOST, keys.presses


def test_what_is_typed_by_hand_stays_and_ctrl_enter_sends(site, browser):
    code = FILL.replace("KEY-", "TYP-").replace("range(12)", "range(2)")
    site.manage("shell", "-v", "0", "-c", code)
    page = signed_in(browser, site, "安全股科员", viewport={"width": 1280, "height": 800})
    page.goto(f"{site.url}/h/TYP-01/grade/?grade=general&queue=grade")
    page.keyboard.insert_text("自己写的")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=reason]")).to_have_value("自己写的")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("键盘核实")
    expect(page.locator("main")).to_contain_text("TYP-01")
    assert page.url.endswith("/h/TYP-00/?queue=grade")
