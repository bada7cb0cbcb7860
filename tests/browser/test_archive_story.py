"""Two walks through real pages: a place around a school with two letters; one hazard that gets its money."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_story import TODAY, Person

pytestmark = pytest.mark.browser
FORM = "main form.form"


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("proof") / "photo.jpg"
    Image.new("RGB", (800, 600), (90, 120, 150)).save(path, "JPEG")
    return path


@pytest.fixture
def people(site, browser):
    """The name of a school, and the people by their part, each with a browser."""
    school = school_of(site, "last")
    return school, entered(site, browser, school)


def school_of(site, which):
    """The name of the "first" or "last" school of the district, by its code."""
    return asked(
        site,
        "from schoolsafety.core.models import Organisation as O;"
        f"told(O.objects.schools().below(O.objects.get(code='WL-DL')).order_by('code').{which}().name)",
    )


def entered(site, browser, school):
    """Officer and principal of the school, clerk and leader of its bureau."""
    return {
        "officer": Person(browser, site, school, "安全主任"),
        "principal": Person(browser, site, school, "校长"),
        "clerk": Person(browser, site, "东澜区教育局", "安全股科员"),
        "leader": Person(browser, site, "东澜区教育局", "分管副局长"),
    }


def asked(site, code):
    """What `told(...)` was given in the site's own process."""
    tell = "import json;told=lambda what: print('\\n'+json.dumps(what, default=str));"
    return json.loads(site.python(tell + code).strip().splitlines()[-1])


def send(person, path="", **fields):
    """Open the page of an act, fill its form by the names of the fields, send it; it must be taken."""
    page = person.open(path) if path else person.page
    for name, value in fields.items():
        field = page.locator(f"{FORM} [name='{name}']")
        if isinstance(value, Path):
            field.first.set_input_files(value)
        elif field.first.get_attribute("type") == "radio":
            page.locator(f"{FORM} [name='{name}'][value='{value}']").check()
        elif field.first.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    press(person, f"{FORM} .btn-primary, {FORM} .btn-danger")


def press(person, button, path=""):
    """Press a button that acts; the next page must show no problem."""
    page = person.open(path) if path else person.page
    person.click(page.locator(button).first)
    expect(page.locator(".errsum")).to_have_count(0)


def refused(person, path, words):
    """The page of the act says to this person why not, and offers no button."""
    answer = person.page.goto(f"{person.site.url}{path}")
    assert answer.status == 403
    expect(person.page.get_by_role("alert")).to_contain_text(words)
    expect(person.page.locator("main form button.btn-primary")).to_have_count(0)


def here(person):
    return person.page.url.removeprefix(person.site.url)


def shows(person, path, words):
    expect(person.open(path).locator("main")).to_contain_text(words)


def test_a_place_around_a_school_gets_a_letter_and_a_reminder(site, people, photo):
    _school, by = people
    officer, clerk, leader = by["officer"], by["clerk"], by["leader"]
    officer.open("/surroundings/new/")
    send(
        officer, kind="food_stall", title="放学时段流动食品摊占道", place="校门东侧人行道", distance="60",
        protection="护学岗疏导", photos=photo,
    )  # fmt: skip
    place = here(officer)
    number = place.strip("/").split("/")[-1]
    expect(officer.page.locator("main")).to_contain_text("城市管理部门")  # the agency that usually leads

    letter = write_a_letter(clerk, number)
    refused(clerk, f"{letter}issue/", "函由局领导签发")
    press(leader, "main form[data-once] .btn-primary", f"{letter}issue/")
    first = leader.page.locator("h1").inner_text()
    assert "〔" in first
    shows(officer, place, "已致函，待答复")
    assert clerk.pdf(paper_on(clerk, letter)).startswith(b"%PDF")

    reminder = remind(site, clerk, leader, letter, number)
    expect(leader.page.locator("main")).to_contain_text(first)  # the reminder names the first letter
    shows(clerk, letter, "已催办")
    second = rounds(site, number)
    assert [row[:2] + row[3:] for row in second] == [[1, "reminded", False], [2, "sent", True]]
    assert second[0][2] == first != second[1][2]

    answered(clerk, reminder, photo)
    shows(officer, place, "已答复，处置中")
    solve_and_look_again(site, officer, clerk, place, photo)
    assert asked(
        site,
        "from hazards.models import Hazard;"
        "told(Hazard.objects.filter(title='放学时段流动食品摊占道').count())",
    ) == 0  # fmt: skip
    assert "sound" in site.manage("verify_log")


def rounds(site, number):
    """[[round, status, number, is it the place's current one]] of the letters about a place."""
    return asked(
        site,
        "from supervision.models import SurroundingLetter as L;"
        f"told(list(L.objects.filter(places__surrounding__number='{number}').order_by('round')"
        ".values_list('round','status','number','places__is_current')))",
    )


def write_a_letter(clerk, number):
    """Chosen in the archive, drafted with the suggested words; returns the letter's address."""
    page = clerk.open(f"/surroundings/?q={number}")
    page.locator(f"input[name=place][value='{number}']").check()
    clerk.click(page.locator("button[name=does][value=letter]"))
    expect(page.locator(f"{FORM} [name=addressee]")).to_have_value("城市管理部门")
    send(clerk, addressee="东澜区城市管理局", contact="陈涛 0000-0000")
    letter = here(clerk)
    assert clerk.pdf(f"{letter}preview/").startswith(b"%PDF")
    return letter


def paper_on(person, path):
    return person.open(path).locator("a[href*='/papers/']").first.get_attribute("href")


def remind(site, clerk, leader, letter, number):
    """No reminder while the clock runs; once it ran out, a draft by the clerk that the leader issues."""
    expect(clerk.open(letter).locator(f"a[href='{letter}remind/']")).to_have_count(0)
    pk = letter.strip("/").split("/")[-1]
    asked(
        site,
        "from datetime import timedelta as t;from django.utils import timezone as z;"
        "from supervision.models import SurroundingLetter as L;now=z.now();"
        f"told(L.objects.filter(pk={pk}).update(issued_at=now-t(days=30),"
        "reply_due_on=z.localdate(now)-t(days=4)))",
    )
    row = clerk.open("/surroundings/?status=late").locator("tr[data-keyrow]").filter(has_text=number)
    expect(row).to_contain_text("4")
    press(clerk, f"main a[href='{letter}remind/']", letter)
    press(clerk, "main form[data-once] .btn-primary")
    reminder = here(clerk)
    assert reminder != letter
    press(leader, "main form[data-once] .btn-primary", f"{reminder}issue/")
    return reminder


def answered(clerk, reminder, photo):
    """What came back: as a whole with its proof, and what it promises for the place."""
    page = clerk.open(f"{reminder}reply/")
    part = page.locator(f"{FORM} [name$='-answer']").get_attribute("name").removesuffix("-answer")
    send(
        clerk, replied_on=TODAY.isoformat(), reply_number="东城管函〔2026〕18号", reply="已列入专项整治。",
        proofs=photo, **{f"{part}-answer": "安排定点值守", f"{part}-promised_on": TODAY.isoformat()},
    )  # fmt: skip
    expect(page.locator("main")).to_contain_text("安排定点值守")
    expect(page.locator("main")).to_contain_text("东城管函〔2026〕18号")


def solve_and_look_again(site, officer, clerk, place, photo):
    """Nobody looks again at what they called solved themselves; somebody else closes it."""
    send(officer, f"{place}solve/", note="城管定点值守，摊点已撤离", proofs=photo)
    refused(officer, f"{place}look-again/", "登记消除的人不能回看")
    send(clerk, f"{place}look-again/", outcome="gone", photos=photo)
    expect(clerk.page.locator("main")).to_contain_text("已回看，归档")
    number = place.strip("/").split("/")[-1]
    row = asked(
        site,
        "from supervision.models import Surrounding as S;"
        f"told(S.objects.values_list('status','outcome','came_back_count').get(number='{number}'))",
    )
    assert row == ["closed", "gone", 0]


def test_one_hazard_gets_its_money_and_another_does_not(site, people, photo):
    school, by = people
    officer, clerk, leader = by["officer"], by["clerk"], by["leader"]
    funded, unfunded = late_hazards(site, school)
    refused(officer, f"/funding/declare/{funded}/", "临时")  # no declaration without interim protection
    for number, cost, severity in ((funded, "12000", "15"), (unfunded, "90000", "3")):
        send(officer, f"/h/{number}/protect/", closed="看台停用，拉设警戒", watch="赵敏，每日巡查")
        send(
            officer, f"/funding/declare/{number}/", cost=cost, reason="公用经费已用完", pupils="600",
            likelihood="6", severity=severity,
        )  # fmt: skip
    needs = needs_of(site, funded, unfunded)
    assert {row["status"] for row in needs.values()} == {"proposed"}
    assert overdue_among(site, funded, unfunded) == sorted([funded, unfunded])  # a word alone stops no clock
    for number in (funded, unfunded):
        send(clerk, f"/funding/{needs[number]['pk']}/acknowledge/")
        expect(clerk.page.locator("main")).to_contain_text("待资金")
    assert overdue_among(site, funded, unfunded) == []

    ask_for_money(clerk, leader, needs, funded, unfunded)
    grant_one_refuse_the_other(site, clerk, needs, funded, unfunded)
    rectify(officer, clerk, leader, funded, photo)
    shows(clerk, f"/funding/{needs[funded]['pk']}/", "资金落实、整改完成")
    ended = needs_of(site, funded, unfunded)
    assert [ended[number]["status"] for number in (funded, unfunded)] == ["done", "refused"]
    assert float(ended[funded]["amount"]) == 11000
    assert ended[unfunded]["amount"] is None
    assert "sound" in site.manage("verify_log")


def late_hazards(site, school):
    """Two general hazards of the school whose deadline passed three days ago; their numbers."""
    return asked(
        site,
        f"""
from datetime import timedelta
from django.utils import timezone
from hazards import services
from hazards.models import Category, Hazard
from schoolsafety.core.models import Organisation, User
from schoolsafety.core.roles import Role
now = timezone.now()
school = Organisation.objects.get(name={school!r})
officer = User.objects.holding({{Role.SAFETY_OFFICER}}, school, timezone.localdate(now)).first()
clerk = User.objects.holding({{Role.DISTRICT_STAFF}}, school.parent, timezone.localdate(now)).first()
numbers = []
for title in ("看台栏杆锈蚀", "围墙局部倾斜"):
    row = services.report(school, actor=officer, title=title, place="操场", source="snap",
        proposed_grade="general", category=Category.objects.get(code="JZ"), found_at=now, now=now)
    services.grade(row, actor=clerk, grade="general", reason="需专业单位施工", now=now)
    numbers.append(row.number)
late = timezone.localdate(now) - timedelta(days=3)
Hazard.objects.filter(number__in=numbers).update(due_on=late, first_due_on=late)
told(numbers)
""",
    )


def needs_of(site, *numbers):
    """{number of the hazard: its need as a dict}"""
    rows = asked(
        site,
        "from supervision.models import FundingNeed as N;"
        f"told(list(N.objects.filter(hazard__number__in={numbers!r})"
        ".values('pk','status','amount','hazard__number')))",
    )
    return {row["hazard__number"]: row for row in rows}


def overdue_among(site, *numbers):
    return asked(
        site,
        "from django.utils import timezone as z;from hazards.models import Hazard as H;"
        f"told(sorted(H.objects.filter(number__in={numbers!r}).overdue(z.localdate())"
        ".values_list('number', flat=True)))",
    )


def ask_for_money(clerk, leader, needs, funded, unfunded):
    """The ledger ranks by risk per yuan; both are chosen for one request, which the leader issues."""
    page = clerk.open("/funding/")
    titles = page.locator("tr[data-keyrow] th a").all_inner_texts()
    ranks = {words.split(". ")[1]: int(words.split(". ")[0]) for words in titles}
    assert ranks["看台栏杆锈蚀"] < ranks["围墙局部倾斜"]
    for number in (funded, unfunded):
        page.locator(f"input[name=need][value='{needs[number]['pk']}']").check()
    clerk.click(page.locator("button[name=does][value=request]"))
    expect(page.locator("main h2").first).to_contain_text("102,000")
    send(clerk, addressee="东澜区人民政府")
    request = here(clerk)
    refused(clerk, f"{request}issue/", "由校长或局领导签发")
    press(leader, "main form[data-once] .btn-primary", f"{request}issue/")
    expect(leader.page.locator("h1")).to_contain_text("〔")
    assert leader.pdf(paper_on(leader, request)).startswith(b"%PDF")
    shows(clerk, f"/funding/{needs[funded]['pk']}/", "已请示")


def grant_one_refuse_the_other(site, clerk, needs, funded, unfunded):
    """Money brings a new deadline; without it the hazard counts as overdue again."""
    due = (TODAY + timedelta(days=20)).isoformat()
    send(clerk, f"/funding/{needs[funded]['pk']}/fund/", amount="11000", source="区级校安专项", due_on=due)
    expect(clerk.page.locator("main")).to_contain_text("资金已落实，待整改")
    send(clerk, f"/funding/{needs[unfunded]['pk']}/refuse/", note="本年度预算已安排完毕")
    expect(clerk.page.locator("main")).to_contain_text("未获资金")
    assert overdue_among(site, funded, unfunded) == [unfunded]


def rectify(officer, clerk, leader, number, photo):
    """Handed in with a photo of after, verified at the place, written off."""
    send(officer, f"/h/{number}/submit/", measure="更换栏杆并刷防锈漆", photos=photo)
    send(clerk, f"/h/{number}/verify/", mode="on_site", note="牢固", photos=photo)
    send(leader, f"/h/{number}/close/", closure="rectified", note="同意销号")
    expect(leader.page.locator("main")).to_contain_text("已销号")
