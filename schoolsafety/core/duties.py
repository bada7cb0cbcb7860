"""What a person must do today: apps above register what they know; the home page shows it in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """The order of the home page (ux.md D1)."""

    OVERDUE = 1
    TODAY = 2
    SOON = 3
    SIGNATURE = 4
    OTHERS = 5  # waiting for someone else: grey


@dataclass(frozen=True)
class Duty:
    """One thing on somebody's desk. All texts are in the reader's language."""

    rank: Rank
    text: str  # "每日巡查还没开始"
    detail: str  # "30 项，请在 17:00 前完成"
    url: str
    button: str  # "开始巡查"
    tag: str = ""  # "逾期 2 天"
    kind: str = "todo"  # look of the tag: todo, wait, late, done
    weight: int = 0  # larger first within a rank
    other: tuple[str, str] | None = None  # (words, address) of a second way to do it


SOURCES: list[Callable] = []


def source(function):
    """Register `f(user, now) -> Iterable[Duty]`; it must cost a fixed number of queries."""
    SOURCES.append(function)
    return function


def duties_of(user, now) -> list[Duty]:
    """Everything on this person's desk, most urgent first."""
    found: list[Duty] = []
    for each in SOURCES:
        rows: Iterable[Duty] = each(user, now)
        found.extend(rows)
    return sorted(found, key=lambda duty: (duty.rank, -duty.weight))
