"""Renders papers: the only module that imports WeasyPrint. The same data gives the same bytes."""

import base64
import gc
import logging
import os
import threading
from functools import lru_cache
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.utils import translation

from . import cjk_justify
from .fonts import FontsMissing, covered, font_config_file

__all__ = ["FontsMissing", "PdfError", "photo_data_uri", "render_pdf", "warm_up"]

log = logging.getLogger(__name__)
# WeasyPrint's font map belongs to one thread at a time.
_lock = threading.Lock()
GETA = "〓"  # what Chinese printing sets for a character that no fount has
INVISIBLE = {0x200B, 0x200C, 0x200D, 0xFEFF, *range(0xFE00, 0xFE10)}
CONTROL = {*range(0x00, 0x20)} - {0x09, 0x0A, 0x0D}
PICTURE_KINDS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}
SAMPLE = "<html lang=zh-CN><title>0</title><p>安全"


class PdfError(Exception):
    """A paper could not be rendered; the message says why."""


def render_pdf(template_name: str, context: dict, *, identifier: str) -> bytes:
    """The PDF (tagged PDF/A-2a) of a paper's template and data, as bytes.

    `context` is plain data (blocks.py says its shape), in the template also as `paper`; `identifier`
    becomes the file's ID, there is no clock and no random number in the file.
    Raises FontsMissing without Chinese fonts, PdfError for anything else.
    """
    with translation.override("zh-hans"):
        html = render_to_string(template_name, {**context, "paper": context})
    engine = _engine()
    with _lock:
        return _write(engine, _printable(html), identifier)


def warm_up() -> None:
    """Load WeasyPrint and the fonts before the first paper; workers call it when they start."""
    engine = _engine()
    with _lock:
        _write(engine, SAMPLE, "warm-up")
    gc.collect()
    gc.freeze()  # what is loaded now stays: later collections need not look at it


def photo_data_uri(content: bytes) -> str:
    """A JPEG or PNG as a data: address; raises ValueError for anything else. Give it the stored thumbnail."""
    for start, kind in PICTURE_KINDS.items():
        if content.startswith(start):
            return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
    raise ValueError("A paper takes JPEG and PNG pictures only.")


@lru_cache(maxsize=1)
def _engine() -> SimpleNamespace:
    """WeasyPrint with the private fonts, loaded once a process (1.5 to 2.5 s)."""
    os.environ["FONTCONFIG_FILE"] = str(font_config_file())  # read when WeasyPrint is imported
    try:
        import weasyprint  # noqa: PLC0415 -- needs FONTCONFIG_FILE first
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- as above
        from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415 -- as above
    except OSError as error:
        raise PdfError(f"The libraries for PDF are missing (Debian: libpango-1.0-0): {error}") from error
    cjk_justify.install()
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # else seven lines a paper

    class DataOnly(URLFetcher):
        """Lets in what the paper itself holds; anything else stops the rendering."""

        def fetch(self, url, headers=None):
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"A paper may not load {url[:80]}")
            return super().fetch(url, headers)

    return SimpleNamespace(
        html=weasyprint.HTML, fonts=FontConfiguration(), fetcher=DataOnly(), forbidden=FatalURLFetchingError
    )


def _write(engine: SimpleNamespace, html: str, identifier: str) -> bytes:
    was_collecting = gc.isenabled()
    gc.disable()  # a collection in mid-layout costs a seventh of the time and frees nothing
    try:
        document = engine.html(string=html, url_fetcher=engine.fetcher, base_url=None)
        return document.write_pdf(
            font_config=engine.fonts, pdf_variant="pdf/a-2a", pdf_identifier=identifier.encode(),
            presentational_hints=True,
        )  # fmt: skip
    except engine.forbidden as error:  # a BaseException: it would end the worker
        raise PdfError(str(error)) from error
    finally:
        if was_collecting:
            gc.enable()


def _printable(html: str) -> str:
    """`html` without invisible characters, and with 〓 for what no font has, so that no box is printed."""
    codes = {ord(character) for character in set(html)}
    absent = codes - covered() - INVISIBLE - CONTROL - {0x09, 0x0A, 0x0D}
    if absent:
        log.warning("No font for %s", " ".join(f"U+{code:04X}" for code in sorted(absent)))
    table = dict.fromkeys(absent, GETA) | dict.fromkeys(codes & (INVISIBLE | CONTROL))
    return html.translate(table) if table else html
