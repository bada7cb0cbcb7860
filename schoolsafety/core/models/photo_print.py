"""The fingerprints by which a photo is known again: one row for the same bytes, however often kept."""

from django.db import models


class PhotoPrint(models.Model):
    """The perceptual hash of stored bytes, cut into four bands so that an index finds what is near.

    A photo on which nothing is drawn (a black one), or whose bytes are gone, has a row with empty texts.
    """

    sha256 = models.CharField(max_length=64, unique=True)  # of the stored bytes, as in Attachment
    bits = models.CharField(max_length=16, blank=True)  # 64 bits in hexadecimal
    look = models.CharField(max_length=240, blank=True)  # tones and light of the picture, see photo_prints
    band_0 = models.PositiveIntegerField(null=True, db_index=True)  # the first 16 of the bits
    band_1 = models.PositiveIntegerField(null=True, db_index=True)
    band_2 = models.PositiveIntegerField(null=True, db_index=True)
    band_3 = models.PositiveIntegerField(null=True, db_index=True)

    def __str__(self):
        return f"{self.bits or '—'} {self.sha256[:12]}"
