"""Weekly reports and monthly bulletins. Figures are frozen as JSON before anything is rendered."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.models import Organisation, Paper
from schoolsafety.core.roles import BUREAU_ROLES, Role

from .figures.period import week_label
from .workflow import BulletinStatus, WeeklyStatus


class WeeklyReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The organisation's own people and those above it."""
        return self.filter(user.scope(via="organisation"))


class WeeklyReport(models.Model):
    """One organisation's week, Monday to Sunday: a school's own or a bureau's rollup."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="weekly_reports")
    week_start = models.DateField()  # the Monday, Asia/Shanghai: (year, week) breaks at the year's edge
    figures = models.JSONField()
    drafted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_nil = models.BooleanField(default=False)  # 零报告
    reasons = models.TextField(_("why hazards stay open"), blank=True)
    matters = models.TextField(_("matters to coordinate"), blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    status = models.CharField(max_length=10, choices=WeeklyStatus, default=WeeklyStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-week_start", "organisation__path"]
        indexes = [models.Index(fields=["week_start", "status"])]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "week_start"], name="one_weekly_report_per_week")
        ]

    def __str__(self):
        return f"{self.organisation} {self.week_start}"

    def get_absolute_url(self):
        return reverse("reports:weekly_detail", args=[self.pk])

    @property
    def label(self):
        """2026-W47."""
        return week_label(self.week_start)

    @property
    def is_late(self):
        """Signed after it was due (a missing one is found by its absence)."""
        return bool(self.signed_at and self.signed_at > self.due_at)


class BulletinQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's people; once issued, everyone at or below the bureau."""
        own = user.scope(via="organisation", roles=BUREAU_ROLES | {Role.AUDITOR})
        above = {int(part) for path, _role in user.posts for part in path.rstrip("/").split("/")}
        return self.filter(own | models.Q(status=BulletinStatus.ISSUED, organisation__in=above))


class Bulletin(models.Model):
    """A bureau's month."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bulletins")
    month = models.DateField()  # its first day
    figures = models.JSONField()
    # {"situation": text, "praise": text, "criticism": text, "demands": text, ...}
    sections = models.JSONField(default=dict)
    title = models.CharField(_("title"), max_length=120)
    recipients = models.CharField(_("addressed to"), max_length=200)
    copies = models.CharField(_("copies to"), max_length=200, blank=True)
    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    status = models.CharField(max_length=10, choices=BulletinStatus, default=BulletinStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    drafted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_due_on = models.DateField(null=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "organisation__path"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "month"], name="one_bulletin_per_month")
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:bulletin_detail", args=[self.pk])


class BulletinReceipt(models.Model):
    """An organisation's confirmation that it has read an issued bulletin."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="receipts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["organisation__path"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "organisation"], name="one_receipt_per_organisation")
        ]

    def __str__(self):
        return f"{self.bulletin_id} {self.organisation_id}"
