"""Issued papers: number, frozen data, and the digest of the PDF they render to."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The issuer's people and the addressee's."""
        return self.filter(user.scope(via="organisation") | user.scope(via="addressee"))


class Paper(models.Model):
    """A paper as issued. `data` is exactly what the template got; the same data gives the same bytes."""

    kind = models.CharField(max_length=30)  # "notice", "review", "bulletin", "weekly", ...
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="papers")
    addressee = models.ForeignKey("core.Organisation", models.PROTECT, null=True, related_name="+")
    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60, unique=True, null=True)  # 代字〔2026〕12号
    template = models.CharField(max_length=100)
    data = models.JSONField()
    identifier = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    file = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self):
        return f"{self.number or self.kind} {self.title}"
