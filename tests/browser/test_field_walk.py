"""The walk on a phone: few taps, nothing hidden behind a bulk answer, nothing handed in unanswered."""

import pytest

from tests.browser.phone import phone, rows_of

pytestmark = [pytest.mark.browser, pytest.mark.field]
MOST_TAPS = 19
# A checklist of thirty daily items in six zones, for the school of one officer; nothing drawn for a photo.
THIRTY = """
from django.utils import timezone
from hazards.models import Category
from inspections.models import ChecklistItem, ChecklistTemplate
from schoolsafety.core.models import Organisation, Preference
school = Organisation.objects.get(pk={school})
Preference.objects.update_or_create(organisation=school, key="patrol.photo_items", defaults=dict(value=0))
made = ChecklistTemplate.objects.create(code="thirty", name="三十项", organisation=school)
for n in range(30):
    ChecklistItem.objects.create(
        template=made, code=f"T-{{n}}", category=Category.objects.first(), frequency="D", order=n,
        text=f"第{{n + 1}}项消防设施完好、通道畅通",
        zone_kind=["gate", "teaching", "canteen", "plant", "grounds", "office"][n // 5],
        phrases=[dict(text="损坏", grade="general"), dict(text="缺失", grade="major")],
    )
ChecklistTemplate.objects.filter(pk=made.pk).update(is_published=True, effective_from=timezone.localdate())
"""


def zone(made, n):
    """The `n`th zone, once "the other N are normal" may be pressed there."""
    found = made.page.locator(".zone").nth(n)
    found.locator("[data-rest]:not([aria-disabled])").wait_for(timeout=15_000)
    return found


def begin(browser, site, nth, **context):
    made = phone(browser, site, nth=nth, **context)
    made.go("/m/patrol/")
    made.page.wait_for_selector(".zone")
    return made


def find_problem(made, place, n, phrase):
    """The `n`th item of a zone is wrong: camera in the same press, a phrase, saved."""
    made.shoot(place.locator(".item").nth(n).locator("[data-say=p]"))
    made.page.locator("[data-strip-photos] img").first.wait_for()
    made.tap(made.page.locator("[data-phrases] .chip").filter(has_text=phrase))
    made.tap("[data-sheet] .btn-primary")
    made.page.locator("[data-sheet]").wait_for(state="hidden")


def draft(made):
    """The walk as the phone has stored it, when nothing more comes."""
    seen = []

    def is_calm(rows):
        seen.append(rows)
        return rows and seen[-3:] == [rows] * 3

    (row,) = made.wait_rows("drafts", is_calm)
    return row


@pytest.mark.both
@pytest.mark.parametrize(("width", "height", "nth"), [(390, 844, 0), (360, 640, 1)])
def test_thirty_items_with_two_findings_take_nineteen_taps_and_no_scrolling(
    browser, site, width, height, nth
):
    made = phone(browser, site, nth=nth, size={"width": width, "height": height})
    school = next(row["v"]["school"]["pk"] for row in made.rows("ref") if row["k"] == "bootstrap")
    site.python(THIRTY.format(school=school))
    made.go("/m/")
    made.page.locator("[data-hero]", has_text="30").wait_for()

    made.tap("[data-hero] .btn")
    made.page.wait_for_selector(".zone")
    for n in range(6):
        place = zone(made, n)
        if n in (2, 4):
            find_problem(made, place, 1, "损坏" if n == 2 else "缺失")
        made.tap(place.locator("[data-rest]"))
    made.tap("[data-submit]")
    made.tap("[data-confirm]")
    number = made.page.locator("[data-receipt] .no").inner_text(timeout=15_000)

    assert (made.taps, made.scrolls) == (MOST_TAPS, 0)
    (patrol,) = rows_of(
        site,
        f"select problem_count, normal_count, bulk_count from inspections_patrol where number = '{number}'",
    )
    assert patrol == ["2", "28", "28"]
    grades = rows_of(
        site,
        "select proposed_grade from inspections_finding f join inspections_patrol p on p.id = f.patrol_id "
        f"where p.number = '{number}' order by f.id",
    )
    assert grades == [["general"], ["major"]]  # each phrase carries its grade


def test_one_press_for_the_rest_changes_no_answer_skips_drawn_items_and_can_be_undone(browser, site):
    made = begin(browser, site, 2)
    page = made.page
    drawn = page.locator(".item:has([data-drawn]:not([hidden]))").evaluate_all(
        "all => all.map((n) => n.dataset.item)"
    )
    plain = page.locator(".zone").nth(0).locator(".item:has([data-drawn][hidden])")
    one, other = (plain.nth(n).get_attribute("data-item") for n in (0, 1))
    made.tap(plain.nth(0).locator("[data-say=n]"))
    made.tap(plain.nth(1).locator("summary"))
    made.tap(plain.nth(1).locator("[data-say=x]"))
    for n in range(page.locator(".zone").count()):
        rest = page.locator(".zone").nth(n).locator("[data-rest]")
        rest.scroll_into_view_if_needed()
        if rest.is_visible():
            page.locator(".zone").nth(n).locator("header").scroll_into_view_if_needed()
            made.tap(zone(made, n).locator("[data-rest]"))
    stored = draft(made)

    assert stored["answers"][one] == "ne"
    assert stored["answers"][other] == "xe"
    assert drawn
    assert not set(drawn) & set(stored["answers"])
    merged = [pk for pk, said in stored["answers"].items() if said == "nb"]
    assert len(merged) > 20

    undo = page.locator("[data-undo]:visible")
    while undo.count():
        made.tap(undo.first)
    assert draft(made)["answers"] == {one: "ne", other: "xe"}


def test_the_rest_cannot_be_pressed_before_the_zone_was_looked_at(browser, site):
    made = begin(browser, site, 2)
    last = made.page.locator(".zone").last
    made.page.wait_for_timeout(2500)

    assert last.locator("[data-rest]").get_attribute("aria-disabled") == "true"
    last.locator("[data-rest]").evaluate("node => node.click()")
    assert made.rows("drafts") == []


def test_handing_in_with_four_items_left_names_exactly_those_and_leads_to_them(browser, site):
    made = begin(browser, site, 3)
    page = made.page
    items = page.locator(".item").evaluate_all("all => all.map((n) => n.dataset.item)")
    left = [items[2], items[9], items[17], items[-1]]
    page.evaluate(
        """(left) => {
          for (const item of document.querySelectorAll(".item")) {
            const isDrawn = !item.querySelector("[data-drawn]").hidden;
            if (!left.includes(item.dataset.item))
              item.querySelector(isDrawn ? "[data-say=x]" : "[data-say=n]").click();
          }
        }""",
        left,
    )
    made.tap("[data-submit]")
    page.locator("[data-review]").wait_for()
    links = page.locator("[data-list-missing] a")

    assert links.evaluate_all("all => all.map((n) => n.hash)") == [f"#i{pk}" for pk in left]
    assert not page.locator("[data-confirm]").is_visible()
    made.tap(links.nth(2))
    assert page.evaluate("document.activeElement.closest('.item').dataset.item") == left[2]
    assert not page.locator("[data-review]").is_visible()


def test_a_finding_that_is_not_finished_is_asked_for_before_handing_in(browser, site):
    made = begin(browser, site, 3)
    page = made.page
    item = page.locator(".item:has([data-drawn][hidden])").nth(5)
    made.shoot(item.locator("[data-say=p]"))
    page.locator("[data-strip-photos] img").first.wait_for()
    page.keyboard.press("Escape")  # no words yet
    pk = item.get_attribute("data-item")

    assert item.locator("[data-edit]").inner_text() == "没写完，继续"
    made.tap("[data-submit]")
    page.locator("[data-review]").wait_for()
    assert f"#i{pk}" in page.locator("[data-list-missing] a").evaluate_all("all => all.map((n) => n.hash)")


def test_a_problem_without_photo_or_words_was_a_slip_of_the_finger(browser, site):
    made = begin(browser, site, 4)
    item = made.page.locator(".item:has([data-drawn][hidden])").first
    with made.page.expect_file_chooser():
        made.tap(item.locator("[data-say=p]"))
    made.page.keyboard.press("Escape")

    assert item.locator("[data-say=p]").get_attribute("aria-pressed") == "false"
    assert draft(made)["findings"] == []
    made.tap(item.locator("[data-say=n]"))
    assert list(draft(made)["answers"].values()) == ["ne"]


def test_saving_without_words_says_what_is_owed_and_keeps_the_photo(browser, site):
    made = begin(browser, site, 4)
    made.shoot(made.page.locator(".item:has([data-drawn][hidden]) [data-say=p]").nth(3))
    made.page.locator("[data-strip-photos] img").first.wait_for()
    made.tap("[data-sheet] .btn-primary")

    assert made.page.locator("[data-fault]").inner_text() == "请选择常用语或写明问题。"
    assert made.page.evaluate("document.activeElement.matches('[data-fault]')")
    assert made.page.locator("[data-strip-photos] img").count() == 1


def test_fixed_on_the_spot_wants_a_second_photo_and_is_never_major(browser, site):
    made = begin(browser, site, 5)
    page = made.page
    made.shoot(page.locator(".item:has([data-drawn][hidden]) [data-say=p]").first)
    page.locator("[data-strip-photos] img").first.wait_for()
    made.tap("[data-phrases] .chip >> nth=0")
    made.tap("[data-sheet] .chip:has([name=fixed])")
    made.tap("[data-sheet] .btn-primary")

    assert page.locator("[data-fault]").inner_text()
    assert page.locator("[name=grade][value=major]").is_disabled()
    made.shoot("[data-act=after]")
    page.locator("[data-strip-after] img").first.wait_for()
    made.tap("[data-sheet] .btn-primary")
    page.locator("[data-sheet]").wait_for(state="hidden")
    (finding,) = draft(made)["findings"]
    assert (finding["fixed"], finding["grade"], len(finding["after"])) == (True, "general", 1)


def test_a_walk_goes_on_where_it_was_left(browser, site):
    made = begin(browser, site, 5)
    made.tap(made.page.locator(".item:has([data-drawn][hidden]) [data-say=n]").nth(4))
    stored = draft(made)
    context = made.page.context
    made.page.close()
    made.page = context.new_page()
    context.set_offline(True)

    assert made.go("/m/patrol/") == 200
    made.page.wait_for_selector(".zone")
    assert made.page.locator("[data-say=n][aria-pressed=true]").count() == 1
    assert draft(made) == stored
