"""A hazard reported and a rectification proved on a phone: nothing lost or doubled, the server decides."""

import re
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.phone import phone, rows_of
from tests.browser.test_screens import ONE_CHARACTER_LINES, SMALL_TARGETS, TAGS

pytestmark = [pytest.mark.browser, pytest.mark.field]
NUMBER = re.compile(r"[A-Z0-9]+-\d{4}-\d{4}")
HOSTILE = '<img src=x onerror="document.title=1337"><b>通道'
SHA = """async () => {
  const asked = indexedDB.open("schoolsafety");
  await new Promise((resolve) => (asked.onsuccess = resolve));
  const all = asked.result.transaction("photos").objectStore("photos").getAll();
  await new Promise((resolve) => (all.onsuccess = resolve));
  asked.result.close();
  const hex = (sum) => [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = (row) => crypto.subtle.digest("SHA-256", row.bytes);
  return Promise.all(all.result.map(async (row) => [row.sha256, hex(await digest(row))]));
}"""
# Handed in by whoever found it, written off by the principal: what happens while a phone is in the basement.
CLOSE = """
from django.core.files.uploadedfile import SimpleUploadedFile as File
from django.utils import timezone
from hazards import services
from hazards.models import Hazard
from schoolsafety.core.models import User
hazard, now = Hazard.objects.get(number={number!r}), timezone.now()
paper = File("合同.pdf", b"%PDF-1.4 %%EOF", "application/pdf")
services.submit(hazard, actor=hazard.found_by, measure="现场已改", papers=[paper], now=now)
head = User.objects.filter(held_posts__organisation=hazard.school, held_posts__role="principal").first()
services.close(Hazard.objects.get(pk=hazard.pk), actor=head, now=now)
"""


@pytest.fixture
def made(browser, site):
    one = phone(browser, site)
    yield one
    one.page.context.close()


def open_snap(made):
    made.go("/m/snap/")
    made.page.locator("[data-picks=zone] label").first.wait_for()


def shots(page, count, box="photos"):
    page.locator(f"[data-shots={box}] .shot img").nth(count - 1).wait_for()


def choose(page, words="", *, level="general"):
    """Place, what is wrong (a phrase, or `words` of one's own), category and grade."""
    page.locator("[data-picks=zone] label").first.tap()
    if words:
        page.locator("#note").fill(words)
        page.locator("#category").select_option(index=1)
    else:
        page.locator("[data-picks=phrase] label").first.tap()
    page.locator(f"label:has([name=level][value={level}])").tap()


def save(page):
    page.locator("[data-save]").tap()


def receipt_of(page):
    """The number on the server's receipt, once it is there."""
    page.locator("[data-receipt] .no").wait_for(timeout=20_000)
    return page.locator("[data-receipt] .no").inner_text()


def report(made, words="消火栓前堆放桌椅"):
    """A general hazard of this school, with the server; returns its number."""
    open_snap(made)
    made.shoot("label[for=photos_camera]")
    shots(made.page, 1)
    choose(made.page, words)
    save(made.page)
    return receipt_of(made.page)


def open_mine(made, number):
    made.go("/m/mine/")
    made.page.locator(f".hazard[data-number='{number}']").tap()
    made.page.locator("[data-evidence][open]").wait_for()


def state_of(site, number):
    columns = "status, closure, submitted_at, submitted_by_id, closed_by_id, measure, cost, responsible"
    return rows_of(site, f"select {columns} from hazards_hazard where number = '{number}'")


def photos_of(site, number, purpose):
    return [
        sha
        for (sha,) in rows_of(
            site,
            "select a.original_sha256 from core_attachment a join hazards_hazard h on h.id = a.owner_id "
            "join django_content_type t on t.id = a.owner_type_id and t.model = 'hazard' "
            f"where h.number = '{number}' and a.purpose = '{purpose}' order by a.id",
        )
    ]


def verbs_of(site, number):
    found = rows_of(
        site,
        "select e.verb from core_event e join hazards_hazard h on h.id = e.subject_id "
        "join django_content_type t on t.id = e.subject_type_id and t.model = 'hazard' "
        f"where h.number = '{number}' and e.verb like 'hazards.%' order by e.seq",
    )
    return [verb.removeprefix("hazards.") for (verb,) in found]


@pytest.mark.both
def test_a_suspected_major_hazard_found_without_a_network_reaches_the_district(made, site):
    context, page = made.page.context, made.page
    open_snap(made)
    context.set_offline(True)
    page.goto("about:blank")
    assert made.go("/m/snap/") == 200
    made.shoot("label[for=photos_camera]")
    made.shoot("label[for=photos_camera]", color=(160, 40, 40))
    shots(page, 2)
    choose(page, level="major")
    assert page.locator("[data-part=major]").is_visible()
    made.wait_rows("drafts", lambda rows: rows and rows[0]["findings"][0]["grade"] == "major")
    page.close()

    page = made.page = context.new_page()
    made.go("/m/snap/")
    shots(page, 2)
    assert page.locator("[data-part=going]").is_visible()
    assert page.locator("[name=level][value=major]").is_checked()
    assert page.locator("[data-picks=phrase] input:checked").count() == 1
    kept = page.evaluate(SHA)
    assert [said == counted for said, counted in kept] == [True, True]
    save(page)
    page.locator(".kept").wait_for()
    assert "编号待定" in page.locator(".kept").inner_text()
    assert "教育局" in page.locator(".kept").inner_text()
    assert [row["kind"] for row in made.rows("queue")] == ["snap"]
    assert made.rows("drafts") == []

    context.set_offline(False)
    number = receipt_of(page)
    assert NUMBER.fullmatch(number)
    assert sorted(photos_of(site, number, "before")) == sorted(said for said, _counted in kept)
    told = rows_of(
        site,
        "select distinct p.role from core_notification n join core_post p on p.user_id = n.user_id "
        f"where n.url = '/h/{number}/' and n.verb = 'hazards.report'",
    )
    assert ["district_staff"] in told
    assert made.rows("photos") == []


@pytest.mark.both
def test_a_hazard_fixed_on_the_spot_needs_its_photo_of_after(made, site):
    page = made.page
    open_snap(made)
    made.shoot("label[for=photos_camera]")
    shots(page, 1)
    choose(page, "灭火器压力不足", level="fixed")
    save(page)
    assert "整改后" in page.locator("[data-faults]").inner_text()
    assert page.evaluate("document.activeElement.matches('[data-faults]')")
    assert page.title().startswith("出错：")
    page.locator("[data-faults] a").first.tap()
    assert page.evaluate("document.activeElement.id") == "after_camera"
    made.shoot("label[for=after_camera]", color=(20, 120, 40))
    shots(page, 1, "after")
    save(page)
    number = receipt_of(page)
    assert state_of(site, number)[0][0] == "submitted"
    assert len(photos_of(site, number, "after")) == 1


def test_an_empty_report_says_everything_that_it_lacks_and_stays(made):
    page = made.page
    open_snap(made)
    save(page)
    assert page.locator("[data-faults] li").count() == 4
    assert made.rows("queue") == []
    assert page.locator(".kept").count() == 0


def test_a_photo_taken_away_comes_back(made):
    page = made.page
    open_snap(made)
    made.shoot("label[for=photos_camera]")
    shots(page, 1)
    page.locator("[data-shots=photos] [data-remove]").tap()
    page.locator("[data-shots=photos] [data-undo]").wait_for()
    made.wait_rows("photos", lambda rows: rows == [])
    page.locator("[data-shots=photos] [data-undo]").tap()
    shots(page, 1)
    assert len(made.rows("photos")) == len(made.rows("drafts")[0]["findings"][0]["photos"]) == 1


def notes(rows):
    """What the drafts of reports say is wrong."""
    return sorted(row["findings"][0]["note"] for row in rows if row["findings"])


def test_another_report_beside_one_that_is_not_finished(made):
    page = made.page
    open_snap(made)
    page.locator("#note").fill("第一条")
    made.wait_rows("drafts", lambda rows: notes(rows) == ["第一条"])
    made.go("/m/snap/")
    page.locator("[data-part=going]").wait_for()
    expect(page.locator("#note")).to_have_value("第一条")
    page.locator("[data-part=going] [data-act=another]").tap()
    page.locator("[data-part=going]").wait_for(state="hidden")
    expect(page.locator("#note")).to_have_value("")
    page.locator("#note").fill("第二条")
    made.wait_rows("drafts", lambda rows: notes(rows) == ["第一条", "第二条"])


@pytest.mark.both
def test_evidence_is_handed_in_with_money_as_text(made, site):
    number = report(made)
    page = made.page
    open_mine(made, number)
    made.shoot("label[for=shown_camera]")
    shots(page, 1, "shown")
    page.locator("#measure").fill("桌椅已搬走")
    page.locator("#responsible").fill("赵敏")
    page.locator("#cost").fill("十二块五")
    page.locator("[value=done]").tap()
    assert page.locator("#spent [data-error]").inner_text() != ""
    assert [row for row in made.rows("queue") if row["kind"] == "evidence"] == []
    page.locator("#cost").fill("￥１，２３４．５")
    page.locator("[value=done]").tap()
    assert receipt_of(page) == number
    (row,) = state_of(site, number)
    assert [row[0], row[5], Decimal(row[6]), row[7]] == [
        "submitted",
        "桌椅已搬走",
        Decimal("1234.50"),
        "赵敏",
    ]
    assert len(photos_of(site, number, "after")) == 1


@pytest.mark.both
def test_evidence_begun_without_a_network_survives_and_is_sent_later(made, site):
    number = report(made)
    context, page = made.page.context, made.page
    open_mine(made, number)
    context.set_offline(True)
    made.shoot("label[for=shown_camera]")
    shots(page, 1, "shown")
    page.locator("#measure").fill("已清走")
    made.wait_rows("drafts", lambda rows: "已清走" in str(rows))
    page.close()
    page = made.page = context.new_page()
    made.go("/m/mine/")
    row = page.locator(f".hazard[data-number='{number}']")
    row.wait_for()
    assert "未提交" in row.inner_text()
    row.tap()
    shots(page, 1, "shown")
    expect(page.locator("#measure")).to_have_value("已清走")
    page.locator("[value=done]").tap()
    page.locator(".kept").wait_for()
    assert "待上传" in page.locator(f".hazard[data-number='{number}']").inner_text()
    context.set_offline(False)
    assert receipt_of(page) == number
    assert state_of(site, number)[0][0] == "submitted"


@pytest.mark.both
def test_evidence_of_a_hazard_closed_meanwhile_is_kept_and_nothing_else_changes(made, site):
    number = report(made)
    context, page = made.page.context, made.page
    open_mine(made, number)
    context.set_offline(True)
    made.shoot("label[for=shown_camera]")
    shots(page, 1, "shown")
    page.locator("#measure").fill("已清走")
    page.locator("[value=done]").tap()
    page.locator(".kept").wait_for()
    site.python(CLOSE.format(number=number))
    before = state_of(site, number)
    assert before[0][:2] == ["closed", "rectified"]

    context.set_offline(False)
    assert receipt_of(page) == number
    words = page.locator("[data-receipt]").inner_text()
    assert "已销号，作为补充材料保存" in words
    assert state_of(site, number) == before
    assert verbs_of(site, number) == ["report", "submit", "close", "supplement"]
    assert len(photos_of(site, number, "note")) == 1
    assert [row["receipt"]["flags"] for row in made.rows("queue") if row["kind"] == "evidence"] == [
        ["supplement"]
    ]
    page.locator(f".hazard[data-number='{number}']").wait_for(state="detached")


@pytest.mark.both
def test_only_a_supplement_leaves_the_hazard_open(made, site):
    number = report(made)
    page = made.page
    open_mine(made, number)
    page.locator("#measure").fill("先围起来")
    page.locator("[value=note]").tap()
    assert receipt_of(page) == number
    assert state_of(site, number)[0][0] == "reported"
    assert verbs_of(site, number) == ["report", "supplement"]


def test_typed_words_never_become_markup(made, site):
    number = report(made, HOSTILE)
    page = made.page
    title = page.locator("[data-receipt] h2").inner_text()
    assert HOSTILE in title
    open_mine(made, number)
    assert page.locator("#evidence-title").inner_text() == HOSTILE
    page.locator("#measure").fill(HOSTILE)
    page.locator("[value=note]").tap()
    receipt_of(page)
    made.go("/m/queue/")
    page.get_by_text("通道").first.wait_for()
    for path in ("/m/mine/", "/m/queue/", f"/h/{number}/"):
        made.go(path)
        page.get_by_text("通道").first.wait_for()
        page.wait_for_timeout(400)
        assert page.locator("img[src=x]").count() == 0
        assert page.title() != "1337"


def test_filters_count_what_they_show(made):
    number = report(made)
    page = made.page
    made.go("/m/mine/")
    page.locator(f".hazard[data-number='{number}']").wait_for()
    for name in ("late", "week", "all"):
        chip = page.locator(f"label:has([name=filter][value={name}])")
        chip.tap()
        said = int(re.search(r"\d+", chip.inner_text()).group())
        expect(page.locator(".hazard")).to_have_count(said)
        assert page.locator("[data-part=empty]").is_visible() == (said == 0)
    assert (
        "期限" in page.locator(f".hazard[data-number='{number}']").inner_text()
        or "到期" in page.locator(f".hazard[data-number='{number}']").inner_text()
    )


def faults(page):
    """What is wrong with the screen as it stands, on a window so tall that no bar covers anything."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 3000})
    found = ["scrolls sideways"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    found += [f"one character a line: {text}" for text in page.evaluate(ONE_CHARACTER_LINES)]
    found += [f"small target: {text}" for text in page.evaluate(SMALL_TARGETS)]
    for violation in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
        where = violation["nodes"][0]["html"][:160]
        found.append(f"{violation['id']} x{len(violation['nodes'])}: {where}")
    return found


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_both_screens_are_clean_in_every_state(browser, site, width, scheme):
    made = phone(browser, site, size={"width": width, "height": 844}, color_scheme=scheme)
    page, found = made.page, {}
    number = report(made)
    found["receipt"] = faults(page)
    open_snap(made)
    found["snap"] = faults(page)
    made.shoot("label[for=photos_camera]")
    shots(page, 1)
    choose(page, level="major")
    found["filled"] = faults(page)
    page.locator("label:has([value=fixed])").tap()
    save(page)
    found["lacking"] = faults(page)
    open_mine(made, number)
    found["sheet"] = faults(page)
    page.locator("[value=done]").tap()
    found["sheet lacking"] = faults(page)
    page.locator("[data-act=close]").tap()
    found["mine"] = faults(page)
    page.context.close()
    assert {state: some for state, some in found.items() if some} == {}
