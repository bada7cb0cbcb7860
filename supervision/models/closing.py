"""The close-out sheet (销号单): one a closure, with what it says as it stood."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from schoolsafety.core.models import Organisation, Paper


class CloseOutQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The school whose hazard it was, and the bureaus above it."""
        return self.filter(user.scope(via="school"))


class CloseOut(models.Model):
    """The numbered sheet of one closure. What it says is frozen when it is made; the PDF follows from it."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="close_outs")
    turn = models.PositiveSmallIntegerField()  # how often the hazard had been reopened before this closure
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # whose series counts it
    number = models.CharField(max_length=60, unique=True, null=True)
    closed_on = models.DateField(_("written off on"))
    facts = models.JSONField()  # finished texts, see papers/closing.py
    photos = models.JSONField(default=list)  # keys of the Attachments, before and after
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    objects = CloseOutQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "turn"], name="one_close_out_sheet_per_closure")
        ]

    def __str__(self):
        return self.number or f"{self.hazard_id}/{self.turn}"

    def get_absolute_url(self):
        return reverse("supervision:close_out", args=[self.hazard.number])
