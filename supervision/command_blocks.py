"""The blocks of the district's day: each part of supervision registers what it has to say there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BLOCKS: list[Callable] = []


@dataclass(frozen=True)
class Row:
    """One line of a block."""

    text: str
    detail: str
    url: str
    tag: str = ""
    kind: str = "late"


@dataclass(frozen=True)
class Block:
    """`number` of `of` wait; `url` opens the list of these; `rows` are the most urgent of them."""

    title: Any
    number: int
    of: int
    unit: Any  # what the two numbers say, in words: "late of all that run"
    url: str
    rows: list[Row] = field(default_factory=list)


def register(function):
    """Register `f(user, now) -> Block | None`: two queries at most, nothing past the person's row scope."""
    BLOCKS.append(function)
    return function


def blocks_for(user, now):
    """The blocks of this person, in the order in which the parts registered."""
    return [block for each in BLOCKS if (block := each(user, now)) is not None]
