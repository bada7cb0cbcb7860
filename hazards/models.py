"""The hazard, its rectification plan and its extensions. States change only through `services`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .workflow import OPEN, Closure, Grade, Nature, Source, Status, Verification


class Category(models.Model):
    """A category of hazards and checklist items (消防安全, 建筑设施, ...)."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self):
        return self.name


class LegalBasisQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on), effective_from__lte=on)


class LegalBasis(models.Model):
    """A clause that a notice may cite: data, never code, because law changes."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    document = models.CharField(_("document"), max_length=200)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    article = models.CharField(_("article"), max_length=40, blank=True)
    text = models.TextField(_("wording"), blank=True)
    categories = models.ManyToManyField(Category, blank=True, related_name="legal_bases")
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    is_verified = models.BooleanField(_("checked against the official text"), default=False)

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return f"《{self.document}》{self.article}"


class HazardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every read on behalf of a person starts here. What a covert inspection found stays hidden

        from the school until the inspection is finished: such hazards are only created then.
        """
        return self.filter(user.scope(via="school"))

    def open(self):
        return self.filter(status__in=OPEN)

    def overdue(self, on):
        """Open, past the deadline, not already handed in for verification and not waiting for money."""
        waiting = {Status.SUBMITTED, Status.VERIFIED}
        return self.filter(status__in=OPEN - waiting, due_on__lt=on, awaits_funds_since=None)

    def found_between(self, start, end):
        """Found from `start` to `end`, both dates counted (Asia/Shanghai)."""
        return self.filter(found_on__gte=start, found_on__lte=end)

    def closed_between(self, start, end):
        return self.filter(closed_on__gte=start, closed_on__lte=end)


class Hazard(models.Model):
    """A danger found at a school."""

    number = models.CharField(max_length=40, unique=True, editable=False)
    client_uuid = models.UUIDField(unique=True, null=True, editable=False)
    school = models.ForeignKey("core.Organisation", models.PROTECT, related_name="hazards")
    title = models.CharField(_("what is wrong"), max_length=200)
    description = models.TextField(_("details"), blank=True)
    place = models.CharField(_("place"), max_length=120)
    point_code = models.CharField(max_length=20, blank=True)  # the patrol point, by its code
    item_code = models.CharField(max_length=30, blank=True)  # the checklist item, by its code
    category = models.ForeignKey(Category, models.PROTECT, related_name="hazards", verbose_name=_("category"))
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, default=Nature.THING)
    source = models.CharField(_("source"), max_length=12, choices=Source, editable=False)
    partner = models.CharField(_("partner agency"), max_length=100, blank=True)

    status = models.CharField(max_length=12, choices=Status, default=Status.REPORTED, editable=False)
    proposed_grade = models.CharField(_("proposed grade"), max_length=8, choices=Grade, default=Grade.GENERAL)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, blank=True, editable=False)
    grade_reason = models.CharField(max_length=300, blank=True, editable=False)
    graded_at = models.DateTimeField(null=True, editable=False)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    found_at = models.DateTimeField(editable=False)  # as claimed by whoever found it
    found_on = models.DateField(editable=False)  # its day in Asia/Shanghai
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(editable=False)  # the server's clock decides
    is_backdated = models.BooleanField(default=False, editable=False)  # 补录: claimed over a day earlier
    due_on = models.DateField(_("deadline"), null=True, editable=False)
    first_due_on = models.DateField(null=True, editable=False)
    reminded_on = models.DateField(null=True, editable=False)
    # The bureau acknowledged that the school cannot pay: counted apart from what is overdue.
    awaits_funds_since = models.DateField(null=True, editable=False)
    paused_until = models.DateField(null=True, editable=False)  # the clock stands still; due_on has moved

    interim_closed = models.CharField(_("what is closed"), max_length=200, blank=True)
    interim_watch = models.CharField(_("who watches"), max_length=100, blank=True)
    interim_at = models.DateTimeField(null=True, editable=False)

    responsible = models.CharField(_("responsible person"), max_length=60, blank=True)
    measure = models.TextField(_("what was done"), blank=True)
    cost = models.DecimalField(
        _("money spent (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_fixed_on_spot = models.BooleanField(default=False, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_back_count = models.PositiveSmallIntegerField(default=0, editable=False)
    verification = models.CharField(max_length=10, choices=Verification, blank=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closure = models.CharField(
        _("kind of closure"), max_length=12, choices=Closure, blank=True, editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_on = models.DateField(null=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    transferred_to = models.CharField(_("transferred to"), max_length=100, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates", editable=False
    )
    reopened_count = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = HazardQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        indexes = [
            models.Index(fields=["-found_at", "-id"], name="hazard_newest"),
            models.Index(fields=["school", "-found_at", "-id"], name="hazard_school_newest"),
            models.Index(fields=["school", "status", "-found_at", "-id"], name="hazard_school_state"),
            models.Index(fields=["status", "-found_at", "-id"], name="hazard_state_newest"),
            models.Index(
                fields=["due_on", "school"], condition=~Q(status=Status.CLOSED), name="hazard_open_due"
            ),
            models.Index(fields=["found_on", "school"], name="hazard_found_day"),
            models.Index(fields=["closed_on", "school"], name="hazard_closed_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="hazard_has_a_grade_beyond_reporting",
                condition=Q(status__in=[Status.REPORTED, Status.SUBMITTED, Status.CLOSED]) | ~Q(grade=""),
            ),
            models.CheckConstraint(
                name="hazard_has_deadline_when_rectifying",
                condition=~Q(status=Status.RECTIFYING) | Q(due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="hazard_closed_says_how_and_when",
                condition=Q(status=Status.CLOSED, closed_at__isnull=False, closed_on__isnull=False)
                & ~Q(closure="")
                | ~Q(status=Status.CLOSED) & Q(closure="", closed_at__isnull=True, closed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="hazard_not_closed_by_its_submitter",
                condition=Q(closed_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(closed_by=F("submitted_by"))
                | ~Q(closure__in=[Closure.RECTIFIED, Closure.DEMOLISHED, Closure.USE_STOPPED]),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("hazards:detail", args=[self.number])

    @property
    def is_open(self):
        return self.status in OPEN

    @property
    def effective_grade(self):
        """The grade given, else the one proposed."""
        return self.grade or self.proposed_grade

    def days_late(self, on):
        """Whole days past the deadline on `on`; 0 if not late, already handed in or waiting for money."""
        if self.status not in OPEN - {Status.SUBMITTED, Status.VERIFIED} or not self.due_on:
            return 0
        if self.awaits_funds_since:
            return 0
        return max((on - self.due_on).days, 0)


class RectificationPlan(models.Model):
    """The five (or six) implementations of a major hazard, each with its own fields."""

    hazard = models.OneToOneField(Hazard, models.PROTECT, related_name="plan")
    version = models.PositiveIntegerField(default=1, editable=False)
    responsible_person = models.CharField(_("responsible person"), max_length=60, blank=True)
    responsible_post = models.CharField(_("post"), max_length=60, blank=True)
    responsible_signed_at = models.DateTimeField(null=True, editable=False)
    responsible_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    deadline = models.DateField(_("rectify by"), null=True, blank=True)
    measures = models.TextField(_("measures"), blank=True)
    funds_planned = models.DecimalField(
        _("funds planned (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    funds_allocated = models.DecimalField(
        _("funds allocated (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    funds_spent = models.DecimalField(
        _("funds spent (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    funds_source = models.CharField(_("source of the funds"), max_length=100, blank=True)
    contingency = models.TextField(_("contingency plan"), blank=True)
    guard_person = models.CharField(_("who stands guard"), max_length=60, blank=True)
    guard_phone = models.CharField(_("telephone of the guard"), max_length=20, blank=True)
    goal = models.TextField(_("goals and tasks"), blank=True)
    organisation_text = models.TextField(_("bodies and people"), blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_money_is_not_negative",
                condition=(Q(funds_planned__isnull=True) | Q(funds_planned__gte=0))
                & (Q(funds_allocated__isnull=True) | Q(funds_allocated__gte=0))
                & (Q(funds_spent__isnull=True) | Q(funds_spent__gte=0)),
            )
        ]

    def __str__(self):
        return f"plan of {self.hazard_id}"


class Extension(models.Model):
    """A request for more time and its decision. All dates are kept."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="extensions")
    reason = models.TextField(_("reason"))
    old_due_on = models.DateField()
    asked_due_on = models.DateField(_("asked for"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(null=True)
    new_due_on = models.DateField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(decided_at__isnull=True), name="one_open_extension_per_hazard"
            )
        ]

    def __str__(self):
        return f"{self.hazard_id}: {self.asked_due_on}"
