"""The bureau's ledger: who sees it, its four parts, filters, the workbook with its columns, costs."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from hazards.workflow import Source
from inspections.models import Notice, NoticeItem
from supervision import ledger_rows
from supervision.models import CloseOut, LookBack
from tests.factories import CategoryFactory, HazardFactory, OrganisationFactory
from tests.supervision.listing_ways import listed_at, major_at, reported_at
from tests.supervision.measure_ways import draft_of, issued

PAGE = reverse("supervision:ledger")
NOW = timezone.now()


@pytest.fixture
def enter(client):
    def open_as(person):
        client.force_login(person)
        return client

    return open_as


@pytest.fixture
def some(school, neighbour):
    day = localdate()
    return {
        "own": HazardFactory(school=school, rectifying=True, cost=12_500),
        "snap": HazardFactory(school=neighbour, source=Source.SNAP, found_on=day - timedelta(days=40)),
        "visit": HazardFactory(
            school=school, source=Source.INSPECTION, submitted=True, category=CategoryFactory(code="SP")
        ),
        "partner": HazardFactory(school=neighbour, source=Source.PARTNER, partner="消防大队"),
        "major": major_at(school, source=Source.INSPECTION),
    }


def book(answer):
    found = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in found}


def numbers(page):
    return {row["number"] for row in page.context["rows"]}


def test_it_is_for_bureaus_and_auditors_alone(enter, clerk, leader, auditor, city_clerk, officer, admin):
    for person in (clerk, leader, auditor, city_clerk):
        assert enter(person).get(PAGE).status_code == 200, person
    for person in (officer, admin):
        assert enter(person).get(PAGE).status_code == 404, person


@pytest.mark.parametrize(
    ("part", "names"),
    [("self", {"own", "snap"}), ("department", {"visit", "partner", "major"}), ("major", {"major"}),
     ("nonsense", {"own", "snap"})],
)  # fmt: skip
def test_each_part_holds_its_hazards(enter, clerk, some, part, names):
    page = enter(clerk).get(PAGE, {"part": part})
    assert numbers(page) == {some[name].number for name in names}
    assert [tab["count"] for tab in page.context["tabs"]] == [2, 3, 1, 0]


def test_only_what_was_issued_is_a_measure_of_the_ledger(enter, clerk, leader, school):
    measure = issued("circular", school, clerk, leader)
    draft_of("interview", school, clerk)
    page = enter(clerk).get(PAGE, {"part": "penalty"})
    assert numbers(page) == {measure.number}
    assert "内部通报批评" in page.content.decode()


def test_filters_narrow_every_part(enter, clerk, leader, some, school, neighbour):
    day, client = localdate(), enter(clerk)
    issued("circular", neighbour, clerk, leader)
    for query, counts in (
        ({"within": school.pk}, [1, 2, 1, 0]),
        ({"within": neighbour.pk}, [1, 1, 0, 1]),
        ({"category": "SP"}, [0, 1, 0, 0]),
        ({"found_to": str(day - timedelta(days=30))}, [1, 0, 0, 0]),
        ({"found_from": str(day - timedelta(days=30)), "found_to": "2099-01-01"}, [1, 3, 1, 1]),
    ):
        tabs = client.get(PAGE, query).context["tabs"]
        assert [tab["count"] for tab in tabs] == counts, query
    many = OrganisationFactory.create_batch(41, parent=school.parent)
    assert many
    tabs = client.get(PAGE, {"school": neighbour.code}).context["tabs"]
    assert [tab["count"] for tab in tabs] == [1, 1, 0, 1]


def test_a_date_that_cannot_be_read_is_said_and_filters_nothing(enter, clerk, some):
    page = enter(clerk).get(PAGE, {"found_from": "yesterday", "part": "self"})
    assert numbers(page) == {some["own"].number, some["snap"].number}
    assert page.context["form"].errors["found_from"]
    assert 'value="yesterday"' in page.content.decode()


def test_another_district_is_not_in_it(enter, clerk, some, other_district):
    HazardFactory(school=OrganisationFactory(parent=other_district), rectifying=True)
    tabs = enter(clerk).get(PAGE).context["tabs"]
    assert tabs[0]["count"] == 2


def test_the_workbook_holds_four_sheets_of_what_the_filters_leave(enter, clerk, leader, some, school):
    issued("penalty", school, clerk, leader)
    tables = book(enter(clerk).get(PAGE, {"export": "1", "within": school.pk}))
    assert list(tables) == ["学校自查", "部门检查", "重大事故隐患", "措施与处罚"]
    assert [len(table) - 1 for table in tables.values()] == [1, 2, 1, 1]
    (head, row) = tables["学校自查"]
    for name in ("序号", "学校", "等级", "违反条款", "风险分析", "责任部门", "督办号", "归档号"):
        assert name in head
    assert row[head.index("案件编号") if "案件编号" in head else 1] == some["own"].number
    assert row[15] == pytest.approx(1.25)
    (head, row) = tables["措施与处罚"]
    assert row[6] == "罚款"
    assert row[7] == 20000
    assert row[11]


def test_what_other_parts_know_of_a_hazard_stands_in_its_row(enter, clerk, leader, officer, school, district):
    listing = listed_at(school, district, clerk, leader)
    reported_at(listing, officer, text="已拆除松动段")
    hazard = listing.hazard
    notice = Notice.objects.create(
        number="江北教安整〔2026〕7号", bureau=district, school=school, checked_on=localdate(), basis="依据",
        reply_due_on=localdate(), review_on=localdate(), created_at=NOW, created_by=clerk,
    )  # fmt: skip
    NoticeItem.objects.create(
        notice=notice, hazard=hazard, order=1, place="三层", text="栏杆", demand="更换", grade="major",
        breach="安全生产法第四十一条", due_on=localdate(),
    )  # fmt: skip
    LookBack.objects.create(
        hazard=hazard, school=school, organisation=district, status="done", why="rule", result="held",
        closed_on=localdate(), due_on=localdate(), created_at=NOW, looked_at=NOW, looked_on=localdate(),
    )  # fmt: skip
    CloseOut.objects.create(
        hazard=hazard, turn=0, school=school, organisation=district, number="江北教安销〔2026〕3号",
        closed_on=localdate(), facts={}, issued_at=NOW,
    )  # fmt: skip
    head, row = book(enter(clerk).get(PAGE, {"export": "1"}))["重大事故隐患"]
    told = dict(zip(head, row, strict=True))
    assert told["通知书号"] == notice.number
    assert told["违反条款"] == "安全生产法第四十一条"
    assert told["督办号"] == listing.number
    assert told["进度"] == "已拆除松动段"
    assert told["归档号"] == "江北教安销〔2026〕3号"
    assert str(localdate()) in told["回头看日期和结果"]
    assert told["五落实"] == "5/5"
    assert told["责任部门"] == "总务主任"


def test_a_major_hazard_without_a_plan_has_implemented_nothing(clerk, school):
    HazardFactory(school=school, major=True)
    rows = ledger_rows.rows_of_part("major", clerk)
    ((*cells,),) = ledger_rows.cells_of("major", rows)
    assert "0/5" in cells


@pytest.mark.parametrize("query", [{"part": "self"}, {"part": "major"}, {"part": "penalty"}, {"export": "1"}])
def test_it_costs_the_same_at_one_and_three_rows(enter, clerk, leader, school, query):
    client, costs = enter(clerk), []
    for more in (1, 2):
        for _index in range(more):
            HazardFactory(school=school, rectifying=True)
            major_at(school)
            issued("circular", school, clerk, leader)
        answer = client.get(PAGE, query)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(PAGE, query)
            assert answer.status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 40
