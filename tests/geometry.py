"""Measures a PDF in millimetres: where text stands, where lines lie, where the ink is."""

import io
from collections import defaultdict
from dataclasses import dataclass

import pdfplumber

MM = 72 / 25.4
DPI = 300
BODY_SIZE = 16


@dataclass(frozen=True)
class Rule:
    """A drawn line: edges, width and thickness in mm, colour as pdfplumber gives it."""

    left: float
    top: float
    width: float
    thickness: float
    colour: tuple


@dataclass(frozen=True)
class Line:
    """A line of text: `left` and `right` edge, `middle` of its em boxes, in mm from the corner."""

    text: str
    left: float
    right: float
    middle: float


@dataclass(frozen=True)
class Ink:
    """The box around what is really printed, in mm from the sheet's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


def pages_of(content: bytes) -> list:
    """The pages of a PDF, as pdfplumber pages."""
    return pdfplumber.open(io.BytesIO(content)).pages


def lines_of(page, size: float = BODY_SIZE) -> list[Line]:
    """The lines of text set in `size` points, top to bottom."""
    rows = defaultdict(list)
    for char in page.chars:
        if abs(char["size"] - size) < 0.1:
            rows[round((char["top"] + char["bottom"]) / 2)].append(char)
    return [
        Line(
            "".join(char["text"] for char in sorted(row, key=lambda char: char["x0"])),
            min(char["x0"] for char in row) / MM,
            max(char["x1"] for char in row) / MM,
            middle / MM,
        )
        for middle, row in sorted(rows.items())
    ]


def rules_of(page, wider_than: float = 100) -> list[Rule]:
    """The lines and thin boxes at least `wider_than` mm wide, top to bottom."""
    found = []
    for shape in [*page.lines, *page.rects]:
        width, height = (shape["x1"] - shape["x0"]) / MM, (shape["bottom"] - shape["top"]) / MM
        thickness = height or shape["linewidth"] / MM
        if width > wider_than and thickness < 2:
            top = shape["top"] / MM - (0 if height else thickness / 2)
            colour = shape["non_stroking_color"] if height else shape["stroking_color"]
            found.append(Rule(shape["x0"] / MM, top, width, thickness, tuple(colour or ())))
    return sorted(found, key=lambda rule: rule.top)


def ink_of(page, left: float, top: float, right: float, bottom: float) -> Ink:
    """The box around the ink inside a part of the sheet (mm); raises AssertionError if there is none."""
    picture = page.to_image(resolution=DPI).original.convert("L")
    scale = DPI / 25.4
    part = picture.crop(tuple(round(edge * scale) for edge in (left, top, right, bottom)))
    box = part.point(lambda grey: 255 if grey < 200 else 0).getbbox()
    assert box, "There is no ink in that part of the sheet."
    return Ink(left + box[0] / scale, top + box[1] / scale, left + box[2] / scale, top + box[3] / scale)


def strokes_at(page, x: float, top: float, bottom: float) -> list[tuple[float, float]]:
    """(top, thickness) in mm of every horizontal line that the upright at `x` crosses between two heights."""
    picture, scale = page.to_image(resolution=2 * DPI).original.convert("L"), 2 * DPI / 25.4
    first = round(top * scale)
    dark = [picture.getpixel((round(x * scale), row)) < 160 for row in range(first, round(bottom * scale))]
    strokes, start = [], None
    for row, is_dark in enumerate([*dark, False], first):
        if is_dark and start is None:
            start = row
        if not is_dark and start is not None:
            strokes.append((start / scale, (row - start) / scale))
            start = None
    return strokes


def is_red(colour: tuple) -> bool:
    """True for a saturated red in RGB (0 to 1)."""
    return len(colour) == 3 and colour[0] > 0.7 and max(colour[1:]) < 0.25
