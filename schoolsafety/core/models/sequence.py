"""Counters for papers and cases."""

from django.db import models


class NumberSequence(models.Model):
    """The last number given in a series of one organisation in one year."""

    organisation = models.ForeignKey("core.Organisation", models.PROTECT)
    series = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "series", "year"], name="one_counter_per_series_and_year"
            )
        ]

    def __str__(self):
        return f"{self.organisation_id}/{self.series}/{self.year}: {self.last}"
