"""Look-backs (回头看) at closed hazards, the rules that set their dates, the lottery that adds a sample."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Category, Hazard
from hazards.workflow import Grade
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow.looking_back import LookBackStatus, Result, Why
from ..workflow.lottery import MOST_PICKS, DrawStatus, SeedKind

PERSON = settings.AUTH_USER_MODEL
READERS = BUREAU_ROLES | {Role.AUDITOR}


class RuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules of the bureaus at or below one's own, and of those above: they hold here too."""
        return self.filter(user.scope(via="organisation", roles=READERS) | Q(organisation__in=_above(user)))


class LookBackRule(models.Model):
    """After how many days closed hazards of one grade, and perhaps one category, are looked at again."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="look_back_rules")
    grade = models.CharField(_("grade"), max_length=8, choices=Grade)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    days = models.PositiveSmallIntegerField(
        _("days after the close-out"), validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    is_on = models.BooleanField(_("looked back at"), default=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__path", "grade", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "grade", "category"], name="one_look_back_rule_a_category"
            ),
            models.UniqueConstraint(
                fields=["organisation", "grade"], condition=Q(category__isnull=True),
                name="one_look_back_rule_a_grade",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.organisation} {self.grade} {self.category or '*'}: {self.days}"


class DrawQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's people and auditors; everybody below it once all that was drawn is looked at.

        Told before, the schools would know what is looked at and when.
        """
        waiting = LookBack.objects.filter(draw=OuterRef("pk"), status=LookBackStatus.DUE)
        published = Q(organisation__in=_above(user), status=DrawStatus.DRAWN) & ~Exists(waiting)
        return self.filter(user.scope(via="organisation", roles=READERS) | published)


class Draw(models.Model):
    """A lottery among closed hazards. What it is drawn from is frozen before the seed is known."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="look_back_draws")
    status = models.CharField(max_length=10, choices=DrawStatus, default=DrawStatus.FROZEN)
    closed_from = models.DateField(_("closed out from"))
    closed_to = models.DateField(_("closed out to"))
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    size = models.PositiveSmallIntegerField(
        _("how many to draw"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PICKS)]
    )
    due_on = models.DateField(_("look back by"))
    seed_kind = models.CharField(_("where the seed comes from"), max_length=8, choices=SeedKind)
    seed = models.CharField(_("seed"), max_length=200, blank=True)  # sealed: never shown before it is drawn
    seed_hash = models.CharField(max_length=64, blank=True, editable=False)
    seed_origin = models.CharField(_("public source"), max_length=200, blank=True)
    formula = models.JSONField(editable=False)
    population = models.TextField(editable=False)  # the frozen CSV
    population_hash = models.CharField(max_length=64, editable=False)
    population_size = models.PositiveIntegerField(editable=False)
    picks = models.JSONField(default=list, editable=False)  # [[number, ticket], ...] in the order drawn
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(null=True, editable=False)
    drawn_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("reason"), max_length=300, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="draw_period_ends_after_it_begins",
                condition=Q(closed_to__gte=models.F("closed_from")),
            ),
            models.CheckConstraint(
                name="drawn_draw_has_its_seed", condition=~Q(status=DrawStatus.DRAWN) | ~Q(seed="")
            ),
        ]

    def __str__(self):
        return f"{self.organisation} {self.closed_from} – {self.closed_to}"

    def get_absolute_url(self):
        return reverse("supervision:draw", args=[self.pk])


class LookBackQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's people; the school only what is done: a visit told beforehand shows nothing."""
        bureau = user.scope(via="school", roles=READERS)
        return self.filter(bureau | (user.scope(via="school") & Q(status=LookBackStatus.DONE)))

    def due(self):
        return self.filter(status=LookBackStatus.DUE)


class LookBack(models.Model):
    """One look at a closed hazard: due on a day, then held, partly held or rebounded."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="look_backs")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="look_backs")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="look_backs_done")
    status = models.CharField(max_length=10, choices=LookBackStatus, default=LookBackStatus.DUE)
    why = models.CharField(max_length=10, choices=Why)
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="look_backs")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    cycle = models.PositiveSmallIntegerField(default=0)  # how often the hazard had come back before
    closed_on = models.DateField(editable=False)  # the close-out that is looked at
    due_on = models.DateField(_("look back by"))
    reminded_on = models.DateField(null=True, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    result = models.CharField(_("result"), max_length=8, choices=Result, blank=True)
    note = models.TextField(_("what the look-back saw"), blank=True)
    looked_on = models.DateField(null=True, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    looked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    objects = LookBackQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["status", "due_on"]),
            models.Index(fields=["school", "status"]),
            models.Index(fields=["looked_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(status=LookBackStatus.DUE), name="one_due_look_back_per_hazard"
            ),
            models.CheckConstraint(
                name="look_back_done_says_what_and_when",
                condition=Q(status=LookBackStatus.DONE, looked_at__isnull=False, looked_on__isnull=False)
                & ~Q(result="")
                | ~Q(status=LookBackStatus.DONE) & Q(result=""),
            ),
        ]

    def __str__(self):
        return f"{self.hazard_id} {self.due_on}"

    def get_absolute_url(self):
        return reverse("supervision:look_back", args=[self.pk])


def _above(user):
    """The ids of every organisation at or above one of this person's posts."""
    return {int(part) for path, _role in user.posts for part in path.strip("/").split("/")}
