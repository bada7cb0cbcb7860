"""Charts: bars begin at zero, nothing leaves the drawing, every chart has words and a table."""

import itertools
import json
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from schoolsafety.core import charts

WORDS = {"title": "标题", "desc": "说明"}
MONTHS = [f"{month}月" for month in range(1, 13)]


def a_line(**changes):
    series = {"按期整改率": [90, 91, 92, None, 94, 95, 94, 93, 95, 96, 97, 98]}
    return charts.line(MONTHS, changes.pop("series", series), **WORDS, **changes)


def all_charts():
    return [
        a_line(unit="%", target=95, target_label="目标"),
        charts.bars(
            [("甲校", 3), ("乙校", 9), ("丙校", 1)], value_label="条", median_label="中位数", **WORDS
        ),
        charts.stack(
            [("1至3日", 4), ("4至7日", 0), ("8至15日", 2), ("15日以上", 1)], value_label="条", **WORDS
        ),
        charts.flow(38, 1024, 1020, names=["结转", "新增", "销号", "未销号"], value_label="条", **WORDS),
    ]


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart["form"])
def test_every_chart_is_plain_json_and_draws_itself_with_words_and_a_table(chart):
    assert json.loads(json.dumps(chart)) == chart
    drawing = render_to_string(f"charts/{chart['form']}.html", {"chart": chart})
    assert "<title>标题</title><desc>说明</desc>" in drawing
    assert "style=" not in drawing
    assert "<script" not in drawing
    table = render_to_string("charts/_table.html", {"chart": chart})
    assert table.count('<th scope="row">') == len(chart["table"]["rows"])


def test_bars_begin_at_zero_and_are_in_proportion():
    chart = charts.bars([("甲", 1), ("乙", 4), ("丙", 2)], value_label="条", **WORDS)
    assert [bar["name"] for bar in chart["bars"]] == ["乙", "丙", "甲"]
    lengths = [bar["length"] for bar in chart["bars"]]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.05) == pytest.approx(4 * lengths[2], abs=0.05)


def test_bars_show_the_median_of_all_rows_and_only_the_longest():
    chart = charts.bars([(str(n), n) for n in range(1, 22)], value_label="条", median_label="中位数", **WORDS)
    assert len(chart["bars"]) == 15
    assert chart["median"]["text"] == "中位数 11"


def test_bars_of_nothing_are_an_empty_drawing():
    assert charts.bars([], value_label="条", **WORDS)["bars"] == []
    zeros = charts.bars([("甲", 0)], value_label="条", **WORDS)
    assert zeros["bars"][0]["length"] == 0


def test_a_line_starts_at_zero_unless_told_and_its_last_point_is_labelled():
    chart = a_line(unit="%")
    assert chart["ticks"][0]["text"] == "0%"
    assert chart["series"][0]["label"]["text"] == "98%"
    assert a_line(start=80)["ticks"][0]["text"] == "80"


def test_a_gap_in_a_line_lifts_the_pen():
    (one,) = a_line()["series"]
    assert one["path"].count("M") == 2
    assert len(one["points"]) == 11


def test_higher_values_stand_higher():
    points = a_line()["series"][0]["points"]
    assert points[-1]["y"] < points[0]["y"]


def test_labels_at_the_ends_of_lines_do_not_cover_each_other():
    series = {f"线{n}": [50 + n / 10] * 12 for n in range(6)}
    ys = sorted(one["label"]["y"] for one in a_line(series=series)["series"])
    assert min(two - one for one, two in itertools.pairwise(ys)) >= charts.TEXT


def test_more_than_six_lines_or_parts_are_refused():
    with pytest.raises(ValueError, match="one to 6 lines"):
        a_line(series={str(n): [1] * 12 for n in range(7)})
    with pytest.raises(ValueError, match="at most 6 parts"):
        charts.stack([(str(n), 1) for n in range(7)], value_label="条", **WORDS)
    with pytest.raises(ValueError, match="for each label"):
        a_line(series={"甲": [1]})


def test_the_parts_of_a_stack_fill_the_width():
    chart = charts.stack([("甲", 1), ("乙", 1), ("丙", 2)], value_label="条", **WORDS)
    assert [part["width"] for part in chart["parts"]] == [120, 120, 240]
    assert [part["x"] for part in chart["parts"]] == [0, 120, 240]


def test_an_empty_stack_says_so_by_an_empty_frame():
    chart = charts.stack([("甲", 0)], value_label="条", **WORDS)
    assert chart["is_empty"]
    assert "ch-empty" in render_to_string("charts/stack.html", {"chart": chart})


def test_the_flow_adds_up():
    terms = charts.flow(38, 24, 20, names=list("甲乙丙丁"), value_label="条", **WORDS)["terms"]
    assert [term["text"] for term in terms] == ["38", "24", "20", "42"]
    assert [term["sign"] for term in terms] == ["", "+", "−", "="]


@given(st.floats(min_value=0.001, max_value=1e7))
def test_steps_are_even_begin_at_zero_and_reach_the_greatest_value(most):
    steps = charts.nice_steps(most)
    assert steps[0] == 0
    assert steps[-1] >= most * (1 - 1e-6)
    assert len(steps) <= 6


@given(st.lists(st.one_of(st.none(), st.decimals(0, 100000, places=2)), min_size=1, max_size=12))
def test_a_line_stays_inside_its_drawing(values):
    chart = charts.line([str(n) for n in range(len(values))], {"甲": values}, **WORDS)
    for point in chart["series"][0]["points"]:
        assert 0 <= point["x"] <= chart["width"]
        assert 0 <= point["y"] <= chart["height"]


def test_decimals_are_said_without_trailing_zeros():
    chart = charts.bars([("甲", Decimal("2.50")), ("乙", 3)], value_label="条", **WORDS)
    assert chart["table"]["rows"] == [["乙", "3"], ["甲", "2.5"]]


@given(
    st.lists(st.text(alphabet="小学幼儿园ab", min_size=1, max_size=8), min_size=2, max_size=6, unique=True),
    st.integers(0, 99999),
)
def test_what_stands_at_the_end_of_a_line_has_room(names, value):
    chart = charts.line(["1月", "2月"], {name: [0, value] for name in names}, unit="%", **WORDS)
    for one in chart["series"]:
        assert one["label"]["x"] + charts.text_width(one["label"]["text"]) <= chart["width"]
