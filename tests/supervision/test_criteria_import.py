"""The workbook of criteria: what is wrong in a row, new versions after old ones, who may bring it in."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from schoolsafety.core import imports
from schoolsafety.core.roles import Role
from supervision.models import MajorCriterion
from tests.core.kit import workbook
from tests.factories import UserFactory

HEADS = [
    "领域", "判定方式", "综合判定组", "至少满足项数", "条目号", "判定内容", "依据", "生效日期", "失效日期",
    "已核对原文",
]  # fmt: skip
FOOD = ["食品安全", "直接判定", "", "", "1", "使用腐败变质食材", "指南第五条", "2026-01-01", "", "是"]


def combined(item, at_least=2, group="甲", start="2026-01-01"):
    return ["校舍安全", "综合判定", group, at_least, item, f"综合条目{item}", "指南第四条", start, "", ""]


def changed(row, **changes):
    return [changes.get(head, value) for head, value in zip(HEADS, row, strict=True)]


@pytest.fixture
def bring(city, admin):
    def preview(*rows, place=city, actor=admin):
        return imports.preview(
            "major_criteria", workbook(HEADS, *rows), organisation=place, actor=actor, now=timezone.now()
        )

    return preview


def errors_of(batch):
    return [row["errors"] for row in batch.rows]


def test_direct_and_combined_criteria_are_written_as_the_workbook_says(bring, admin):
    batch = bring(FOOD, combined("1"), combined("2"), combined("3"))
    assert (batch.good_count, batch.bad_count) == (4, 0), errors_of(batch)
    assert not MajorCriterion.objects.filter(area="food").exists()
    batch = imports.accept(batch, actor=admin, now=timezone.now())
    row = MajorCriterion.objects.get(area="food")
    assert (row.mode, row.at_least, row.is_verified, row.effective_from) == (
        "direct",
        None,
        True,
        date(2026, 1, 1),
    )
    assert set(MajorCriterion.objects.filter(area="buildings").values_list("group", "at_least")) == {
        ("甲", 2)
    }
    assert batch.result["created"] == 4


def test_a_new_version_ends_the_one_before_the_day_before(bring, admin):
    new = changed(FOOD, 领域="校园消防", 条目号="3", 生效日期="2026-09-01")
    imports.accept(bring(new), actor=admin, now=timezone.now())
    old, later = MajorCriterion.objects.filter(area="fire", item_no="3").order_by("effective_from")
    assert (old.effective_to, later.effective_to, later.text) == (date(2026, 8, 31), None, "使用腐败变质食材")
    assert MajorCriterion.objects.in_force(date(2026, 8, 31)).get(area="fire", item_no="3") == old
    assert MajorCriterion.objects.in_force(date(2026, 9, 1)).get(area="fire", item_no="3") == later


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        ([changed(FOOD, 领域="游泳")], "领域"),
        ([changed(FOOD, 判定方式="随意")], "判定方式"),
        ([changed(FOOD, 综合判定组="甲")], "综合判定组"),
        ([combined("1", group="")], "综合判定组"),
        ([combined("1", at_least=""), combined("2")], "至少满足项数"),
        ([combined("1", at_least="两项"), combined("2")], "至少满足项数"),
        ([combined("1", at_least=3), combined("2", at_least=3)], "至少满足项数"),
        ([combined("1", at_least=1), combined("2", at_least=2)], "至少满足项数"),
        ([FOOD, FOOD], "条目号"),
        ([changed(FOOD, 判定内容="")], "判定内容"),
        ([changed(FOOD, 依据="")], "依据"),
        ([changed(FOOD, 依据="长" * 201)], "依据"),
        ([changed(FOOD, 生效日期="明天")], "生效日期"),
        ([changed(FOOD, 领域="校园消防", 条目号="3", 生效日期="2024-06-24")], "生效日期"),
        ([changed(FOOD, 失效日期="2025-01-01")], "失效日期"),
        ([changed(FOOD, 已核对原文="也许")], "已核对原文"),
    ],
)
def test_what_is_wrong_stands_beside_its_row_and_nothing_is_written(bring, admin, rows, head):
    batch = bring(*rows)
    assert any(head in errors for errors in errors_of(batch)), errors_of(batch)
    with pytest.raises(ValidationError):
        imports.accept(batch, actor=admin, now=timezone.now())
    assert MajorCriterion.objects.count() == 10


def test_a_group_that_stays_in_force_must_agree(bring, admin):
    imports.accept(bring(combined("1"), combined("2")), actor=admin, now=timezone.now())
    assert errors_of(bring(combined("3")))[0] == {}
    assert "至少满足项数" in errors_of(bring(combined("3", at_least=3)))[0]


def test_only_the_topmost_bureau_brings_criteria_in(bring, district):
    below = UserFactory(post=(district, Role.ADMINISTRATOR))
    assert "领域" in errors_of(bring(FOOD, place=district, actor=below))[0]


def test_the_pages_offer_it_to_administrators_only(client, admin, clerk):
    client.force_login(admin)
    assert client.get("/imports/new/major_criteria/").status_code == 200
    assert client.get("/imports/new/major_criteria/template.xlsx").status_code == 200
    client.force_login(clerk)
    assert client.get("/imports/new/major_criteria/").status_code in {403, 404}
