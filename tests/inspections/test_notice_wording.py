"""The skeleton sentences of notices: named places are filled, everything else stays words."""

import pytest
from django.core.exceptions import ValidationError

from inspections import wording

VALUES = {name: f"<{name}>" for name in wording.OPENING_NAMES}


def test_named_places_are_filled():
    assert wording.fill("{date}，{school}有{count}项", VALUES) == "<date>，<school>有<count>项"


def test_the_default_sentence_passes_its_own_check():
    wording.check_opening(wording.OPENING)
    assert "{" not in wording.fill(wording.OPENING, VALUES)


@pytest.mark.parametrize(
    "text", ["{password}", "{school.path}", "{school!r}", "{count:>9}", "{}", "{0}", "{school[0]}", "{school"]
)
def test_any_other_brace_is_refused_and_never_evaluated(text):
    with pytest.raises(ValidationError):
        wording.check_opening(text)
    assert wording.fill(text, VALUES) == text


def test_a_doubled_brace_stands_for_itself():
    assert wording.fill("{{原文}}{count}", VALUES) == "{原文}<count>"
