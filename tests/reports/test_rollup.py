"""Sums along any tree: a superior is the sum of what is right below it."""

from hypothesis import given
from hypothesis import strategies as st

from reports.figures.rollup import HAZARD, PATROL, add, both, nothing, rate, roll_up, sum_of

numbers = st.integers(0, 50)


@st.composite
def counts(draw):
    """Counts of one school, as the database could give them."""
    found = nothing() | {"schools": 1}
    found["patrol"] = {name: draw(numbers) for name in PATROL}
    for grade in ("general", "major"):
        found[grade] |= {name: draw(numbers) for name in HAZARD}
    codes = draw(st.lists(st.sampled_from(["XF", "JZ", "SP"]), unique=True))
    found["categories"] = {code: {"new": draw(numbers), "open": draw(numbers)} for code in codes}
    return found


@st.composite
def trees(draw):
    """{school id: path}: schools below districts, below offices, or right below the city (id 1)."""
    middles = draw(st.lists(st.sampled_from(["", "2/", "3/", "2/4/", "3/5/"]), min_size=1, max_size=12))
    return {100 + n: f"1/{middle}{100 + n}/" for n, middle in enumerate(middles)}


@given(st.data())
def test_a_superior_is_the_sum_of_its_children(data):
    paths = data.draw(trees())
    schools = {pk: data.draw(counts()) for pk in paths}
    totals = roll_up(schools, paths)
    everything = totals | schools
    below = dict(paths)
    for path in list(paths.values()):
        parts = path.rstrip("/").split("/")
        below |= {int(part): "/".join(parts[: depth + 1]) + "/" for depth, part in enumerate(parts)}
    for pk, total in totals.items():
        children = [child for child, path in below.items() if path != below[pk] and path.startswith(below[pk])
                    and path[len(below[pk]) :].count("/") == 1]  # fmt: skip
        assert total == sum_of(everything[child] for child in children)


@given(counts(), counts(), counts())
def test_adding_does_not_depend_on_the_order(one, two, three):
    assert sum_of([one, two, three]) == sum_of([three, one, two])


@given(counts())
def test_adding_nothing_changes_nothing(one):
    assert sum_of([one, nothing()]) == sum_of([one])


def test_the_sum_does_not_touch_what_it_adds():
    one = {"general": {"new": 1}}
    sum_of([one, one])
    assert one == {"general": {"new": 1}}
    assert add({}, one) == one


def test_a_rate_without_a_whole_is_no_rate():
    assert rate(0, 0) is None
    assert rate(1, 3) == 33.3


def test_both_grades_together():
    counts = nothing()
    counts["general"]["new"], counts["major"]["new"] = 2, 3
    assert both(counts, "new") == 5
