"""The lottery: frozen first, bound before it is known, drawn by whole numbers, drawn again by the script."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from hazards.models import Hazard
from hazards.workflow import Closure, NotAllowed, Status
from schoolsafety.core.audit import history_of
from supervision.models import Draw, LookBack
from supervision.services import looking_back, lottery
from supervision.workflow import lottery as rules
from supervision.workflow.looking_back import Why
from supervision.workflow.lottery import DrawStatus, SeedKind
from tests.factories import HazardFactory
from tests.supervision.stop_ways import NOW, TODAY, fields_of, later, verbs_of

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "lottery.py"


def closed_at(school, count, **what):
    values = {"closed": True, "closed_on": TODAY - timedelta(days=20)} | what
    return [HazardFactory(school=school, **values) for _index in range(count)]


def frozen(organisation, actor, now=NOW, **changes):
    values = {
        "closed_from": TODAY - timedelta(days=60), "closed_to": TODAY, "size": 3,
        "due_on": TODAY + timedelta(days=30), "seed_kind": SeedKind.SEALED,
    }  # fmt: skip
    return lottery.freeze(organisation, actor=actor, now=now, **(values | changes))


def by_script(text, seed, size, tmp_path):
    """What the stand-alone script draws."""
    path = tmp_path / "population.csv"
    path.write_bytes(text.encode())
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), seed, str(size)],
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.split()


# The rule itself.


def test_the_weight_is_risk_money_and_history():
    assert rules.weight_of("general", None, 0, 0) == 1
    assert rules.weight_of("major", Decimal("9999.99"), 0, 0) == 5
    assert rules.weight_of("major", Decimal(10_000), 1, 2) == 5 + 1 + 3 + 2
    assert rules.weight_of("general", Decimal(10**7), 9, 9) == 1 + 5 + 9 + 3


def test_known_tickets_and_a_known_draw():
    """Fixed by hand with sha256sum, so that no later change can draw otherwise unseen."""
    assert rules.ticket("s", "A-1", 1) == "08acda4a102b4a9ac6d2142981768ae4fab8e2ddc7bac73d046485626e81541f"
    assert [number for number, _key in rules.drawn([("A", 1), ("B", 5), ("C", 2)], "2026136", 2)] == [
        "B",
        "A",
    ]


@given(st.lists(st.integers(1, 20), min_size=1, max_size=30), st.text(min_size=1, max_size=20), st.randoms())
def test_a_draw_depends_on_the_population_and_the_seed_alone(weights, seed, shuffler):
    rows = [(f"N-{index:03d}", weight) for index, weight in enumerate(weights)]
    picks = rules.drawn(rows, seed, 5)
    assert len(picks) == len({number for number, _key in picks}) == min(5, len(rows))
    shuffled = rows[:]
    shuffler.shuffle(shuffled)
    assert rules.drawn(shuffled, seed, 5) == picks
    assert rules.drawn(rows, seed, 2) == picks[:2]


def test_a_heavy_case_is_drawn_as_often_as_its_weight_says():
    """Weight 5 against five of weight 1: half of the first picks, within four standard errors."""
    rows = [("heavy", 5), *[(f"light-{n}", 1) for n in range(5)]]
    firsts = Counter(rules.drawn(rows, f"seed {n}", 1)[0][0] for n in range(2000))
    assert abs(firsts["heavy"] - 1000) < 4 * (2000 * 0.25) ** 0.5


def test_the_csv_is_the_same_whatever_the_order():
    rows = [["B", "general", "0.00", 0, 0, 1], ["A", "major", "5.00", 0, 0, 5]]
    assert rules.as_csv(rows) == rules.as_csv(rows[::-1])
    assert rules.as_csv(rows).splitlines()[1] == "A,major,5.00,0,0,5"


def test_the_script_is_short_and_needs_the_standard_library_only():
    lines = SCRIPT.read_text().splitlines()
    assert len(lines) <= 20
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names


# The verbs.


def test_freezing_binds_population_and_seed_before_anybody_knows(district, school, clerk):
    closed_at(school, 4)
    draw = frozen(district, clerk)
    assert (draw.status, draw.population_size, draw.size) == (DrawStatus.FROZEN, 4, 3)
    assert draw.seed_hash == rules.digest(draw.seed)
    assert draw.population_hash == rules.digest(draw.population)
    payload = history_of(draw)[0].payload
    assert draw.seed_hash in payload
    assert draw.population_hash in payload
    assert draw.seed not in payload
    assert not LookBack.objects.exists()


def test_two_sealed_seeds_differ(district, school, clerk):
    closed_at(school, 1)
    assert frozen(district, clerk).seed != frozen(district, clerk).seed


def test_the_population_is_what_was_written_off_here_in_the_period(
    district, school, other_district, clerk, category_sp
):
    from tests.factories import OrganisationFactory  # noqa: PLC0415 -- one more school

    mine = closed_at(school, 2)
    closed_at(school, 1, closed_on=TODAY - timedelta(days=90))
    closed_at(school, 1, closure=Closure.MISTAKEN)
    closed_at(OrganisationFactory(parent=other_district), 1)
    HazardFactory(school=school, rectifying=True)
    other = closed_at(school, 1, category=category_sp, grade="major")
    lines = rules.from_csv(frozen(district, clerk).population)
    assert {line["number"] for line in lines} == {row.number for row in [*mine, *other]}
    only = rules.from_csv(frozen(district, clerk, category=category_sp, grade="major").population)
    assert [line["number"] for line in only] == [other[0].number]


@pytest.fixture
def category_sp(db):
    from hazards.models import Category  # noqa: PLC0415 -- only here

    return Category.objects.get(code="SP")


def test_money_and_history_weigh(district, school, clerk):
    row = closed_at(school, 1, grade="major", cost=Decimal("25000"), reopened_count=1, sent_back_count=2)[0]
    line = rules.from_csv(frozen(district, clerk).population)[0]
    assert line == {
        "number": row.number, "grade": "major", "money": "25000.00", "reopened": "1", "sent_back": "2",
        "weight": str(5 + 2 + 3 + 2),
    }  # fmt: skip


def test_drawing_reveals_the_seed_and_plans_the_looks(district, school, clerk, tmp_path):
    closed_at(school, 8, grade="major")
    draw = lottery.perform(frozen(district, clerk), actor=clerk, now=later(1))
    numbers = [number for number, _ticket in draw.picks]
    looks = LookBack.objects.filter(draw=draw)
    assert {look.hazard.number for look in looks} == set(numbers)
    assert {(look.why, look.due_on) for look in looks} == {(Why.LOTTERY, draw.due_on)}
    assert by_script(draw.population, draw.seed, draw.size, tmp_path) == numbers
    assert draw.seed in history_of(draw)[0].payload


def test_another_seed_draws_others_here_and_by_the_script(tmp_path):
    rows = [[f"JB001-2026-{n:04d}", "general", "0.00", 0, 0, n % 7 + 1] for n in range(200)]
    text = rules.as_csv(rows)
    found = {}
    for seed in ("03 11 17 22 25 31", "03 11 17 22 25 32"):
        found[seed] = by_script(text, seed, 10, tmp_path)
        lines = [(line["number"], int(line["weight"])) for line in rules.from_csv(text)]
        assert found[seed] == [number for number, _key in rules.drawn(lines, seed, 10)]
    first, second = found.values()
    assert len(first) == 10
    assert set(first) != set(second)


def test_a_changed_population_does_not_fit_its_hash(district, school, clerk):
    closed_at(school, 2)
    draw = frozen(district, clerk)
    assert rules.digest(draw.population.replace(",1\n", ",9\n")) != draw.population_hash


def test_what_happens_after_the_freeze_changes_nothing(district, school, clerk):
    rows = closed_at(school, 5)
    draw = frozen(district, clerk, size=5)
    closed_at(school, 3)
    Hazard.objects.filter(pk=rows[0].pk).update(reopened_count=3)
    draw = lottery.perform(draw, actor=clerk, now=later(1))
    assert {number for number, _key in draw.picks} == {row.number for row in rows}


def test_one_that_was_reopened_meanwhile_is_drawn_but_not_looked_at(district, school, clerk):
    rows = closed_at(school, 2)
    draw = frozen(district, clerk, size=2)
    Hazard.objects.filter(pk=rows[0].pk).update(
        status=Status.RECTIFYING, closure="", closed_at=None, closed_on=None
    )
    draw = lottery.perform(draw, actor=clerk, now=later(1))
    assert len(draw.picks) == 2
    assert [look.hazard for look in LookBack.objects.all()] == [rows[1]]


def test_a_look_that_is_due_already_joins_the_draw(district, school, clerk):
    row = closed_at(school, 1)[0]
    due = looking_back.plan(row, actor=clerk, due_on=TODAY + timedelta(days=90), now=NOW)
    draw = lottery.perform(frozen(district, clerk), actor=clerk, now=later(1))
    due.refresh_from_db()
    assert (due.draw, due.due_on, due.why) == (draw, draw.due_on, Why.HAND)
    assert LookBack.objects.count() == 1


def test_a_public_number_is_named_before_and_typed_after(district, school, clerk, tmp_path):
    closed_at(school, 6)
    with pytest.raises(ValidationError) as error:
        frozen(district, clerk, seed_kind=SeedKind.PUBLIC)
    assert set(error.value.error_dict) == {"seed_origin"}
    draw = frozen(district, clerk, seed_kind=SeedKind.PUBLIC, seed_origin="双色球2026136期红球")
    assert (draw.seed, draw.seed_hash) == ("", "")
    with pytest.raises(ValidationError):
        lottery.perform(draw, actor=clerk, now=later(1), seed="  ")
    draw = lottery.perform(draw, actor=clerk, now=later(1), seed=" 03  11 17 ")
    assert draw.seed == "03 11 17"
    numbers = [number for number, _key in draw.picks]
    assert by_script(draw.population, "03 11 17", 3, tmp_path) == numbers


def test_a_sealed_seed_cannot_be_replaced(district, school, clerk):
    closed_at(school, 3)
    draw = frozen(district, clerk)
    sealed = draw.seed
    assert lottery.perform(draw, actor=clerk, now=later(1), seed="my own").seed == sealed


def test_drawn_is_drawn(district, school, clerk, city_clerk):
    closed_at(school, 4)
    draw = lottery.perform(frozen(district, clerk), actor=clerk, now=later(1))
    before = fields_of(draw)
    with pytest.raises(NotAllowed):
        lottery.perform(draw, actor=city_clerk, now=later(2))
    with pytest.raises(NotAllowed):
        lottery.cancel(draw, actor=clerk, note="不满意", now=later(2))
    assert fields_of(draw) == before


def test_given_up_only_with_a_reason_and_for_all_to_read(district, school, clerk):
    closed_at(school, 4)
    draw = frozen(district, clerk)
    with pytest.raises(ValidationError):
        lottery.cancel(draw, actor=clerk, note=" ", now=NOW)
    draw = lottery.cancel(draw, actor=clerk, note="时段选错", now=NOW)
    assert (draw.status, draw.note) == (DrawStatus.CANCELLED, "时段选错")
    assert verbs_of(draw) == ["freeze_draw", "cancel_draw"]
    with pytest.raises(NotAllowed):
        lottery.perform(draw, actor=clerk, now=NOW)


@pytest.mark.parametrize("who", ["officer", "principal", "auditor", "admin", "stranger"])
def test_only_the_bureau_draws(district, school, request, who):
    closed_at(school, 2)
    with pytest.raises(NotAllowed):
        frozen(district, request.getfixturevalue(who))
    assert not Draw.objects.exists()


def test_a_district_draws_neither_for_the_city_nor_for_a_school(city, school, clerk):
    closed_at(school, 2)
    for place in (city, school):
        with pytest.raises(NotAllowed):
            frozen(place, clerk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closed_to": TODAY - timedelta(days=90)}, "closed_to"),
        ({"closed_to": TODAY + timedelta(days=1)}, "closed_to"),
        ({"size": 0}, "size"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
    ],
)
def test_what_cannot_be_drawn_is_named(district, school, clerk, changes, field):
    closed_at(school, 2)
    with pytest.raises(ValidationError) as error:
        frozen(district, clerk, **changes)
    assert set(error.value.error_dict) == {field}


def test_nothing_to_draw_from_and_too_much_are_said(district, school, clerk, monkeypatch):
    with pytest.raises(ValidationError):
        frozen(district, clerk)
    closed_at(school, 3)
    monkeypatch.setattr(lottery, "MOST_CASES", 2)
    with pytest.raises(ValidationError, match="2"):
        frozen(district, clerk)


def test_schools_see_a_draw_once_all_is_looked_at(district, school, clerk, officer, stranger, auditor, city):
    from tests.inspections.conftest import picture  # noqa: PLC0415 -- only here

    row = closed_at(school, 1)[0]
    draw = lottery.perform(frozen(district, clerk), actor=clerk, now=later(1))

    def seen(user):
        return Draw.objects.visible_to(type(user).objects.get(pk=user.pk)).filter(pk=draw.pk).exists()

    assert [seen(user) for user in (clerk, auditor, officer, stranger)] == [True, True, False, False]
    look = LookBack.objects.get(hazard=row)
    looking_back.record(look, actor=clerk, now=later(5), result="held", note="保持", photos=[picture()])
    assert [seen(user) for user in (clerk, auditor, officer, stranger)] == [True, True, True, True]
