"""The work calendar: statutory holidays, make-up workdays, closures, terms, exams, times for works."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CalendarDay(models.Model):
    """A day that differs from its weekday, for everyone or for an organisation and all below it."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        WORKDAY = "workday", _("Make-up workday")
        CLOSURE = "closure", _("School closed")

    day = models.DateField(_("day"))
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "organisation"], name="calendar_day_once_per_organisation"
            ),
            models.UniqueConstraint(
                fields=["day"], condition=Q(organisation__isnull=True), name="calendar_day_once_for_everyone"
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.get_kind_display()}"


class SchoolTerm(models.Model):
    """A term in which schools are open, for an organisation and all below it."""

    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="terms")
    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(pgettext_lazy("period", "from"))
    ends_on = models.DateField(pgettext_lazy("period", "to"))

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(name="term_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on")))
        ]

    def __str__(self):
        return self.name


class CalendarWindow(models.Model):
    """Days of examinations or for building works, for everyone or for an organisation and all below it."""

    class Kind(models.TextChoices):
        EXAMS = "exams", _("Examinations")
        WORKS = "works", _("Time for works")

    organisation = models.ForeignKey("core.Organisation", models.PROTECT, null=True, related_name="windows")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(pgettext_lazy("period", "from"))
    ends_on = models.DateField(pgettext_lazy("period", "to"))

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="window_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self):
        return self.name
