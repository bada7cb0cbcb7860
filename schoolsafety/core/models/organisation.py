"""The tree of bureaus and schools."""

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    CITY_BUREAU = "city_bureau", _("City bureau")
    DISTRICT_BUREAU = "district_bureau", _("District bureau")
    OFFICE = "office", _("School district office")
    KINDERGARTEN = "kindergarten", _("Kindergarten")
    PRIMARY = "primary", _("Primary school")
    JUNIOR = "junior", _("Junior secondary school")
    SENIOR = "senior", _("Senior secondary school")
    NINE_YEAR = "nine_year", _("Nine-year school")
    VOCATIONAL = "vocational", _("Vocational school")
    SPECIAL = "special", _("Special education school")
    UNIVERSITY = "university", _("University")
    TRAINING_BODY = "training_body", _("Training body")
    PARTNER = "partner", _("Partner agency")


BUREAU_KINDS = frozenset({Kind.CITY_BUREAU, Kind.DISTRICT_BUREAU, Kind.OFFICE})
SCHOOL_KINDS = frozenset(set(Kind) - BUREAU_KINDS - {Kind.PARTNER})
FACILITIES = (
    "boarding", "canteen", "bus", "laboratory", "lift", "pool", "catering", "lpg", "works", "danger",
)  # fmt: skip


class Ownership(models.TextChoices):
    PUBLIC = "public", _("Public")
    PRIVATE = "private", _("Private")
    CO_RUN = "co_run", _("Co-run")


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every read on behalf of a person starts here."""
        return self.filter(user.scope())

    def administered_by(self, user):
        """What an administrator may change: at or below an administrator's post."""
        return self.filter(user.scope(roles={"administrator"}))

    def below(self, organisation):
        """The organisation itself and all below it."""
        return self.filter(path__startswith=organisation.path)

    def above(self, organisation):
        """The organisation itself and all above it, the root first."""
        return self.filter(pk__in=organisation.path_ids()).order_by("path")

    def schools(self):
        return self.filter(kind__in=SCHOOL_KINDS)

    def bureaus(self):
        return self.filter(kind__in=BUREAU_KINDS)

    def open_on(self, day):
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))


class Organisation(models.Model):
    """A node of the tree, of any depth. `path` lists the ids from the root: "1/7/52/"."""

    code = models.CharField(pgettext_lazy("organisation", "code"), max_length=32, unique=True)
    name = models.CharField(_("full name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    ownership = models.CharField(_("ownership"), max_length=10, choices=Ownership, default=Ownership.PUBLIC)
    is_directly_affiliated = models.BooleanField(_("directly affiliated to the city"), default=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, unique=True, null=True, editable=False)
    paper_code = models.CharField(_("mark of its papers (代字)"), max_length=20, blank=True)
    pupils = models.PositiveIntegerField(_("pupils"), default=0)
    staff = models.PositiveIntegerField(_("staff"), default=0)
    has_boarding = models.BooleanField(_("boarding"), default=False)
    has_canteen = models.BooleanField(_("canteen"), default=False)
    has_bus = models.BooleanField(_("school bus"), default=False)
    has_laboratory = models.BooleanField(_("laboratory"), default=False)
    has_lift = models.BooleanField(_("lift"), default=False)
    has_pool = models.BooleanField(_("swimming pool"), default=False)
    has_catering = models.BooleanField(_("meals delivered from outside"), default=False)
    has_lpg = models.BooleanField(_("bottled gas"), default=False)
    has_works = models.BooleanField(_("building works on campus"), default=False)
    has_danger = models.BooleanField(_("dangerous buildings (grade C or D)"), default=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["kind", "path"])]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """A new node takes its place below its parent; afterwards only `tree.move` changes the path."""
        adding = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if adding:
                self.path = f"{self.parent.path if self.parent else ''}{self.pk}/"
                super().save(update_fields=["path"])

    def get_absolute_url(self):
        return reverse("core:organisation", args=[self.pk])

    @property
    def is_school(self):
        return self.kind in SCHOOL_KINDS

    @property
    def is_bureau(self):
        return self.kind in BUREAU_KINDS

    @property
    def label(self):
        """The short name where there is one: for lists and phones."""
        return self.short_name or self.name

    @property
    def facilities(self):
        """The set of facility names that decide which checklist items apply."""
        return {name for name in FACILITIES if getattr(self, f"has_{name}")}

    def path_ids(self):
        """The ids from the root down to this node."""
        return [int(part) for part in self.path.rstrip("/").split("/")]
