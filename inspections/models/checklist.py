"""Checklist templates: versioned, built in or an organisation's own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.models import Organisation

from ..workflow import Frequency, Level, ZoneKind


class ChecklistTemplateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Built-in ones, those of organisations at or below one of the person's posts, and what is
        published above."""
        above = {int(part) for path, _role in user.posts for part in path.rstrip("/").split("/")}
        return self.filter(
            Q(organisation__isnull=True)
            | Q(organisation__in=above, is_published=True)
            | user.scope(via="organisation")
        )

    def in_force(self, on):
        return self.filter(is_published=True, effective_from__lte=on).filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=on)
        )


class ChecklistTemplate(models.Model):
    """One version of a checklist. A published version never changes; a change makes the next version."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("name"), max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="checklists")
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    is_published = models.BooleanField(default=False)
    effective_from = models.DateField(_("in force from"), null=True)
    effective_to = models.DateField(_("in force until"), null=True)

    objects = ChecklistTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "version"], name="checklist_version_once_per_owner"
            ),
            models.UniqueConstraint(
                fields=["code", "version"],
                condition=Q(organisation__isnull=True),
                name="builtin_version_once",
            ),
        ]

    def __str__(self):
        return f"{self.name} v{self.version}"


class ChecklistItem(models.Model):
    """One thing to look at."""

    template = models.ForeignKey(ChecklistTemplate, models.PROTECT, related_name="items")
    code = models.CharField(_("code"), max_length=30)
    category = models.ForeignKey("hazards.Category", models.PROTECT, related_name="+")
    text = models.CharField(_("check"), max_length=200)
    text_en = models.CharField(_("English"), max_length=200, blank=True)
    frequency = models.CharField(_("frequency"), max_length=1, choices=Frequency)
    zone_kind = models.CharField(_("zone"), max_length=12, choices=ZoneKind)
    level_if_failed = models.CharField(
        _("if it is not met"), max_length=2, choices=Level, default=Level.GENERAL
    )
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    # School kinds to which it applies; empty: all. Facility that it needs; empty: none.
    kinds = models.JSONField(default=list, blank=True)
    facility = models.CharField(max_length=12, blank=True)
    must_photograph = models.BooleanField(_("photo required"), default=False)
    phrases = models.JSONField(default=list, blank=True)  # [{"text": "门锁损坏", "grade": "general"}]
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="item_code_once_per_version")
        ]

    def __str__(self):
        return f"{self.code} {self.text}"

    def applies_to(self, school):
        """Does the item apply to this school, by kind and facilities?"""
        fits_kind = not self.kinds or school.kind in self.kinds
        return fits_kind and (not self.facility or self.facility in school.facilities)
