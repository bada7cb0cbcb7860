"""Inspections by a bureau, with the facts that law asks of a check record (安全生产法 Art. 67, 68)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow import InspectionStatus


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's people; the school only once it is finished, so that covert visits stay covert."""
        bureau = user.scope(via="bureau", roles=BUREAU_ROLES | {Role.AUDITOR})
        finished = models.Q(status=InspectionStatus.FINISHED) & user.scope(via="school")
        return self.filter(bureau | finished)


class Inspection(models.Model):
    """One visit of one school."""

    class Form(models.TextChoices):
        OPEN = "open", _("Open")
        COVERT = "covert", _("Covert")

    number = models.CharField(max_length=40, unique=True, null=True, editable=False)
    bureau = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections_made")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections")
    form = models.CharField(_("form"), max_length=8, choices=Form, default=Form.OPEN)
    is_joint = models.BooleanField(_("joint inspection"), default=False)
    partners = models.CharField(_("agencies taking part"), max_length=200, blank=True)
    subject = models.CharField(_("what is inspected"), max_length=200)
    place = models.CharField(_("places visited"), max_length=300)
    inspected_on = models.DateField(_("day"))
    began_at = models.TimeField(pgettext_lazy("time of day", "from"), null=True, blank=True)
    ended_at = models.TimeField(pgettext_lazy("time of day", "to"), null=True, blank=True)
    template = models.ForeignKey("inspections.ChecklistTemplate", models.PROTECT, null=True, related_name="+")
    item_ids = models.JSONField(default=list)
    answers = models.JSONField(default=dict)  # packed as in Patrol
    problems_text = models.TextField(_("problems found"), blank=True)
    handling = models.TextField(_("how they are handled"), blank=True)
    head_name = models.CharField(_("head of the school"), max_length=60, blank=True)
    head_post = models.CharField(_("post"), max_length=60, blank=True)
    head_remark = models.TextField(_("remarks of the school"), blank=True)
    head_signed_at = models.DateTimeField(null=True, editable=False)
    is_signature_refused = models.BooleanField(_("signature refused"), default=False)
    refusal_note = models.CharField(_("circumstances of the refusal"), max_length=300, blank=True)
    witness = models.CharField(_("witness"), max_length=60, blank=True)
    status = models.CharField(max_length=10, choices=InspectionStatus, default=InspectionStatus.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-inspected_on", "-pk"]

    def __str__(self):
        return self.number or f"{self.school} {self.inspected_on}"


class InspectionMember(models.Model):
    """A member of the team; at least two, with the number of the certificate shown (Art. 67)."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="members")
    name = models.CharField(_("name"), max_length=60)
    unit = models.CharField(_("unit"), max_length=100, blank=True)
    certificate = models.CharField(_("certificate number"), max_length=40, blank=True)
    is_leader = models.BooleanField(_("leader of the team"), default=False)

    class Meta:
        ordering = ["-is_leader", "pk"]

    def __str__(self):
        return self.name
