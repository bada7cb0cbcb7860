"""Workbooks brought in: kept with their rows and errors until someone accepts them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..roles import Role


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and for an administrator all at or below the post."""
        return self.filter(
            models.Q(uploaded_by=user) | user.scope(via="organisation", roles={Role.ADMINISTRATOR})
        )


class ImportBatch(models.Model):
    """One uploaded workbook: parsed, checked row by row, and written only when accepted."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        ACCEPTED = "accepted", _("Accepted")
        DISCARDED = "discarded", _("Discarded")

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    # [{"row": 3, "values": {column: text}, "errors": {column: [message]}, "change": "new|same|update"}]
    rows = models.JSONField(default=list)
    good_count = models.PositiveIntegerField(default=0)
    bad_count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    accepted_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return f"{self.kind} {self.file_name}"
