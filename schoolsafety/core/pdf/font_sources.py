"""Finds the font file that serves each style: the office's own first, then free ones, then the wheel."""

import importlib.util
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

SUFFIXES = {".otf", ".ttf", ".ttc"}
SYSTEM_FOLDERS = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
    "~/.local/share/fonts",
    "~/.fonts",
]
WHEEL = "pylopdf_fonts_zh_cn"


@dataclass(frozen=True)
class Candidate:
    """A font that may serve a style: `pattern` fits the file's name, `face` the family inside a collection.

    `is_fitting` is False for a stand-in that is readable but not the style an official paper asks for;
    `has_good_latin` is False when its letters and figures do not match its characters: "SS Latin" sets them.
    """

    pattern: str
    title: str
    face: str = ""
    is_fitting: bool = True
    is_office: bool = False
    has_good_latin: bool = True


@dataclass(frozen=True)
class Source:
    """The chosen file of one style."""

    style: str
    path: Path
    title: str
    face: str
    is_fitting: bool
    has_good_latin: bool = True

    @property
    def suffix(self) -> str:
        """Of a single font that holds this outline format."""
        return ".ttf" if self.path.suffix.lower() == ".ttf" else ".otf"

    def key(self) -> str:
        """Changes whenever the file does."""
        stat = self.path.stat()
        return f"{self.path}|{self.face}|{self.has_good_latin}|{stat.st_size}|{stat.st_mtime_ns}"


def _office(pattern: str) -> Candidate:
    return Candidate(pattern, title="", is_office=True)


_SERIF_STANDIN = Candidate(r"NotoSerifSC-Regular\.otf", "Noto Serif SC", is_fitting=False)
_SERIF = [
    Candidate(r"NotoSerifCJK-Regular\.ttc", "Noto Serif CJK SC", "Noto Serif CJK SC"),
    Candidate(r"(NotoSerifCJKsc|SourceHanSerifSC|NotoSerifSC)-Regular\.(otf|ttf)", "Noto Serif SC"),
    Candidate(r"FandolSong-Regular\.otf", "FandolSong"),
]
# The light weight stands best beside FandolFang's thin strokes.
_WENKAI = [
    Candidate(r"LXGWWenKai(GB)?-Light\.ttf", "LXGW WenKai Light"),
    Candidate(r"LXGWWenKai(GB)?-Regular\.ttf", "LXGW WenKai"),
]
# For each style the fonts that may serve it, best first.
CANDIDATES: dict[str, list[Candidate]] = {
    "FangSong": [
        _office(r"仿宋|FangSong|fangsong|FZFS|simfang|STFANGSO"),
        Candidate(r"FandolFang-Regular\.otf", "FandolFang", has_good_latin=False),
        Candidate(r"ZhuqueFangsong.*\.[ot]tf", "朱雀仿宋"),
        *(replace(one, is_fitting=False) for one in _WENKAI),
        _SERIF_STANDIN,
        Candidate(r"NotoSerifCJK-Regular\.ttc", "Noto Serif CJK SC", "Noto Serif CJK SC", is_fitting=False),
    ],
    "XiaoBiaoSong": [
        _office(r"小标宋|XiaoBiaoSong|xiaobiaosong|FZXBS"),
        Candidate(r"NotoSerifCJK-Bold\.ttc", "Noto Serif CJK SC Bold", "Noto Serif CJK SC"),
        Candidate(r"(NotoSerifCJKsc|SourceHanSerifSC|NotoSerifSC)-Bold\.(otf|ttf)", "Noto Serif SC Bold"),
        Candidate(r"FandolSong-Bold\.otf", "FandolSong Bold"),
        _SERIF_STANDIN,
    ],
    "Hei": [
        _office(r"黑体|SimHei|simhei|FZHT|STHeiti"),
        Candidate(r"NotoSansCJK-Regular\.ttc", "Noto Sans CJK SC", "Noto Sans CJK SC"),
        Candidate(r"(NotoSansCJKsc|SourceHanSansSC|NotoSansSC)-Regular\.(otf|ttf)", "Noto Sans SC"),
        Candidate(r"FandolHei-Regular\.otf", "FandolHei"),
    ],
    "Kai": [
        _office(r"楷体|KaiTi|kaiti|simkai|FZKT|STKAITI"),
        *_WENKAI,
        Candidate(r"FandolKai-Regular\.otf", "FandolKai"),
        _SERIF_STANDIN,
    ],
    "Song": [_office(r"宋体|书宋|SimSun|simsun|FZSS|STSONG"), *_SERIF],
}


def default_folders() -> list[Path]:
    """Where to look, best first: the office's fonts, FandolFang as fetched, the system, the wheel."""
    office = [Path(settings.OFFICE_FONT_DIR)] if settings.OFFICE_FONT_DIR else []
    system = [Path(folder).expanduser() for folder in SYSTEM_FOLDERS]
    return [*office, settings.FONT_ROOT.parent / "fandol", *system, *wheel_folder()]


def wheel_folder() -> list[Path]:
    """The folder of the fonts that come as a Python package, if it is installed."""
    spec = importlib.util.find_spec(WHEEL)
    return [Path(spec.origin).parent] if spec and spec.origin else []


def find_sources(folders: list[Path], office: Path | None = None) -> dict[str, Source]:
    """The best source of each style; a style without any is absent. Only `office` matches office patterns."""
    files = [path for folder in folders for path in _font_files(folder)]
    found = {style: _best(style, files, office) for style in CANDIDATES}
    return {style: source for style, source in found.items() if source}


def _font_files(folder: Path) -> list[Path]:
    """Font files under `folder`, in the order of their names."""
    paths = [Path(where, name) for where, _, names in os.walk(folder) for name in names]
    return sorted(path for path in paths if path.suffix.lower() in SUFFIXES)


def _best(style: str, files: list[Path], office: Path | None) -> Source | None:
    for candidate in CANDIDATES[style]:
        for path in files:
            if candidate.is_office:
                is_match = office and path.is_relative_to(office) and re.search(candidate.pattern, path.name)
            else:
                is_match = re.fullmatch(candidate.pattern, path.name)
            if is_match:
                title = candidate.title or path.stem
                return Source(
                    style, path, title, candidate.face, candidate.is_fitting, candidate.has_good_latin
                )
    return None
