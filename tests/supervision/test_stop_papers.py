"""The papers of a stop of use: a letter's geometry, what they say, receipt and stub, the same bytes again."""

import hashlib

import pytest
from django.conf import settings

from schoolsafety.core.directory import authority
from schoolsafety.core.models import NumberSequence
from schoolsafety.core.papers import render_again
from schoolsafety.core.pdf.rendering import render_pdf
from supervision.papers import stops as papers
from supervision.services import resuming, stops
from tests.geometry import is_red, pages_of, rules_of
from tests.supervision.stop_ways import NOW, TODAY, drafted, issued, major_at, reviewed


def text_of(pages):
    """All text without spaces, then each cell of a table again, whose lines run beside each other."""
    lines = [page.extract_text() for page in pages]
    cells = [cell or "" for page in pages for table in page.extract_tables() for row in table for cell in row]
    return "".join("".join([*lines, *cells]).split())


def bytes_of(paper):
    return (settings.MEDIA_ROOT / paper.file).read_bytes()


@pytest.fixture
def order(school, clerk, leader):
    return issued(major_at(school), clerk, leader, contact="陈涛 0000-5550100")


def test_the_order_is_a_letter_with_two_red_double_rules(order):
    page = pages_of(bytes_of(order.paper))[0]
    rules = [rule for rule in rules_of(page, wider_than=165) if is_red(rule.colour)]
    assert {round(rule.width) for rule in rules} == {170}
    assert min(rule.top for rule in rules) < 60
    assert max(rule.top for rule in rules) == pytest.approx(297 - 20, abs=2)


def test_the_order_says_what_it_must(order):
    text = text_of(pages_of(bytes_of(order.paper)))
    for words in [
        "江北区教育局", "江北教安停〔2026〕1号", "责令停用通知书", "江北区育才小学：", "配电箱线路裸露",
        order.hazard.number, "第六十五条", "自2026年11月24日起，停止使用你校东楼地下室", "撤出全部人员",
        "10日内进行现场审查", "未经审查同意，不得恢复使用", "2027年5月24日", "行政复议", "联系人：陈涛",
        "送达回证", "存根", "签收人",
    ]:  # fmt: skip
        assert words in text, words
    assert "草稿" not in text


def test_the_whole_school_is_stopped_by_a_decision(school, clerk, leader):
    order = issued(major_at(school), clerk, leader, extent="full", place="全部校舍和场地")
    text = text_of(pages_of(bytes_of(order.paper)))
    assert "停止使用决定书" in text
    assert "整体停止使用（全部校舍和场地）" in text


def test_a_draft_is_marked_and_uses_up_no_number(school, clerk):
    order = drafted(major_at(school), clerk)
    limit = stops.limit_of(TODAY, 6)
    data = papers.draft_of(order, authority(order), actor=clerk, now=NOW, limit_on=limit)
    pages = pages_of(render_pdf(papers.TEMPLATE, data, identifier="d"))
    assert {"草稿", "草稿未编号"} <= set(pages[0].extract_text().split())
    assert not NumberSequence.objects.filter(series="stop").exists()


@pytest.mark.parametrize("is_granted", [True, False])
def test_the_answer_says_assessment_review_and_conclusion(
    order, officer, principal, clerk, leader, is_granted
):
    reviewed(order, officer, principal, clerk)
    request = resuming.decide(order, actor=leader, now=NOW, is_granted=is_granted, answer="加强日常巡查")
    text = text_of(pages_of(bytes_of(request.paper)))
    conclusion = "同意自本批复之日起恢复使用" if is_granted else "不同意恢复使用。理由：加强日常巡查。"
    for words in [
        "江北教安启〔2026〕1号", "的批复", "江北教安停〔2026〕1号", "临江市建筑安全检测有限公司",
        "AQPJ-2026-018", "满足安全使用条件", "陈涛、周琳进行了现场审查", "箱体已更换", conclusion,
    ]:  # fmt: skip
        assert words in text, words
    assert ("继续停用" in text) is not is_granted


def test_the_frozen_data_render_to_the_issued_bytes_whatever_changes_later(order, school):
    school.name = "江北区新名小学"
    school.save()
    content = render_again(order.paper)
    assert content == bytes_of(order.paper)
    assert hashlib.sha256(content).hexdigest() == order.paper.sha256
