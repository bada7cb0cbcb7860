"""Reminders of progress reports: the school on the day and when late, the supervisor once it is late."""

from django.db import transaction
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, SCHOOL
from schoolsafety.core.audit import record_event
from schoolsafety.core.directory import authority
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify

from ..models import Listing
from ..workflow.listing import ListingStatus
from .listing_shared import words_of


def remind(*, on, now):
    """Tell of each report that falls due on `on` or is late; returns how many listings. Safe to run twice:

    a school hears once on the day and once when it is late, the supervising bureau once when it is late.
    """
    rows = Listing.objects.filter(status=ListingStatus.LISTED, next_report_on__lte=on)
    rows = rows.select_related("school__parent", "organisation", "hazard", "supervisor")
    return sum(_remind(row, on, now) for row in rows.order_by("pk"))


@transaction.atomic
def _remind(listing, on, now):
    days = (on - listing.next_report_on).days
    words = words_of(listing) | {"day": listing.next_report_on}
    url, key = listing.get_absolute_url(), f"supervision.listing:{listing.pk}:{listing.next_report_on}"
    school = User.objects.holding(SCHOOL, listing.school, on)
    text = _("Progress report due: %(number)s %(title)s") if not days else _(
        "Progress report late since %(day)s: %(number)s %(title)s"
    )  # fmt: skip
    told = notify(
        school, "supervision.remind_listing", text % words, url=url, organisation=listing.school,
        needs_action=True, now=now, key=f"{key}:{'late' if days else 'due'}",
    )  # fmt: skip
    if days:
        bureau = set(User.objects.holding(BUREAU, authority(listing), on)) | {listing.supervisor}
        text = _("No progress report since %(day)s: %(school)s, %(number)s")
        told += notify(
            sorted(bureau, key=lambda person: person.pk), "supervision.late_listing", text % words, url=url,
            organisation=listing.school, needs_action=True, now=now, key=f"{key}:bureau",
        )  # fmt: skip
    if told:
        record_event(listing, "supervision.remind_listing", organisation=listing.school, days_late=days)
    return bool(told)
