"""The append-only history: events in one hash chain per organisation, and the daily anchors over them."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class EventQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope(via="organisation"))


class Event(models.Model):
    """One act. Written by `audit.record_event` only; a trigger refuses UPDATE and DELETE."""

    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    actor = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="events")
    # Canonical JSON as text: jsonb would re-order keys and change the bytes that were hashed.
    payload = models.TextField()
    alg = models.CharField(max_length=10, default="sha256")
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "seq"], name="event_seq_is_unique_in_its_chain")
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self):
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"


class EventText(models.Model):
    """The words of an event. The chain holds their salted commitment, so erasing them keeps it valid."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="words")
    salt = models.CharField(max_length=32)
    text = models.TextField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.text


class ChainHead(models.Model):
    """The last link of an organisation's chain; locked last, so writers queue here and nowhere else."""

    organisation = models.OneToOneField("core.Organisation", models.PROTECT, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self):
        return f"{self.organisation_id}:{self.seq}"


class Anchor(models.Model):
    """A day's Merkle root over all chain heads (RFC 6962 hashing), itself chained to the day before."""

    day = models.DateField(unique=True)
    taken_at = models.DateTimeField()
    heads = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.hash[:12]}"


class AnchorLeaf(models.Model):
    """The head of one chain under an anchor; kept only where it moved since the anchor before."""

    anchor = models.ForeignKey(Anchor, models.PROTECT, related_name="leaves")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["anchor", "organisation"], name="anchor_leaf_once_per_organisation"
            )
        ]

    def __str__(self):
        return f"{self.organisation_id}:{self.seq}"
