"""The papers of the ladder as issued: what law and practice ask, layout, bytes, who may read them."""

import hashlib

import pytest
from django.conf import settings

from schoolsafety.core.papers import render_again
from schoolsafety.core.pdf.rendering import render_pdf
from supervision.models import Measure
from supervision.papers import measures as papers
from supervision.workflow.measure_kinds import KIND_RULES
from tests.geometry import is_red, pages_of, rules_of
from tests.inspections.test_notice_papers import text_of
from tests.supervision.measure_ways import NOW, draft_of, held, issued, noticed, url

SAYS = {
    "interview": [
        "约谈通知书",
        "江北教安约〔2026〕1号",
        "被约谈人",
        "刘芳校长",
        "2026年11月26日10:00",
        "局三楼会议室",
        "周琳",
        "不得委托他人",
        "送达回执",
    ],
    "circular": [
        "江北区教育局文件",
        "江北教安批〔2026〕1号",
        "的通报",
        "予以通报批评",
        "不是行政处罚",
        "抄送：各学校",
    ],
    "yellow_card": [
        "黄牌警告通知书",
        "江北教安黄〔2026〕1号",
        "警告期自2026年11月24日至2027年5月23日",
        "15日内",
    ],
    "accountability": [
        "江北区教育局文件",
        "江北教安责〔2026〕1号",
        "追究安全管理责任的决定",
        "措施不落实",
        "诫勉谈话",
    ],
    "discipline": ["记过处分的决定", "处分期间为12个月", "30日内"],
    "ban": [
        "禁止刘芳从事学校管理事务的决定",
        "2031年11月23日",
        "禁止刘芳（江北区育才小学校长）从事学校管理事务",
    ],
    "penalty": [
        "行政处罚决定书",
        "江北教安罚〔2026〕1号",
        "当事人",
        "违法事实和证据",
        "未陈述、申辩",
        "处罚依据",
        "罚款20,000.00元",
        "十五日内",
        "行政复议",
        "行政诉讼",
    ],
    "veto": [
        "江北区教育局文件",
        "江北教安责〔2026〕1号",
        "2026年度安全工作实行“一票否决”的决定",
        "经局安全工作领导小组会议研究",
        "对江北区育才小学实行安全工作“一票否决”：年度考核不得评优。",
        "15日内",
    ],
    "referral": [
        "江北教安函〔2026〕1号",
        "关于提请对江北区育才小学依法予以关闭的函",
        "江北区人民政府：",
        "提请依法予以关闭",
    ],
}


def bytes_of(paper):
    return (settings.MEDIA_ROOT / paper.file).read_bytes()


def plain(content):
    return text_of(pages_of(content))


@pytest.mark.parametrize("kind", sorted(SAYS))
def test_each_paper_says_what_is_asked_of_it(kind, school, clerk, leader):
    measure = issued(kind, school, clerk, leader, contact="陈涛 0000-5550100")
    text = plain(bytes_of(measure.paper))
    for words in [*SAYS[kind], "逾期未完成整改", "第十五条", "联系人：陈涛0000-5550100", "江北区教育局"]:
        assert words in text, words
    assert "草稿" not in text


@pytest.mark.parametrize("kind", sorted(SAYS))
def test_letters_have_two_red_double_rules_and_documents_one_red_line(kind, school, clerk, leader):
    page = pages_of(bytes_of(issued(kind, school, clerk, leader).paper))[0]
    rules = [rule for rule in rules_of(page, wider_than=150) if is_red(rule.colour)]
    if KIND_RULES[kind].template.endswith("letter.html"):
        assert {round(rule.width) for rule in rules} == {170}
        assert max(rule.top for rule in rules) == pytest.approx(297 - 20, abs=2)
    else:
        assert {round(rule.width) for rule in rules} == {156}


def test_the_prior_notice_tells_facts_basis_intent_and_rights(school, clerk, leader):
    measure = noticed(school, clerk, leader, reason="多次督促仍未整改。", aggravating="资金不到位。")
    text = plain(bytes_of(measure.notice_paper))
    for words in [
        "行政处罚事先告知书",
        "江北教安罚告〔2026〕1号",
        "违法事实",
        "处罚理由：多次督促",
        "处罚依据",
        "从重情节",
        "拟对你校作出如下行政处罚：罚款20,000.00元",
        "陈述和申辩",
        "2026年12月1日前",
        "五日内要求听证",
    ]:
        assert words in text, words
    warning = noticed(school, clerk, leader, sanction="warning", amount=None)
    assert "听证" not in plain(bytes_of(warning.notice_paper))


def test_the_record_of_the_interview_has_all_its_parts_and_lines_to_sign(school, clerk, leader):
    step = held(school, clerk, leader).steps.get(step="hold")
    text = plain(bytes_of(step.paper))
    for words in [
        "约谈记录",
        "江北教安约〔2026〕1号",
        "2026年11月26日",
        "参加人员",
        "周琳、刘芳",
        "指出的问题",
        "整改要求",
        "立即整改",
        "表态承诺",
        "月底前完成",
        "报告期限",
        "2026年12月3日",
        "被约谈人（签字）",
    ]:
        assert words in text, words


def test_a_draft_is_marked_and_uses_up_no_number(school, clerk):
    measure = draft_of("yellow_card", school, clerk)
    data = papers.draft_of(measure, now=NOW)
    text = plain(render_pdf(KIND_RULES["yellow_card"].template, data, identifier="d"))
    assert "草稿未编号" in text
    fresh = Measure.objects.get(pk=measure.pk)
    assert (fresh.issued_at, fresh.number) == (None, None)


def test_the_frozen_data_render_to_the_issued_bytes_whatever_changes_later(school, clerk, leader):
    measure = issued("circular", school, clerk, leader)
    school.name = "江北区新名小学"
    school.save()
    content = render_again(measure.paper)
    assert hashlib.sha256(content).hexdigest() == measure.paper.sha256


def test_papers_are_read_by_whoever_sees_the_measure(
    client, school, clerk, leader, officer, principal, staff, stranger, auditor
):
    common, personal = (issued(kind, school, clerk, leader) for kind in ("circular", "ban"))
    for user, first, second in [
        (clerk, 200, 200), (auditor, 200, 200), (principal, 200, 200), (officer, 200, 404), (staff, 404, 404),
        (stranger, 404, 404),
    ]:  # fmt: skip
        client.force_login(user)
        for measure, status in ((common, first), (personal, second)):
            answer = client.get(url("measure_paper", measure, "measure"))
            assert answer.status_code == status, (user, measure.kind)
    # Not even by the address of the paper itself.
    client.force_login(staff)
    assert client.get(f"/papers/{personal.paper_id}/").status_code == 404
    client.force_login(clerk)
    assert client.get(url("measure_paper", common, "record")).status_code == 404
    assert client.get(url("measure_paper", common, "anything")).status_code == 404
