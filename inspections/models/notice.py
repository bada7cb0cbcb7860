"""Rectification notices (整改通知书), the school's reply, and the re-check (复查意见书)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from schoolsafety.core.models import Organisation, Paper
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow import ItemResult, NoticeStatus


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The issuer's people; the school only once it is issued."""
        bureau = user.scope(via="school", roles=BUREAU_ROLES | {Role.AUDITOR})
        never_issued = Q(status=NoticeStatus.DRAFT) | Q(number__isnull=True)
        return self.filter(bureau | (user.scope(via="school") & ~never_issued))


class Notice(models.Model):
    """A numbered order to one school to rectify the listed hazards. Its texts are copies, kept as issued."""

    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    bureau = models.ForeignKey(Organisation, models.PROTECT, related_name="notices_issued")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="notices")
    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, null=True, related_name="notices"
    )
    status = models.CharField(max_length=10, choices=NoticeStatus, default=NoticeStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    checked_on = models.DateField(_("day of the check"))
    inspectors = models.CharField(_("inspectors and certificates"), max_length=200, blank=True)
    opening = models.TextField(_("opening sentence"), blank=True)  # with named places, see wording.py
    basis = models.TextField(_("legal basis"))  # one clause a line, copied from LegalBasis
    protection = models.TextField(_("temporary protection"), blank=True)
    consequence = models.TextField(_("if not done in time"), blank=True)
    appeal = models.TextField(_("how to explain or object"), blank=True)
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    reply_due_on = models.DateField(_("reply by"))
    review_on = models.DateField(_("re-check on"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True, editable=False)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_post = models.CharField(max_length=60, blank=True)
    refusal_note = models.CharField(_("circumstances of the refusal"), max_length=300, blank=True)
    refusal_witness = models.CharField(_("witness"), max_length=60, blank=True)
    replied_at = models.DateTimeField(null=True, editable=False)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewers = models.CharField(_("re-checked by"), max_length=200, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    review_number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    review_paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    withdrawal_note = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["school", "status"])]

    def __str__(self):
        return self.number or f"{self.school} ({self.get_status_display()})"

    def get_absolute_url(self):
        return reverse("inspections:notice", args=[self.pk])

    @property
    def organisation(self):
        """Who issued it, by the name that all papers share."""
        return self.bureau


class NoticeItem(models.Model):
    """One hazard in a notice, with the words as issued, the reply and the result of the re-check."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="items")
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="notice_items")
    order = models.PositiveSmallIntegerField()
    place = models.CharField(_("place"), max_length=120)
    text = models.TextField(_("hazard"))
    breach = models.CharField(_("clause breached"), max_length=200, blank=True)
    grade = models.CharField(max_length=8)
    demand = models.TextField(_("what is demanded"))
    due_on = models.DateField(_("rectify by"))
    is_current = models.BooleanField(default=True)  # false once the notice is reviewed or withdrawn
    reply = models.TextField(_("reply"), blank=True)
    reply_is_done = models.BooleanField(_("done"), null=True)
    responsible = models.CharField(_("responsible person"), max_length=60, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    cost = models.DecimalField(
        _("money spent (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    result = models.CharField(_("result"), max_length=10, choices=ItemResult, blank=True)
    result_note = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "hazard"], name="hazard_once_per_notice"),
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(is_current=True), name="hazard_in_one_current_notice"
            ),
        ]

    def __str__(self):
        return f"{self.order}. {self.text[:40]}"
