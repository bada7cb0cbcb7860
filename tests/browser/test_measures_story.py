"""A walk through real pages: a notice that is not signed for, up the ladder to a yellow card and its end."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_archive_story import asked, entered, here, press, refused, school_of, send, shows
from tests.browser.test_story import Person, issue_a_notice

pytestmark = pytest.mark.browser
SAVE = "main form.form .btn-primary"
ACT = "main form[data-once] .btn-primary"


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("after") / "photo.jpg"
    Image.new("RGB", (800, 600), (120, 150, 90)).save(path, "JPEG")
    return path


@pytest.fixture
def people(site, browser):
    """The name of a school, and the people by their part, one of them of another school."""
    school = school_of(site, "first")
    made = entered(site, browser, school)
    made["stranger"] = Person(browser, site, school_of(site, "last"), "校长")
    return school, made


def test_a_refused_notice_climbs_to_a_yellow_card_that_is_lifted(site, people, photo):
    school, by = people
    officer, clerk, leader = by["officer"], by["clerk"], by["leader"]
    number = a_hazard(site, school)
    notice = issue_a_notice(clerk, f"/h/{number}/")
    refused(officer, f"{notice}refusal/", "不能进行此操作")  # it is the bureau that records it
    send(clerk, f"{notice}refusal/", note="当面送达，拒绝签字", witness="王敏（社区工作者）")
    expect(clerk.page.locator("main")).to_contain_text("拒签")

    pk = let_a_week_pass(site, notice)
    circular = take_up(site, clerk, f"refused-circular:{pk}", "内部通报批评", "王敏（社区工作者）")
    put_in_force(clerk, leader, circular)
    shows(officer, circular, "书面报告")
    for kind in ("", "papers/measure/"):
        assert by["stranger"].page.request.get(f"{site.url}{circular}{kind}").status == 404
    step = let_the_report_run_late(site, circular)
    shows(officer, circular, "逾期")
    card = take_up(site, clerk, f"step-late-card:{step}", "黄牌警告", "书面报告")
    put_in_force(clerk, leader, card)
    expect(leader.page.locator("main")).to_contain_text("有效期至")

    rectified(officer, clerk, number, notice, photo)
    refused(leader, f"/h/{number}/close/", "措施尚未办结")  # a measure hangs on it
    refused(clerk, f"{circular}end/", "还有后续事项未完成")
    for measure in (circular, card):
        send(officer, f"{measure}steps/report/", text="已签收整改通知书并完成整改，报告附后。")
        expect(officer.page.locator("main")).to_contain_text("已签收整改通知书并完成整改")
    press(clerk, SAVE, f"{circular}end/")
    refused(clerk, f"{card}lift/", "措施处于“生效中”状态")
    send(leader, f"{card}lift/", note="已整改到位，经复核符合要求")
    shows(officer, card, "已解除")
    send(leader, f"/h/{number}/close/", closure="rectified", note="同意销号")
    shows(officer, f"/h/{number}/", "已销号")
    assert states(site, circular, card) == [["circular", "ended"], ["yellow_card", "lifted"]]
    assert "sound" in site.manage("verify_log")


def a_hazard(site, school):
    """A general hazard of the school, graded by the bureau; its number."""
    return asked(
        site,
        f"""
from django.utils import timezone
from hazards import services
from hazards.models import Category
from schoolsafety.core.models import Organisation, User
from schoolsafety.core.roles import Role
now = timezone.now()
school = Organisation.objects.get(name={school!r})
def who(role, place):
    return User.objects.holding({{role}}, place, timezone.localdate(now)).first()
row = services.report(school, actor=who(Role.SAFETY_OFFICER, school), title="消防栓无水", place="教学楼",
    source="snap", proposed_grade="general", category=Category.objects.get(code="JZ"), found_at=now, now=now)
clerk = who(Role.DISTRICT_STAFF, school.parent)
services.grade(row, actor=clerk, grade="general", reason="立即恢复供水", now=now)
told(row.number)
""",
    )


def let_a_week_pass(site, notice):
    """The notice went out a week ago; its key."""
    pk = int(notice.strip("/").split("/")[-1])
    return asked(
        site,
        "from datetime import timedelta as t;from django.utils import timezone as z;"
        "from inspections.models import Notice as N;"
        f"N.objects.filter(pk={pk}).update(issued_at=z.now()-t(days=7));told({pk})",
    )


def take_up(site, clerk, key, kind, words):
    """The morning's look proposes it, the clerk takes it up and saves the draft; its address."""
    pk = asked(
        site,
        "from django.utils import timezone as z;from supervision.models import Proposal as P;"
        "from supervision.services.measures import propose_all as look;now=z.now();"
        f"[look(today=z.localdate(now), now=now) for _ in range(2)];told(P.objects.get(key='{key}').pk)",
    )
    page = clerk.open("/measures/proposals/")
    clerk.click(page.locator(f"tr[data-keyrow] a[href='/measures/proposals/{pk}/']"))
    expect(page.locator("main")).to_contain_text(kind)
    expect(page.locator("main")).to_contain_text(words)  # the facts behind it
    press(clerk, f"form[action='/measures/proposals/{pk}/take-up/'] button")
    expect(page.locator("[name=facts]")).to_have_value(re.compile(words))
    press(clerk, SAVE)
    return here(clerk)


def put_in_force(clerk, leader, measure):
    """Read as a draft, handed to the leader, who alone decides; numbered, with its paper."""
    assert clerk.pdf(f"{measure}preview/").startswith(b"%PDF")
    press(clerk, ACT, f"{measure}submit/")
    refused(clerk, f"{measure}issue/", "措施处于“待领导决定”状态")
    press(leader, ACT, f"{measure}issue/")
    expect(leader.page.locator("main, header")).to_contain_text(["〔"])
    assert leader.pdf(f"{measure}papers/measure/").startswith(b"%PDF")


def rectified(officer, clerk, number, notice, photo):
    """Handed in with a photo of after, the notice re-checked at the place: all but written off."""
    send(officer, f"/h/{number}/submit/", measure="消防栓已恢复供水", photos=photo)
    for choice in clerk.open(f"{notice}review/").locator("input[type=radio][value=done]").all():
        choice.check()
    send(clerk, reviewers="陈涛、李敏", conclusion="出水正常，整改到位")


def let_the_report_run_late(site, measure):
    """The school's report was due ten days ago; the number of the step."""
    pk = measure.strip("/").split("/")[-1]
    return asked(
        site,
        "from datetime import timedelta as t;from django.utils import timezone as z;"
        "from supervision.models import Measure as M, MeasureStep as S;now=z.now();"
        f"M.objects.filter(pk={pk}).update(issued_at=now-t(days=14));"
        f"S.objects.filter(measure={pk}, step='report').update(due_on=z.localdate(now)-t(days=10));"
        f"told(S.objects.get(measure={pk}, step='report').pk)",
    )


def states(site, *measures):
    numbers = [int(one.strip("/").split("/")[-1]) for one in measures]
    return asked(
        site,
        "from supervision.models import Measure as M;"
        f"told(list(M.objects.filter(pk__in={numbers}).order_by('pk').values_list('kind', 'status')))",
    )
