"""The private folder of fonts: builds it, says what serves each style, and what is missing."""

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

from . import font_build, glyphs
from .font_sources import CANDIDATES, Source, default_folders, find_sources

VERSION = "5"  # raise it when the files must be made anew
CHINESE = {
    "FangSong": "仿宋",
    "XiaoBiaoSong": "小标宋",
    "Hei": "黑体",
    "Kai": "楷体",
    "Song": "宋体",
    "Latin": "西文",
}


class FontsMissing(Exception):
    """There is no Chinese font, so a paper would be a page of boxes; the message says what to do."""


@dataclass(frozen=True)
class FontStatus:
    """Which font serves which style: `served` is {style: {"title", "is_fitting"}}."""

    is_built: bool = False
    served: dict[str, dict] = field(default_factory=dict)

    def missing_all(self) -> list[str]:
        """The styles (Chinese names) without any Chinese font."""
        return [CHINESE[style] for style in CANDIDATES if style not in self.served]

    def stand_ins(self) -> dict[str, str]:
        """The styles that a readable but unfitting font serves: {Chinese name: font}."""
        return {
            CHINESE[style]: entry["title"] for style, entry in self.served.items() if not entry["is_fitting"]
        }


def font_status() -> FontStatus:
    """The state of the private folder; reads one small file."""
    manifest = _read_manifest(settings.FONT_ROOT)
    return FontStatus(bool(manifest), manifest.get("styles", {})) if manifest else FontStatus()


def font_config_file() -> Path:
    """The fontconfig file of the private folder; raises FontsMissing when no paper can be set."""
    status, path = font_status(), settings.FONT_ROOT / "fonts.conf"
    if not status.is_built or not path.exists():
        raise FontsMissing("The fonts for papers are not prepared: run manage.py fonts.")
    if not status.served:
        raise FontsMissing("No Chinese font was found. Install fonts-noto-cjk, then run manage.py fonts.")
    return path


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points that at least one private font has."""
    ranges = _read_manifest(settings.FONT_ROOT)["covered"]
    return frozenset(code for first, last in ranges for code in range(first, last + 1))


def build_fonts(
    root: Path | None = None,
    folders: list[Path] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> FontStatus:
    """Bring the private folder up to date; what is already there is kept. `say` gets a line per step."""
    root = root or settings.FONT_ROOT
    office = Path(settings.OFFICE_FONT_DIR) if settings.OFFICE_FONT_DIR else None
    sources = find_sources(folders if folders is not None else default_folders(), office)
    (root / "files").mkdir(parents=True, exist_ok=True)
    first_of = _first_style_of_each_file(sources)
    jobs = {style: (sources[style], _file_key(sources[style])) for style in dict.fromkeys(first_of.values())}
    if "Song" in sources:  # letters and figures for styles whose own do not match
        latin = replace(sources["Song"], style="Latin")
        jobs["Latin"] = (latin, _file_key(latin))
    coverage = _make_files(root, jobs, say)
    aliases = {style: first for style, first in first_of.items() if style != first}
    (root / "fonts.conf").write_text(_font_config(root, aliases), encoding="utf-8")
    styles = {
        style: {"title": source.title, "is_fitting": source.is_fitting} for style, source in sources.items()
    }
    _write_manifest(root, {"styles": styles, "covered": _ranges(coverage)})
    _remove_others(root, {key for _, key in jobs.values()})
    covered.cache_clear()
    return FontStatus(True, styles)


def _first_style_of_each_file(sources: dict[str, Source]) -> dict[str, str]:
    """{style: the style under whose name its file is made}: with few fonts one file serves several."""
    owners: dict[tuple, str] = {}
    return {style: owners.setdefault((one.path, one.face), style) for style, one in sources.items()}


def _file_key(source: Source) -> str:
    characters = glyphs.latin() if source.style == "Latin" else glyphs.wanted_characters()
    text = "|".join([VERSION, source.key(), source.style, *sorted(characters)])
    return f"{source.style}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _make_files(root: Path, jobs: dict, say: Callable[[str], None]) -> set[int]:
    """Make the missing files two at a time; returns the code points of all fonts."""
    todo = {}
    for style, (source, key) in jobs.items():
        if not (root / "files" / f"{key}.json").exists():
            todo[style] = (source, key)
        say(f"{CHINESE[style]}: {source.title}{'' if style in todo else ' (already there)'}")
    if todo:
        with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
            for style in pool.map(_make_one, [(root, source, key) for source, key in todo.values()]):
                say(f"{CHINESE[style]}: ready")
    found: set[int] = set()
    for _, key in jobs.values():
        for first, last in json.loads((root / "files" / f"{key}.json").read_text()):
            found.update(range(first, last + 1))
    return found


def _make_one(job: tuple[Path, Source, str]) -> str:
    root, source, key = job
    family, folder = f"SS {source.style}", root / "files"
    if source.style == "Latin":
        has, characters = set(), glyphs.latin()
    else:
        has = font_build.build_full(source, f"{family} Full", folder / f"{key}-full{source.suffix}")
        characters = glyphs.wanted_characters()
    font_build.build_fast(source, family, characters, folder / f"{key}.ttf")
    (folder / f"{key}.json").write_text(json.dumps(_ranges(has)))  # last: its presence says "complete"
    return source.style


def _font_config(root: Path, aliases: dict[str, str]) -> str:
    """fontconfig's file: the private folder and nothing of the system's, so papers are alike anywhere."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>SS {style}{full}</string></test>'
        f'<edit name="family" mode="assign" binding="same"><string>SS {first}{full}</string></edit></match>\n'
        for style, first in sorted(aliases.items())
        for full in ("", " Full")
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"<dir>{escape(str(root / 'files'))}</dir>\n<cachedir>{escape(str(root / 'cache'))}</cachedir>\n"
        f"{rules}</fontconfig>\n"
    )


def _ranges(codes: set[int]) -> list[list[int]]:
    """Sorted runs [first, last] of whole numbers."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return runs


def _read_manifest(root: Path) -> dict:
    try:
        return json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _write_manifest(root: Path, manifest: dict) -> None:
    draft = root / "manifest.part"
    draft.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    draft.replace(root / "manifest.json")


def _remove_others(root: Path, keys: set[str]) -> None:
    for path in (root / "files").iterdir():
        if not any(path.name.startswith(key) for key in keys):
            path.unlink()
