"""Reads for lists: filters, queues, counts. Every function starts from a queryset already in scope."""

from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from schoolsafety.core.roles import BUREAU_ROLES, Role

from .models import Extension, Hazard, LegalBasis
from .workflow import OPEN, OWN_SOURCES, Grade, Status

COUNT_CAP = 10_000
PRINCIPAL_DAYS = 3  # after so many days the bureau also sees what a principal has not written off

LEDGER_COLUMNS = [
    "number", "title", "place", "status", "grade", "proposed_grade", "source", "due_on", "found_on",
    "is_backdated", "is_fixed_on_spot", "closure", "interim_at", "reopened_count", "first_due_on",
    "awaits_funds_since", "paused_until", "school__name", "school__short_name", "school__path",
    "category__name", "sent_back_count",
]  # fmt: skip

MAJOR = Q(grade=Grade.MAJOR) | Q(grade="", proposed_grade=Grade.MAJOR)
OPEN_EXTENSION = Exists(Extension.objects.filter(hazard=OuterRef("pk"), decided_at__isnull=True))
# What waits, by name. Each is a tab of the ledger and an address: `?queue=grade`.
QUEUES = {
    "grade": Q(status=Status.REPORTED) & MAJOR,
    "accept": Q(status=Status.SIGNED),
    "close": Q(status=Status.VERIFIED),
    # What waits for money waits for no act of the school; it stands in a queue of its own.
    "fix": (Q(status=Status.RECTIFYING) | (Q(status=Status.REPORTED) & ~MAJOR)) & Q(awaits_funds_since=None),
    "plan": Q(status=Status.PLANNING),
    "spot": Q(status=Status.SUBMITTED, is_fixed_on_spot=True),
    "extension": Q(OPEN_EXTENSION),
    "funds": Q(status__in=OPEN, awaits_funds_since__isnull=False),
}
BUREAU_QUEUES = ["grade", "verify", "close", "accept", "extension", "overdue", "funds"]
SCHOOL_QUEUES = ["fix", "plan", "overdue", "funds"]
PRINCIPAL_QUEUES = ["verify", "plan", "fix", "overdue", "funds"]


def queues_for(user):
    """The names of the queues that this person works on, in the order of their tabs."""
    roles = {role for _path, role in user.posts}
    if roles & BUREAU_ROLES:
        return BUREAU_QUEUES
    if Role.PRINCIPAL in roles:
        return PRINCIPAL_QUEUES
    return SCHOOL_QUEUES if Role.SAFETY_OFFICER in roles else ["overdue"]


def condition_of(queue, user, now):
    """The Q of a queue for this person; None if there is no such queue.

    What is to verify depends on who looks: a principal sees the general hazards that the school found
    and another person handed in, the bureau all others and what no principal has taken for three days.
    """
    today = timezone.localdate(now)
    if queue == "overdue":
        late = Q(status__in=OPEN - {Status.SUBMITTED, Status.VERIFIED}, due_on__lt=today)
        return late & Q(awaits_funds_since=None)
    if queue != "verify":
        return QUEUES.get(queue)
    own = Q(source__in=OWN_SOURCES) & ~MAJOR
    if not {role for _path, role in user.posts} & BUREAU_ROLES:
        return Q(status=Status.SUBMITTED) & own & ~Q(submitted_by=user.pk)
    limit = timezone.make_aware(datetime.combine(today - timedelta(days=PRINCIPAL_DAYS), time()))
    return Q(status=Status.SUBMITTED) & (~own | Q(submitted_at__lt=limit))


def counts_for(user, now):
    """{queue: how many wait} for this person: one query a request, however often asked."""
    if not hasattr(user, "_hazard_counts"):
        names = queues_for(user)
        # The prefix keeps the names apart from the model's fields.
        counts = {f"n_{name}": Count("pk", filter=condition_of(name, user, now)) for name in names}
        found = Hazard.objects.visible_to(user).open().order_by().aggregate(**counts)
        user._hazard_counts = {name: found[f"n_{name}"] for name in names}
    return user._hazard_counts


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


def recent_places(school, most=30):
    """Places named in the last reports of a school, to choose from while typing."""
    rows = Hazard.objects.filter(school=school).order_by("-found_at", "-pk").values_list("place", flat=True)
    return list(dict.fromkeys(rows[: most * 3]))[:most]


def reasons_of(user, most=5):
    """The reasons that this person gave last when grading, each once, to choose from: one query."""
    rows = Hazard.objects.visible_to(user).filter(graded_by=user).exclude(grade_reason="")
    texts = rows.order_by("-graded_at", "-pk").values_list("grade_reason", flat=True)
    return list(dict.fromkeys(texts[: most * 10]))[:most]


def legal_bases():
    """All clauses with their categories: two queries."""
    return LegalBasis.objects.prefetch_related("categories").order_by("document", "pk")
