"""The menu entry of listed supervision, and its sign on a school's page."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core.navigation import PLACE_NOTES, Entry, register
from schoolsafety.core.roles import BUREAU_ROLES, CASE_ROLES

from . import listing_lists as lists


def listings_waiting(user):
    """How much waits for this person: late or unanswered at a bureau, to report or apply at a school."""
    today = timezone.localdate()
    if {role for _path, role in user.posts} & BUREAU_ROLES:
        return sum(lists.duties_for(user, today).values())
    if not hasattr(user, "_listing_count"):
        user._listing_count = lists.own_of_school(user, today).count()
    return user._listing_count


def notes_of(organisation, user, now):
    """The sign on a school's page: one line for each listing that runs there (one query)."""
    return [
        (
            _("Under listed supervision until %(day)s: %(title)s (%(number)s)")
            % {"day": row.due_on, "title": row.hazard.title, "number": row.number},
            row.get_absolute_url(),
        )
        for row in lists.signs_at(organisation, user)
    ]


register(
    Entry(
        "supervision:listings", gettext_lazy("Listed supervision"), "notice", frozenset(CASE_ROLES), 24,
        count=listings_waiting,
    )
)  # fmt: skip
PLACE_NOTES.append(notes_of)
