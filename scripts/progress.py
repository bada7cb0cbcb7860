"""Numbered steps on the terminal: what runs, for how long, and the end of its output when it fails."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "log"
TICK_SECONDS = 10
TAIL_LINES = 30


class StepFailed(Exception):
    """A step could not be done; the message says what to do about it."""


def say(text: str = "") -> None:
    """One line, at once, whether a person or a file reads it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    """A warning that cannot be overlooked among the steps."""
    mark, end = ("\033[1;33m", "\033[0m") if sys.stdout.isatty() else ("", "")
    say("".join(f"{mark}  ! {line}{end}\n" for line in text.splitlines()).rstrip("\n"))


class Steps:
    """Counts the steps of one set-up."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.started = total, 0, time.monotonic()

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show the step's number and title before, its seconds after."""
        self.done += 1
        say(f"[{self.done}/{self.total}] {title}")
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        if took >= 0.5:
            say(f"      done in {took:.1f} s")

    @property
    def seconds(self) -> float:
        """Since the first step began."""
        return time.monotonic() - self.started


def run(command: list, *, log: str, advice: str = "", env: dict[str, str] | None = None) -> None:
    """Run quietly, output to var/log/LOG.log, a sign of life every few seconds; StepFailed if it fails."""
    LOGS.mkdir(parents=True, exist_ok=True)
    path, began, next_tick = LOGS / f"{log}.log", time.monotonic(), TICK_SECONDS
    with path.open("wb") as output:
        child = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, env=os.environ | (env or {}),
        )  # fmt: skip
        try:
            while child.poll() is None:
                time.sleep(0.05)
                if time.monotonic() - began > next_tick:
                    say(f"      … {next_tick} s{_last_word(path)}")
                    next_tick += TICK_SECONDS
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if child.returncode:
        lines = path.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        for line in lines:
            say(f"      | {line}")
        shown = " ".join(str(part) for part in command)
        raise StepFailed(
            f"This failed: {shown}\nIts output is in {path.relative_to(ROOT)}.\n{advice}".strip()
        )


def _last_word(path: Path) -> str:
    """The last line of a log, cut to fit: what the long step is busy with."""
    lines = path.read_text(errors="replace").strip().splitlines()
    return f": {lines[-1].strip()[:70]}" if lines else ""
