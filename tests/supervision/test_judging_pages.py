"""The pages of judging: the walk, the judgement, the flagged ones, the criteria."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.services import report
from hazards.workflow import Grade, Source
from supervision.judging_pages import box_of
from supervision.models import Judgement, MajorCriterion
from supervision.services import judging
from supervision.workflow.judging import Answer
from tests.core.kit import queries_of


def enter(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def hazard(school, officer):
    now = timezone.now()
    return report(
        school, actor=officer, title="疏散通道堆物", place="教学楼一层", source=Source.SNAP, found_at=now,
        category=Category.objects.get(code="XF"), proposed_grade=Grade.MAJOR, now=now,
    )  # fmt: skip


def walk(hazard):
    return f"/judge/{hazard.number}/"


def words(is_major="1", **changes):
    """Everything not met but the second criterion."""
    first, second, *_rest = MajorCriterion.objects.order_by("pk")
    return {
        f"answer_{first.pk}": "not_met", f"answer_{second.pk}": "met", f"facts_{second.pk}": "寝室在地下室",
        "rest_not_met": "1", "is_major": is_major, "reason": "地下室住人", "due_on": "", "after": "0",
    } | changes  # fmt: skip


def downgraded(school, officer, clerk, title="堆物"):
    """A late downgrade, made by the short way."""
    now = timezone.now()
    row = report(
        school, actor=officer, title=title, place="楼道", source=Source.SNAP, found_at=now, now=now,
        category=Category.objects.get(code="XF"), proposed_grade=Grade.MAJOR,
    )  # fmt: skip
    due = timezone.localdate() + timedelta(days=1)
    row = hazards.grade(row, actor=clerk, grade=Grade.MAJOR, reason="重大", now=now, due_on=due)
    hazards.regrade(row, actor=clerk, grade=Grade.GENERAL, reason="复核", now=now)
    return Judgement.objects.filter(hazard=row).latest("pk")


def test_the_walk_judges_and_the_hazards_page_shows_it(hazard, clerk, officer):
    client = enter(clerk)
    triage = client.get(hazard.get_absolute_url()).context["triage"]
    assert [link["url"] for link in triage][1] == walk(hazard)
    page = client.get(walk(hazard))
    assert (page.status_code, len(page.context["lines"])) == (200, 10)
    assert client.post(walk(hazard), words()).url == hazard.get_absolute_url()
    row = Judgement.objects.get()
    assert [answer["answer"] for answer in row.answers] == ["not_met", "met", *["not_met"] * 8]
    hazard.refresh_from_db()
    assert (hazard.grade, row.flags) == (Grade.MAJOR, [])
    shown = enter(officer).get(hazard.get_absolute_url()).content.decode()
    assert row.get_absolute_url() in shown
    assert walk(hazard) not in shown  # the school reads it and judges nothing
    shown = enter(officer).get(row.get_absolute_url()).content.decode()
    assert "寝室在地下室" in shown
    assert "地下室住人" in shown


def test_what_the_short_page_knew_comes_along(hazard, clerk):
    client = enter(clerk)
    sent = client.post(
        f"/h/{hazard.number}/grade/?queue=grade",
        {"grade": "major", "reason": "漏电", "due_on": "2099-01-05"},
    )
    assert sent.url.startswith(walk(hazard))
    page = client.get(sent.url)
    assert page.context["form"]["reason"].value() == "漏电"
    assert page.context["form"]["due_on"].value() == "2099-01-05"
    assert "queue=grade" in page.context["tabs"][3]["url"]
    assert client.post(sent.url, words()).url == "/h/?queue=grade"
    assert not Hazard.objects.filter(grade="").exists()


def test_changing_the_grade_goes_through_the_walk(hazard, clerk):
    hazards.grade(hazard, actor=clerk, grade=Grade.MAJOR, reason="漏电", now=timezone.now())
    page = enter(clerk).get(hazard.get_absolute_url())
    assert walk(hazard) in [link["url"] for link in page.context["next"]["others"]]
    sent = enter(clerk).post(f"/h/{hazard.number}/regrade/", {"grade": "general", "reason": "复核"})
    assert sent.url.startswith(walk(hazard))
    hazard.refresh_from_db()
    assert hazard.grade == Grade.MAJOR


def test_a_plain_hazard_is_graded_general_in_one_step(hazard, clerk):
    sent = enter(clerk).post(f"/h/{hazard.number}/grade/", {"grade": "general", "reason": "小问题"})
    assert sent.url == hazard.get_absolute_url()
    hazard.refresh_from_db()
    assert hazard.grade == Grade.GENERAL


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rest_not_met": ""}, "answer"),
        ({"facts": ""}, "facts"),
        ({"reason": ""}, "reason"),
        ({"is_major": ""}, "is_major"),
        ({"is_major": "0"}, "is_deliberate"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": "昨天"}, "due_on"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_keeps_what_was_typed(hazard, clerk, changes, field):
    data = words(**{name: value for name, value in changes.items() if name != "facts"})
    if "facts" in changes:
        data = {name: "" if name.startswith("facts") else value for name, value in data.items()}
    page = enter(clerk).post(walk(hazard), data)
    assert page.status_code == 400
    assert all(name.startswith(field) for name in page.context["form"].errors), page.context["form"].errors
    assert "data-error-summary" in page.content.decode()
    if field != "facts":
        assert "寝室在地下室" in page.content.decode()
    assert not Judgement.objects.exists()


def test_a_decision_beside_the_criteria_needs_a_tick(hazard, clerk):
    assert enter(clerk).post(walk(hazard), words("0", is_deliberate="1")).status_code == 302
    assert Judgement.objects.get().flags == ["against"]


def test_an_area_without_criteria_is_decided_by_the_reason(hazard, clerk):
    page = enter(clerk).get(walk(hazard) + "?area=food")
    assert page.context["lines"] == []
    data = {"is_major": "1", "reason": "群体性食物中毒风险", "after": "0"}
    assert enter(clerk).post(walk(hazard) + "?area=food", data).status_code == 302
    assert Judgement.objects.get().flags == ["not_walked"]


def test_pressed_twice_it_is_judged_once(hazard, clerk):
    client = enter(clerk)
    assert client.post(walk(hazard), words()).status_code == 302
    again = client.post(walk(hazard), words())
    assert again.status_code == 400
    assert Judgement.objects.count() == 1


def test_who_may_see_but_not_judge_reads_why(hazard, officer):
    page = enter(officer).get(walk(hazard))
    assert page.status_code == 403
    assert str(page.context["refusal"]) in page.content.decode()
    assert enter(officer).post(walk(hazard), words()).status_code == 400
    assert not Judgement.objects.exists()


def test_a_stranger_finds_nothing(hazard, clerk, stranger):
    enter(clerk).post(walk(hazard), words())
    row = Judgement.objects.get()
    client = enter(stranger)
    for address in (walk(hazard), row.get_absolute_url()):
        assert client.get(address).status_code == 404
        assert client.post(address, words()).status_code == 404
    assert client.get("/judgements/?show=all").context["page"].rows == []
    assert Judgement.objects.count() == 1


def test_a_leader_finds_the_late_downgrade_and_looks_it_over(school, officer, clerk, leader):
    row = downgraded(school, officer, clerk)
    client = enter(leader)
    assert row.get_absolute_url() in client.get("/judgements/").content.decode()
    assert client.get("/").content.decode().count("/judgements/") == 1
    assert client.get(row.get_absolute_url()).context["form"] is not None
    assert enter(clerk).get(row.get_absolute_url()).context["form"] is None
    bad = client.post(row.get_absolute_url(), {"note": ""})
    assert (bad.status_code, list(bad.context["form"].errors)) == (400, ["note"])
    assert enter(clerk).post(row.get_absolute_url(), {"note": "看过"}).status_code == 400
    assert client.post(row.get_absolute_url(), {"note": "确属一般"}).status_code == 302
    assert client.get("/judgements/").context["page"].rows == []
    assert len(client.get("/judgements/?show=late").context["page"].rows) == 1
    assert "确属一般" in enter(officer).get(row.get_absolute_url()).content.decode()


def test_the_flag_stands_on_the_hazard_that_is_general_now(school, officer, clerk):
    row = downgraded(school, officer, clerk)
    assert "降级" in enter(officer).get(row.hazard.get_absolute_url()).content.decode()


def test_the_list_costs_the_same_however_long(school, officer, clerk, leader):
    client = enter(leader)
    downgraded(school, officer, clerk)
    one = queries_of(client, "/judgements/?show=late")
    for number in range(2):
        downgraded(school, officer, clerk, title=f"堆物{number}")
    assert queries_of(client, "/judgements/?show=late") == one
    assert len(client.get("/judgements/?show=late").context["page"].rows) == 3


def test_the_walk_costs_the_same_however_many_criteria(hazard, clerk):
    client = enter(clerk)
    MajorCriterion.objects.filter(pk__in=MajorCriterion.objects.order_by("pk").values("pk")[3:]).delete()
    few = queries_of(client, walk(hazard))
    same = {"area": "fire", "mode": "direct", "text": "条文", "effective_from": date(2026, 1, 1)}
    MajorCriterion.objects.bulk_create(MajorCriterion(item_no=f"x{n}", **same) for n in range(5))
    assert queries_of(client, walk(hazard)) == few


def test_a_general_hazards_page_costs_no_query_for_judging(clerk, hazard, django_assert_num_queries):
    hazard = Hazard.objects.select_related("plan", "school").get(pk=hazard.pk)
    hazard.proposed_grade = hazard.grade = Grade.GENERAL
    assert clerk.posts
    with django_assert_num_queries(0):
        assert box_of(hazard, clerk, timezone.now()) == []


def test_the_criteria_are_read_by_day_and_by_version(clerk, officer, admin):
    first = MajorCriterion.objects.order_by("pk").first()
    MajorCriterion.objects.filter(pk=first.pk).update(effective_to=date(2026, 8, 31))
    MajorCriterion.objects.create(
        area="fire", mode="direct", item_no="1", text="新的第一条", effective_from=date(2026, 9, 1)
    )
    page = enter(officer).get("/criteria/?on=2026-09-01")
    assert len(page.context["rows"]) == 10
    assert page.context["rows"][0][0].text == "新的第一条"
    assert enter(clerk).get("/criteria/?on=2026-08-31").context["rows"][0][0] == first
    assert len(enter(clerk).get("/criteria/?show=all").context["rows"]) == 11
    assert enter(clerk).get("/criteria/?on=2000-01-01").context["rows"] == []
    assert enter(clerk).get("/criteria/?on=2026-02-31").status_code == 200
    assert enter(admin).get("/criteria/").context["may_edit"]


def test_the_numbers_stand_in_their_order(clerk):
    rows = enter(clerk).get("/criteria/").context["rows"]
    assert [row.item_no for row, _how in rows] == [str(number) for number in range(1, 11)]


def test_an_administrator_ends_a_version_or_marks_it_checked(admin, clerk):
    row = MajorCriterion.objects.order_by("pk").first()
    address = f"/criteria/{row.pk}/"
    assert enter(clerk).get(address).status_code == 403
    assert enter(clerk).post(address, {"is_verified": "on"}).status_code == 403
    assert enter(admin).get(address).status_code == 200
    assert enter(admin).get("/criteria/999999/").status_code == 404
    bad = enter(admin).post(address, {"effective_to": "2020-01-01"})
    assert (bad.status_code, list(bad.context["form"].errors)) == (400, ["effective_to"])
    text = row.text
    done = enter(admin).post(address, {"effective_to": "2026-12-31", "is_verified": "on", "text": "改"})
    row.refresh_from_db()
    assert (done.status_code, row.effective_to, row.is_verified, row.text) == (
        302,
        date(2026, 12, 31),
        True,
        text,
    )


def test_a_judgement_of_a_version_keeps_its_words_on_its_page(hazard, clerk, leader):
    criterion = MajorCriterion.objects.order_by("pk").first()
    row = judging.judge(
        hazard, actor=clerk, is_major=True, reason="无责任制", now=timezone.now(),
        answers=[(criterion, Answer.MET, "无文件")],
    )  # fmt: skip
    text = criterion.text
    MajorCriterion.objects.filter(pk=criterion.pk).update(text="另一版本")
    shown = enter(leader).get(row.get_absolute_url()).content.decode()
    assert text in shown
    assert "另一版本" not in shown
