"""Counts per school by grouping in the database: a fixed number of queries for any number of schools."""

from collections import defaultdict

from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.functions import TruncDate

from hazards.models import Hazard
from hazards.workflow import OPEN, Closure, Grade, Status, missing_slots
from inspections.models import PatrolDay
from schoolsafety.core.models import Preference
from schoolsafety.core.preferences import REGISTRY

from .period import SHANGHAI
from .rollup import HAZARD, add, nothing

# Closed without having been rectified: no deadline was kept or missed.
CANCELLED = [Closure.TRANSFERRED, Closure.MISTAKEN, Closure.DUPLICATE]
HANDED_IN = [Status.SUBMITTED, Status.VERIFIED, Status.CLOSED]
EFFECTIVE = Case(When(grade="", then=F("proposed_grade")), default=F("grade"))


def below(queryset, root):
    """The rows of schools at or below `root`; all rows without a root."""
    return queryset.filter(school__path__startswith=root.path) if root else queryset


def present(period) -> Q:
    """Hazards that were open at some time in the period: found by its end, not closed before it began."""
    return Q(found_on__lte=period.until) & (Q(closed_on=None) | Q(closed_on__gte=period.start))


def open_at_end(period) -> Q:
    return present(period) & (Q(closed_on=None) | Q(closed_on__gt=period.until))


def overdue_at_end(period) -> Q:
    """Open at the end, deadline past, not handed in by then and not waiting for money."""
    not_handed_in = (
        Q(submitted_at=None)
        | Q(submitted_at__gte=period.ends_at)
        | Q(status__in=OPEN - {Status.SUBMITTED, Status.VERIFIED})
    )
    has_money = Q(awaits_funds_since=None) | Q(awaits_funds_since__gt=period.until)
    return open_at_end(period) & Q(due_on__lt=period.until) & not_handed_in & has_money


def due_in(period) -> Q:
    """Deadline in the period, and not cancelled: the denominator of the on-time rate."""
    in_period = Q(due_on__gte=period.start, due_on__lte=period.until, found_on__lte=period.until)
    return in_period & ~Q(closure__in=CANCELLED)


def kept() -> Q:
    """Handed in or closed on or before the deadline. Needs the annotation `handed_on`."""
    handed = Q(status__in=HANDED_IN, handed_on__lte=F("due_on"))
    return handed | Q(closed_on__lte=F("due_on"))


def handed_on():
    return TruncDate("submitted_at", tzinfo=SHANGHAI)


def count_hazards(period, counts, root=None):
    """Fold the hazards of the period into `counts` ({school id: rollup.nothing()}): one query.

    Carried over + new - closed = open holds row by row, because the four are one set cut two ways.
    """
    here = present(period)
    numbers = {
        "carried": Count("pk", filter=here & Q(found_on__lt=period.start)),
        "new": Count("pk", filter=here & Q(found_on__gte=period.start)),
        "closed": Count("pk", filter=here & Q(closed_on__lte=period.until)),
        "open": Count("pk", filter=open_at_end(period)),
        "overdue": Count("pk", filter=overdue_at_end(period)),
        "due": Count("pk", filter=due_in(period)),
        "on_time": Count("pk", filter=due_in(period) & kept()),
    }
    rows = below(Hazard.objects.filter(here | due_in(period)), root).annotate(
        effective=EFFECTIVE, handed_on=handed_on()
    )
    grouped = rows.order_by().values("school_id", "effective", "category_id", "source", "closure")
    for row in grouped.annotate(**numbers).iterator(chunk_size=5000):
        if row["school_id"] in counts:
            _fold(counts[row["school_id"]], row)
    return counts


def _fold(total, row):
    add(total[row["effective"]], {name: row[name] for name in HAZARD})
    if row["closed"]:
        add(total["closures"], {row["closure"]: row["closed"]})
    if row["new"]:
        add(total["sources"], {row["source"]: row["new"]})
    if row["new"] or row["open"]:
        add(total["categories"], {row["category_id"]: {"new": row["new"], "open": row["open"]}})


def count_patrols(period, counts, root=None):
    """Fold the patrol days of the period into `counts`: one query over the daily rows."""
    rows = below(PatrolDay.objects.filter(day__gte=period.start, day__lte=period.until), root)
    grouped = rows.order_by().values("school_id").annotate(
        due_days=Count("pk", filter=Q(is_due=True)),
        done_days=Count("pk", filter=Q(is_due=True, patrols__gt=0)),
        **{f"sum_{name}": Sum(name) for name in SUMMED},
    )  # fmt: skip
    for row in grouped:
        if row["school_id"] in counts:
            add(counts[row["school_id"]]["patrol"], _patrol(row))
    return counts


SUMMED = ("patrols", "items", "normal", "problems", "not_applicable", "bulk")


def _patrol(row):
    summed = {name: row[f"sum_{name}"] or 0 for name in SUMMED}
    return summed | {
        "due": row["due_days"],
        "done": row["done_days"],
        "missed": row["due_days"] - row["done_days"],
        "each": summed["items"] - summed["bulk"],
    }


def count_majors(period, counts, paths, root=None):
    """Open major hazards with what their plans lack: two queries; returns {school id: [facts]}.

    A plan is read as it stands when drawn: the past state of its fields is in the log, not in the row.
    """
    variants = preference_of(paths, "hazards.plan_variant")
    rows = below(Hazard.objects.filter(open_at_end(period)), root).annotate(effective=EFFECTIVE)
    majors = defaultdict(list)
    chosen = rows.filter(effective=Grade.MAJOR).select_related("plan").order_by("school_id", "found_on", "pk")
    for hazard in chosen:
        if hazard.school_id not in counts:
            continue
        plan = getattr(hazard, "plan", None)
        missing = [slot.value for slot in missing_slots(plan, variants[hazard.school_id])]
        counts[hazard.school_id]["major"]["complete"] += not missing
        majors[hazard.school_id].append(_major(hazard, missing, period))
    return majors


def _major(hazard, missing, period):
    is_late = bool(hazard.due_on) and hazard.due_on < period.until and hazard.status not in HANDED_IN
    if hazard.awaits_funds_since and hazard.awaits_funds_since <= period.until:
        is_late = False
    return {
        "number": hazard.number, "title": hazard.title, "place": hazard.place, "school": hazard.school_id,
        "found_on": str(hazard.found_on), "due_on": str(hazard.due_on or ""), "status": hazard.status,
        "missing": missing, "days_late": (period.until - hazard.due_on).days if is_late else 0,
    }  # fmt: skip


def preference_of(paths, key):
    """{organisation id: value of `key` that holds there} for all `paths` ({id: path}), in one query."""
    set_at = dict(Preference.objects.filter(key=key).values_list("organisation_id", "value"))
    default = REGISTRY[key].default
    found = {}
    for pk, path in paths.items():
        above = [int(part) for part in reversed(path.rstrip("/").split("/"))]
        found[pk] = next((set_at[each] for each in above if each in set_at), default)
    return found


def counts_of(period, school_paths, root=None):
    """({school id: counts}, {school id: [open majors]}) in four queries."""
    counts = {pk: nothing() | {"schools": 1} for pk in school_paths}
    count_hazards(period, counts, root)
    count_patrols(period, counts, root)
    return counts, count_majors(period, counts, school_paths, root)
