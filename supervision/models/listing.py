"""Listed supervision: the listing with its stages, progress reports, requests for time and acceptances."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from schoolsafety.core.models import Organisation, Paper
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow.listing import (
    CURRENT,
    RUNNING,
    Cycle,
    Ground,
    ListingLevel,
    ListingStatus,
    ReportState,
)

PERSON = settings.AUTH_USER_MODEL


class ListingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureaus above the school; the school's people only once it is issued."""
        bureau = user.scope(via="school", roles=BUREAU_ROLES | {Role.AUDITOR})
        return self.filter(bureau | (user.scope(via="school") & Q(number__isnull=False)))

    def current(self):
        return self.filter(status__in=CURRENT)

    def running(self):
        return self.filter(status__in=RUNNING)

    def published(self):
        """What everybody may read: a person published it, and nobody took it down."""
        return self.filter(published_at__isnull=False, number__isnull=False)

    def answered_for_by(self, user):
        """Those of whose supervising bureau this person is: after a move, the school's new superior."""
        paths = [path for path, role in user.posts if role in BUREAU_ROLES]
        is_below = Q(school__path__startswith=F("organisation__path"))
        return self.filter(
            Q(is_below, organisation__path__in=paths) | (~is_below & Q(school__parent__path__in=paths))
        )


class Listing(models.Model):
    """One major hazard under listed supervision (挂牌督办). Its texts are frozen in the paper as issued."""

    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    level = models.CharField(max_length=10, choices=ListingLevel, editable=False)
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="listings")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="listings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="listings_supervised")
    status = models.CharField(max_length=10, choices=ListingStatus, default=ListingStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    supervisor = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("supervising person")
    )
    responsible = models.CharField(_("who answers for it at the school"), max_length=100)
    basis = models.TextField(_("basis of the listing"))
    situation = models.TextField(_("state and cause"))
    demands = models.TextField(_("what is demanded"))
    plan_due_on = models.DateField(_("plan of rectification by"), null=True, blank=True)
    controls = models.TextField(_("monitoring and emergency measures"))
    is_use_stopped = models.BooleanField(_("use is stopped"), default=False)
    due_on = models.DateField(_("end of the term"))
    first_due_on = models.DateField(null=True, editable=False)
    cycle = models.PositiveSmallIntegerField(_("progress reports"), choices=Cycle, default=Cycle.WEEKLY)
    extension_how = models.TextField(_("how to ask for a longer term"))
    conditions = models.TextField(_("conditions of delisting"))
    publicity = models.CharField(_("how it is published"), max_length=200)
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    next_report_on = models.DateField(null=True, editable=False)  # none while nothing is to be reported

    public_what = models.CharField(_("for the public: what"), max_length=200, blank=True)
    public_where = models.CharField(_("for the public: where"), max_length=120, blank=True)
    public_advice = models.CharField(_("for the public: advice"), max_length=300, blank=True)
    publish_due_on = models.DateField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    delisting_number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    ground = models.CharField(_("ground"), max_length=12, choices=Ground, blank=True, editable=False)
    delisting_note = models.TextField(_("remark"), blank=True)
    delisted_at = models.DateTimeField(null=True, editable=False)
    delisted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    delisting_paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    delisting_publish_due_on = models.DateField(null=True, editable=False)
    delisting_published_at = models.DateTimeField(null=True, editable=False)
    delisting_published_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "status"], name="listing_school_state"),
            models.Index(fields=["status", "next_report_on"], name="listing_report_due"),
            models.Index(fields=["-published_at", "-id"], name="listing_published"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"],
                condition=Q(status__in=sorted(CURRENT)),
                name="one_current_listing_a_hazard",
            ),
            models.CheckConstraint(
                name="listing_runs_under_a_number",
                condition=~Q(status__in=[*sorted(RUNNING), ListingStatus.DELISTED]) | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="listing_delisted_says_how_and_when",
                condition=~Q(status=ListingStatus.DELISTED)
                | Q(delisting_number__isnull=False, delisted_at__isnull=False) & ~Q(ground=""),
            ),
        ]

    def __str__(self):
        return self.number or f"{self.school} ({self.get_status_display()})"

    def get_absolute_url(self):
        return reverse("supervision:listing", args=[self.pk])

    def days_left(self, on):
        """Whole days from `on` to the end of the term; negative once it is over, None if none runs."""
        return (self.due_on - on).days if self.status in RUNNING else None

    def is_report_late(self, on):
        """Did the day of a progress report pass without one?"""
        return bool(self.next_report_on and self.next_report_on < on)


class ListingStage(models.Model):
    """A stage of the rectification with its day (阶段目标)."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="stages")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("stage"), max_length=100)
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "order"], name="one_stage_a_place"),
        ]

    def __str__(self):
        return f"{self.order}. {self.name}"


class ProgressReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A report exists only under an issued listing: the school and the bureaus above it."""
        return self.filter(user.scope(via="listing__school"))


class ProgressReport(models.Model):
    """What the school reports on its cycle, read or returned by the bureau (督办进展)."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="reports")
    due_on = models.DateField()
    text = models.TextField(_("what was done since the last report"))
    plan_ahead = models.TextField(_("what comes next, and what is in the way"), blank=True)
    protection = models.TextField(_("how it is kept safe meanwhile"))
    funds_spent = models.DecimalField(
        _("money spent so far (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    is_late = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.SENT)
    answer = models.TextField(_("answer"), blank=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["state", "listing"], name="progress_to_read")]
        constraints = [
            models.CheckConstraint(
                name="progress_money_is_not_negative",
                condition=Q(funds_spent__isnull=True) | Q(funds_spent__gte=0),
            )
        ]

    def __str__(self):
        return f"{self.listing_id}: {self.made_at:%Y-%m-%d}"


class ListingExtension(models.Model):
    """A request for a longer term and its decision; every day is kept (延期申请表)."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="extensions")
    reason = models.TextField(_("reason"))
    safeguards = models.TextField(_("how it is kept safe until then"))
    old_due_on = models.DateField()
    asked_due_on = models.DateField(_("asked for"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    notice_due_on = models.DateField()  # the last day on which it would have been in time
    is_late = models.BooleanField(default=False)
    decide_due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(null=True)
    new_due_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], condition=Q(decided_at__isnull=True), name="one_open_request_a_listing"
            )
        ]

    def __str__(self):
        return f"{self.listing_id}: {self.asked_due_on}"


class ListingAcceptance(models.Model):
    """An application with its assessment (治理情况评估报告), and what the acceptance found."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="acceptances")
    assessment = models.TextField(_("assessment of the rectification"))
    assessed_by = models.CharField(_("assessed by"), max_length=200)
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    due_on = models.DateField()
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    people = models.CharField(_("accepted by"), max_length=200, blank=True)
    is_passed = models.BooleanField(null=True)
    opinion = models.TextField(_("opinion"), blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], condition=Q(held_at__isnull=True), name="one_open_acceptance_a_listing"
            )
        ]

    def __str__(self):
        return f"{self.listing_id}: {self.applied_at:%Y-%m-%d}"
