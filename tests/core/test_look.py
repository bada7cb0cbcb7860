"""Colours and weight of the style sheets, computed: contrast of every pair, bytes on the wire."""

import gzip
import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
SHEETS = ["css/tokens.css", "css/components.css", "css/pages.css", "css/print.css", "papers/charts.css"]
# "colour/ground"
TEXT = """ink/paper ink/surface ink/sunken ink/brand-t ink/ok-t ink/warn-t ink/sev-1-t ink-2/paper
    ink-2/surface ink-2/sunken ink-2/brand-t ink-3/sunken brand/paper brand/surface brand/brand-t
    brand-h/brand-t brand-h/surface on-brand/brand on-brand/brand-h on-hero/hero ok/ok-t warn/warn-t
    on-hero-btn/hero-btn sev-1-ink/surface sev-1-ink/paper sev-1-ink/sev-1-t sev-1-on/sev-1 sev-2-on/sev-2
    sev-3-on/sev-3 sev-4-on/sev-4 h-low-on/h0 h-low-on/h1 h-low-on/h2
    h-low-on/h3 h-high-on/h4 h-high-on/h5"""
SHAPES = """line-2/paper line-2/surface focus/paper focus/surface focus-hero/hero ok/surface brand/paper
    sev-1-ink/surface"""
IN_THE_SUN = "ink/surface ink/paper ink-2/surface"


def tokens(theme):
    """{name: "#rrggbb"} of the light or the dark colours; dark changes only what it names."""
    text = (CSS / "tokens.css").read_text()
    blocks = [text[: text.index("@media (prefers-color-scheme")]]
    if theme == "dark":
        blocks.append(text[text.index(':root[data-theme="dark"]') :])
    found = {}
    for block in blocks:
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", block))
    return found


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """WCAG 2's ratio of two colours, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3), (IN_THE_SUN, 7)])
def test_every_pair_of_colours_is_legible(theme, pairs, least):
    colours = tokens(theme)
    ratios = {pair: contrast(*(colours[name] for name in pair.split("/"))) for pair in pairs.split()}
    weak = {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}

    assert weak == {}


def test_the_dark_of_the_device_is_the_dark_of_the_switch():
    text = (CSS / "tokens.css").read_text()
    device = text[text.index(':root:not([data-theme="light"])') : text.index(':root[data-theme="dark"]')]
    switch = text[text.index(':root[data-theme="dark"]') : text.index(':root[data-theme="light"] {')]

    assert re.findall(r"--[\w-]+: [^;]+", device) == re.findall(r"--[\w-]+: [^;]+", switch)


def test_style_sheets_use_no_colour_that_the_tokens_do_not_name():
    """But for papers, which stay white in the dark, and the viewer, which stays dark in the light."""
    strays = [
        line.strip()
        for name in ("components.css", "pages.css")
        for line in (CSS / name).read_text().splitlines()
        if re.search(r"#[0-9a-f]{3,6}\b", line) and not re.match(r"\s*(\.doc|\.viewer)", line)
    ]

    assert strays == []


def test_all_style_sheets_together_stay_below_fourteen_kilobytes_on_the_wire():
    sizes = [len(gzip.compress((settings.BASE_DIR / "static" / name).read_bytes(), 9)) for name in SHEETS]

    assert sum(sizes) <= 14 * 1024


def test_what_every_page_runs_stays_below_five_kilobytes_on_the_wire():
    static = settings.BASE_DIR / "static"
    names = ["js/page.js", "js/photos.js", "js/keys.js", "icons/sprite.svg"]

    assert sum(len(gzip.compress((static / name).read_bytes(), 9)) for name in names) <= 5 * 1024
