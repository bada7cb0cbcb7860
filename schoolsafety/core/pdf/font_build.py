"""Makes the private fonts: small static TrueType under our own names; only this module imports fontTools."""

from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from . import glyphs
from .font_sources import Source

# An em box split 88 to 12 for every font: a character out of a fallback font then moves no line.
ASCENT, DESCENT = 0.88, 0.12
KEPT_NAMES = {0, 7, 13, 14}  # copyright, trademark, licence
DROPPED = ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG", "kern", "gasp", "STAT", "meta", "JSTF"]
# TrueType needs curves of the second degree; this is the greatest error in units of the em.
MAX_ERROR = 1.0


def build_fast(source: Source, family: str, characters: set[str], target: Path) -> None:
    """The characters of `source` that are in `characters`, as static TrueType named `family`."""
    font = _open(source)
    if not source.has_good_latin:
        # The space stays: without it the shaper sets a whole Chinese run as missing glyphs.
        characters = characters - glyphs.latin() | {" ", "\u00a0"}
    options = subset.Options(
        layout_features=[], hinting=False, glyph_names=False, notdef_outline=True, name_IDs=["*"],
        name_languages=["*"], drop_tables=[*subset.Options().drop_tables, *DROPPED], recalc_timestamp=False,
    )  # fmt: skip
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    if "CFF " in font or "CFF2" in font:
        _to_truetype(font)
    _save(font, family, target)


def build_full(source: Source, family: str, target: Path) -> set[int]:
    """All of `source` under the name `family`; returns the code points it has."""
    font = _open(source)
    for tag in DROPPED:
        if tag in font:
            del font[tag]
    covered = set(font.getBestCmap())
    _keep_outlines_as_they_are(font)
    _save(font, family, target)
    return covered


def _keep_outlines_as_they_are(font: TTFont) -> None:
    """Writing 60,000 unchanged outlines anew would take a minute: pass their bytes through."""
    font.recalcBBoxes = False
    if "CFF " in font:
        raw = DefaultTable("CFF ")
        raw.data = font.reader["CFF "]
        font.tables["CFF "] = raw


def _open(source: Source) -> TTFont:
    number = _face_number(source) if source.path.suffix.lower() == ".ttc" else -1
    return TTFont(source.path, fontNumber=number, recalcTimestamp=False, lazy=True)


def _face_number(source: Source) -> int:
    """Which font of a collection has the wanted family; the first when none is asked for or found."""
    with TTCollection(source.path, lazy=True) as collection:
        for number, font in enumerate(collection.fonts):
            if source.face in {str(font["name"].getDebugName(which)) for which in (1, 16)}:
                return number
    return 0


def _to_truetype(font: TTFont) -> None:
    """Replace cubic outlines by quadratic ones (the way of fontTools' own otf2ttf example)."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    unit_error = MAX_ERROR * font["head"].unitsPerEm / 1000
    converted = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, unit_error, reverse_direction=True))
        converted[name] = pen.glyph()
    for tag in ("CFF ", "CFF2", "HVAR", "fvar", "avar"):
        if tag in font:
            del font[tag]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, converted
    maximum = font["maxp"]
    maximum.tableVersion = 0x00010000
    for field in (
        "maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
        "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
    ):  # fmt: skip
        setattr(maximum, field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def _save(font: TTFont, family: str, target: Path) -> None:
    """Name the font, give it the common em box and write it whole or not at all."""
    _rename(font, family)
    units = font["head"].unitsPerEm
    ascent, descent = round(units * ASCENT), round(units * DESCENT)
    head, os2 = font["hhea"], font["OS/2"]
    head.ascent, head.descent, head.lineGap = ascent, -descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent
    # One family, one weight: what the style sheet names is what it gets.
    os2.usWeightClass, os2.usWidthClass, font["head"].macStyle = 400, 5, 0
    os2.fsSelection = 0x40
    draft = target.with_suffix(".part")
    font.save(draft)
    draft.replace(target)


def _rename(font: TTFont, family: str) -> None:
    # The name inside a CFF table stays as it is: nobody reads it.
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in KEPT_NAMES]
    postscript = family.replace(" ", "")
    for which, text in {1: family, 2: "Regular", 3: postscript, 4: family, 6: postscript}.items():
        names.setName(text, which, 3, 1, 0x409)
