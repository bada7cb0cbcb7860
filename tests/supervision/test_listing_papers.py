"""The papers of listed supervision as issued: geometry of a letter, all that practice asks, their bytes."""

import hashlib

import pytest
from django.conf import settings

from schoolsafety.core.papers import render_again
from schoolsafety.core.pdf.rendering import render_pdf
from supervision.listing_pages import draft_paper
from supervision.papers import listing as documents
from supervision.services import listing_ending, listing_running
from supervision.workflow.listing import Ground
from tests.geometry import is_red, pages_of, rules_of
from tests.inspections.test_notice_papers import text_of
from tests.supervision.listing_ways import (
    NOW,
    accepted_at,
    draft_at,
    fresh,
    listed_at,
    major_at,
)


def bytes_of(paper):
    return (settings.MEDIA_ROOT / paper.file).read_bytes()


@pytest.fixture
def issued(school, district, clerk, leader):
    hazard = major_at(school, title="教学楼外廊栏杆松动", place="教学楼三层外廊", description="锚固点锈蚀")
    return listed_at(
        school, district, clerk, leader, hazard=hazard, is_use_stopped=True,
        responsible="刘芳（校长）、王建国（总务主任）", contact="陈涛 0000-5550100",
    )  # fmt: skip


def test_the_notice_is_a_letter_with_two_red_double_rules(issued):
    page = pages_of(bytes_of(issued.paper))[0]
    rules = [rule for rule in rules_of(page, wider_than=165) if is_red(rule.colour)]
    assert {round(rule.width) for rule in rules} == {170}
    assert max(rule.top for rule in rules) == pytest.approx(297 - 20, abs=2)


def test_the_notice_says_all_that_practice_asks(issued):
    text = text_of(pages_of(bytes_of(issued.paper)))
    for words in [
        "重大事故隐患挂牌督办通知书", "江北教安督〔2026〕1号", "江北区育才小学：", "区县级挂牌督办",
        "督办责任人", "陈涛", "刘芳（校长）、王建国（总务主任）", "教学楼外廊栏杆松动", "教学楼三层外廊",
        "重大事故隐患", "4,800.00元（公用经费）", "基本情况与原因", "锚固点锈蚀", "督办要求", "阶段目标",
        "监控和应急措施", "停止使用，未经我局同意不得恢复", "督办期限",
        "自2026年11月24日起至2027年2月22日止", "每周报送一次", "2026年12月1日", "延期申请",
        "届满20个工作日前", "摘牌条件", "公示方式", "联系人：陈涛0000-5550100", "送达回执", "存根",
        "签发人", "周琳",
    ]:  # fmt: skip
        assert words in text, words
    assert "草稿" not in text


def test_a_draft_is_marked_and_uses_up_no_number(school, district, clerk):
    draft = fresh(draft_at(school, district, clerk))
    data = draft_paper(draft, actor=clerk, now=NOW)
    assert (data["urgency"], data["number"]) == ("草稿", documents.DRAFT_NUMBER)
    text = text_of(pages_of(render_pdf(listing_running.LETTER, data, identifier="d")))
    assert "草稿" in text
    assert "〔2026〕" not in text


def test_the_delisting_names_its_acceptance(issued, officer, clerk, leader):
    listing = listing_ending.delist(
        accepted_at(issued, officer, clerk), actor=leader, now=NOW, note="保持巡查"
    )
    text = text_of(pages_of(bytes_of(listing.delisting_paper)))
    for words in [
        "重大事故隐患挂牌督办摘牌通知书", "江北教安摘〔2026〕1号", "（江北教安督〔2026〕1号）",
        "陈涛、周琳到现场验收", "自即日起摘牌", "保持巡查", "办理隐患销号", "送达回执",
    ]:  # fmt: skip
        assert words in text, words


def test_an_end_without_acceptance_says_its_ground(issued, leader):
    listing = listing_ending.lift(
        issued, actor=leader, now=NOW, ground=Ground.TRANSFERRED, note="移交区住建局"
    )
    text = text_of(pages_of(bytes_of(listing.delisting_paper)))
    for words in ["因已移交其他主管部门处理", "解除挂牌督办", "移交区住建局", "不免除学校的安全管理责任"]:
        assert words in text, words
    assert "验收合格" not in text


def test_request_and_assessment_are_forms_with_both_days(issued, officer, clerk, leader):
    row = listing_running.ask_extension(
        issued, actor=officer, now=NOW, reason="到货推迟", safeguards="继续封闭",
        due_on=issued.due_on.replace(month=3),
    )  # fmt: skip
    row = listing_running.decide_extension(issued, actor=leader, now=NOW, is_granted=True, answer="同意")
    text = text_of(pages_of(bytes_of(row.paper)))
    for words in [
        "重大事故隐患挂牌督办延期申请表", "2027年2月22日", "2027年3月22日", "到货推迟", "继续封闭",
        "应不晚于2027年1月25日提出", "同意延期至2027年3月22日", "李明", "周琳",
    ]:  # fmt: skip
        assert words in text, words
    found = accepted_at(issued, officer, clerk).acceptances.get()
    text = text_of(pages_of(bytes_of(found.paper)))
    for words in ["治理情况评估", "荷载检测合格", "市房屋检测站", "验收合格，同意按程序摘牌", "陈涛、周琳"]:
        assert words in text, words


def test_the_frozen_data_render_to_the_issued_bytes_whatever_changes_later(issued, school):
    school.name = "江北区新名小学"
    school.save()
    content = render_again(issued.paper)
    assert content == bytes_of(issued.paper)
    assert hashlib.sha256(content).hexdigest() == issued.paper.sha256


def test_school_and_bureau_fetch_the_papers_and_nobody_else(
    client, issued, officer, clerk, stranger, auditor
):
    for user, status in [(officer, 200), (clerk, 200), (auditor, 200), (stranger, 404)]:
        client.force_login(user)
        assert client.get(f"/papers/{issued.paper_id}/").status_code == status
