"""Hazards around schools, the letters about them and the joint meetings: an archive of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from schoolsafety.core.models import Organisation, Paper
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..workflow.surroundings import LIVE, Kind, LetterState, MeetingState, Outcome, State

BUREAU_READERS = BUREAU_ROLES | {Role.AUDITOR}


class SurroundingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every read on behalf of a person starts here."""
        return self.filter(user.scope(via="school"))


class Surrounding(models.Model):
    """A danger outside the school's walls and outside its power: never among the school's own hazards."""

    number = models.CharField(max_length=40, unique=True, editable=False)
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="surroundings")
    hazard = models.ForeignKey(
        Hazard, models.PROTECT, null=True, related_name="surroundings", editable=False
    )  # the hazard that was handed over to this archive
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("what is wrong"), max_length=200)
    place = models.CharField(_("place"), max_length=120)
    distance = models.PositiveIntegerField(_("distance from the school (metres)"))
    agency = models.CharField(_("agency that should lead"), max_length=100)
    description = models.TextField(_("details"), blank=True)
    protection = models.CharField(_("what the school does meanwhile"), max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=State, default=State.RECORDED, editable=False)
    found_on = models.DateField(_("seen on"))
    reported_at = models.DateTimeField(editable=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    solved_on = models.DateField(null=True, editable=False)
    solved_note = models.TextField(blank=True, editable=False)
    solved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    look_again_on = models.DateField(null=True, editable=False)
    looked_on = models.DateField(null=True, editable=False)
    outcome = models.CharField(max_length=5, choices=Outcome, blank=True, editable=False)
    came_back_count = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = SurroundingQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="surrounding_newest"),
            models.Index(fields=["school", "status"], name="surrounding_school_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(status__in=sorted(LIVE)), name="hazard_handed_over_once"
            )
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("supervision:surrounding", args=[self.number])


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's own people and those above; schools read what concerns them on the place's page."""
        return self.filter(user.scope(via="organisation", roles=BUREAU_READERS))


class SurroundingLetter(models.Model):
    """A letter (函) to a government or agency about one or several places, and what came back."""

    number = models.CharField(max_length=60, unique=True, null=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="surrounding_letters")
    status = models.CharField(max_length=10, choices=LetterState, default=LetterState.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="reminders", editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)  # 1: the letter, 2 …: reminders
    addressee = models.CharField(_("addressee"), max_length=100)
    copies = models.CharField(_("copies to"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("words of the letter"))
    reply_due_on = models.DateField(_("reply by"))
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    replied_on = models.DateField(_("date of the answer"), null=True, blank=True)
    reply_number = models.CharField(_("number of the answer"), max_length=60, blank=True)
    reply = models.TextField(_("what it says"), blank=True)
    reply_recorded_at = models.DateTimeField(null=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "status"], name="surrounding_letter_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "round"],
                condition=~Q(status=LetterState.DISCARDED),
                name="one_letter_a_round",
            )
        ]

    def __str__(self):
        return self.number or f"{self.title}（{self.addressee}）"

    def get_absolute_url(self):
        return reverse("supervision:surrounding_letter", args=[self.pk])


class LetterPlace(models.Model):
    """One place in a letter, in its order, with what the answer says of it."""

    letter = models.ForeignKey(SurroundingLetter, models.PROTECT, related_name="places")
    surrounding = models.ForeignKey(Surrounding, models.PROTECT, related_name="letter_places")
    order = models.PositiveSmallIntegerField()
    answer = models.TextField(_("answer"), blank=True)
    promised_on = models.DateField(_("promised by"), null=True, blank=True)
    is_current = models.BooleanField(default=True)  # false once answered, discarded or reminded of

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "surrounding"], name="place_once_a_letter"),
            models.UniqueConstraint(
                fields=["surrounding"], condition=Q(is_current=True), name="place_in_one_open_letter"
            ),
        ]

    def __str__(self):
        return f"{self.order}. {self.surrounding_id}"


class JointMeeting(models.Model):
    """A joint meeting (联席会议) of agencies about several places, with its minutes."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="joint_meetings")
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    held_on = models.DateField(_("day"))
    venue = models.CharField(_("venue"), max_length=120, blank=True)
    members = models.TextField(_("members"), help_text=_("One a line: agency, name, post."))
    minutes = models.TextField(_("minutes of the meeting"), blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("supervision:joint_meeting", args=[self.pk])


class MeetingPlace(models.Model):
    """One place on a meeting's list, and what was decided of it."""

    meeting = models.ForeignKey(JointMeeting, models.PROTECT, related_name="places")
    surrounding = models.ForeignKey(Surrounding, models.PROTECT, related_name="meeting_places")
    order = models.PositiveSmallIntegerField()
    decision = models.TextField(_("decision"), blank=True)
    lead = models.CharField(_("who leads"), max_length=100, blank=True)
    due_on = models.DateField(_("deadline"), null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "surrounding"], name="place_once_a_meeting")
        ]

    def __str__(self):
        return f"{self.order}. {self.surrounding_id}"
