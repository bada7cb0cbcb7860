"""Orders to stop the use of a place (停用), and the school's applications to resume it (恢复使用)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from schoolsafety.core.models import Organisation, Paper
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow.stops import CLOSED_NOW, LIVE, STANDS, Assessor, Extent, StopStatus

PERSON = settings.AUTH_USER_MODEL


class StopOrderQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's people; the school only what was issued to it."""
        bureau = user.scope(via="school", roles=BUREAU_ROLES | {Role.AUDITOR})
        return self.filter(bureau | (user.scope(via="school") & Q(number__isnull=False)))

    def closed_now(self):
        """What is out of use now."""
        return self.filter(status__in=CLOSED_NOW)

    def over(self, on):
        """Stops that still bind the school after their usual limit, on `on`."""
        return self.filter(status__in=STANDS, limit_on__lt=on)


class StopOrder(models.Model):
    """A numbered order to stop the use of one place or of a whole school until a hazard is removed."""

    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="stop_orders")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="stop_orders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="stop_orders_issued")
    status = models.CharField(max_length=10, choices=StopStatus, default=StopStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    extent = models.CharField(_("how much is stopped"), max_length=8, choices=Extent, default=Extent.PARTIAL)
    place = models.CharField(_("what is stopped"), max_length=200)
    reason = models.TextField(_("why its use is stopped"))
    basis = models.TextField(_("legal basis"))
    demands = models.TextField(_("what the school must do"))
    appeal = models.TextField(_("how to object"), blank=True)
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    starts_on = models.DateField(_("stopped from"))
    limit_on = models.DateField(null=True, editable=False)  # the usual limit; a warning follows, no end
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True, editable=False)
    received_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, editable=False)
    withdrawal_note = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)

    objects = StopOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["school", "status"]), models.Index(fields=["status", "limit_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(status__in=sorted(LIVE)), name="one_live_stop_per_hazard"
            ),
            models.CheckConstraint(
                name="stop_in_force_has_a_number",
                condition=~Q(status__in=sorted(CLOSED_NOW)) | Q(number__isnull=False, limit_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number or f"{self.place} ({self.get_status_display()})"

    def get_absolute_url(self):
        return reverse("supervision:stop", args=[self.pk])

    @property
    def is_standing(self):
        return self.status in STANDS

    def days_closed(self, on):
        """Whole days that it is closed on `on`, the first counted; 0 before it begins or once ended."""
        return max((on - self.starts_on).days + 1, 0) if self.status in CLOSED_NOW else 0


class ResumptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the school's cases: an application is the school's own word."""
        return self.filter(user.scope(via="order__school"))


class Resumption(models.Model):
    """One written application to resume use: the assessment, the review on site, the decision."""

    order = models.ForeignKey(StopOrder, models.PROTECT, related_name="resumptions")
    plan = models.TextField(_("what the plan demanded"))
    done = models.TextField(_("what was done, item by item"))
    assessor = models.CharField(_("assessed by"), max_length=6, choices=Assessor)
    experts = models.TextField(_("experts, with post"), blank=True)
    body = models.CharField(_("assessment body"), max_length=120, blank=True)
    certificate = models.CharField(_("number of its certificate"), max_length=60, blank=True)
    assessed_on = models.DateField(_("day of the assessment"))
    conclusion = models.TextField(_("conclusion of the assessment"))
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    review_due_on = models.DateField(editable=False)
    reviewed_on = models.DateField(_("reviewed on"), null=True)
    reviewers = models.CharField(_("reviewers"), max_length=200, blank=True)
    findings = models.TextField(_("what was found on site"), blank=True)
    is_proposed = models.BooleanField(_("proposal"), null=True)
    review_recorded_at = models.DateTimeField(null=True, editable=False)
    review_recorded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(_("decision"), null=True)
    answer = models.TextField(_("reason or conditions"), blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True, editable=False)  # its order ended without a decision

    objects = ResumptionQuerySet.as_manager()

    class Meta:
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(decided_at__isnull=True, voided_at__isnull=True),
                name="one_open_resumption_per_stop",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.order_id}: {self.applied_at:%Y-%m-%d}"
