"""Rectification that waits for money: the need of one hazard, and the request paper for several."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from schoolsafety.core.models import Organisation, Paper

from ..workflow.funding import LIVE, Likelihood, NeedState, RequestState, Severity


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every read on behalf of a person starts here."""
        return self.filter(user.scope(via="school"))


class FundingNeed(models.Model):
    """A hazard whose rectification the school cannot pay, with what it costs and what it would remove."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="funding_needs")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="funding_needs")
    status = models.CharField(max_length=10, choices=NeedState, default=NeedState.PROPOSED, editable=False)
    cost = models.DecimalField(_("money needed (yuan)"), max_digits=12, decimal_places=2)
    reason = models.TextField(_("why the school cannot pay"))
    pupils = models.PositiveIntegerField(_("pupils exposed a day"))
    likelihood = models.CharField(_("how likely"), max_length=4, choices=Likelihood)
    severity = models.CharField(_("how severe"), max_length=4, choices=Severity)
    risk = models.DecimalField(max_digits=8, decimal_places=2, editable=False)  # workflow.risk_of
    declared_at = models.DateTimeField(editable=False)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateField(null=True, editable=False)  # acknowledged: counts from this day on
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True, editable=False)  # why returned, refused or withdrawn
    amount = models.DecimalField(
        _("amount (yuan)"), max_digits=12, decimal_places=2, null=True, editable=False
    )
    source = models.CharField(_("source of the funds"), max_length=100, blank=True, editable=False)
    funded_on = models.DateField(_("there since"), null=True, editable=False)
    ended_on = models.DateField(null=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        indexes = [models.Index(fields=["status", "school"], name="funding_need_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(status__in=sorted(LIVE)), name="one_live_need_a_hazard"
            ),
            models.CheckConstraint(name="need_costs_something", condition=Q(cost__gt=0)),
            models.CheckConstraint(
                name="funded_need_says_how_much", condition=~Q(status="funded") | Q(amount__gt=0)
            ),
        ]

    def __str__(self):
        return f"{self.hazard_id}: {self.cost}"

    def get_absolute_url(self):
        return reverse("supervision:funding_need", args=[self.pk])


class RequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The issuer's people and those above."""
        return self.filter(user.scope(via="organisation"))


class FundingRequest(models.Model):
    """A request for money (请示) to a superior, with a table and a total. One addressee, one matter."""

    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="funding_requests")
    status = models.CharField(max_length=10, choices=RequestState, default=RequestState.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    addressee = models.CharField(_("addressee"), max_length=100)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("words before the table"))
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    total = models.DecimalField(max_digits=14, decimal_places=2, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.number or self.title

    def get_absolute_url(self):
        return reverse("supervision:funding_request", args=[self.pk])


class RequestLine(models.Model):
    """One need in a request paper, with the money as asked for."""

    request = models.ForeignKey(FundingRequest, models.PROTECT, related_name="lines")
    need = models.ForeignKey(FundingNeed, models.PROTECT, related_name="request_lines")
    order = models.PositiveSmallIntegerField()
    cost = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["request", "need"], name="need_once_a_request")]

    def __str__(self):
        return f"{self.order}. {self.need_id}"
