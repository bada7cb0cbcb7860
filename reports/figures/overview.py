"""The live figures of the overview: what stands open now, where, how old, who is silent."""

from django.db.models import Count, Q

from hazards.models import Hazard
from hazards.standing import backlog_ages, heat_table
from hazards.workflow import OPEN, Status, missing_slots
from inspections.models import PatrolDay

from ..models import Bulletin, WeeklyReport
from ..workflow import BulletinStatus
from . import period as periods
from .counting import EFFECTIVE, below, preference_of
from .series import monthly_series

MAJORS_LISTED = 10
NAMES_LISTED = 30


def overview_figures(organisation, *, on, month=None):
    """All blocks of the overview of a bureau or school on the day `on`.

    `month` (its first day) lets the heat table show what was found in it instead of what is open.
    A fixed number of queries for any number of schools.
    """
    hazards = below(Hazard.objects.all(), organisation)
    standing = hazards.filter(status__in=OPEN)
    late = Q(due_on__lt=on, awaits_funds_since=None) & ~Q(status__in=[Status.SUBMITTED, Status.VERIFIED])
    numbers = standing.annotate(effective=EFFECTIVE).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=late), major=Count("pk", filter=Q(effective="major")),
        funds=Count("pk", filter=Q(awaits_funds_since__isnull=False)),
    )  # fmt: skip
    majors, complete = _majors(standing, organisation)
    chosen = (
        hazards.filter(found_on__gte=month, found_on__lt=periods.next_month(month)) if month else standing
    )
    series = monthly_series(organisation, on.replace(day=1), on=on)
    return numbers | {
        "walked": _walked(organisation, on),
        "majors": majors,
        "complete": complete,
        "ages": backlog_ages(standing, on),
        "heat": heat_table(chosen, organisation, on),
        "series": series[1:],
        "weekly": _latest_week(organisation),
        "bulletin": Bulletin.objects.filter(
            organisation__in=organisation.path_ids(), status=BulletinStatus.ISSUED
        ).defer("figures", "sections").first(),
    }  # fmt: skip


def _walked(organisation, on):
    """{due, done, silent: [schools], left_out} of the day: two queries."""
    days = below(PatrolDay.objects.filter(day=on, is_due=True), organisation)
    counts = days.aggregate(due=Count("pk"), done=Count("pk", filter=Q(patrols__gt=0)))
    silent = days.filter(patrols=0).select_related("school").order_by("school__code")[:NAMES_LISTED]
    missing = counts["due"] - counts["done"]
    return counts | {"silent": [row.school for row in silent], "left_out": max(0, missing - NAMES_LISTED)}


def _majors(standing, organisation):
    """(the first open major hazards by deadline, how many of all have every implementation): two queries."""
    rows = standing.annotate(effective=EFFECTIVE).filter(effective="major")
    rows = list(rows.select_related("plan", "school").order_by("due_on", "pk"))
    variants = preference_of({row.school_id: row.school.path for row in rows}, "hazards.plan_variant")
    complete = sum(not missing_slots(getattr(row, "plan", None), variants[row.school_id]) for row in rows)
    return rows[:MAJORS_LISTED], complete


def _latest_week(organisation):
    """{monday, due, signed, missing: [organisations], left_out} of the newest drafted week, or None."""
    rows = WeeklyReport.objects.filter(organisation__path__startswith=organisation.path)
    rows = rows.exclude(organisation=organisation) if organisation.is_bureau else rows
    newest = rows.order_by("-week_start").values_list("week_start", flat=True).first()
    if newest is None:
        return None
    rows = rows.filter(week_start=newest)
    counts = rows.order_by().aggregate(due=Count("pk"), signed=Count("pk", filter=Q(signed_at__isnull=False)))
    missing = rows.filter(signed_at=None).select_related("organisation").order_by("organisation__code")
    return counts | {
        "monday": newest,
        "missing": [row.organisation for row in missing.defer("figures")[:NAMES_LISTED]],
        "left_out": max(0, counts["due"] - counts["signed"] - NAMES_LISTED),
    }
