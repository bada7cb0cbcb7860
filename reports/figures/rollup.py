"""Sums along the tree. Pure: a superior's counts are the sum of the counts right below it, always."""

from collections.abc import Iterable, Mapping

PATROL = (
    "due", "done", "missed", "patrols", "items", "normal", "problems", "not_applicable", "each", "bulk",
)  # fmt: skip
HAZARD = ("carried", "new", "closed", "open", "overdue", "due", "on_time")


def nothing() -> dict:
    """The counts of a school where nothing happened and nothing was due."""
    return {
        "schools": 0,
        "patrol": dict.fromkeys(PATROL, 0),
        "general": dict.fromkeys(HAZARD, 0),
        "major": dict.fromkeys(HAZARD, 0) | {"complete": 0},
        "closures": {},
        "categories": {},
        "sources": {},
    }


def add(total: dict, more: Mapping) -> dict:
    """Add `more` to `total` in place, key by key, at every depth; returns `total`."""
    for key, value in more.items():
        if isinstance(value, Mapping):
            add(total.setdefault(key, {}), value)
        else:
            total[key] = total.get(key, 0) + value
    return total


def sum_of(counts: Iterable[Mapping]) -> dict:
    """The sum of any number of counts; `nothing()` of none."""
    total = nothing()
    for each in counts:
        add(total, each)
    return total


def roll_up(schools: Mapping[int, Mapping], paths: Mapping[int, str]) -> dict[int, dict]:
    """{organisation: counts} of everything above the schools.

    `schools` maps a school's id to its counts, `paths` its id to its path ("1/7/52/"). Every
    ancestor on the path gets every school below it once.
    """
    totals: dict[int, dict] = {}
    for pk, counts in schools.items():
        for above in ancestors(paths[pk]):
            add(totals.setdefault(above, nothing()), counts)
    return totals


def ancestors(path: str) -> list[int]:
    """The ids above a node, the root first."""
    return [int(part) for part in path.rstrip("/").split("/")][:-1]


def both(counts: Mapping, name: str) -> int:
    """A hazard count over both grades."""
    return counts["general"][name] + counts["major"][name]


def rate(part: int, whole: int) -> float | None:
    """Per cent with one digit; None, not 0 and not 100, when there is nothing to divide by."""
    return round(part * 100 / whole, 1) if whole else None
