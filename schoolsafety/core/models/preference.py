"""Settings that a bureau makes for itself and all below it."""

from django.db import models


class Preference(models.Model):
    """One value at one organisation; the nearest one upwards holds (see `preferences.py`)."""

    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="preferences")
    key = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="one_value_per_preference")
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.key}={self.value}"
