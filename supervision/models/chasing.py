"""What was done about deadlines: each chase (催办), each pause of the clock, each escalation."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.models import Hazard
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow.chasing import LIVE, EscalationStatus, Level, PauseStatus, Way

OWNER = settings.AUTH_USER_MODEL


class SchoolsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the school's cases."""
        return self.filter(user.scope(via="school"))


class Chase(models.Model):
    """One time that the bureau pressed for a hazard, in whatever way."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="chases")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=10, choices=Way, default=Way.APP)
    text = models.CharField(max_length=300, blank=True)  # the line that was sent
    note = models.CharField(max_length=300, blank=True)  # who was reached and what was said
    told = models.PositiveSmallIntegerField(null=True)  # how many people got the line

    objects = SchoolsQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["hazard", "-at", "-id"], name="chase_newest")]

    def __str__(self):
        return f"{self.hazard_id} {self.at:%Y-%m-%d %H:%M}"


class Pause(models.Model):
    """Workdays that do not count towards a hazard's deadline; both deadlines are kept."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="pauses")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=PauseStatus, editable=False)
    starts_on = models.DateField(pgettext_lazy("period", "from"))
    ends_on = models.DateField(pgettext_lazy("period", "to"))
    reason = models.TextField(_("reason"))
    days = models.PositiveSmallIntegerField(null=True, editable=False)  # workdays that did not count
    old_due_on = models.DateField(null=True, editable=False)
    new_due_on = models.DateField(null=True, editable=False)
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    end_note = models.CharField(max_length=300, blank=True)

    objects = SchoolsQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["status", "ends_on"], name="pause_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(status__in=sorted(LIVE)), name="one_live_pause_per_hazard"
            ),
            models.CheckConstraint(
                name="pause_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self):
        return f"{self.starts_on} – {self.ends_on}"

    def get_absolute_url(self):
        return reverse("supervision:pause", args=[self.pk])


class EscalationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureaus above the school and the auditor: a school is told what is decided, not proposed."""
        return self.filter(user.scope(via="school", roles=BUREAU_ROLES | {Role.AUDITOR}))


class Escalation(models.Model):
    """What chasing did not move, put before the next level with its facts; a person decides."""

    key = models.CharField(max_length=60, unique=True)  # a hazard, its deadline, a level: asked once
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="escalations")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # who is asked
    level = models.CharField(max_length=6, choices=Level)
    status = models.CharField(max_length=9, choices=EscalationStatus, default=EscalationStatus.OPEN)
    due_on = models.DateField()  # as it stood when it was proposed
    days_late = models.PositiveIntegerField()  # workdays
    chases = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("instruction or reason"), max_length=300, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["status", "organisation"], name="escalation_state")]

    def __str__(self):
        return f"{self.hazard_id} {self.get_level_display()}"

    def get_absolute_url(self):
        return reverse("supervision:escalation", args=[self.pk])
