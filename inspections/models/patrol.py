"""Daily patrols, what they found, and the rollup of a school's day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.models import Organisation

from ..workflow import PatrolStatus
from .inspection import Inspection
from .point import OfSchoolQuerySet


class Patrol(models.Model):
    """One walk. `answers` is packed: {"<item id>": "<answer><mode>"}, e.g. {"17": "nb", "18": "pe"}.

    Packed rows are twenty times smaller than one row an answer, and submit twice as fast.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="patrols")
    number = models.CharField(max_length=40, unique=True, null=True, editable=False)
    client_uuid = models.UUIDField(unique=True)
    day = models.DateField()
    round = models.PositiveSmallIntegerField(default=1)  # the second patrol of the day is 2
    template = models.ForeignKey("inspections.ChecklistTemplate", models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=PatrolStatus, default=PatrolStatus.WALKING)
    item_ids = models.JSONField(default=list)  # the items due, in order, as drawn when it was started
    photo_item_ids = models.JSONField(default=list)  # drawn by the server: photo even when normal
    answers = models.JSONField(default=dict)
    normal_count = models.PositiveSmallIntegerField(default=0)
    problem_count = models.PositiveSmallIntegerField(default=0)
    not_applicable_count = models.PositiveSmallIntegerField(default=0)
    bulk_count = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    is_late_entry = models.BooleanField(default=False)  # 补录: entered for a day that is over
    # Items of the checklist in force that the phone's older list did not have yet: 未查, never a pass.
    missed_item_ids = models.JSONField(default=list)
    # [{"zone": kind, "point": code, "at": ISO time, "how": "qr" | "code" | "skip", "reason": text}]
    checkins = models.JSONField(default=list)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-round"]
        indexes = [models.Index(fields=["school", "-day"])]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day", "round"],
                condition=Q(status=PatrolStatus.SUBMITTED),
                name="patrol_round_once_a_day",
            )
        ]

    def __str__(self):
        return self.number or f"{self.school_id} {self.day}"


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the walk or the visit that it belongs to: a covert visit's findings stay hidden with it."""
        of_walk = Q(patrol__isnull=False) & user.scope(via="school")
        return self.filter(of_walk | Q(inspection__in=Inspection.objects.visible_to(user)))


class Finding(models.Model):
    """A problem seen at an item, before and after it became a hazard."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, null=True, related_name="findings")
    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, null=True, related_name="findings"
    )
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="findings")
    item = models.ForeignKey("inspections.ChecklistItem", models.PROTECT, null=True, related_name="findings")
    # Of a visit's finding without an item; otherwise the item says it.
    category = models.ForeignKey("hazards.Category", models.PROTECT, null=True, related_name="+")
    zone = models.ForeignKey("inspections.Zone", models.PROTECT, null=True, related_name="+")
    point = models.ForeignKey("inspections.Point", models.PROTECT, null=True, related_name="+")
    client_uuid = models.UUIDField(unique=True)
    phrase = models.CharField(_("what is wrong"), max_length=100, blank=True)
    note = models.TextField(_("details"), blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    proposed_grade = models.CharField(_("proposed grade"), max_length=8)
    is_fixed_on_spot = models.BooleanField(_("fixed on the spot"), default=False)
    noted_at = models.DateTimeField()
    hazard = models.OneToOneField("hazards.Hazard", models.PROTECT, null=True, related_name="finding")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["noted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="finding_comes_from_one_walk",
                condition=Q(patrol__isnull=False, inspection__isnull=True)
                | Q(patrol__isnull=True, inspection__isnull=False),
            ),
            models.UniqueConstraint(fields=["patrol", "item"], name="one_finding_per_item_of_a_patrol"),
        ]

    def __str__(self):
        return self.phrase or self.note[:40]


class PatrolDay(models.Model):
    """A school's day in one row: due or not, walked or not, and the counts. Upserted with each patrol."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="patrol_days")
    day = models.DateField()
    is_due = models.BooleanField(default=True)
    patrols = models.PositiveSmallIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    normal = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    not_applicable = models.PositiveIntegerField(default=0)
    bulk = models.PositiveIntegerField(default=0)
    first_submitted_at = models.DateTimeField(null=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        indexes = [models.Index(fields=["day", "school"])]
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_patrol_day_per_school")]

    def __str__(self):
        return f"{self.school_id} {self.day}"
