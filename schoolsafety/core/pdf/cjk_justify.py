"""Both edges flush for Chinese: replaces WeasyPrint 70's justification, which widens spaces only.

GB/T 9704-2012, 5.2.3 wants the text area filled; Chinese has no spaces to widen, so the gap of a line is
shared among its characters. The patch touches one private function, hence the check of the version here
and the measurement in tests/core/test_pdf_geometry.py.
"""

import re

SUPPORTED = "70."
CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
GREATEST_GAP = 0.5  # em per character; a wider gap means the line was not meant to be filled


def install() -> None:
    """Patch WeasyPrint once; raises RuntimeError for a version this was not measured with."""
    import weasyprint  # noqa: PLC0415 -- loads Pango; only rendering may ask for it
    from weasyprint.layout import inline  # noqa: PLC0415 -- as above

    if not weasyprint.__version__.startswith(SUPPORTED):
        raise RuntimeError(f"Chinese justification is made for WeasyPrint {SUPPORTED}*.")
    if getattr(inline.justify_line, "is_for_chinese", False):
        return
    inline.justify_line = _justifier(inline.justify_line)


def _justifier(original):
    def justify_line(context, line, extra):
        text = "".join(box.text for box in _text_boxes(line))
        if not CJK.search(text):
            original(context, line, extra)
            return
        gaps = len(text) - 1
        if gaps > 0 and extra / gaps < line.style["font_size"] * GREATEST_GAP:
            _spread(context, line, extra / gaps, 0)

    justify_line.is_for_chinese = True
    return justify_line


def _text_boxes(box):
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415 -- as above

    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            yield from _text_boxes(child)


def _spread(context, box, gap, x):
    """Add `gap` after every character of `box`, which has moved by `x` so far; returns the new `x`."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415 -- as above

    if isinstance(box, boxes.TextBox):
        return _spread_text(context, box, gap, x)
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.position_x += x
        start = x
        for child in box.children:
            if child.is_in_normal_flow():
                x = _spread(context, child, gap, x)
        box.width += x - start
        return x
    box.translate(x, 0)
    return x


def _spread_text(context, box, gap, x):
    from weasyprint.layout import inline  # noqa: PLC0415 -- as above

    box.position_x += x
    if not box.text:
        return x
    style = box.style.copy()
    spacing = style["letter_spacing"]
    style["letter_spacing"] = (0 if spacing == "normal" else spacing) + gap
    box.style = style
    layout = inline.create_layout(box.text, style, context, max_width=None, justification_spacing=0)
    layout.deactivate()
    box.pango_layout = layout
    box.width += gap * len(box.text)
    return x + gap * len(box.text)
