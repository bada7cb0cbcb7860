"""Files that belong to a case: photos drawn anew, papers, Office documents."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """One stored file. Its bytes never change; it is served only if its owner is visible."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        PAPER = "paper", _("Paper")
        OFFICE = "office", _("Office file")

    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    owner_type = models.ForeignKey(ContentType, models.PROTECT)
    owner_id = models.PositiveBigIntegerField()
    owner = GenericForeignKey("owner_type", "owner_id")
    purpose = models.CharField(max_length=20)  # what it shows: "before", "after", "funds", ...
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)  # as the person knew it; never a path
    file = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64, blank=True)
    client_uuid = models.UUIDField(unique=True, null=True)
    taken_at = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["owner_type", "owner_id"]), models.Index(fields=["sha256"])]

    def __str__(self):
        return self.name
