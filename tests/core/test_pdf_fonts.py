"""The private fonts: whose are taken first, what is built, what is said when something is missing."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from fontTools.ttLib import TTFont

from schoolsafety.core.checks import papers_have_their_typefaces
from schoolsafety.core.pdf import font_build, fonts, glyphs
from schoolsafety.core.pdf.font_sources import find_sources, wheel_folder
from tests.core import papers
from tests.geometry import pages_of

CHILD = """
import sys, django
from pathlib import Path
django.setup()
from django.conf import settings
settings.FONT_ROOT = Path(sys.argv[1])
from schoolsafety.core.pdf.rendering import render_pdf
from tests.core import papers
sys.stdout.buffer.write(render_pdf("papers/official.html", papers.official(), identifier="wheel"))
"""


@pytest.fixture
def few_characters(monkeypatch):
    """Builds take a second, not ten."""
    wanted = set(papers.SENTENCE + papers.RARE_NAMES + "0123456789 —")
    monkeypatch.setattr(glyphs, "wanted_characters", lambda: wanted)


@pytest.fixture(scope="module")
def wheel_only(tmp_path_factory):
    """The private folder as it is when nothing but the Python package brings fonts."""
    patch = pytest.MonkeyPatch()
    patch.setattr(
        glyphs, "wanted_characters", lambda: set(papers.SENTENCE + papers.RARE_NAMES + "0123456789 —")
    )
    root, said = tmp_path_factory.mktemp("fonts"), []
    status = fonts.build_fonts(root, wheel_folder(), said.append)
    patch.undo()
    return root, status, said


def touch(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"")
    return folder


def test_the_offices_own_fonts_come_first(tmp_path):
    office = touch(tmp_path / "office", "方正小标宋简体.ttf", "仿宋_GB2312.ttf", "readme.txt")
    system = touch(tmp_path / "system", "FandolFang-Regular.otf", "NotoSansCJK-Regular.ttc")
    found = find_sources([office, system], office)
    assert {style: one.path.name for style, one in found.items()} == {
        "FangSong": "仿宋_GB2312.ttf", "XiaoBiaoSong": "方正小标宋简体.ttf", "Hei": "NotoSansCJK-Regular.ttc",
    }  # fmt: skip


def test_a_font_with_an_offices_name_elsewhere_is_not_taken(tmp_path):
    system = touch(tmp_path / "system", "simhei.ttf")
    assert find_sources([system], None) == {}


def test_fandol_serves_fangsong_before_a_stand_in(tmp_path):
    folder = touch(tmp_path, "FandolFang-Regular.otf", "LXGWWenKai-Light.ttf", "NotoSerifSC-Regular.otf")
    found = find_sources([folder])
    assert (found["FangSong"].title, found["FangSong"].is_fitting) == ("FandolFang", True)
    (folder / "FandolFang-Regular.otf").unlink()
    found = find_sources([folder])
    assert (found["FangSong"].title, found["FangSong"].is_fitting) == ("LXGW WenKai Light", False)


def test_the_wheel_alone_serves_every_style_and_the_stand_ins_are_named(wheel_only):
    root, status, _ = wheel_only
    assert status.missing_all() == []
    assert set(status.stand_ins()) == {"仿宋", "小标宋", "楷体"}
    assert len(list((root / "files").glob("*-full.otf"))) == 2  # one file serves four styles


def test_a_paper_renders_with_the_wheel_alone(wheel_only):
    root, *_ = wheel_only
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(root)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    pages = pages_of(child.stdout)
    used = {char["fontname"].split("+")[1] for page in pages for char in page.chars}
    assert all(name.startswith("SS-") for name in used)
    assert "全区各中小学" in pages[1].extract_text()


def test_a_second_build_makes_nothing_anew(wheel_only, few_characters):
    root, *_ = wheel_only
    before = {path.name: path.stat().st_mtime_ns for path in (root / "files").iterdir()}
    said = []
    fonts.build_fonts(root, wheel_folder(), said.append)
    assert {path.name: path.stat().st_mtime_ns for path in (root / "files").iterdir()} == before
    assert all("already there" in line for line in said)


def test_built_fonts_have_our_name_the_common_em_box_and_truetype_outlines(wheel_only):
    root, *_ = wheel_only
    (path,) = (root / "files").glob("Hei-*.ttf")
    font = TTFont(path)
    assert font["name"].getDebugName(1) == "SS Hei"
    em, box = font["head"].unitsPerEm, font["hhea"]
    assert (box.ascent / em, box.descent / em) == (0.88, -0.12)  # one em, so that no fallback moves a line
    assert "glyf" in font
    assert set(map(ord, papers.RARE_NAMES)) <= set(font.getBestCmap())


def test_a_font_whose_letters_do_not_match_gives_them_up_but_keeps_its_space(wheel_only, tmp_path):
    """Without a space of its own the shaper sets a whole Chinese run as missing glyphs."""
    source = replace(find_sources(wheel_folder())["Hei"], has_good_latin=False)
    font_build.build_fast(source, "SS Trial", set("A 1中文\u00a0"), tmp_path / "trial.ttf")
    assert {chr(code) for code in TTFont(tmp_path / "trial.ttf").getBestCmap()} == set("中文 \u00a0")


def test_without_any_font_the_status_names_every_style_and_no_paper_is_set(tmp_path, settings):
    settings.FONT_ROOT = tmp_path
    assert fonts.font_status().missing_all() == ["仿宋", "小标宋", "黑体", "楷体", "宋体"]
    with pytest.raises(fonts.FontsMissing, match="run manage"):
        fonts.font_config_file()
    fonts.build_fonts(tmp_path, [])
    with pytest.raises(fonts.FontsMissing, match="fonts-noto-cjk"):
        fonts.font_config_file()
    fonts.covered.cache_clear()


def test_the_command_stops_without_any_font(tmp_path, settings, monkeypatch):
    settings.FONT_ROOT = tmp_path
    monkeypatch.setattr(fonts, "default_folders", list)
    with pytest.raises(CommandError, match="No Chinese font"):
        call_command("fonts")
    fonts.covered.cache_clear()


def test_every_character_of_gb2312_and_the_rare_names_are_wanted():
    wanted = glyphs.wanted_characters()
    assert len(glyphs.gb2312()) == 6763 + 682
    assert set(papers.RARE_NAMES) | set("〔〕—·℃㎡") <= wanted


def test_the_system_check_names_what_stands_in(wheel_only, settings, tmp_path):
    settings.FONT_ROOT = wheel_only[0]
    (warning,) = papers_have_their_typefaces(None)
    assert warning.id == "core.W003"
    assert "仿宋: Noto Serif SC stands in" in warning.msg
    settings.FONT_ROOT = tmp_path
    (warning,) = papers_have_their_typefaces(None)
    assert warning.id == "core.W002"
