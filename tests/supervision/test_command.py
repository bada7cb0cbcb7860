"""The district's day: who sees it, its numbers and their lists, silent schools, blocks, costs."""

import math
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from hazards.models import Hazard
from hazards.workflow import Grade, Source
from inspections.models import Inspection
from schoolsafety.core.models import Preference
from schoolsafety.core.models.organisation import Kind
from schoolsafety.core.roles import Role
from supervision import command_blocks
from supervision.models import FundingNeed, LookBack
from supervision.silence import expected_findings
from tests.factories import HazardFactory, OrganisationFactory, TermFactory, UserFactory

PAGE = reverse("supervision:command")


@pytest.fixture
def enter(client):
    def open_as(person):
        client.force_login(person)
        return client

    return open_as


@pytest.fixture
def in_term(city):
    """School days up to yesterday, whatever the day of the test."""
    today = localdate()
    return TermFactory(
        organisation=city, starts_on=today - timedelta(days=120), ends_on=today + timedelta(days=60)
    )


@pytest.fixture
def primaries(district, school, in_term):
    """Six primary schools that find much, one that finds nothing (育才小学), all of 900 pupils."""
    busy = OrganisationFactory.create_batch(6, parent=district)
    for one in busy:
        HazardFactory.create_batch(6, school=one, rectifying=True, found_on=localdate() - timedelta(days=7))
    return busy


# --- who -----------------------------------------------------------------------------------------
def test_it_is_for_bureaus_and_auditors_alone(
    enter, clerk, leader, city_clerk, auditor, officer, admin, school
):
    for person in (clerk, leader, city_clerk, auditor):
        assert enter(person).get(PAGE).status_code == 200, person
    for person in (officer, admin):
        assert enter(person).get(PAGE).status_code == 404, person


def test_another_districts_bureau_is_not_found(enter, clerk, other_district, district):
    assert enter(clerk).get(PAGE, {"unit": other_district.pk}).status_code == 404
    assert enter(clerk).get(PAGE, {"unit": "x"}).status_code == 404
    assert enter(clerk).get(PAGE, {"unit": district.pk}).status_code == 200


def test_who_works_at_two_bureaus_looks_at_each(enter, district, other_district, school):
    elsewhere = OrganisationFactory(parent=other_district)
    HazardFactory(school=elsewhere, rectifying=True, due_on=localdate() - timedelta(days=2))
    HazardFactory(school=school, rectifying=True)
    both = UserFactory(post=(district, Role.DISTRICT_STAFF))
    both.held_posts.create(organisation=other_district, role=Role.DISTRICT_STAFF, starts_on="2020-01-01")
    for unit, late in ((district, 0), (other_district, 1)):
        page = enter(both).get(PAGE, {"unit": unit.pk})
        assert len(page.context["tabs"]) == 2
        assert page.context["numbers"][0]["n"] == late


# --- numbers -------------------------------------------------------------------------------------
@pytest.fixture
def busy(school, neighbour):
    today = localdate()
    HazardFactory.create_batch(2, school=school, rectifying=True, due_on=today - timedelta(days=3))
    HazardFactory(school=school, rectifying=True, due_on=today + timedelta(days=3))
    HazardFactory(school=school, proposed_grade=Grade.MAJOR, due_on=None)
    HazardFactory(school=neighbour, submitted=True, source=Source.INSPECTION)
    HazardFactory(school=neighbour, major=True, due_on=today + timedelta(days=20))
    HazardFactory(school=neighbour, closed=True)


def test_the_headline_is_the_answer(enter, clerk, busy):
    text = enter(clerk).get(PAGE).content.decode()
    assert "今天要盯：2件隐患逾期、2件等待决定" in text


def test_a_quiet_day_says_so(enter, clerk):
    assert "今天没有逾期" in enter(clerk).get(PAGE).content.decode()


def test_every_number_has_its_denominator_and_opens_as_many_as_it_says(enter, clerk, busy):
    client = enter(clerk)
    page = client.get(PAGE)
    assert [(row["n"], row["total"]) for row in page.context["numbers"][:3]] == [(2, 6), (2, 6), (1, 1)]
    assert page.context["numbers"][3]["total"] == 2
    linked = [page.context["numbers"][0], *page.context["decisions"], *page.context["ages"]]
    for row in linked:
        assert len(client.get(row["url"]).context["rows"]) == row["n"], row
    waiting = client.get(page.context["numbers"][2]["url"])
    assert len(waiting.context["page"].rows) == 1


def test_the_cells_of_the_heat_table_open_their_lists(enter, clerk, busy, school, neighbour):
    client = enter(clerk)
    heat = client.get(PAGE).context["heat"]
    assert {(row["name"], row["total"]) for row in heat["rows"]} == {(school.label, 4), (neighbour.label, 2)}
    for row in heat["rows"]:
        assert row["worst"].endswith(f" {row['total']}")
        for place in [{"n": row["total"], "url": row["url"]}, *row["cells"]]:
            assert len(client.get(place["url"]).context["rows"]) == place["n"]


def test_another_district_counts_nothing_here(enter, clerk, busy, other_district):
    elsewhere = OrganisationFactory(parent=other_district)
    HazardFactory.create_batch(5, school=elsewhere, rectifying=True, due_on=localdate() - timedelta(days=9))
    numbers = enter(clerk).get(PAGE).context["numbers"]
    assert [(row["n"], row["total"]) for row in numbers[:2]] == [(2, 6), (2, 6)]


# --- silent schools ------------------------------------------------------------------------------
def test_what_is_expected_follows_from_kind_size_and_days():
    schools = [("d", "primary", 1000)] * 4 + [
        ("d", "primary", 500),
        ("d", "junior", 200),
        ("e", "primary", 0),
    ]
    rows = expected_findings(schools, [8, 8, 8, 12, 0, 0, 0], 20)
    kind, base, nobody = rows
    assert kind[0] == 4
    assert kind[1] * 1000 == pytest.approx(36 / (4500 * 20) * 1000)
    assert kind[2] is True
    assert kind[3] == pytest.approx(4.0)
    assert base[2] is False  # one junior school gives no rate: all of the district do
    assert base[3] == pytest.approx(36 / 4700 * 200)
    assert nobody[3] == 0


def test_a_school_that_should_have_found_something_is_silent_with_its_figures(
    enter, clerk, primaries, school, neighbour
):
    HazardFactory(school=school, source=Source.INSPECTION, found_on=localdate() - timedelta(days=5))
    HazardFactory(school=school, closed=True, found_on=localdate() - timedelta(days=100))
    page = enter(clerk).get(PAGE)
    (row,) = page.context["silent"]
    assert row["school"] == school
    assert row["expected"] == f"{36 / 7:.1f}"
    assert row["chance"] == f"{math.exp(-36 / 7) * 100:.2g}"
    assert row["last_on"] == localdate() - timedelta(days=100)
    # The one junior school of the district has fewer of its kind: 900 of 7,200 pupils, 4.5 expected.
    assert page.context["silence"].quiet == 2
    assert neighbour not in {row["school"] for row in page.context["silent"]}
    assert "1所学校没有声音" in page.content.decode()


def test_the_limit_is_the_bureaus(enter, clerk, primaries, district, school, neighbour):
    Preference.objects.create(organisation=district, key="command.silent_percent", value=2)
    rows = enter(clerk).get(PAGE).context["silent"]
    assert {row["school"] for row in rows} == {school, neighbour}


def test_small_schools_may_be_without_a_finding(enter, clerk, primaries, school):
    type(school).objects.filter(pk=school.pk).update(pupils=60)
    assert enter(clerk).get(PAGE).context["silent"] == []


def test_without_school_days_nobody_is_silent(enter, clerk, school):
    HazardFactory.create_batch(40, rectifying=True, school=school)
    page = enter(clerk).get(PAGE)
    assert page.context["silence"].since is None
    assert "还没有满20个上课日" in page.content.decode()


def test_a_friendly_visit_is_one_press_away_and_not_offered_twice(enter, clerk, auditor, primaries, school):
    client = enter(clerk)
    (row,) = client.get(PAGE).context["silent"]
    form = client.get(row["plan"])
    assert form.status_code == 200
    assert str(form.context["form"]["school"].value()) == str(school.pk)
    assert "友好走访" in form.context["form"]["subject"].value()
    assert parse_qs(urlsplit(row["plan"]).query)["school"] == [str(school.pk)]
    visit = Inspection.objects.create(
        bureau=school.parent, school=school, subject="走访", place="全校", inspected_on=localdate(),
        created_by=clerk, created_at=localdate().isoformat() + "T08:00:00+08:00",
    )  # fmt: skip
    (row,) = client.get(PAGE).context["silent"]
    assert (row["plan"], row["visit_pk"]) == ("", visit.pk)
    (row,) = enter(auditor).get(PAGE).context["silent"]
    assert (row["plan"], row["visit_pk"]) == ("", None)


def test_the_silent_are_exported_with_their_figures(enter, clerk, primaries, school):
    answer = enter(clerk).get(PAGE, {"export": "1"})
    table = list(
        openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    )
    assert [line[0] for line in table[1:]] == [school.name]
    assert table[1][6] == pytest.approx(36 / 7)


# --- blocks --------------------------------------------------------------------------------------
def test_a_block_of_another_part_is_shown(enter, clerk, monkeypatch):
    block = command_blocks.Block(
        "专项", 3, 9, "未完成", "/h/", [command_blocks.Row("一件", "细节", "/h/new/")]
    )
    monkeypatch.setattr(command_blocks, "BLOCKS", [lambda user, now: block, lambda user, now: None])
    text = enter(clerk).get(PAGE).content.decode()
    assert "3/9" in text
    assert "一件" in text


def test_the_parts_show_what_is_late(enter, clerk, school, district, officer):
    hazard = HazardFactory(school=school, closed=True)
    day = localdate()
    common = {"school": school, "organisation": district, "created_at": "2026-01-01T00:00Z"}
    LookBack.objects.create(
        hazard=hazard, why="rule", closed_on=day, due_on=day - timedelta(days=4), **common
    )
    FundingNeed.objects.create(
        hazard=HazardFactory(school=school, rectifying=True), school=school,
        cost=9000, risk=3, pupils=100, reason="无经费", declared_by=officer, declared_at="2026-01-01T00:00Z",
    )  # fmt: skip
    blocks = {str(block.title): block for block in enter(clerk).get(PAGE).context["blocks"]}
    assert (blocks["回头看"].number, blocks["回头看"].of) == (1, 1)
    assert "4" in blocks["回头看"].rows[0].tag
    assert (blocks["待资金隐患"].number, blocks["待资金隐患"].of) == (1, 1)


# --- costs ---------------------------------------------------------------------------------------
def test_it_costs_the_same_at_one_and_three_of_everything(enter, clerk, district, in_term):
    client, costs = enter(clerk), []
    for more in (1, 2):
        for _index in range(more):
            place = OrganisationFactory(parent=district, kind=Kind.JUNIOR)
            HazardFactory.create_batch(2, school=place, rectifying=True)
            HazardFactory(school=place, major=True)
            OrganisationFactory(parent=district, pupils=100_000)
            hazard = HazardFactory(school=place, closed=True)
            LookBack.objects.create(
                hazard=hazard, why="rule", closed_on=localdate(), due_on=localdate(), school=place,
                organisation=district, created_at="2026-01-01T00:00Z",
            )  # fmt: skip
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(PAGE)
        costs.append(len(asked))
    assert Hazard.objects.count() == 12
    assert len(page.context["heat"]["rows"]) == 3
    assert costs[0] == costs[1] <= 45
