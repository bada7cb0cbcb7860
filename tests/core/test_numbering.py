"""Numbers without gaps and without doubles."""

import pytest
from django.db import connection, transaction

from schoolsafety.core.models import NumberSequence
from schoolsafety.core.numbering import next_number, paper_number
from tests.together import together


def draw(organisation, series="notice", year=2026):
    with transaction.atomic():
        return next_number(organisation, series, year)


def test_each_series_of_each_organisation_and_year_counts_by_itself(district, other_district):
    assert [draw(district), draw(district), draw(district, year=2027)] == [1, 2, 1]
    assert [draw(district, "bulletin"), draw(other_district)] == [1, 1]


def test_a_number_whose_act_fails_is_not_used_up(district):
    draw(district)
    with transaction.atomic():
        assert next_number(district, "notice", 2026) == 2
        transaction.set_rollback(True)
    assert draw(district) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_number_is_drawn_only_inside_the_act_that_uses_it(district):
    with pytest.raises(RuntimeError, match="transaction"):
        next_number(district, "notice", 2026)


def test_a_paper_number_has_the_form_of_the_standard(district, school):
    with transaction.atomic():
        assert paper_number(district, "notice", 2026) == "江北教安改〔2026〕1号"
        assert paper_number(district, "bulletin", 2026) == "江北教安通〔2026〕1号"
        with pytest.raises(ValueError, match="mark"):
            paper_number(school, "notice", 2026)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_at_once_draw_each_number_once(district):
    for round_ in range(5):
        results = together(
            lambda _index, year=2030 + round_: [draw(district, year=year) for _n in range(5)], 4
        )
        assert sorted(number for numbers in results for number in numbers) == list(range(1, 21))
    assert NumberSequence.objects.get(year=2030).last == 20
