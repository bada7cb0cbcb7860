"""The field client's scripts as text: none has a way for typed words to become markup or code."""

import re

import pytest

from tests import source

SINKS = re.compile(
    r"\.(innerHTML|outerHTML|srcdoc)\b|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser"
    r"|\beval\(|new Function\(|setAttribute\(\s*[\"']on"
)
SCRIPTS = sorted((source.ROOT / "static" / "field").glob("*.js"))


def sinks(text):
    return [match.group() for match in SINKS.finditer(text)]


def test_no_script_makes_markup_of_words():
    found = {source.name_of(path): sinks(path.read_text(encoding="utf-8")) for path in SCRIPTS}
    assert len(found) > 20
    assert {name: some for name, some in found.items() if some} == {}


@pytest.mark.parametrize("code", ["spot.innerHTML = title", "node.setAttribute('onclick', x)", "eval(words)"])
def test_the_check_sees(code):
    assert sinks(code) != []
