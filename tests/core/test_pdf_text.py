"""Numbers, dates, titles and blocks of papers."""

import datetime as dt
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsafety.core.pdf import blocks, text
from tests.core import papers


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_chinese_numerals(number, written):
    assert text.chinese_numeral(number) == written


@pytest.mark.parametrize("number", [0, 100, -3])
def test_numerals_outside_1_to_99_are_refused(number):
    with pytest.raises(ValueError, match="1 to 99"):
        text.chinese_numeral(number)


def test_the_four_levels_have_their_own_marks():
    assert [text.level_number(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2.", "（2）"]
    with pytest.raises(ValueError, match="levels 1 to 4"):
        text.level_number(5, 1)


def test_dates_and_numbers_have_no_leading_zero():
    assert text.chinese_date(dt.date(2026, 11, 2)) == "2026年11月2日"
    assert text.chinese_month(dt.date(2026, 3, 2)) == "2026年3月"
    assert text.number_text("江北教安改", 2026, 12) == "江北教安改〔2026〕12号"


def test_a_title_breaks_by_sense():
    assert text.title_lines("江北区教育局关于2026年10月全区学校安全隐患排查治理情况的通报") == [
        "江北区教育局关于2026年10月", "全区学校安全隐患排查治理情况的通报",
    ]  # fmt: skip
    assert text.title_lines("安全隐患整改通知书") == ["安全隐患整改通知书"]
    assert text.title_lines("第一行\n第二行") == ["第一行", "第二行"]


@given(st.text(alphabet="关于校园安全的和隐患排查整改情况，2026年月（）、abc", min_size=1, max_size=120))
def test_a_broken_title_is_whole_and_no_line_is_too_long(title):
    lines = text.title_lines(title)
    assert "".join(lines) == title
    assert max(map(len, lines)) <= 19


@given(st.text(alphabet="校园安全隐患的2026", min_size=20, max_size=60))
def test_a_title_never_breaks_inside_a_number_that_fits_a_line(title):
    if any(len(run) > 4 for run in "".join(c if c.isascii() else " " for c in title).split()):
        return
    lines = text.title_lines(title)
    assert not [1 for one, two in itertools.pairwise(lines) if one[-1].isascii() and two[0].isascii()]


def test_every_paper_is_plain_json():
    parts = {"receipt": blocks.part("回执", []), "annexes": [blocks.annex("清单", [blocks.pagebreak()])]}
    for data in (papers.official(**parts), papers.letter(**parts), papers.form()):
        assert json.loads(json.dumps(data)) == data


def test_one_annex_has_no_number_and_several_have():
    one, two = blocks.annex("甲", []), blocks.annex("乙", [])
    assert [a["label"] for a in papers.official(annexes=[one])["annexes"]] == ["附件"]
    assert [a["label"] for a in papers.official(annexes=[one, two])["annexes"]] == ["附件1", "附件2"]


def test_headings_are_numbered_on_request():
    assert blocks.heading(1, "总体情况", number=3) == {"kind": "h1", "text": "三、总体情况"}
    assert blocks.heading(2, "（一）已编号") == {"kind": "h2", "text": "（一）已编号"}


def test_rows_past_the_limit_are_counted():
    assert blocks.cap_rows(range(5), limit=3) == ([0, 1, 2], 2)
    assert blocks.cap_rows(range(3), limit=3) == ([0, 1, 2], 0)


def test_a_table_refuses_rows_of_another_length():
    with pytest.raises(ValueError, match="need 2 entries"):
        blocks.table(["甲", "乙"], [[1]])
    with pytest.raises(ValueError, match="need 2 entries"):
        blocks.table(["甲", "乙"], [], widths=[1])


def test_a_table_says_sides_and_shares_of_its_columns():
    table = blocks.table(["甲", "乙", "丙"], [["a", None, 3]], widths=[1, 2, 1], numeric=[2], centred=[0])
    assert [column["width"] for column in table["columns"]] == ["25.000%", "50.000%", "25.000%"]
    assert table["rows"] == [
        [{"text": "a", "side": "c"}, {"text": "", "side": ""}, {"text": "3", "side": "n"}]
    ]


def test_photos_stand_two_a_row_and_are_part_of_the_paper():
    one = blocks.photo("data:image/png;base64,AA==", "前")
    assert [len(row) for row in blocks.photos([one] * 5)["rows"]] == [2, 2, 1]
    with pytest.raises(ValueError, match="data: address"):
        blocks.photo("/media/photo.jpg")


def test_a_grid_has_one_or_two_pairs_a_row():
    (row,) = blocks.grid([[("学校", "育才小学")]])["rows"]
    assert row == [{"label": "学校", "value": {"text": "育才小学"}, "span": 3}]
    with pytest.raises(ValueError, match="one or two pairs"):
        blocks.grid([[]])
