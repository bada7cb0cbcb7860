"""A partial with a form, included with `only`, must be handed the CSRF token: no test client would notice."""

import re

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
INCLUDE = re.compile(r"{% include [\"']([^\"']+)[\"']([^%]*) only %}")
WITH_FORM = {
    str(path.relative_to(TEMPLATES))
    for path in TEMPLATES.rglob("*.html")
    if "{% csrf_token %}" in path.read_text(encoding="utf-8")
}


def holds_form(name):
    """Does this partial, or one that it includes, hold a form?"""
    path = TEMPLATES / name
    if not path.exists():
        return False
    inner = [found[0] for found in INCLUDE.findall(path.read_text(encoding="utf-8"))]
    return name in WITH_FORM or any(holds_form(each) for each in inner)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_forms_get_their_token(path):
    bare = [
        name
        for name, values in INCLUDE.findall(path.read_text(encoding="utf-8"))
        if holds_form(name) and "csrf_token=csrf_token" not in values
    ]

    assert bare == []
