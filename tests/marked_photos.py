"""Small photos whose picture says which record they belong to: a coarse grid that survives being redrawn.

Eight by eight black and white cells hold the number of the record (24 bits), of its photo (8 bits) and of
the run (8 bits), and 24 bits that check the rest. A photo on the wrong record is thereby proven.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageStat

SIDE = 8  # cells
CELL = 16  # pixels
BITS = SIDE * SIDE


class Unreadable(ValueError):
    """The picture holds no grid of ours, or a damaged one."""


@dataclass(frozen=True, order=True)
class Mark:
    """What a photo says of itself."""

    record: int
    photo: int
    run: int = 0

    def bits(self) -> int:
        said = self.record.to_bytes(3, "big") + bytes([self.photo, self.run])
        return int.from_bytes(said + hashlib.sha256(said).digest()[:3], "big")


def draw(mark: Mark) -> bytes:
    """The JPEG of a mark; different marks give different bytes."""
    small = Image.new("L", (SIDE, SIDE))
    bits = mark.bits()
    small.putdata([230 if bits >> (BITS - 1 - at) & 1 else 25 for at in range(BITS)])
    stream = BytesIO()
    large = small.resize((SIDE * CELL, SIDE * CELL), Image.Resampling.NEAREST)
    large.convert("RGB").save(stream, "JPEG", quality=75)
    return stream.getvalue()


def read(content: bytes) -> Mark:
    """The mark of a JPEG that `draw` made, also after it was redrawn; Unreadable if there is none."""
    with Image.open(BytesIO(content)) as source:
        grey = source.convert("L")
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            bits = bits << 1 | (_light(grey, row, column) > 127)
    said = bits.to_bytes(BITS // 8, "big")
    mark = Mark(int.from_bytes(said[:3], "big"), said[3], said[4])
    if mark.bits() != bits:
        raise Unreadable("the grid of this photo does not add up")
    return mark


def _light(grey: Image.Image, row: int, column: int) -> float:
    """How light the middle of a cell is."""
    wide, high = grey.width / SIDE, grey.height / SIDE
    box = (
        round((column + 0.25) * wide), round((row + 0.25) * high),
        round((column + 0.75) * wide), round((row + 0.75) * high),
    )  # fmt: skip
    return ImageStat.Stat(grey.crop(box)).mean[0]
