"""A school's zones and patrol points."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.models import Organisation

from ..workflow import ZoneKind


class OfSchoolQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope(via="school"))


class Zone(models.Model):
    """A part of the school that is walked in one go."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="zones")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=ZoneKind)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(default=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="zone_name_once_per_school")]

    def __str__(self):
        return self.name


class Point(models.Model):
    """A place with a label on the wall. `code` is the 4 digits to type; `token` is what the QR holds."""

    class Risk(models.TextChoices):
        """The national four colours 红橙黄蓝, highest first."""

        HIGHEST = "1", _("Major risk")
        HIGHER = "2", _("Larger risk")
        ORDINARY = "3", _("General risk")
        LOW = "4", _("Low risk")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="points")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="points")
    code = models.CharField(max_length=4)
    token = models.CharField(max_length=22, unique=True)
    name = models.CharField(_("name"), max_length=60)
    risk = models.CharField(_("risk"), max_length=1, choices=Risk, default=Risk.ORDINARY)
    is_active = models.BooleanField(default=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        ordering = ["zone__order", "code"]
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="point_code_once_per_school")]

    def __str__(self):
        return self.name
