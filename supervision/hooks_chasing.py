"""What chasing and pauses add to a hazard: rows that follow its moves, the pauses' box, a button."""

from django.urls import reverse

from hazards import presentation
from hazards.services import bulk, moving
from hazards.workflow import Grade
from schoolsafety.core.files import register_owner

from . import chasing_pages
from .models import Pause
from .services import chasing, pausing
from .workflow.chasing import PAUSABLE


def box(hazard, user, now):
    """The pauses of a hazard; asked for only where one runs, or where a major one could have had some."""
    if not hazard.paused_until and (hazard.grade != Grade.MAJOR or hazard.status not in PAUSABLE):
        return []
    rows = chasing_pages.pauses_of(hazard, user)
    return [("supervision/chasing/_box.html", {"rows": rows})] if rows else []


def acts(hazard, user):
    """The button that begins a pause (no query)."""
    action = pausing.begin_action(user, hazard.school)
    if action is None or hazard.status not in PAUSABLE or hazard.paused_until:
        return []
    return [{"url": reverse("supervision:pause_new", args=[hazard.number]), "label": action.label, "key": ""}]


bulk.ACTS["chase"] = chasing.chase_chosen
moving.FOLLOWERS.append(chasing.follow)
moving.FOLLOWERS.append(pausing.follow)
presentation.PART_SOURCES.append(box)
presentation.ACT_SOURCES.append(acts)
register_owner(Pause, Pause.objects.visible_to)
