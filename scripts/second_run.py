"""One more run, alone, for one or two browser tests that failed (docs/decisions/0010-second-run.md)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MOST = 2  # failures of a step that get a second run; more are no chance
TESTS_FAILED = 1  # pytest's exit code; any other one is not about single tests
BEGINS, ENDS = {"FAILURES", "ERRORS"}, {"short test summary info", "warnings summary"}


@dataclass(frozen=True)
class Ended:
    """How a run of pytest ended: its exit code, how many tests passed, the lines that it printed."""

    code: int
    passed: int
    lines: list[str]


@dataclass(frozen=True)
class Verdict:
    """What the second run says: whether the step holds, and which tests needed it."""

    is_good: bool
    late: list[str]


def failed_in(cache: Path) -> list[str]:
    """The ids that the last run left as failed in its cache folder; none if it left no word."""
    kept = cache / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else []


def failures_of(lines: list[str]) -> str:
    """The part of pytest's output that says what failed and why, without what follows it."""
    heads = [(n, line.strip("= \n")) for n, line in enumerate(lines) if line.startswith("==")]
    begin = next((n for n, head in heads if head in BEGINS), len(lines))
    end = next((n for n, head in heads if n > begin and head in ENDS), len(lines))
    return "".join(lines[begin:end])


def judge(first: Ended, failed: list[str], again: Callable[[], Ended]) -> Verdict:
    """Whether a step whose first run ended so holds; `again` runs the failed tests once more, alone.

    It holds only if tests failed, at most MOST of them, and as many as had failed pass now, none failing.
    """
    if first.code != TESTS_FAILED or not 0 < len(failed) <= MOST:
        return Verdict(first.code == 0, [])
    second = again()
    is_good = second.code == 0 and second.passed == len(failed)
    return Verdict(is_good, failed if is_good else [])
