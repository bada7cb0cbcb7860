"""Drawn places for the tests of photo hints: each seed another room; taken again askew and half covered."""

import io
import random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

SIZE = (640, 480)


def place(seed):
    """A place of its own: walls, floor, openings and things in colours that fit together."""
    rng = random.Random(seed)
    wall, floor, thing = ([rng.randrange(30, 226) for _ in "rgb"] for _ in range(3))
    image = Image.new("RGB", SIZE, tuple(wall))
    draw = ImageDraw.Draw(image)
    horizon = rng.randrange(180, 380)
    draw.rectangle([0, horizon, 640, 480], fill=tuple(floor))
    for _ in range(rng.randrange(5, 12)):
        x, y = rng.randrange(-60, 560), rng.randrange(-40, 380)
        shade = [max(0, min(255, tone + rng.randrange(-70, 70))) for tone in rng.choice([wall, floor, thing])]
        box = [x, y, x + rng.randrange(40, 260), y + rng.randrange(40, 220)]
        rng.choice([draw.rectangle, draw.ellipse])(box, fill=tuple(shade), outline=tuple(floor), width=4)
    noise = Image.effect_noise(SIZE, 20).convert("RGB")
    return Image.blend(image, noise, 0.06).filter(ImageFilter.GaussianBlur(0.7))


def again(image, seed):
    """The same place on another day: a little aside, other light, something new in a fifth of the picture."""
    rng = random.Random(seed)
    w, h = image.size
    shift = [rng.uniform(0, 0.05) for _ in range(8)]
    quad = (
        w * shift[0], h * shift[1], w * shift[2], h * (1 - shift[3]),
        w * (1 - shift[4]), h * (1 - shift[5]), w * (1 - shift[6]), h * shift[7],
    )  # fmt: skip
    other = image.transform(image.size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
    other = ImageEnhance.Brightness(other).enhance(rng.uniform(0.75, 1.3))
    x, y = rng.randrange(w * 55 // 100), rng.randrange(h * 55 // 100)
    box = [x, y, x + w * 45 // 100, y + h * 45 // 100]
    ImageDraw.Draw(other).rectangle(box, fill=tuple(rng.randrange(60, 200) for _ in "rgb"))
    return other


def jpeg(image, quality=80):
    """JPEG bytes of a picture."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()
