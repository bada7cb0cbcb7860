"""The criteria of a major hazard as versioned data, and the judgements made by them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from schoolsafety.core.models import Organisation

from ..workflow.judging import Area, Flag, Mode, Outcome


class MajorCriterionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published law: whoever is signed in may read it."""
        return self if user.is_authenticated else self.none()

    def in_force(self, on):
        """The versions that hold on the day `on`."""
        return self.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on), effective_from__lte=on)


class MajorCriterion(models.Model):
    """One version of one criterion. Its words never change: a new version is a new row, the old one ends."""

    area = models.CharField(_("area"), max_length=12, choices=Area)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    group = models.CharField(_("group"), max_length=30, blank=True)  # items that are counted together
    at_least = models.PositiveSmallIntegerField(_("at least so many"), null=True, blank=True)
    item_no = models.CharField(_("item number"), max_length=20)
    text = models.TextField(_("wording"))
    source = models.CharField(_("source"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    is_verified = models.BooleanField(_("checked against the official text"), default=False)

    objects = MajorCriterionQuerySet.as_manager()

    class Meta:
        ordering = ["area", "-mode", "group", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "mode", "group", "item_no", "effective_from"], name="criterion_version_once"
            ),
            models.CheckConstraint(
                name="criterion_ends_after_it_begins",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
            ),
            models.CheckConstraint(
                name="criterion_combined_says_how_many",
                condition=Q(mode=Mode.DIRECT, at_least__isnull=True, group="")
                | Q(mode=Mode.COMBINED, at_least__gte=1) & ~Q(group=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_area_display()} {self.group} {self.item_no}".replace("  ", " ")


class JudgementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The school whose hazard it is, and the bureaus above it."""
        return self.filter(user.scope(via="school"))

    def to_look_over(self):
        """Downgrades shortly before a deadline that no leader has looked over."""
        return self.filter(is_late_downgrade=True, seen_at__isnull=True)


class Judgement(models.Model):
    """One decision whether a hazard is major: the facts and words as they stood, the reason, the flags."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="judgements")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # whose post judged
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    criteria_on = models.DateField()  # the versions of this day were gone through
    # [{area, mode, group, at_least, item_no, text, source, is_verified, answer, facts}], frozen
    answers = models.JSONField(default=list)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.NOT_WALKED)
    was_major = models.BooleanField()
    is_major = models.BooleanField()
    reason = models.TextField(_("reason"))
    flags = models.JSONField(default=list)  # values of Flag
    is_late_downgrade = models.BooleanField(default=False)
    due_before = models.DateField(null=True)  # the deadline that held when it was judged
    workdays_left = models.SmallIntegerField(null=True)  # to that deadline; negative: past it
    seen_at = models.DateTimeField(null=True)  # a leader looked the late downgrade over
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    seen_note = models.CharField(max_length=300, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["-judged_at", "-pk"]
        indexes = [
            models.Index(fields=["hazard", "-judged_at"], name="judgement_of_hazard"),
            models.Index(fields=["-judged_at", "-id"], name="judgement_newest"),
            models.Index(
                fields=["school"], condition=Q(is_late_downgrade=True, seen_at__isnull=True),
                name="judgement_to_look_over",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.hazard_id}: {self.decision_word}"

    def get_absolute_url(self):
        return reverse("supervision:judgement", args=[self.pk])

    @property
    def decision_word(self):
        """Major or not, in the reader's language."""
        return str(_("Major hazard") if self.is_major else _("Not a major hazard"))

    @property
    def flag_words(self):
        """The labels of its flags."""
        return [str(Flag(flag).label) for flag in self.flags if flag in Flag.values]
