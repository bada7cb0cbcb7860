"""Chasing, pauses and escalation, as data: ways, states, who may do what, when the next level is told."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.workflow import BUREAU, SCHOOL
from hazards.workflow import Status as HazardStatus
from schoolsafety.core.roles import BUREAU_LEADERS, Role


class Way(TextChoices):
    """How a school was chased. The messengers carry the line that the app shows, at once."""

    APP = "app", _("In this system")
    WECOM = "wecom", _("In this system and by WeCom")
    DINGTALK = "dingtalk", _("In this system and by DingTalk")
    SMS = "sms", _("In this system and by SMS")
    EMAIL = "email", _("In this system and by e-mail")
    TELEPHONE = "telephone", _("By telephone (note it here)")
    PAPER = "paper", _("On paper or on site (note it here)")


BY_HAND = frozenset({Way.TELEPHONE, Way.PAPER})
MESSENGERS = frozenset(set(Way) - BY_HAND - {Way.APP})

# Words that a chasing text may hold in braces, and what they stand for.
PLACEHOLDERS = ("school", "title", "number", "place", "due", "days")


class PauseStatus(TextChoices):
    ASKED = "asked", pgettext_lazy("pause", "To be decided")
    RUNNING = "running", pgettext_lazy("pause", "In force")
    REFUSED = "refused", pgettext_lazy("pause", "Refused")
    OVER = "over", pgettext_lazy("pause", "Over")
    LAPSED = "lapsed", pgettext_lazy("pause", "Lapsed")


LIVE = frozenset({PauseStatus.ASKED, PauseStatus.RUNNING})


class PauseAction(TextChoices):
    ASK = "ask", _("Ask for a pause")
    SET = "set", _("Set a pause")
    DECIDE = "decide", _("Decide on the pause")
    RESUME = "resume", _("End the pause early")


# action -> (states of the pause, who). Asking and setting begin one: no state yet.
PAUSE_RULES: dict[PauseAction, tuple[frozenset, frozenset[Role]]] = {
    PauseAction.ASK: (frozenset(), SCHOOL),
    PauseAction.SET: (frozenset(), BUREAU),
    PauseAction.DECIDE: (frozenset({PauseStatus.ASKED}), BUREAU),
    PauseAction.RESUME: (frozenset({PauseStatus.RUNNING}), SCHOOL | BUREAU),
}
PAUSABLE = frozenset({HazardStatus.RECTIFYING})  # only then does the term of rectification run


class Level(TextChoices):
    """Who is asked to decide what follows when chasing did not help."""

    LEADER = "leader", _("Leader of the district")
    CITY = "city", _("City bureau")


class EscalationStatus(TextChoices):
    OPEN = "open", pgettext_lazy("escalation", "To be decided")
    TAKEN = "taken", pgettext_lazy("escalation", "Taken up")
    DISMISSED = "dismissed", pgettext_lazy("escalation", "Left with the district")
    LAPSED = "lapsed", pgettext_lazy("escalation", "Lapsed")


@dataclass(frozen=True)
class Rung:
    """From how many workdays late and how many chases on a level is proposed; 0 days: never."""

    level: Level
    days: int
    chases: int

    def is_reached(self, days_late, chases):
        """Both numbers are needed: nobody is escalated who was never chased."""
        return bool(self.days) and days_late >= self.days and chases >= self.chases


DECIDERS = BUREAU_LEADERS  # at the organisation that is asked, or above it


def pause_refusal(action, status, roles):
    """None if one of `roles` may do `action` on a pause in `status`, else the reason."""
    states, wanted = PAUSE_RULES[action]
    if not wanted & set(roles):
        return _("Your post does not allow this.")
    if states and status not in states:
        return _("The pause is “%(status)s” already.") % {"status": PauseStatus(status).label}
    return None
