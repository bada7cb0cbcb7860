"""The whole story through the real pages with a real worker: from a patrol to the month's bulletin."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.both]
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
WEEK = f"{TODAY.isocalendar().year}-W{TODAY.isocalendar().week:02}"
MONTH = (TODAY.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


class Person:
    """Somebody with a browser of their own, signed in through the demo's door."""

    def __init__(self, browser, site, school, title):
        self.site = site
        self.page = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai"
        ).new_page()
        self.page.goto(f"{site.url}/demo/")
        self.page.locator("button.task").filter(has_text=school).filter(has_text=title).first.click()
        expect(self.page.locator("#today")).to_be_visible()

    def open(self, path):
        answer = self.page.goto(path if path.startswith("http") else f"{self.site.url}{path}")
        assert answer.ok, (path, answer.status)
        return self.page

    def fill(self, form="main form.form", **fields):
        """Fill the form of an act by the names of its fields and send it."""
        for name, value in fields.items():
            field = self.page.locator(f"{form} [name='{name.replace('__', '-')}']")
            kind = field.first.get_attribute("type")
            if isinstance(value, Path):
                field.first.set_input_files(value)
            elif kind == "radio":
                self.page.locator(f"{form} [name='{name.replace('__', '-')}'][value='{value}']").check()
            else:
                field.fill(value)
        self.click(self.page.locator(f"{form} button.btn-primary, {form} button.btn-danger").first)
        expect(self.page.locator(".errsum")).to_have_count(0)

    def click(self, locator):
        """Press something that leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            locator.click()

    def pdf(self, path):
        answer = self.page.request.get(path if path.startswith("http") else f"{self.site.url}{path}")
        assert answer.ok
        return answer.body()


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    Image.new("RGB", (800, 600), (150, 120, 90)).save(path, "JPEG")
    return path


@pytest.fixture(scope="module")
def school(site):
    """A school of the first district that has a canteen, by its short name."""
    code = (
        "from schoolsafety.core.models import Organisation as O;"
        "d=O.objects.get(code='WL-DL'); print(O.objects.schools().below(d).order_by('code').first().name)"
    )
    return site.python(code).strip().splitlines()[-1]


def test_from_a_morning_patrol_to_the_months_bulletin(site, browser, school, photo):
    officer = Person(browser, site, school, "安全主任")
    principal = Person(browser, site, school, "校长")
    clerk = Person(browser, site, "东澜区教育局", "安全股科员")
    leader = Person(browser, site, "东澜区教育局", "分管副局长")

    walk_the_patrol(officer, photo)
    hazard = officer.page.locator("main .task").first.get_attribute("href")

    clerk.open(f"{hazard}grade/")
    clerk.fill(grade="general", reason="疏散通道被占用，可立即整改")
    notice = issue_a_notice(clerk, hazard)

    officer.open(f"{notice}sign-for/")
    officer.fill(post="安全主任")
    reply_to(officer, notice, photo)

    clerk.open(f"{notice}review/")
    for choice in clerk.page.locator("input[type=radio][value=done]").all():
        choice.check()
    clerk.fill(reviewers="陈涛、李敏", conclusion="整改到位")
    assert clerk.pdf(clerk.page.locator("a[href*='/papers/']").last.get_attribute("href")).startswith(b"%PDF")
    leader.open(f"{hazard}close/")
    leader.fill(closure="rectified", note="同意销号")
    expect(leader.page.locator("main")).to_contain_text("已销号")

    report_the_week(site, officer, principal)
    issue_the_bulletin(site, clerk, leader, officer)
    assert "sound" in site.manage("verify_log")


def walk_the_patrol(officer, photo):
    """Home, walk, a photo for what was drawn, one finding, the rest in one press a zone, receipt."""
    page = officer.page
    officer.open("/patrol/")
    officer.click(page.locator("main form[data-once] button.btn-primary"))
    while page.locator(".item:has(input[type=file]):not(:has(.tag-done))").count():
        item = page.locator(".item:has(input[type=file]):not(:has(.tag-done))").first
        with page.expect_navigation():
            item.locator("input[type=file]").set_input_files(photo)
    officer.click(page.locator(".item:not(:has(input[type=file])) .seg .n").first)
    officer.fill(photos=photo, note="疏散通道堆放纸箱", proposed_grade="general", place="教学楼一层")
    while left := page.locator("button[name=rest]").count():
        page.locator("button[name=rest]").first.click()
        expect(page.locator("button[name=rest]")).to_have_count(left - 1)
    officer.click(page.locator(".actionbar a.btn-primary"))
    officer.click(page.locator("main form.form button.btn-primary"))
    expect(page.locator(".receipt .no")).to_have_text(re.compile(r"^XC"))


def issue_a_notice(clerk, hazard):
    """Chosen in the ledger, drafted, previewed, issued; returns the notice's address."""
    page = clerk.page
    number = hazard.strip("/").split("/")[-1]
    clerk.open(f"/h/?q={number}")
    page.locator(f"input[name=hazard][value='{number}']").check()
    clerk.click(page.locator("button[name=does][value=notice]"))
    clerk.click(page.locator("main form button.btn-primary").first)
    notice = re.search(r"/notices/\d+/", page.url).group()
    assert clerk.pdf(f"{notice}preview.pdf").startswith(b"%PDF")
    clerk.open(f"{notice}issue/")
    clerk.click(page.locator("main form[data-once] button.btn-primary").first)
    expect(page.locator("h1")).to_contain_text("〔")
    return notice


def reply_to(officer, notice, photo):
    """Item by item: done, with a photo of after."""
    page = officer.open(f"{notice}reply/")
    item = re.search(r"item-\d+", page.locator("[name$='-reply']").first.get_attribute("name")).group()
    page.locator(f"[name='{item}-reply_is_done'][value='1']").check()
    page.locator(f"[name='{item}-reply']").fill("纸箱已清走，通道畅通")
    page.locator(f"[name='{item}-responsible']").fill("李明")
    page.locator(f"[name='{item}-done_on']").fill(TODAY.isoformat())
    page.locator(f"[name='{item}-photos']").first.set_input_files(photo)
    officer.click(page.locator("main form.form button.btn-primary"))
    expect(page.locator(".errsum")).to_have_count(0)
    expect(page.locator("main .notice")).not_to_have_count(0)


def report_the_week(site, officer, principal):
    """Drafted by command, written by the officer, signed by the principal, read as a PDF."""
    site.manage("weekly_reports", "--week", WEEK)
    page = officer.open("/weekly/")
    officer.click(page.locator("main a[href*='/weekly/']").filter(has_text=WEEK).first)
    report = re.search(r"/weekly/\d+/", page.url).group()
    if page.locator("[name=reasons]").count():
        page.locator("[name=reasons]").fill("配件已订购，到货即修。")
        officer.click(page.locator("main form.form button").last)
    officer.open(report)
    press(officer, f"{report}submit/")
    principal.open(report)
    press(principal, f"{report}sign/")
    body = principal.pdf(f"{report}pdf/")
    assert body.startswith(b"%PDF")
    assert body == principal.pdf(f"{report}pdf/")


def issue_the_bulletin(site, clerk, leader, officer):
    """Drafted by command, submitted, approved, numbered, issued; the worker tells the schools."""
    site.manage("monthly_bulletin", "--month", MONTH, "--organisation", "WL-DL")
    page = clerk.open("/bulletins/")
    clerk.click(page.locator("main a.task").first)
    bulletin = re.search(r"/bulletins/\d+/", page.url).group()
    for person, action in ((clerk, "submit"), (leader, "approve"), (clerk, "issue")):
        person.open(f"{bulletin}{action}/")
        person.click(person.page.locator("main form.form button.btn-primary"))
        expect(person.page.locator(".errsum, .notice-error")).to_have_count(0)
    assert clerk.pdf(f"{bulletin}pdf/").startswith(b"%PDF")
    deadline = monotonic() + 90
    while monotonic() < deadline:  # the real worker writes the notification
        if officer.open("/notifications/").locator("main").get_by_text("通报").count():
            break
        sleep(1)
    officer.open(bulletin)
    officer.click(officer.page.locator("main form button.btn-primary"))
    expect(officer.page.locator("main")).to_contain_text("通报")


def press(person, address):
    """Press the button that leads to an act: a form on the page itself or on the act's own page."""
    page = person.page
    if page.locator(f"form[action='{address}']").count():
        person.click(page.locator(f"form[action='{address}'] button").first)
    else:
        person.open(address)
        person.click(page.locator("main form[method=post] button.btn-primary").first)
    expect(page.locator(".errsum")).to_have_count(0)
