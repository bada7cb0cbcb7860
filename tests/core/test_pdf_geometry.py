"""The layouts of GB/T 9704-2012, measured in millimetres on the finished PDF."""

import pytest

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.rendering import render_pdf
from tests.core import papers
from tests.geometry import MM, ink_of, is_red, lines_of, pages_of, rules_of, strokes_at

PITCH = 225 / 22
CHARACTER = 156 / 28
TOP, BOTTOM = 37, 297 - 35


@pytest.fixture(scope="module")
def official():
    return pages_of(render_pdf("papers/official.html", papers.official(), identifier="official"))


@pytest.fixture(scope="module")
def letter():
    return pages_of(render_pdf("papers/letter.html", papers.letter(), identifier="letter"))


def near(value, tolerance=0.3):
    return pytest.approx(value, abs=tolerance)


def test_a_page_has_22_lines_that_fill_the_text_area(official):
    lines = lines_of(official[1])
    assert len(lines) == 22
    assert lines[0].middle == near(TOP + PITCH / 2)
    assert lines[-1].middle == near(BOTTOM - PITCH / 2)


def test_a_line_has_28_characters_and_both_its_edges_are_flush(official):
    plain = [line for line in lines_of(official[1])[:21] if line.text.strip() == line.text][:20]
    assert {len(line.text) for line in plain} == {28}
    assert {round(line.right - line.left) for line in plain} == {156}


def test_lines_with_figures_and_punctuation_are_flush_too():
    body = [blocks.paragraph(papers.MIXED * 40)]
    page = pages_of(render_pdf("papers/official.html", papers.official(body), identifier="m"))[2]
    lines = lines_of(page)[:22]
    assert len({len(line.text) for line in lines}) > 2  # they do differ in their number of characters
    for line in lines:
        assert (line.left, line.right) == (near(28), near(184, 0.4))


def test_binding_margin_changes_sides_on_even_pages(official):
    assert lines_of(official[1])[3].left == near(26)
    assert lines_of(official[2])[1].left == near(28)


def test_characters_out_of_a_fallback_font_move_no_line():
    body = [blocks.paragraph((papers.SENTENCE + papers.RARE_NAMES + "𠀀") * 40)]
    page = pages_of(render_pdf("papers/official.html", papers.official(body), identifier="r"))[1]
    assert len({char["fontname"] for char in page.chars if char["size"] > 15}) > 1
    assert len(lines_of(page)) == 22


def test_red_head_stands_35_mm_below_the_text_area_and_is_red(official):
    mark = next(char for char in official[0].chars if char["text"] == "件")
    assert is_red(mark["non_stroking_color"])
    assert "XiaoBiaoSong" in mark["fontname"]
    assert ink_of(official[0], 20, 40, 200, 100).top == near(TOP + 35, 0.5)
    assert ink_of(official[0], 20, 40, 200, 100).right < 184


def test_number_stands_two_lines_below_the_head_and_the_rule_4_mm_below_the_number(official):
    (rule,) = [rule for rule in rules_of(official[0]) if is_red(rule.colour)]
    mark, number = ink_of(official[0], 20, 40, 200, 100), lines_of(official[0])[0]
    assert number.text == "江北教安通〔2026〕12号"
    assert (number.left + number.right) / 2 == near(28 + 78)
    assert number.middle - mark.bottom == near(2.5 * PITCH, 1)
    assert (rule.left, rule.width) == (near(28), near(156))
    assert rule.top - ink_of(official[0], 60, 105, 150, rule.top - 1).bottom == near(4)


def test_title_stands_two_lines_below_the_rule_in_22_points(official):
    (rule,) = [rule for rule in rules_of(official[0]) if is_red(rule.colour)]
    title = lines_of(official[0], 22)
    assert len(title) == 2
    assert title[0].middle - rule.top == near(2 * PITCH + 36 / 2 / MM, 0.5)
    assert (title[0].left + title[0].right) / 2 == near(28 + 78)


def test_recipients_stand_one_line_below_the_title_and_flush(official):
    recipients = lines_of(official[0])[1]
    assert recipients.text.startswith("各中小学")
    assert recipients.left == near(28)
    assert recipients.middle - lines_of(official[0], 22)[-1].middle == near(1.5 * PITCH + 18 / MM, 0.5)


def test_paragraphs_are_indented_by_two_characters(official):
    assert lines_of(official[0])[2].left == near(28 + 2 * CHARACTER)


@pytest.mark.parametrize(("page", "edge"), [(0, "right"), (1, "left"), (2, "right")])
def test_page_number_stands_outside_one_character_in_and_7_mm_below(official, page, edge):
    (number,) = [line for line in lines_of(official[page], 14) if line.middle > BOTTOM]
    assert number.text.replace(" ", "") == f"—{page + 1}—"
    if edge == "right":
        assert number.right == near(184 - CHARACTER, 0.5)
    else:
        assert number.left == near(26 + CHARACTER, 0.5)
    dash = ink_of(official[page], number.left, BOTTOM + 1, number.left + 3, 285)
    assert dash.top - BOTTOM == near(7)


def test_date_stands_four_characters_in_with_the_name_centred_over_it(official):
    name, date = lines_of(official[-1])[-2:]
    assert (name.text, date.text) == ("江北区教育局", "2026年11月2日")
    right = 184 if len(official) % 2 else 182
    assert date.right == near(right - 4 * CHARACTER, 0.6)
    assert (name.left + name.right) / 2 == near((date.left + date.right) / 2)
    assert name.middle - lines_of(official[-1])[-3].middle == near(3 * PITCH)


def test_imprint_ends_on_the_lower_edge_of_the_last_page(official):
    first, middle, last = strokes_at(official[-1], 30, 200, BOTTOM + 1)
    box = ink_of(official[-1], 0, first[0] - 1, 210, BOTTOM + 1)
    assert box.right - box.left == near(156)
    assert sum(last) == near(BOTTOM)
    assert [thickness for _, thickness in (first, middle, last)] == [
        near(0.35, 0.06),
        near(0.25, 0.06),
        near(0.35, 0.06),
    ]
    copies, printed = [line for line in lines_of(official[-1], 14) if line.middle < BOTTOM]
    assert copies.text.startswith("抄送：")
    assert copies.text.endswith("。")
    assert copies.middle - first[0] == near(middle[0] - copies.middle, 0.5)
    assert middle[0] < printed.middle < last[0]


def test_imprint_moves_to_an_upright_page_after_an_annex_on_its_side():
    wide = blocks.annex("清单", [blocks.table(["序号"], [["1"]])], is_landscape=True)
    data = papers.official(annexes=[wide])
    side, last = pages_of(render_pdf("papers/official.html", data, identifier="a"))[-2:]
    assert side.width > side.height
    assert last.width < last.height
    assert sum(strokes_at(last, 30, 200, BOTTOM + 1)[-1]) == near(BOTTOM)
    number = [char for char in side.chars if char["text"] == "—"]
    assert {round(char["x0"] / MM) for char in number} <= {25, 26, 27, 28}


def test_letter_head_stands_30_mm_below_the_sheets_edge(letter):
    mark = ink_of(letter[0], 20, 5, 200, 51)
    (first, _), *_ = strokes_at(letter[0], 25, 45, 60)
    assert mark.top == near(30, 0.5)
    assert first - mark.bottom == near(4)


def test_letter_has_two_double_lines_of_170_mm_thick_outside_thin_inside(letter):
    rules = rules_of(letter[0])
    assert all(is_red(rule.colour) for rule in rules)
    assert {(round(rule.left), round(rule.width)) for rule in rules} == {(21, 170)}
    thick, thin = near(0.9, 0.1), near(0.3, 0.1)
    assert [thickness for _, thickness in strokes_at(letter[0], 25, 50, 60)] == [thick, thin]
    foot = strokes_at(letter[0], 25, 270, 290)
    assert [thickness for _, thickness in foot] == [thin, thick]
    assert sum(foot[-1]) == near(297 - 20)


def test_letter_number_is_flush_right_under_the_line_and_the_title_two_lines_below(letter):
    number, title = lines_of(letter[0])[0], lines_of(letter[0], 22)[0]
    assert number.text == "江北教安改〔2026〕12号"
    assert number.right == near(184)
    line = strokes_at(letter[0], 25, 50, 60)[-1]
    assert number.middle - 8 / MM - sum(line) == near(16 * 7 / 8 / MM, 0.5)
    assert title.middle - number.middle == near(2.5 * PITCH + 18 / MM, 0.5)


def test_letter_counts_its_pages_from_the_second_and_its_imprint_has_no_lines(letter):
    assert not [line for line in lines_of(letter[0], 14) if line.middle > BOTTOM]
    assert [line.text.replace(" ", "") for line in lines_of(letter[1], 14) if line.middle > BOTTOM] == ["—2—"]
    assert any(line.text.startswith("抄送：") for line in lines_of(letter[-1], 14))
    assert not rules_of(letter[-1])
