"""What the archive of surroundings adds to a hazard: the way into it, and where it went."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hazards.presentation import ACT_SOURCES, PART_SOURCES
from hazards.services.moving import FOLLOWERS
from hazards.workflow import RULES, Action, Closure
from schoolsafety.core.files import register_owner

from .models import JointMeeting, Surrounding, SurroundingLetter
from .services import surroundings


def archive_of(hazard, user, now):
    """The record in the archive that a transferred hazard became."""
    if hazard.closure != Closure.TRANSFERRED:
        return []
    row = Surrounding.objects.filter(hazard=hazard).first()
    return [("supervision/_hazard_surrounding.html", row)] if row else []


def hand_over_link(hazard, user):
    """The act that hands a hazard over: where the bureau may transfer it."""
    rule = RULES[Action.TRANSFER][0]
    if hazard.status not in rule.source or not rule.roles & user.roles_at(hazard.school):
        return []
    url = reverse("supervision:surrounding_from", args=[hazard.number])
    return [{"url": url, "label": _("Hand over to the archive of surroundings"), "key": ""}]


PART_SOURCES.append(archive_of)
ACT_SOURCES.append(hand_over_link)
FOLLOWERS.append(surroundings.follow)
for model in (Surrounding, SurroundingLetter, JointMeeting):
    register_owner(model, model.objects.visible_to)
