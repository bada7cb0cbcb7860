"""Pictures as a camera makes them, for the tests of photos, and what can be read out of the result."""

import base64
import io
import random

from PIL import Image, ImageDraw, ImageStat

TURNED = 6  # EXIF: the camera was held upright, its sensor lies on its side
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def camera(width=4000, height=3000, *, turned=False, noise=6, seed=1) -> bytes:
    """Detail all over, a red top edge, EXIF with maker and place; `turned`: stored on its side."""
    image = Image.effect_noise((width, height), noise).convert("RGB")
    draw = ImageDraw.Draw(image)
    chance = random.Random(seed)
    for _ in range(220):
        x, y, size = chance.randrange(width), chance.randrange(height), chance.randrange(40, width // 8)
        colour = tuple(chance.randrange(30, 220) for _ in range(3))
        draw.rectangle([x, y, x + size, y + size // 2], fill=colour, outline=(20, 20, 20), width=6)
    draw.rectangle([0, 0, width, height // 10], fill=(230, 20, 20))
    if turned:
        image = image.rotate(90, expand=True)
    exif = image.getexif()
    exif[MAKE] = "Pocketcam"
    if turned:
        exif[ORIENTATION] = TURNED
    exif.get_ifd(GPS)[1] = "N"
    return _jpeg(image, exif=exif)


def noise(width=2400, height=1800, strength=120) -> bytes:
    """What a JPEG packs worst: every pixel of its own."""
    planes = [Image.effect_noise((width, height), strength) for _ in range(3)]
    return _jpeg(Image.merge("RGB", planes), quality=95)


def plain(width=1600, height=1200, colour=(200, 200, 200)) -> bytes:
    return _jpeg(Image.new("RGB", (width, height), colour))


def checkered(width=1600, height=1200, cell=12) -> bytes:
    """Black and white squares: what a blur destroys shows in the variance."""
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    for y in range(0, height, cell):
        for x in range((y // cell % 2) * cell, width, 2 * cell):
            draw.rectangle([x, y, x + cell - 1, y + cell - 1], fill=0)
    return _jpeg(image.convert("RGB"))


def _jpeg(image, quality=92, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def opened(row: dict) -> Image.Image:
    """The picture of a photo's row as it came out of the page (bytes in base64)."""
    return Image.open(io.BytesIO(base64.b64decode(row["bytes"])))


def spread(image: Image.Image, box=None) -> float:
    """The variance of the lightness, in the whole picture or a box."""
    return ImageStat.Stat(image.convert("L").crop(box) if box else image.convert("L")).var[0]


def is_red(pixel) -> bool:
    red, green, blue = pixel[:3]
    return red > 150 and green < 110 and blue < 110
