"""A walk under a list that the phone has no longer: shown whole, handed in whole, of its own school."""

import pytest
from playwright.sync_api import expect

from tests.browser.field_walk import answer_all, begin, hand_in
from tests.browser.phone import phone
from tests.browser.queue_records import row, run, state

pytestmark = [pytest.mark.browser, pytest.mark.field]
DROP = """const row = await store.get("ref", "bootstrap");
  row.v.template.items = row.v.template.items.filter((item) => item.pk !== argument);
  await store.put("ref", row);"""
ELSEWHERE = """const row = await store.get("ref", "bootstrap");
  row.v.school = { pk: 999999, name: "别的学校", code: "X" };
  row.v.points = [];
  await store.put("ref", row);"""
# As the release before kept it: beside the draft.
AS_BEFORE = """const [draft] = await store.all("drafts");
  const { template, zones } = draft.list;
  delete draft.list;
  await store.put("drafts", draft);
  await store.put("ref", { k: `list-${draft.cid}`, v: { template, zones } });"""
ORPHAN = "await store.put('ref', { k: 'list-gone', v: {} });"


@pytest.fixture
def made(browser, site):
    """An officer's phone with a walk of which one item is answered."""
    one = phone(browser, site, nth=2)
    begin(one)
    one.tap(one.page.locator(".item:has([data-drawn][hidden]) [data-say=n]").first)
    one.page.wait_for_timeout(200)
    yield one
    one.page.context.close()


def unanswered(made):
    """(number, words) of an item that is not answered."""
    item = made.page.locator(".item:has([data-drawn][hidden]):not(:has([aria-pressed=true]))").last
    return int(item.get_attribute("data-item")), item.locator("[data-f=text]").inner_text()


def handed_in(made):
    answer_all(made)
    cid = hand_in(made)
    state(made, cid, "sent")
    return row(made, cid)


@pytest.mark.parametrize("before", ["", AS_BEFORE], ids=["", "kept by the release before"])
def test_an_item_that_the_new_list_lacks_is_shown_and_handed_in(made, before):
    pk, words = unanswered(made)
    run(made, before)
    run(made, DROP, pk)
    made.page.reload()

    expect(made.page.locator(f"#i{pk}")).to_contain_text(words)
    sent = handed_in(made)
    assert sent["record"]["walk"]["answers"][str(pk)][0] == "n"
    assert sent["receipt"]["number"]


def test_a_walk_stays_of_its_school_when_the_phone_shows_another(made):
    before = next(each["v"] for each in made.rows("ref") if each["k"] == "bootstrap")
    run(made, ELSEWHERE)
    made.page.reload()
    point = before["points"][0]

    made.tap("[data-arrive] button")
    made.page.locator("[name=code]").fill(point["code"])
    made.tap("[data-digits] button")
    expect(made.page.locator("dialog.scan")).to_have_count(0)
    expect(made.page.locator(f"#z-{point['zone']}")).to_contain_text(point["name"])
    sent = handed_in(made)
    assert before["school"]["name"] in sent["title"]
    assert (sent["school"], sent["record"]["school"]) == (before["school"]["pk"], before["school"]["pk"])
    assert sent["receipt"]["number"]


def test_looking_at_the_walk_leaves_nothing_behind(browser, site):
    made = phone(browser, site, nth=3)
    run(made, ORPHAN)
    begin(made)

    assert [each["k"] for each in made.rows("ref")] == ["bootstrap"]
    assert made.rows("drafts") == []
    made.page.context.close()
