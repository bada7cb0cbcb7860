"""A major hazard through real pages: judged, listed, its use stopped and resumed, delisted, rebounded."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_story import TODAY, Person

pytestmark = pytest.mark.browser
ACTS = "main form[method=post] button.btn-primary, main form[method=post] button.btn-danger"
PLAN = {
    "responsible_person": "王建国", "responsible_post": "总务主任", "measures": "更换水泵，检修管网",
    "funds_planned": "48000", "funds_allocated": "48000", "funds_source": "公用经费",
    "contingency": "停用三层教室，增配灭火器，专人值守",
    "guard_person": "赵敏", "goal": "消防检测合格", "organisation_text": "校长牵头，总务处实施",
}  # fmt: skip


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("major") / "photo.jpg"
    Image.new("RGB", (800, 600), (120, 90, 150)).save(path, "JPEG")
    return path


@pytest.fixture(scope="module")
def people(site, browser):
    """Officer and principal of the district's second school, clerk and leader of its bureau."""
    school = asked(
        site,
        "from schoolsafety.core.models import Organisation as O;"
        "told(O.objects.schools().below(O.objects.get(code='WL-DL')).order_by('code')[1].name)",
    )
    made = [
        Person(browser, site, school, "安全主任"),
        Person(browser, site, school, "校长"),
        Person(browser, site, "东澜区教育局", "安全股科员"),
        Person(browser, site, "东澜区教育局", "分管副局长"),
    ]
    yield made
    for person in made:
        person.page.context.close()


def asked(site, code):
    """What `told(...)` was given in the site's own process."""
    tell = "import json;told=lambda what: print('\\n'+json.dumps(what, default=str));"
    return json.loads(site.python(tell + code).strip().splitlines()[-1])


def row_of(site, model, fields, **where):
    """The newest row of a model as {field: value}."""
    return asked(
        site,
        f"from django.apps import apps;M=apps.get_model({model!r});"
        f"told(M.objects.filter(**{where!r}).order_by('pk').values(*{fields!r}).last())",
    )


def send(person, path="", **fields):
    """Open the page of an act, fill its form by the names of the fields, send it; it must be taken."""
    page = person.open(path) if path else person.page
    for name, value in fields.items():
        field = page.locator(f"main form [name='{name}']")
        if isinstance(value, Path):
            field.first.set_input_files(value)
        elif field.first.get_attribute("type") == "radio":
            page.locator(f"main form [name='{name}'][value='{value}']").check()
        elif field.first.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    person.click(page.locator(ACTS).first)
    expect(page.locator(".errsum")).to_have_count(0)


def refused(person, path, words):
    """The page of the act says to this person why not, and offers no button."""
    answer = person.page.goto(f"{person.site.url}{path}")
    assert answer.status == 403
    expect(person.page.get_by_role("alert")).to_contain_text(words)
    expect(person.page.locator(ACTS)).to_have_count(0)


def here(person):
    return person.page.url.removeprefix(person.site.url)


def shows(person, path, words):
    expect(person.open(path).locator("main")).to_contain_text(words)


def test_a_major_hazard_from_finding_to_listing_and_rebound(site, people, photo):
    officer, principal, clerk, leader = people
    hazard = found_and_judged(officer, clerk, photo)
    number = hazard.strip("/").split("/")[-1]
    assert row_of(site, "hazards.hazard", ["status", "grade"], number=number) == {
        "status": "planning",
        "grade": "major",
    }
    listing = listed(site, clerk, leader, officer, number)
    planned(officer, principal, clerk, hazard)
    longer_term(site, officer, clerk, leader, listing, hazard)
    stop = use_stopped(clerk, leader, officer, number)

    send(
        officer, f"{listing}apply/", assessment="水泵更换完成，消防检测合格", assessed_by="市消防检测站",
        photos=photo,
    )  # fmt: skip
    expect(officer.page.locator("main")).to_contain_text("待验收")
    use_resumed(site, officer, principal, clerk, leader, stop, photo)
    accepted_and_delisted(site, clerk, leader, listing, hazard)

    send(leader, f"{hazard}close/", closure="rectified", note="同意销号")
    expect(leader.page.locator("main")).to_contain_text("已销号")
    rebounded(site, officer, clerk, leader, number, photo)
    assert "sound" in site.manage("verify_log")


def found_and_judged(officer, clerk, photo):
    """A snap report; graded major leads to the criteria, one of which is met. Returns the address."""
    send(
        officer, "/h/new/", photos=photo, title="教学楼消火栓全部无水", place="教学楼三层走廊", category="XF",
        proposed_grade="major",
    )  # fmt: skip
    hazard = here(officer)
    send(clerk, f"{hazard}grade/", grade="major", reason="消火栓系统不能正常使用")
    page = clerk.page
    expect(page).to_have_url(re.compile(r"/judge/"))
    expect(page.locator("[name=reason]")).to_have_value("消火栓系统不能正常使用")
    page.locator("main [name^='answer_'][value='met']").nth(3).check()
    page.locator("main [name^='facts_']").nth(3).fill("六处消火栓放水试验均无水，水泵不能启动")
    page.locator("main [name=rest_not_met]").check()
    send(clerk, is_major="1")
    shows(officer, hazard, "待五落实")
    return hazard


def listed(site, clerk, leader, officer, number):
    """Chosen among the majors that are not listed, drafted, issued by the leader alone, published."""
    page = clerk.open("/listings/waiting/")
    clerk.click(page.locator(f"a[href*='hazard={number}']"))
    send(clerk)
    listing = here(clerk)
    assert clerk.pdf(f"{listing}preview/").startswith(b"%PDF")
    assert officer.page.goto(f"{site.url}{listing}").status == 404  # a draft is no word to the school
    refused(clerk, f"{listing}issue/", "草稿")
    send(leader, f"{listing}issue/")
    expect(leader.page.locator("main, header")).to_contain_text(["挂牌督办中"])
    page = leader.open(f"{listing}publish/")
    page.locator("[name=is_checked]").check()
    send(leader)
    pk = listing.strip("/").split("/")[-1]
    shows(officer, f"/public/listings/{pk}/", "教学楼三层走廊")
    row = row_of(site, "supervision.listing", ["status", "number", "due_on"], pk=int(pk))
    assert row["status"] == "listed"
    shows(officer, listing, row["number"])
    refused(leader, f"/h/{number}/close/", "不能")
    return listing


def planned(officer, principal, clerk, hazard):
    """Protection, the plan, both signatures, the bureau's acceptance."""
    send(officer, f"{hazard}protect/", closed="停用三层教室", watch="赵敏 值守")
    page = officer.open(f"{hazard}plan/")
    there = {name: words for name, words in PLAN.items() if page.locator(f"main [name={name}]").count()}
    send(officer, **there)
    send(principal, f"{hazard}sign_responsibility/")
    send(principal, f"{hazard}sign_plan/")
    send(clerk, f"{hazard}accept_plan/")
    shows(officer, hazard, "整改中")


def longer_term(site, officer, clerk, leader, listing, hazard):
    """The school reports and asks for a longer term; the leader grants it; the hazard's deadline follows."""
    send(officer, f"{listing}report/", text="已拆除旧水泵", protection="停用教室，专人值守")
    pk = int(listing.strip("/").split("/")[-1])
    due = date.fromisoformat(row_of(site, "supervision.listing", ["due_on"], pk=pk)["due_on"])
    asked_for = (due + timedelta(days=30)).isoformat()
    send(
        officer, f"{listing}extension/", due_on=asked_for, reason="水泵定制需时", safeguards="继续停用教室"
    )  # fmt: skip
    refused(clerk, f"{listing}decide/", "不能")
    send(leader, f"{listing}decide/", is_granted="1")
    shows(officer, listing, asked_for)
    assert row_of(site, "supervision.listing", ["due_on"], pk=pk)["due_on"] == asked_for
    number = hazard.strip("/").split("/")[-1]
    assert row_of(site, "hazards.hazard", ["due_on"], number=number)["due_on"] == asked_for


def use_stopped(clerk, leader, officer, number):
    """The order: drafted by the clerk, issued by the leader, signed for by the school."""
    send(clerk, f"/stops/new/{number}/")
    stop = here(clerk)
    refused(clerk, f"{stop}issue/", "不能")
    send(leader, f"{stop}issue/")
    send(officer, f"{stop}sign-for/")
    shows(officer, stop, "停用中")
    return stop


def use_resumed(site, officer, principal, clerk, leader, stop, photo):
    """The principal applies in writing, two review on site, the leader consents with a numbered paper."""
    refused(officer, f"{stop}apply/", "不能")
    send(
        principal, f"{stop}apply/", plan="更换水泵，检修管网", done="1.水泵已更换；2.管网已检修",
        assessor="own", experts="孙工 消防工程师", assessed_on=TODAY.isoformat(),
        conclusion="满足安全使用条件", photos=photo,
    )  # fmt: skip
    expect(principal.page.locator("main")).to_contain_text("停用中，已申请恢复")
    send(
        clerk, f"{stop}review/", reviewers="陈涛、周琳", findings="放水试验正常，检测报告齐全",
        is_proposed="1", photos=photo,
    )  # fmt: skip
    refused(clerk, f"{stop}decide/", "不能")
    send(leader, f"{stop}decide/", is_granted="1")
    shows(officer, stop, "已恢复使用")
    order = int(stop.strip("/").split("/")[-1])
    row = row_of(site, "supervision.resumption", ["is_granted", "number", "paper"], order=order)
    assert row["is_granted"] is True
    assert "〔" in row["number"]
    assert officer.pdf(f"/papers/{row['paper']}/").startswith(b"%PDF")


def accepted_and_delisted(site, clerk, leader, listing, hazard):
    """Two accept on site; no close-out before the delisting, which the leader signs and publishes."""
    send(clerk, f"{listing}accept/", is_passed="1", people="陈涛、周琳", opinion="放水试验正常，同意验收")
    shows(clerk, listing, "验收合格，待摘牌")
    refused(leader, f"{hazard}close/", "摘牌")
    send(leader, f"{listing}delist/")
    shows(leader, listing, "已摘牌")
    send(leader, f"{listing}publish-delisting/")
    pk = int(listing.strip("/").split("/")[-1])
    row = row_of(site, "supervision.listing", ["status", "ground", "delisting_number"], pk=pk)
    assert (row["status"], row["ground"]) == ("delisted", "rectified")
    assert "〔" in row["delisting_number"]


def rebounded(site, officer, clerk, leader, number, photo):
    """Planned by the rule, hidden from the school, not for who wrote it off; the rebound reopens the case."""
    planned_look = row_of(
        site, "supervision.lookback", ["pk", "status", "why", "due_on"], hazard__number=number
    )
    assert (planned_look["status"], planned_look["why"]) == ("due", "rule")
    assert planned_look["due_on"] >= (TODAY + timedelta(days=30)).isoformat()
    look = f"/look-backs/{planned_look['pk']}/"
    assert officer.page.goto(f"{site.url}{look}").status == 404
    refused(leader, f"{look}result/", "办理销号的人不能对该隐患回头看")
    again = (TODAY + timedelta(days=7)).isoformat()
    send(clerk, f"{look}result/", result="rebound", note="两处消火栓再次无水", photos=photo, due_on=again)
    expect(clerk.page.locator("main")).to_contain_text("已反弹：隐患重新打开，计入反弹。")
    row = row_of(site, "hazards.hazard", ["status", "reopened_count", "due_on"], number=number)
    assert row == {"status": "rectifying", "reopened_count": 1, "due_on": again}
    shows(officer, f"/h/{number}/", "两处消火栓再次无水")
    shows(clerk, "/look-backs/relapse/", "反弹")
