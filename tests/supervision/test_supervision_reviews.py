"""After a fatal accident the bureau that supervised is reviewed by the one above; and the one-vote veto."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from schoolsafety.core.models import Notification
from supervision.models import Measure
from supervision.services import measures
from supervision.services.measure_drafting import units_of
from tests.factories import UserFactory
from tests.geometry import is_red, pages_of, rules_of
from tests.inspections.test_notice_papers import text_of
from tests.supervision.measure_ways import NOW, TODAY, draft_of, hazard_at, url, verbs_of

REVIEW = {
    "lead": {"answer": "partly", "note": "全年仅研究一次校园安全。"},
    "guard": {"answer": "not_done", "note": "重大隐患挂牌后未派人督促。"},
    "duty": {"answer": "done", "note": "监管人员按期到校检查。"},
}
FACTS = {
    "basis": "《安全生产法》第九十条", "facts": "事故调查报告已批复。", "review": REVIEW, "deaths": 1,
    "accident_on": TODAY, "fault": "ineffective", "sanction": "self_review",
}  # fmt: skip


@pytest.fixture
def city_leader(city):
    city.paper_code = "临教安"
    city.save()
    return UserFactory(post=(city, "city_leader"))


def reviewed(school, city_clerk, **values):
    given = FACTS | values
    return measures.draft(school, kind="supervision", actor=city_clerk, now=NOW, **given)


def issued(school, city_clerk, leader, **values):
    row = measures.submit(reviewed(school, city_clerk, **values), actor=city_clerk, now=NOW)
    return measures.issue(row, actor=leader, now=NOW)


def faults_of(row, clerk):
    with pytest.raises(ValidationError) as error:
        measures.submit(row, actor=clerk, now=NOW)
    return error.value.messages


def test_a_bureau_does_not_review_itself(school, clerk, city_clerk, district, city):
    with pytest.raises(ValidationError, match="上一级"):
        measures.draft(school, kind="supervision", actor=clerk, now=NOW)
    assert list(units_of("supervision", school, city)) == [district]
    assert list(units_of("veto", school, city)) == [district, school]
    row = reviewed(school, city_clerk)
    assert row.unit == district  # suggested
    for unit in (city, school):
        Measure.objects.filter(pk=row.pk).update(unit=unit)
        assert any("下级" in line for line in faults_of(row, city_clerk))


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ({"deaths": None}, "死亡人数"),
        ({"accident_on": None}, "死亡人数"),
        ({"review": REVIEW | {"duty": {"answer": "done", "note": ""}}}, "逐项回答"),
        ({"review": {}}, "逐项回答"),
        ({"fault": ""}, "什么事由"),
        ({"sanction": ""}, "给予什么"),
    ],
)
def test_a_review_says_what_it_lacks(school, city_clerk, lacks, words):
    found = faults_of(reviewed(school, city_clerk, **lacks), city_clerk)
    assert len(found) == 1, found


def test_a_review_that_finds_nothing_needs_no_ground(school, city_clerk, city_leader):
    row = issued(school, city_clerk, city_leader, sanction="nothing", fault="")
    text = paper_of(row)
    assert "未发现江北区教育局监管失职" in text
    assert "认定：" not in text


def paper_of(row):
    return text_of(pages_of((settings.MEDIA_ROOT / row.paper.file).read_bytes()))


def test_the_paper_has_the_accident_the_three_questions_and_what_follows(school, city_clerk, city_leader):
    row = issued(school, city_clerk, city_leader)
    text = paper_of(row)
    for words in [
        "临教安责〔2026〕1号", "关于江北区教育局安全监管责任倒查的决定", "造成1人死亡", "组织领导：部分落实",
        "防范和保障措施：未落实", "监管人员履职：落实到位", "认定：整治不力",
        "作出如下处理：责令书面检查", "第九十条",
    ]:  # fmt: skip
        assert words in text, words
    page = pages_of((settings.MEDIA_ROOT / row.paper.file).read_bytes())[0]
    assert {round(one.width) for one in rules_of(page, wider_than=150) if is_red(one.colour)} == {156}
    assert row.steps.get().step == "carry_out"


def test_the_reviewed_bureau_hears_with_the_decision_and_the_school_never(
    school, clerk, leader, principal, officer, city_clerk, city_leader
):
    row = measures.submit(reviewed(school, city_clerk), actor=city_clerk, now=NOW)

    def seen_by(*people):
        return [Measure.objects.visible_to(one).filter(pk=row.pk).exists() for one in people]

    assert seen_by(city_clerk, clerk, leader, principal, officer) == [True, False, False, False, False]
    assert not Notification.objects.filter(user=leader).exists()
    measures.issue(row, actor=city_leader, now=NOW)
    assert seen_by(city_clerk, clerk, leader, principal, officer) == [True, True, True, False, False]
    assert Notification.objects.filter(user=leader).count() == 1
    assert not Notification.objects.filter(user__in=[principal, officer]).exists()


def test_a_review_does_not_hold_the_close_out_of_the_hazard(school, city_clerk, city_leader, leader):
    hazard = hazard_at(school)
    row = issued(school, city_clerk, city_leader, hazard=hazard)
    assert not row.holds
    assert "supervision" not in {one.kind for one in Measure.objects.visible_to(leader) if one.holds}


def test_a_veto_names_year_effect_and_who_resolved_it(school, clerk, leader, principal):
    for lacks in ({"year": None}, {"effect": " "}, {"resolved_by": ""}, {"unit": None}):
        row = draft_of("veto", school, clerk, **lacks)
        assert len(faults_of(row, clerk)) == 1
    row = draft_of("veto", school, clerk)
    assert (row.unit, row.year) == (school, 2026)
    measures.issue(measures.submit(row, actor=clerk, now=NOW), actor=leader, now=NOW)
    assert Measure.objects.visible_to(principal).filter(pk=row.pk).exists()
    measures.appeal(row, actor=principal, reason="事实有误", now=NOW)
    assert verbs_of(row)[-1] == "appeal_measure"


def test_a_veto_of_a_bureau_is_not_the_schools_to_see(school, city_clerk, city_leader, district, principal):
    row = draft_of("veto", school, city_clerk, unit=district)
    row = measures.issue(measures.submit(row, actor=city_clerk, now=NOW), actor=city_leader, now=NOW)
    assert not Measure.objects.visible_to(principal).exists()
    assert measures.appeal_ends(row) is None
    text = paper_of(row)
    assert "对江北区教育局实行安全工作“一票否决”" in text
    assert "申请复核" not in text


def test_the_questions_are_asked_and_kept(client, school, city_clerk, district):
    client.force_login(city_clerk)
    row = reviewed(school, city_clerk, review={}, sanction="", fault="")
    page = client.get(url("measure_edit", row)).content.decode()
    assert 'name="review_guard_note"' in page
    assert client.get(url("measure_preview", row)).status_code == 403  # nothing to print yet
    words = {
        "version": row.version, "unit": district.pk, "accident_on": "2026-11-20", "deaths": "2",
        "fault": "unaware", "sanction": "criticism", "basis": "x", "facts": "y",
    } | {f"review_{name}": one["answer"] for name, one in REVIEW.items()}  # fmt: skip
    words |= {f"review_{name}_note": one["note"] for name, one in REVIEW.items()}
    assert client.post(url("measure_edit", row), words).status_code == 302
    row.refresh_from_db()
    assert (row.review, row.deaths, row.unit) == (REVIEW, 2, district)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "重大隐患挂牌后未派人督促" in page
    assert client.get(url("measure_preview", row)).status_code == 200
    assert "selected>未落实" in client.get(url("measure_edit", row)).content.decode()
