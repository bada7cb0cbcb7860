"""Thirteen months of one bureau or school in five queries, to say whether it became better."""

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncMonth

from hazards.models import Hazard
from inspections.models import PatrolDay

from . import period as periods
from .counting import below, due_in, handed_on, kept

MONTHS = 13  # twelve, and the same month of last year


def monthly_series(organisation, first, *, on, months=MONTHS):
    """The months up to the one that begins on `first`, oldest first.

    Each is {month, new, closed, open, due, on_time, patrol_due, patrol_done}. Months before
    the first record hold None instead of numbers: no data is not zero.
    """
    firsts = periods.months_until(first, months)
    whole = periods.Period(firsts[0], periods.month(first, on).end, periods.month(first, on).until)
    hazards = below(Hazard.objects.filter(found_on__lte=whole.until), organisation)
    days = below(PatrolDay.objects.filter(day__lte=whole.until), organisation)
    known = _known_since(hazards, days)
    new = _by_month(hazards.filter(found_on__gte=whole.start), "found_on")
    closed = _by_month(hazards.filter(closed_on__gte=whole.start, closed_on__lte=whole.until), "closed_on")
    due = _due(hazards, whole)
    walked = _walked(days, whole)
    still = Q(closed_on=None) | Q(closed_on__gte=whole.start)
    carried = hazards.filter(found_on__lt=whole.start).filter(still).count()
    rows = []
    for each in firsts:
        carried += new.get(each, 0) - closed.get(each, 0)
        is_known = known is not None and periods.next_month(each) > known
        numbers = {
            "new": new.get(each, 0), "closed": closed.get(each, 0), "open": carried,
            **due.get(each, {"due": 0, "on_time": 0}),
            **walked.get(each, {"patrol_due": 0, "patrol_done": 0}),
        }  # fmt: skip
        rows.append(
            {"month": str(each), **{key: value if is_known else None for key, value in numbers.items()}}
        )
    return rows


def _known_since(hazards, days):
    """The day of the first record; None without any."""
    found = [
        hazards.aggregate(first=Min("found_on"))["first"],
        days.aggregate(first=Min("day"))["first"],
    ]
    return min((day for day in found if day), default=None)


def _by_month(rows, field):
    grouped = rows.order_by().annotate(in_month=TruncMonth(field)).values("in_month").annotate(n=Count("pk"))
    return {row["in_month"]: row["n"] for row in grouped}


def _due(hazards, whole):
    rows = hazards.filter(due_in(whole)).annotate(handed_on=handed_on(), in_month=TruncMonth("due_on"))
    grouped = rows.order_by().values("in_month").annotate(n=Count("pk"), kept=Count("pk", filter=kept()))
    return {row["in_month"]: {"due": row["n"], "on_time": row["kept"]} for row in grouped}


def _walked(days, whole):
    rows = days.filter(day__gte=whole.start).annotate(in_month=TruncMonth("day"))
    grouped = rows.order_by().values("in_month").annotate(
        due=Count("pk", filter=Q(is_due=True)), done=Count("pk", filter=Q(is_due=True, patrols__gt=0)),
    )  # fmt: skip
    return {row["in_month"]: {"patrol_due": row["due"], "patrol_done": row["done"]} for row in grouped}
