"""The filters of every template."""

import pytest
from django.template import engines

from schoolsafety.core.templatetags.ui import whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("期限 2026-11-24 前", '期限 <span class="nb">2026-11-24</span> 前'),
        ("WLBD0003-2026-0012", '<span class="nb">WLBD0003-2026-0012</span>'),
        ("教学楼三层-东侧", "教学楼三层-东侧"),
        ("1号楼2-3层，A-B口", '1号楼<span class="nb">2-3</span>层，<span class="nb">A-B</span>口'),
        ("a-very-long-word-that-must-break-somewhere", "a-very-long-word-that-must-break-somewhere"),
        ("", ""),
    ],
)
def test_dates_and_numbers_stay_whole(text, expected):
    assert whole(text) == expected


def test_what_a_person_typed_stays_text():
    page = engines["django"].from_string("{{ words|whole }}")

    assert page.render({"words": '<b onclick="x">2026-11-24</b>'}) == (
        '&lt;b onclick=&quot;x&quot;&gt;<span class="nb">2026-11-24</span>&lt;/b&gt;'
    )
