"""The papers of a notice as issued: geometry of a letter, what they say, receipt and stub, their bytes."""

import hashlib
from datetime import date

import pytest
from django.conf import settings

from inspections import documents
from inspections.models import Notice
from inspections.services import notices
from schoolsafety.core.models import NumberSequence
from schoolsafety.core.papers import render_again
from schoolsafety.core.pdf.rendering import render_pdf
from tests.geometry import is_red, pages_of, rules_of
from tests.inspections.notice_ways import (
    NOW,
    draft_at,
    hazards_at,
    replied_at,
    results_for,
    url,
)


def text_of(pages):
    """All text without spaces, then each cell of a table again, whose lines run beside each other."""
    lines = [page.extract_text() for page in pages]
    cells = [cell or "" for page in pages for table in page.extract_tables() for row in table for cell in row]
    return "".join("".join([*lines, *cells]).split())


def bytes_of(paper):
    return (settings.MEDIA_ROOT / paper.file).read_bytes()


@pytest.fixture
def issued(school, district, clerk):
    hazards = hazards_at(school, title="疏散通道堆物") + hazards_at(
        school, title="配电箱未上锁", place="实验楼"
    )
    draft = notices.draft(
        school, bureau=district, chosen=hazards, actor=clerk, now=NOW, contact="陈涛 0000-5550100",
        inspectors="陈涛（证件号 0012）、周琳（证件号 0007）",
    )  # fmt: skip
    first = draft.items.first()
    draft = notices.edit(
        draft, actor=clerk, texts={}, version=1, items={first.pk: {"breach": "《消防法》第二十八条"}}
    )
    return notices.issue(draft, actor=clerk, now=NOW)


def test_the_notice_is_a_letter_with_two_red_double_rules(issued):
    page = pages_of(bytes_of(issued.paper))[0]
    rules = [rule for rule in rules_of(page, wider_than=165) if is_red(rule.colour)]
    assert {round(rule.width) for rule in rules} == {170}
    assert min(rule.top for rule in rules) < 60
    assert max(rule.top for rule in rules) == pytest.approx(297 - 20, abs=2)


def test_the_notice_says_all_that_law_and_practice_ask(issued, school):
    text = text_of(pages_of(bytes_of(issued.paper)))
    for words in [
        "江北区教育局", "江北教安改〔2026〕1号", "安全隐患整改通知书", "江北区育才小学：", "2026年11月24日",
        "发现以下2项安全隐患", "《中华人民共和国安全生产法》第六十五条", "疏散通道堆物",
        "《消防法》第二十八条", "实验楼", "配电箱未上锁", "2026年12月8日前逐条书面回复",
        "2026年12月11日进行复查", "临时防护要求",
        "逾期后果", "说明和申诉途径", "证件号0012", "联系人：陈涛0000-5550100",
    ]:  # fmt: skip
        assert words in text, words
    assert "草稿" not in text


def test_receipt_and_stub_stand_on_a_sheet_of_their_own(issued):
    pages = pages_of(bytes_of(issued.paper))
    last = text_of(pages[-1:])
    for words in [
        "整改回执",
        "责任人",
        "投入资金",
        "校长（签字）",
        "学校（盖章）",
        "存根",
        "签发人",
        "送达方式",
        "签收人",
    ]:
        assert words in last, words
    assert last.count("江北教安改〔2026〕1号") >= 3  # in the head of each and in the receipt's sentence
    assert "整改回执" not in text_of(pages[:-1])


def test_a_draft_is_marked_and_uses_up_no_number(school, district, clerk):
    draft = draft_at(school, district, clerk)
    data = documents.draft_of(draft, list(draft.items.all()), actor=clerk, now=NOW)
    pages = pages_of(render_pdf(notices.TEMPLATE, data, identifier="d"))
    assert {"草稿", "草稿未编号"} <= set(pages[0].extract_text().split())
    assert "〔2026〕" not in text_of(pages)
    assert not NumberSequence.objects.filter(series="notice").exists()
    assert Notice.objects.get(pk=draft.pk).issued_at is None


def test_the_frozen_data_render_to_the_issued_bytes_whatever_changes_later(issued, school):
    school.name = "江北区新名小学"
    school.save()
    issued.items.update(text="改动")
    content = render_again(issued.paper)
    assert content == bytes_of(issued.paper)
    assert hashlib.sha256(content).hexdigest() == issued.paper.sha256


def test_a_bureaus_own_opening_sentence_is_filled_in(school, district, clerk):
    draft = draft_at(school, district, clerk, opening="根据{basis}，{bureau}要求{school}限期整改{count}项。")
    data = documents.notice(draft_with_time(draft), list(draft.items.all()), "1号")
    assert (
        data["body"][0]["text"]
        == "根据《中华人民共和国消防法》第二十八条，江北区教育局要求江北区育才小学限期整改1项。"
    )


def draft_with_time(draft):
    draft.issued_at = NOW
    return draft


def test_the_re_check_opinion_lists_every_result(school, district, clerk, officer):
    notice = replied_at(school, district, clerk, officer, count=2)
    results = results_for(notice)
    results[notice.items.last().pk] = ("not_done", "仍有堆物")
    notice = notices.review(notice, actor=clerk, results=results, reviewers="陈涛、周琳", now=NOW)
    text = text_of(pages_of(bytes_of(notice.review_paper)))
    for words in [
        "安全隐患整改复查意见书", "江北教安复〔2026〕1号", "（江北教安改〔2026〕1号）", "已完成", "未完成",
        "仍有堆物", "其中1项已完成，1项未完成", "陈涛、周琳", "送达回执", "王建国",
    ]:  # fmt: skip
        assert words in text, words


def test_school_and_bureau_fetch_the_papers_and_nobody_else(
    client, issued, officer, clerk, stranger, auditor
):
    for user, status in [(officer, 200), (clerk, 200), (auditor, 200), (stranger, 404)]:
        client.force_login(user)
        assert client.get(f"/papers/{issued.paper_id}/").status_code == status


def test_the_preview_of_an_issued_notice_is_the_paper_itself(client, issued, clerk):
    client.force_login(clerk)
    assert client.get(url("notice_preview", issued)).url == f"/papers/{issued.paper_id}/"
    assert issued.checked_on == date(2026, 11, 24)
