"""What listed supervision adds to a hazard: a lock, a follower, a box and a button; and its files' owners."""

from django.utils.translation import pgettext

from hazards import presentation
from hazards.services import moving
from schoolsafety.core.files import register_owner

from . import listing_pages
from .models import Listing, ProgressReport
from .services import listing_follow


def marks_of(hazards, user):
    """On rows of a list: which hazards are under listed supervision now (one query)."""
    running = Listing.objects.visible_to(user).running().filter(hazard__in=hazards)
    return {pk: [("warn", pgettext("mark", "supervised"))] for pk in running.values_list("hazard", flat=True)}


moving.LOCKS.append(listing_follow.lock)
moving.FOLLOWERS.append(listing_follow.follow)
presentation.PART_SOURCES.append(listing_pages.part_of)
presentation.ROW_MARKS.append(marks_of)
presentation.ACT_SOURCES.append(listing_pages.acts_of)
register_owner(Listing, Listing.objects.visible_to)
register_owner(ProgressReport, ProgressReport.objects.visible_to)
