"""The demo's photos of what waits for verification: each of its own, so that the hint at copies says something."""

import hashlib
import random
from io import BytesIO

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from PIL import Image

from hazards.models import Hazard
from hazards.workflow import Status
from schoolsafety.core.models import Attachment

SIZE = (960, 720)


def vary(content, seed):
    """JPEG bytes of the same scene as another camera saw it: from aside, nearer, in another light."""
    rng = random.Random(seed)  # noqa: S311 -- pictures, not secrets
    with Image.open(BytesIO(content)) as image:
        image.draft("RGB", SIZE)
        w, h = image.size
        near = [rng.uniform(0.02, 0.2) for _ in range(8)]
        quad = (
            w * near[0], h * near[1], w * near[2], h * (1 - near[3]),
            w * (1 - near[4]), h * (1 - near[5]), w * (1 - near[6]), h * near[7],
        )  # fmt: skip
        seen = image.transform(SIZE, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
    brightness = rng.uniform(0.75, 1.15)
    light = [brightness * rng.uniform(0.95, 1.05) for _ in "rgb"]
    bands = [band.point([min(255, int(tone * gain)) for tone in range(256)])
             for band, gain in zip(seen.split(), light, strict=True)]  # fmt: skip
    stream = BytesIO()
    Image.merge("RGB", bands).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def vary_waiting():
    """Give every photo that waits for verification bytes of its own; before and after of a case alike."""
    waiting = Hazard.objects.filter(status=Status.SUBMITTED)
    rows = Attachment.objects.filter(
        owner_type=ContentType.objects.get_for_model(Hazard), owner_id__in=waiting.values("pk"),
        file__startswith="demo/",
    )  # fmt: skip
    for row in rows:
        content = vary((settings.MEDIA_ROOT / row.file).read_bytes(), row.owner_id)
        row.sha256 = row.original_sha256 = hashlib.sha256(content).hexdigest()
        row.file, row.thumbnail = f"demo/{row.sha256[:32]}.jpg", f"demo/{row.sha256[:32]}-small.jpg"
        row.size, (row.width, row.height) = len(content), SIZE
        (settings.MEDIA_ROOT / row.file).write_bytes(content)
        with Image.open(BytesIO(content)) as image:
            image.thumbnail((320, 320))
            image.save(settings.MEDIA_ROOT / row.thumbnail, "JPEG", quality=78)
        row.save()
    return len(rows)
