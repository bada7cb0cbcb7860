"""One phone, two people: nothing of the first is shown to the second, not even before the server answers."""

import pytest
from playwright.sync_api import expect

from tests.browser.phone import phone, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.field, pytest.mark.both]


def day_of(made):
    return next(row["v"] for row in made.rows("ref") if row["k"] == "bootstrap")


@pytest.fixture
def handed_over(browser, site):
    """A phone with the day of a school that has hazards; then somebody else signs in on the online site."""
    for nth in range(6):
        made = phone(browser, site, nth=nth)
        if day_of(made)["hazards"]:
            break
        made.page.context.close()
    mine = day_of(made)
    sign_in(made, nth=(nth + 1) % 6)
    made.page.route("**/api/m/session", lambda route: None)  # the server takes its time
    return made, mine


@pytest.mark.parametrize("is_told", [True, False])
def test_the_next_person_sees_nothing_of_the_one_before(handed_over, is_told):
    made, mine = handed_over
    if not is_told:  # the control: a page that cannot read whose the browser is shows what it has
        made.page.add_init_script("Object.defineProperty(Document.prototype, 'cookie', { get: () => '' })")
    made.go("/m/mine/")
    page, number, school = made.page, mine["hazards"][0]["number"], mine["school"]["name"]
    if not is_told:
        expect(page.locator("body")).to_contain_text(number)
        made.go("/m/")
        expect(page.locator("main")).to_contain_text(school)
        return
    page.wait_for_timeout(4000)
    text = page.locator("body").inner_text()
    assert [row["number"] for row in mine["hazards"] if row["number"] in text] == []
    made.go("/m/")
    page.wait_for_timeout(2000)
    assert school not in page.locator("main").inner_text()
