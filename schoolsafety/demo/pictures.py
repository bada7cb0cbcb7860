"""Draws the demo's photos: simple scenes before and after, so that no real place or face is shown."""

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 960)
WALLS = [(214, 219, 216), (222, 214, 200), (205, 216, 224), (226, 222, 212), (210, 205, 214), (216, 224, 210)]


def scene(kind, variant, *, is_after, seed):
    """JPEG bytes of a scene. `kind` picks the motif, `variant` (0-5) the colours; `is_after` tidies it.

    The same `seed` before and after shows the same place.
    """
    rng = random.Random(seed)  # noqa: S311 -- pictures, not secrets
    image = Image.new("RGB", SIZE, WALLS[variant % len(WALLS)])
    draw = ImageDraw.Draw(image)
    _room(draw, variant)
    MOTIFS[kind](draw, rng, is_after)
    noise = Image.effect_noise(SIZE, 14).convert("RGB")
    image = Image.blend(image, noise, 0.06).filter(ImageFilter.GaussianBlur(0.6))
    stream = BytesIO()
    image.save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _room(draw, variant):
    """Floor in perspective, skirting, a window of light."""
    floor = [(120, 112, 102), (138, 128, 110), (104, 110, 116)][variant % 3]
    draw.polygon([(0, 960), (1280, 960), (1000, 600), (280, 600)], fill=floor)
    draw.polygon([(0, 0), (280, 180), (280, 600), (0, 960)], fill=(190, 192, 188))
    draw.polygon([(1280, 0), (1000, 180), (1000, 600), (1280, 960)], fill=(178, 182, 180))
    for step in range(5):
        y = 620 + step * 70
        draw.line([(280 - step * 56, y), (1000 + step * 56, y)], fill=tuple(c - 12 for c in floor), width=3)
    draw.rectangle([420, 240, 640, 440], fill=(232, 240, 246), outline=(120, 130, 138), width=8)
    draw.line([(530, 240), (530, 440)], fill=(120, 130, 138), width=6)


def _boxes(draw, rng, is_after):
    """Things piled in a passage, or the passage free with a sign on the wall."""
    if is_after:
        draw.rectangle([700, 260, 880, 340], fill=(20, 130, 90))
        draw.polygon([(720, 300), (770, 275), (770, 325)], fill="white")
        draw.rectangle([770, 292, 860, 308], fill="white")
        return
    for number in range(7):
        x, y, size = 380 + (number % 4) * 140, 760 - (number // 4) * 120, rng.randrange(100, 140)
        shade = rng.randrange(-18, 18)
        draw.rectangle([x, y - size, x + size, y], fill=(168 + shade, 128 + shade, 84 + shade),
                       outline=(96, 72, 44), width=4)  # fmt: skip
        draw.line([(x, y - size // 2), (x + size, y - size // 2)], fill=(120, 92, 60), width=3)


def _cables(draw, rng, is_after):
    """A cabinet with loose wires, or shut and locked."""
    draw.rectangle([560, 300, 800, 640], fill=(200, 204, 206), outline=(70, 76, 80), width=8)
    if is_after:
        draw.rectangle([580, 320, 780, 620], fill=(188, 194, 197), outline=(90, 96, 100), width=4)
        draw.polygon(
            [(680, 400), (640, 470), (672, 470), (656, 540), (720, 452), (684, 452)], fill=(240, 190, 20)
        )
        draw.ellipse([748, 460, 772, 484], fill=(60, 60, 60))
        return
    for number in range(9):
        color = [(190, 40, 40), (40, 70, 160), (220, 190, 40), (30, 30, 30)][number % 4]
        points = [(600 + number * 20, 340)]
        for step in range(1, 7):
            points.append((points[0][0] + rng.randrange(-60, 60), 340 + step * 70))
        draw.line(points, fill=color, width=7, joint="curve")


def _kitchen(draw, rng, is_after):
    """Shelves with goods on the floor, or all on the shelves."""
    for level in range(3):
        draw.rectangle([460, 330 + level * 110, 860, 342 + level * 110], fill=(110, 116, 120))
    for number in range(10):
        on_floor = not is_after and number > 4
        x = 480 + (number % 5) * 76
        y = 860 if on_floor else 330 + (number // 5 % 3) * 110
        tone = rng.randrange(170, 230)
        draw.ellipse(
            [x, y - 90, x + 70, y], fill=(tone, tone - 20, tone - 60), outline=(120, 110, 80), width=3
        )


def _rail(draw, rng, is_after):
    """A railing with posts missing, or whole."""
    draw.line([(300, 520), (980, 520)], fill=(80, 96, 110), width=16)
    draw.line([(300, 700), (980, 700)], fill=(80, 96, 110), width=12)
    gap = rng.randrange(5, 9)
    for number in range(16):
        if not is_after and gap <= number <= gap + 2:
            continue
        x = 310 + number * 44
        draw.line([(x, 520), (x, 700)], fill=(96, 112, 126), width=10)
    if not is_after:
        x = 310 + gap * 44
        draw.line([(x, 690), (x + 90, 760)], fill=(96, 112, 126), width=10)


def _gate(draw, rng, is_after):
    """A car on the fire lane, or the lane free and marked."""
    for number in range(6):
        x = 330 + number * 110
        draw.polygon([(x, 900), (x + 50, 900), (x + 90, 700), (x + 40, 700)], fill=(226, 196, 60))
    if not is_after:
        tone = rng.randrange(40, 160)
        draw.rounded_rectangle([440, 640, 860, 820], 40, fill=(tone, 70, 80))
        draw.polygon([(520, 640), (590, 560), (740, 560), (800, 640)], fill=(150, 180, 196))
        for x in (520, 780):
            draw.ellipse([x - 48, 780, x + 48, 876], fill=(30, 30, 32))


MOTIFS = {"boxes": _boxes, "cables": _cables, "kitchen": _kitchen, "rail": _rail, "gate": _gate}
MOTIF_OF_CATEGORY = {
    "XF": "boxes", "DQ": "cables", "SP": "kitchen", "JZ": "rail", "ZA": "gate", "ZB": "gate", "TY": "rail",
    "SS": "rail", "YJ": "boxes", "SY": "kitchen", "CR": "kitchen",
}  # fmt: skip
