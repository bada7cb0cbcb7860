"""The demo's photos: a small set of drawn scenes, stored once and pinned to many hazards."""

import hashlib

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from PIL import Image

from hazards.models import Hazard
from schoolsafety.core.models import Attachment

from . import pictures
from .supervision.photos import vary

VARIANTS = 4


class Album:
    """Draws each scene before and after in a few variants; `pin` hangs one on a hazard."""

    def __init__(self, rng):
        self.rng = rng
        self.prints = {}
        self.waiting = []
        for motif in pictures.MOTIFS:
            for variant in range(VARIANTS):
                seed = rng.getrandbits(32)
                for purpose in ("before", "after"):
                    self.prints[motif, variant, purpose] = self._store(motif, variant, purpose, seed)

    def bytes_of(self, category, purpose):
        """JPEG bytes that fit a category, no two alike, for the stories that go through the real upload."""
        motif = pictures.MOTIF_OF_CATEGORY.get(category, "boxes")
        name = self.prints[motif, self.rng.randrange(VARIANTS), purpose]["file"]
        return vary((settings.MEDIA_ROOT / name).read_bytes(), self.rng.getrandbits(32))

    def pin(self, hazard, actor, purpose, at):
        """Remember a photo of `hazard`; `save` writes it once the hazard has its key."""
        motif = pictures.MOTIF_OF_CATEGORY.get(hazard.category_id, "boxes")
        variant = int(hazard.client_uuid.int % VARIANTS)
        self.waiting.append((hazard, actor, purpose, at, self.prints[motif, variant, purpose]))

    def save(self):
        """Write the remembered photos."""
        kind = ContentType.objects.get_for_model(Hazard)
        Attachment.objects.bulk_create(
            [
                Attachment(
                    organisation=hazard.school, owner_type=kind, owner_id=hazard.pk, purpose=purpose,
                    kind=Attachment.Kind.PHOTO, name=f"{hazard.number}-{purpose}.jpg",
                    content_type="image/jpeg", taken_at=at, uploaded_at=at, uploaded_by=actor, **facts,
                )
                for hazard, actor, purpose, at, facts in self.waiting
            ],
            batch_size=500,
        )  # fmt: skip
        self.waiting.clear()

    def _store(self, motif, variant, purpose, seed):
        content = pictures.scene(motif, variant, is_after=purpose == "after", seed=seed)
        digest = hashlib.sha256(content).hexdigest()
        name, small = f"demo/{digest[:32]}.jpg", f"demo/{digest[:32]}-small.jpg"
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        with Image.open(path) as image:
            width, height = image.size
            image.thumbnail((320, 320))
            image.save(settings.MEDIA_ROOT / small, "JPEG", quality=78)
        return {
            "file": name, "thumbnail": small, "size": len(content), "width": width, "height": height,
            "sha256": digest, "original_sha256": digest,
        }  # fmt: skip
