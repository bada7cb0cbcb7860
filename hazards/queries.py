"""Reads for lists: filters, queues, counts. Every function starts from a queryset already in scope."""

from django.db.models import Q

from .workflow import OPEN, Grade, Status

COUNT_CAP = 10_000

LEDGER_COLUMNS = [
    "number", "title", "place", "status", "grade", "proposed_grade", "due_on", "found_on", "is_backdated",
    "is_fixed_on_spot", "closure", "school__name", "school__short_name", "school_id", "category__name",
]  # fmt: skip

# What waits for whom. Each queue is a named filter, shown as a tab and counted on the home page.
QUEUES = {
    "grade": Q(status=Status.REPORTED),
    "major": Q(grade=Grade.MAJOR, status__in=OPEN),
    "plan": Q(status=Status.SIGNED),
    "verify": Q(status=Status.SUBMITTED),
    "close": Q(status=Status.VERIFIED),
    "spot": Q(status=Status.SUBMITTED, is_fixed_on_spot=True),
}


def in_queue(hazards, queue, on):
    """The hazards of a queue; "overdue" depends on the day."""
    if queue == "overdue":
        return hazards.overdue(on)
    return hazards.filter(QUEUES[queue]) if queue in QUEUES else hazards


def search(hazards, words):
    """Number, title or place contain `words`. Plain LIKE: trigram indexes miss two-character words."""
    words = words.strip()
    if not words:
        return hazards
    return hazards.filter(Q(number__icontains=words) | Q(title__icontains=words) | Q(place__icontains=words))


def capped_count(rows):
    """How many, counted no further than the cap: (number, is more)."""
    count = rows.order_by().values("pk")[: COUNT_CAP + 1].count()
    return min(count, COUNT_CAP), count > COUNT_CAP
