"""The ladder of measures: triggers and their proposals, measures with their steps and appeals."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard, LegalBasis
from hazards.workflow import SCHOOL, Grade
from schoolsafety.core.models import Organisation, Paper
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow.measure_kinds import HIDDEN, PERSONAL, Fault, Kind, Sanction, Side, Step
from ..workflow.measure_triggers import Look, ProposalStatus
from ..workflow.measures import HOLDING, UNDECIDED, Hearing, Result, Status

OWNER = settings.AUTH_USER_MODEL
READERS = BUREAU_ROLES | {Role.AUDITOR}


class TriggerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The built-in ones, and those of the bureaus at, above or below this person's bureau posts."""
        paths = {path for path, role in user.posts if role in READERS}
        if not paths:
            return self.none()
        above = {int(part) for path in paths for part in path.rstrip("/").split("/")}
        mine = Q(organisation=None) | Q(organisation__in=above)
        return self.filter(mine | user.scope(via="organisation", roles=READERS))

    def in_force(self, on):
        return self.filter(Q(in_force_to=None) | Q(in_force_to__gte=on), in_force_from__lte=on)


class MeasureTrigger(models.Model):
    """What proposes a measure: data, because each bureau's plan sets its own. A change makes a new row,
    so that an old proposal keeps the version it came from. A bureau's own row hides the one above it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    code = models.SlugField(max_length=30)
    name = models.CharField(_("name"), max_length=100)
    look = models.CharField(_("what it looks at"), max_length=12, choices=Look)
    threshold = models.PositiveSmallIntegerField(_("from how many on"))
    grade = models.CharField(_("only hazards of this grade"), max_length=8, choices=Grade, blank=True)
    kind = models.CharField(_("measure proposed"), max_length=16, choices=Kind, blank=True)
    legal_basis = models.ForeignKey(
        LegalBasis, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("legal basis")
    )
    basis_text = models.CharField(_("other basis"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    in_force_from = models.DateField(_("in force from"))
    in_force_to = models.DateField(_("in force until"), null=True, blank=True)

    objects = TriggerQuerySet.as_manager()

    class Meta:
        ordering = ["code", "in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "in_force_from"], name="trigger_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["code", "in_force_from"], condition=Q(organisation=None),
                name="built_in_trigger_once_a_day",
            ),
            models.CheckConstraint(
                name="trigger_proposes_unless_it_aggravates",
                condition=~Q(kind="") | Q(look=Look.FUNDS),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def basis(self):
        """The clauses as lines."""
        return "\n".join(str(part) for part in (self.legal_basis, self.basis_text) if part)


class BureauQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's people and the auditor: a school never sees what is only proposed."""
        return self.filter(user.scope(via="school", roles=READERS))


class Proposal(models.Model):
    """What a trigger found, frozen: a person takes it up or dismisses it. Nothing follows by itself."""

    key = models.CharField(max_length=80, unique=True)  # the same finding is proposed once
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="measure_proposals")
    trigger = models.ForeignKey(MeasureTrigger, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    facts = models.JSONField()  # what was found, see services/measure_words.py
    basis = models.TextField(blank=True)
    aggravating = models.JSONField(default=list)  # facts of aggravating triggers
    status = models.CharField(max_length=10, choices=ProposalStatus, default=ProposalStatus.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects = BureauQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["status", "school"])]

    def __str__(self):
        return f"{self.school} · {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("supervision:proposal", args=[self.pk])


ABOUT_A_BUREAU = Q(unit__isnull=False) & ~Q(unit=F("school"))
CONCERNS_OTHERS = Q(kind__in=HIDDEN) | ABOUT_A_BUREAU


class MeasureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's people; the school once it was told, what concerns a person only its principal, what
        concerns a bureau or another authority nobody there."""
        told = (Q(number__isnull=False) | Q(noticed_at__isnull=False)) & ~CONCERNS_OTHERS
        common = user.scope(via="school", roles=SCHOOL) & ~Q(kind__in=PERSONAL)
        personal = user.scope(via="school", roles={Role.PRINCIPAL})
        # A bureau whose supervision is reviewed learns of it with the decision, those above it before.
        known = ~ABOUT_A_BUREAU | Q(number__isnull=False) | user.scope(via="organisation", roles=READERS)
        return self.filter((user.scope(via="school", roles=READERS) & known) | (told & (common | personal)))

    def bans_on(self, day):
        """The bans from school management that hold on `day`."""
        return self.filter(kind=Kind.BAN, status=Status.ISSUED, until__gte=day)


class Measure(models.Model):
    """One measure against a school or a person of it, from the draft to its end. Texts are kept as issued."""

    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    kind = models.CharField(_("measure"), max_length=16, choices=Kind)
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="measures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="measures")
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, related_name="measure")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    basis = models.TextField(_("legal basis"), blank=True)  # one clause a line
    facts = models.TextField(_("facts"), blank=True)
    reason = models.TextField(_("why this measure"), blank=True)
    aggravating = models.TextField(_("aggravating circumstances"), blank=True)
    demand = models.TextField(_("what is demanded"), blank=True)
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    person_name = models.CharField(_("person concerned"), max_length=60, blank=True)
    person_post = models.CharField(_("post of the person"), max_length=60, blank=True)
    fault = models.CharField(_("ground"), max_length=12, choices=Fault, blank=True)
    sanction = models.CharField(_("what is imposed"), max_length=16, choices=Sanction, blank=True)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    unit = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit concerned"),
    )
    accident_on = models.DateField(_("day of the accident"), null=True, blank=True)
    deaths = models.PositiveSmallIntegerField(_("deaths"), null=True, blank=True)
    review = models.JSONField(default=dict)  # {Question: {"answer": Answer, "note": words}}
    year = models.PositiveSmallIntegerField(_("year of the assessment"), null=True, blank=True)
    effect = models.CharField(_("effect on the result"), max_length=200, blank=True)
    resolved_by = models.CharField(_("meeting or body that resolved it"), max_length=100, blank=True)
    authority = models.CharField(_("authority addressed"), max_length=100, blank=True)
    copies = models.CharField(_("copies to"), max_length=200, blank=True)
    meet_at = models.DateTimeField(_("day and time"), null=True, blank=True)
    meet_place = models.CharField(_("place of the interview"), max_length=100, blank=True)
    host = models.CharField(_("who conducts it"), max_length=100, blank=True)
    bring = models.CharField(_("what to bring"), max_length=200, blank=True)
    is_holding = models.BooleanField(_("the hazard stays open until this measure is over"), default=True)
    release_note = models.CharField(_("why the hazard may be closed before"), max_length=300, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(OWNER, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, editable=False)
    noticed_at = models.DateTimeField(null=True, editable=False)
    noticed_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    notice_number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    notice_paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    statement_due_on = models.DateField(_("statement by"), null=True)
    statement = models.TextField(_("statement of the school"), blank=True)
    wants_hearing = models.BooleanField(_("a formal hearing is asked for"), default=False)
    stated_at = models.DateTimeField(null=True, editable=False)
    stated_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    hearing = models.CharField(_("how it was heard"), max_length=10, choices=Hearing, blank=True)
    hearing_note = models.TextField(_("what was said and how it is judged"), blank=True)
    heard_at = models.DateTimeField(null=True, editable=False)
    heard_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    over_at = models.DateTimeField(null=True, editable=False)
    over_note = models.CharField(max_length=300, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "status"]),
            models.Index(fields=["kind", "person_name"], condition=Q(kind="ban"), name="measure_bans"),
        ]
        constraints = [
            models.CheckConstraint(name="measure_is_not_a_stop", condition=~Q(kind=Kind.STOP)),
            models.CheckConstraint(
                name="measure_in_force_has_its_paper",
                condition=Q(status__in=sorted(UNDECIDED | {Status.DISCARDED}))
                | Q(number__isnull=False, issued_at__isnull=False, paper__isnull=False),
            ),
            models.CheckConstraint(
                name="penalty_is_heard_before_it_is_issued",
                condition=~Q(kind=Kind.PENALTY)
                | Q(issued_at__isnull=True)
                | Q(noticed_at__isnull=False, heard_at__isnull=False),
            ),
            models.CheckConstraint(
                name="measure_that_does_not_hold_says_why",
                condition=Q(is_holding=True) | ~Q(release_note="") | Q(hazard__isnull=True),
            ),
        ]

    def __str__(self):
        return self.number or f"{self.get_kind_display()} · {self.school}"

    def get_absolute_url(self):
        return reverse("supervision:measure", args=[self.pk])

    @property
    def holds(self):
        """Does it keep its hazard from being written off?"""
        is_open = self.status in HOLDING and not self.concerns_others
        return bool(self.hazard_id and self.is_holding and is_open)

    @property
    def is_about_a_bureau(self):
        return bool(self.unit_id and self.unit_id != self.school_id)

    @property
    def concerns_others(self):
        """Does it go past the school, to another authority or to a bureau?"""
        return self.kind in HIDDEN or self.is_about_a_bureau


class MeasureStep(models.Model):
    """Something that must follow a measure in force, by whom, by when, and that it was done."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    side = models.CharField(max_length=6, choices=Side)
    order = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    done_on = models.DateField(null=True)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)  # what else the step's form asks, for its paper
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["order"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_at=None), name="measure_step_open")]
        constraints = [models.UniqueConstraint(fields=["measure", "step"], name="step_once_per_measure")]

    def __str__(self):
        return f"{self.get_step_display()} {self.due_on}"


class Appeal(models.Model):
    """An objection to a measure and its decision by somebody else: result, answer and changes are a draft
    until it is decided, known to the bureau alone."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="appeals")
    reason = models.TextField(_("reason"))
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(OWNER, models.PROTECT, related_name="+")
    due_on = models.DateField()
    version = models.PositiveIntegerField(default=1, editable=False)
    drafted_at = models.DateTimeField(null=True, editable=False)
    drafted_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(OWNER, models.PROTECT, null=True, related_name="+")
    result = models.CharField(_("result"), max_length=8, choices=Result, blank=True)
    answer = models.TextField(_("reasons of the decision"), blank=True)
    changes = models.JSONField(default=dict)  # {field: [old, new]}

    class Meta:
        ordering = ["-filed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure"], condition=Q(decided_at__isnull=True), name="one_open_appeal_per_measure"
            )
        ]

    def __str__(self):
        return f"{self.measure_id} {self.filed_at:%Y-%m-%d}"
