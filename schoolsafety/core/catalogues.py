"""The translation catalogues, without GNU gettext: extraction, update, check and compilation with Babel.

An area is one catalogue: an app with its templates, or `core` for all the rest. Entries are sorted and carry
no line numbers, so that two people who translate at the same time do not get in each other's way.
"""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
HOME = "core"  # the area of everything that belongs to no other
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = f"""\
msgid ""
msgstr ""
"Language: {LOCALE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-z]|(?<!%)%[sd]|{(\w*)}")
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg"}
PARTS = {"field": "inspections"}  # folders of templates that are a part of an area


@dataclass
class Area:
    """One catalogue. `root` is the project's folder, `name` an app's label; `others` are the other areas."""

    root: Path
    name: str
    others: list[str] = field(default_factory=list)

    @property
    def po_path(self) -> Path:
        return self.root / "locale" / self.name / LOCALE / "LC_MESSAGES" / "django.po"

    @property
    def mo_path(self) -> Path:
        return self.po_path.with_suffix(".mo")

    def sources(self) -> Iterator[Path]:
        """Python modules (no migrations) and templates whose messages belong to this area."""
        package = "schoolsafety" if self.name == HOME else self.name
        for path in sorted((self.root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
        templates = self.root / "templates"
        for path in sorted(templates.rglob("*")):
            folder = path.relative_to(templates).parts[0]
            folder = PARTS.get(folder, folder)
            is_ours = folder not in self.others if self.name == HOME else folder == self.name
            if path.suffix in TEMPLATE_SUFFIXES and is_ours:
                yield path


def areas(root: Path | None = None, names: list[str] | None = None) -> list[Area]:
    """Every area that the settings name."""
    names = names or settings.MESSAGE_AREAS
    root = Path(root or settings.BASE_DIR)
    return [Area(root, name, [other for other in names if other != name]) for name in names]


def extracted(area: Area) -> Catalog:
    """What the area's sources ask to have translated; each message knows its files and lines."""
    catalogue = Catalog(locale=LOCALE)
    for path in area.sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What templatize leaves is tokens for the extractor; indentation means nothing in it.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))
        source = io.BytesIO(text.encode())
        name = str(path.relative_to(area.root))
        for line, found, comments, context in extract("python", source, keywords=KEYWORDS, comment_tags=()):
            catalogue.add(found, locations=[(name, line)], auto_comments=comments, context=context)
    return catalogue


def stored(area: Area) -> Catalog:
    """The area's catalogue as it lies on the disk; empty when there is none yet."""
    if not area.po_path.exists():
        return Catalog(locale=LOCALE)
    with area.po_path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def update(area: Area) -> tuple[int, int]:
    """Write the .po anew: translations are kept, unused entries go. Returns (messages, untranslated)."""
    old, new = stored(area), Catalog(locale=LOCALE)
    for message in _messages(extracted(area)):
        known = old.get(message.id, message.context)
        flags = {flag for flag in known.flags if flag == "fuzzy"} if known else set()
        new.add(
            message.id, _string_for(message, known), flags=flags, context=message.context,
            user_comments=known.user_comments if known else (),
        )  # fmt: skip
    body = io.BytesIO()
    write_po(body, new, sort_output=True, no_location=True, omit_header=True, ignore_obsolete=True, width=100)
    area.po_path.parent.mkdir(parents=True, exist_ok=True)
    _replace(area.po_path, HEADER.encode() + body.getvalue())
    messages = list(_messages(new))
    return len(messages), sum(not _is_translated(message) for message in messages)


def compile_area(area: Area) -> bool:
    """Write the .mo beside the .po if the .po is newer. Returns whether it was written."""
    if not area.po_path.exists():
        return False
    if area.mo_path.exists() and area.mo_path.stat().st_mtime_ns >= area.po_path.stat().st_mtime_ns:
        return False
    body = io.BytesIO()
    write_mo(body, stored(area))
    _replace(area.mo_path, body.getvalue())
    return True


def problems(area: Area) -> list[str]:
    """One line a fault: missing, untranslated, marked fuzzy, placeholders that differ, no longer used."""
    catalogue, wanted = stored(area), extracted(area)
    found = []
    for message in _messages(wanted):
        fault = _fault(message, catalogue.get(message.id, message.context))
        if fault:
            file, line = message.locations[0]
            found.append(f"{file}:{line}: {fault}: {_shown(message)}")
    po_name = area.po_path.relative_to(area.root)
    for message in _messages(catalogue):
        if wanted.get(message.id, message.context) is None:
            found.append(f"{po_name}: no longer used: {_shown(message)}")
    return found


def contradictions(all_areas: list[Area]) -> list[str]:
    """Messages that two areas translate differently: a page would show only one of the two."""
    seen: dict[tuple, tuple[str, str]] = {}
    found = []
    for area in all_areas:
        for message in _messages(stored(area)):
            if not _is_translated(message):
                continue
            key = (message.context, _singular(message))
            string = _strings(message)[0]
            other, other_string = seen.setdefault(key, (area.name, string))
            if string != other_string:
                found.append(
                    f"{_shown(message)}: {other} says “{other_string}”, {area.name} says “{string}”; "
                    "agree on one, or give each a context"
                )
    return found


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def _shown(message: Message) -> str:
    context = f" (context “{message.context}”)" if message.context else ""
    return f"“{_singular(message)}”{context}"


def _is_translated(message: Message) -> bool:
    return all(_strings(message)) and not message.fuzzy


def _strings(message: Message) -> tuple[str, ...]:
    """The translation: one text, or one for each plural form; never an empty tuple."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _string_for(message: Message, known: Message | None) -> str | tuple:
    """The old translation in the shape that the message has now: text, or one text a plural form."""
    if known is None:
        return ""
    old = _strings(known)[0]
    return (old,) if isinstance(message.id, list | tuple) else old


def _fault(message: Message, known: Message | None) -> str | None:
    if known is None:
        return "missing from the catalogue"
    if known.fuzzy:
        return "marked fuzzy"
    if not _is_translated(known):
        return "not translated"
    asked = message.id if isinstance(message.id, list | tuple) else (message.id,)
    # Chinese has one form: it must name what the English plural names, no more and no less.
    if any(_placeholders(text) != _placeholders(asked[-1]) for text in _strings(known)):
        return "the translation has other placeholders"
    return None


def _placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text)}


def _replace(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a reader or a second writer never sees half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
