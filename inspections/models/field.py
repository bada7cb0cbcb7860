"""What phones sent in: one row a record and one a photo, so that a second arrival changes nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.models import Organisation


class FieldRecordQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope(via="school"))


class FieldRecord(models.Model):
    """A record that a phone made, perhaps days before it arrived. `client_uuid` is the key of idempotency.

    The phone's times are kept as it said them, with the difference between the clocks as it last knew it
    (`skew_ms`, server minus phone); `received_at` is the server's and decides.
    """

    class Kind(models.TextChoices):
        PATROL = "patrol", _("Daily patrol")
        SNAP = "snap", _("Snap report")
        EVIDENCE = "evidence", _("Evidence of rectification")

    client_uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="field_records")
    payload_sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    reply = models.JSONField(default=dict)  # the receipt; a second arrival gets the same one
    received_at = models.DateTimeField()
    client_started_at = models.DateTimeField()
    client_finished_at = models.DateTimeField()
    skew_ms = models.BigIntegerField(null=True)  # null: the phone had never reached the server
    is_time_doubtful = models.BooleanField(default=False)  # 时间存疑: the phone's clock cannot be believed
    was_offline = models.BooleanField(default=False)
    app_version = models.PositiveSmallIntegerField(default=0)
    device = models.UUIDField(null=True)
    # Who brought it in from a rescue file, when it was not the phone itself.
    brought_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    patrol = models.OneToOneField("Patrol", models.PROTECT, null=True, related_name="field_record")
    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, null=True, related_name="field_records")

    objects = FieldRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["school", "-received_at"], name="field_record_school_newest")]

    def __str__(self):
        return f"{self.kind} {self.client_uuid}"


class FieldPhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A photo that belongs to no record yet is seen by whoever took it, and by nobody else."""
        return self.filter(officer=user)


class FieldPhoto(models.Model):
    """A photo that arrived ahead of its record; its bytes are an Attachment that it owns until then."""

    client_uuid = models.UUIDField(unique=True)
    record_uuid = models.UUIDField(db_index=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    received_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = FieldPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["received_at"], condition=Q(used_at=None), name="field_photo_unused")]

    def __str__(self):
        return str(self.client_uuid)
