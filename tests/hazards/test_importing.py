"""Bringing an old ledger in: row by row checked, all or nothing, never twice."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hazards.importing import IMPORTER
from hazards.models import Hazard
from schoolsafety.core import imports
from schoolsafety.core.audit import event_hash
from schoolsafety.core.models import Event
from tests.hazards.ways import verbs_of

HEADS = [column.head for column in IMPORTER.columns]
GOOD = {
    "学校": "JB001", "排查日期": "2026-09-01", "部位": "食堂", "类别": "消防安全", "隐患描述": "灭火器过期",
    "等级": "一般",
}  # fmt: skip


def workbook(*rows):
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    for row in rows:
        book.active.append([row.get(head, "") for head in HEADS])
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("台账.xlsx", stream.getvalue())


@pytest.fixture
def bring(city, admin, school):
    def preview(*rows):
        return imports.preview("hazards", workbook(*rows), organisation=city, actor=admin, now=timezone.now())

    return preview


def accept(batch, admin):
    return imports.accept(batch, actor=admin, now=timezone.now())


def test_an_old_ledger_goes_on_in_the_states_in_which_it_is_found(bring, admin, make):
    make()  # number 0001 is taken
    batch = bring(
        GOOD,
        GOOD
        | {"隐患描述": "线路老化", "完成日期": "2026-09-03", "整改措施": "换线", "整改资金（万元）": "0.25"},
        GOOD | {"隐患描述": "门锁坏", "完成日期": "2026-09-03", "销号日期": "2026-09-04"},
        GOOD | {"隐患描述": "围墙开裂", "等级": "重大", "整改时限": "2026-12-01", "学校": "江北区育才小学"},
    )
    assert (batch.good_count, batch.bad_count) == (4, 0)
    assert Hazard.objects.count() == 1

    assert accept(batch, admin).result == {"created": 4}

    rows = {row.title: row for row in Hazard.objects.filter(source="import")}
    assert {title: row.status for title, row in rows.items()} == {
        "灭火器过期": "rectifying", "线路老化": "submitted", "门锁坏": "closed", "围墙开裂": "planning",
    }  # fmt: skip
    assert rows["线路老化"].cost == 2500
    assert str(rows["围墙开裂"].due_on) == "2026-12-01"
    assert sorted(row.number for row in rows.values())[0].endswith("-0002")
    assert verbs_of(rows["门锁坏"]) == ["import"]


def test_the_chain_stays_sound_and_numbering_goes_on(bring, admin, make, school):
    make()
    accept(bring(GOOD, GOOD | {"隐患描述": "门锁坏", "补充说明": "后门"}), admin)
    assert make().number.endswith("-0004")
    prev = "0" * 64
    for seq, event in enumerate(Event.objects.filter(organisation=school).order_by("seq"), start=1):
        assert (event.seq, event.prev, event.hash) == (seq, prev, event_hash(event))
        prev = event.hash


@pytest.mark.parametrize(
    ("change", "head"),
    [
        ({"学校": "没有这所"}, "学校"),
        ({"类别": "天文"}, "类别"),
        ({"等级": "很大"}, "等级"),
        ({"排查日期": "上周"}, "排查日期"),
        ({"排查日期": "2999-01-01"}, "排查日期"),
        ({"销号日期": "2026-08-01"}, "销号日期"),
        ({"整改资金（万元）": "许多"}, "整改资金（万元）"),
        ({"整改资金（万元）": "-1"}, "整改资金（万元）"),
        ({"部位": ""}, "部位"),
        ({"部位": "长" * 121}, "部位"),
    ],
)
def test_a_bad_row_is_explained_and_nothing_is_written(bring, admin, change, head):
    batch = bring(GOOD, GOOD | {"隐患描述": "另一件"} | change)
    assert (batch.good_count, batch.bad_count) == (1, 1)
    assert list(batch.rows[1]["errors"]) == [head]
    with pytest.raises(imports.ValidationError):
        accept(batch, admin)
    assert Hazard.objects.count() == 0


def test_a_row_that_stands_twice_or_was_brought_before_is_seen(bring, admin):
    assert bring(GOOD, GOOD).bad_count == 1
    accept(bring(GOOD), admin)
    assert bring(GOOD | {"补充说明": "再来"}).bad_count == 1
    accept(bring(GOOD | {"原台账号": "A-1"}), admin)
    assert bring(GOOD | {"原台账号": "A-1", "隐患描述": "改了字"}).bad_count == 1


def test_another_administrators_schools_are_out_of_reach(other_district, admin, school):
    batch = imports.preview(
        "hazards", workbook(GOOD), organisation=other_district, actor=admin, now=timezone.now()
    )
    assert list(batch.rows[0]["errors"]) == ["学校"]


def test_two_hundred_rows_cost_few_queries(bring, admin, django_assert_max_num_queries):
    batch = bring(*[GOOD | {"隐患描述": f"第 {index} 件"} for index in range(200)])
    with django_assert_max_num_queries(60):
        accept(batch, admin)
    assert Hazard.objects.count() == 200
