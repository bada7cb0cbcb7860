"""What the parts of supervision show on the district's day, each as one block of two queries at most."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.roles import BUREAU_ROLES

from . import listing_lists as lists
from . import stop_pages
from .command_blocks import Block, Row, register
from .duties_looking_back import SOON_DAYS
from .models import FundingNeed, Listing, LookBack, Measure, StopOrder, Surrounding
from .queries_funding import counts_of
from .queries_measures import waiting_for
from .queries_surroundings import is_late, with_clock
from .workflow.listing import RUNNING
from .workflow.measures import UNFINISHED
from .workflow.surroundings import UNSOLVED

MOST_ROWS = 3


@register
def listed(user, now):
    """Listings whose report or term is late, of all that run."""
    today = timezone.localdate(now)
    rows = Listing.objects.visible_to(user).filter(status__in=RUNNING)
    late = lists.condition_of("late", today) | lists.condition_of("over", today)
    counts = rows.order_by().aggregate(of=Count("pk"), n=Count("pk", filter=late))
    if not counts["of"]:
        return None
    found = rows.filter(late).select_related("school", "hazard").order_by("next_report_on", "pk")
    shown = [
        Row(row.hazard.title, f"{row.school.label} · {row.number}", row.get_absolute_url(), _late(row, today))
        for row in found[:MOST_ROWS]
    ]
    url = f"{reverse('supervision:listings')}?queue=late"
    return Block(_("Listed supervision"), counts["n"], counts["of"], _("late of those that run"), url, shown)


@register
def out_of_use(user, now):
    """Places out of use over the usual limit, of all that are out of use."""
    today = timezone.localdate(now)
    conditions = stop_pages.tab_conditions(user, today)
    over = conditions.get("over")
    if over is None:
        return None
    rows = StopOrder.objects.visible_to(user).filter(conditions[""])
    counts = rows.order_by().aggregate(of=Count("pk"), n=Count("pk", filter=over))
    if not counts["of"]:
        return None
    found = rows.select_related("school").order_by("limit_on", "pk")[:MOST_ROWS]
    shown = [
        Row(row.place, f"{row.school.label} · {row.number}", row.get_absolute_url(), _("use stopped"))
        for row in found
    ]
    url = f"{reverse('supervision:stops')}?state=over" if counts["n"] else reverse("supervision:stops")
    return Block(_("Out of use now"), counts["n"], counts["of"], _("over the usual limit"), url, shown)


@register
def look_backs(user, now):
    """Look-backs that are late, of those that fall due within a week or are late."""
    today = timezone.localdate(now)
    rows = LookBack.objects.visible_to(user).due().filter(due_on__lte=today + timedelta(days=SOON_DAYS))
    counts = rows.order_by().aggregate(of=Count("pk"), n=Count("pk", filter=Q(due_on__lt=today)))
    if not counts["of"]:
        return None
    found = rows.select_related("school", "hazard").order_by("due_on", "pk")[:MOST_ROWS]
    shown = [
        Row(
            row.hazard.title, f"{row.school.label} · {_('by %(day)s') % {'day': row.due_on}}",
            row.get_absolute_url(), _days((today - row.due_on).days),
        )
        for row in found
    ]  # fmt: skip
    return Block(
        _("Look-backs"), counts["n"], counts["of"], _("late of those due within a week"),
        reverse("supervision:look_backs"), shown,
    )  # fmt: skip


@register
def measures(user, now):
    """Measures that wait for this person, of all that are not over."""
    if not {role for _path, role in user.posts} & BUREAU_ROLES:
        return None
    today = timezone.localdate(now)
    unfinished = Measure.objects.visible_to(user).filter(status__in=UNFINISHED).count()
    if not unfinished:
        return None
    found = list(waiting_for(user, today).select_related("school").order_by("created_at", "pk"))
    shown = [
        Row(
            str(row.get_kind_display()), f"{row.school.label} · {row.get_status_display()}",
            row.get_absolute_url(), _("waits for you"), "todo",
        )
        for row in found[:MOST_ROWS]
    ]  # fmt: skip
    return Block(
        _("Measures"), len(found), unfinished, _("wait for you, of those not over"),
        reverse("supervision:measures"), shown,
    )  # fmt: skip


@register
def money(user, now):
    """Needs to acknowledge, of all that wait for money."""
    counts = counts_of(FundingNeed.objects.visible_to(user))
    of = counts["n_proposed"] + counts["n_counted"]
    if not of:
        return None
    url = reverse("supervision:funding") + ("?tab=proposed" if counts["n_proposed"] else "")
    return Block(
        _("Missing money"), counts["n_proposed"], of, _("to acknowledge, of those without money"), url
    )


@register
def around_schools(user, now):
    """Places around schools whose letter was not answered in time, of all that are not solved."""
    today = timezone.localdate(now)
    rows = with_clock(Surrounding.objects.visible_to(user).filter(status__in=UNSOLVED))
    counts = rows.order_by().aggregate(of=Count("pk"), n=Count("pk", filter=is_late(today)))
    if not counts["of"]:
        return None
    found = rows.filter(is_late(today)).select_related("school").order_by("reply_due_on", "pk")
    shown = [
        Row(row.title, f"{row.school.label} · {row.letter_number}", row.get_absolute_url(), _("no answer"))
        for row in found[:MOST_ROWS]
    ]
    return Block(
        _("Around schools"), counts["n"], counts["of"], _("without an answer in time, of those not solved"),
        reverse("supervision:surroundings"), shown,
    )  # fmt: skip


def _late(row, today):
    if row.is_report_late(today):
        return _days((today - row.next_report_on).days)
    return _days(-(row.days_left(today) or 0))


def _days(late):
    return _("%(n)d days late") % {"n": late} if late > 0 else ""
