"""`python -m scripts.check`: every check that must hold, each with its seconds; all run even if one fails."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import ServiceMissing, services

from .progress import ROOT, say, warn
from .second_run import Ended, failed_in, failures_of, judge

BIN = ROOT / ".venv" / "bin"
PYTEST = [BIN / "python", "-m", "pytest", "-q"]
UNCACHED = ["-p", "no:cacheprovider"]
NO_TESTS = 5  # pytest's exit code when a selection is empty
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
WHITE = ["DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "SCHOOLSAFETY_DEMO", "DJANGO_SETTINGS_MODULE"]


def stream(command: list, env: dict[str, str] | None = None) -> tuple[int, list[str]]:
    """Run a command with its output visible; its exit code and the lines that it printed."""
    ours = {name: value for name, value in os.environ.items() if name not in WHITE}
    child = subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", env=ours | (env or {}),
    )  # fmt: skip
    lines = []
    for line in child.stdout or []:
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line)
    return child.wait(), lines


@dataclass
class Report:
    """What ran, how long, how it ended, the tests counted, and those that passed only the second time."""

    rows: list[tuple[str, float, bool]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    stream: Callable[..., tuple[int, list[str]]] = stream

    def run(self, title: str, command: list, env: dict[str, str] | None = None) -> None:
        """Run one check; the tests of a run of pytest are counted."""
        say(f"\n=== {title}")
        began = time.monotonic()
        is_pytest = command[: len(PYTEST)] == PYTEST
        code, lines = self.stream([*command, *UNCACHED] if is_pytest else command, env)
        if is_pytest:
            self.count(lines)
        self.rows.append((title, time.monotonic() - began, code == 0 or (is_pytest and code == NO_TESTS)))

    def run_browser(self, title: str, marks: str, how: list, env: dict[str, str] | None = None) -> None:
        """Run the browser tests with these marks; one or two that fail get a second run, alone.

        `how` steers the first run only. A test that passes then is named, here and in the last line.
        """
        say(f"\n=== {title}")
        began = time.monotonic()
        failed_before = self.counts.get("failed", 0)
        with tempfile.TemporaryDirectory() as folder:
            # The folder of the browser tests, so that nothing else is collected.
            command = [*PYTEST, "tests/browser", "-m", marks, "-o", f"cache_dir={folder}"]
            first = self._ended([*command, *how], env)
            failed = failed_in(Path(folder))

            def again() -> Ended:
                say(f"\n=== {title}: once more what failed, alone")
                return self._ended([*command, "--last-failed"], env)

            verdict = judge(first, failed, again)
        if verdict.late:
            self.counts["failed"] = failed_before
            self._tell(verdict.late, first.lines)
        is_good = verdict.is_good or first.code == NO_TESTS
        self.rows.append((title, time.monotonic() - began, is_good))

    def _ended(self, command: list, env: dict[str, str] | None) -> Ended:
        before = self.counts.get("passed", 0)
        code, lines = self.stream(command, env)
        self.count(lines)
        return Ended(code, self.counts.get("passed", 0) - before, lines)

    def _tell(self, late: list[str], lines: list[str]) -> None:
        """What failed the first time and why; it counts as passed, and is not forgotten."""
        self.late += late
        warn(f"passed only the second time: {', '.join(late)}")
        say(failures_of(lines))

    def count(self, lines: list[str]) -> None:
        """Add what the last line with counts says."""
        summary = next((line for line in reversed(lines) if COUNTS.search(line)), "")
        for number, outcome in COUNTS.findall(summary):
            outcome = "failed" if outcome.startswith("error") else outcome
            self.counts[outcome] = self.counts.get(outcome, 0) + int(number)

    def finish(self) -> int:
        """The table, then one line of counts; 0 if everything held."""
        say()
        for title, seconds, is_good in self.rows:
            say(f"{'ok    ' if is_good else 'FAILED'} {seconds:7.1f} s  {title}")
        total = sum(seconds for _, seconds, _ in self.rows)
        say(f"       {total:7.1f} s  in all\n")
        passed, failed, skipped = (self.counts.get(name, 0) for name in ("passed", "failed", "skipped"))
        late = f"; passed only the second time: {', '.join(self.late)}" if self.late else ""
        say(f"{passed} passed, {failed} failed, {skipped} skipped{late}")
        return 0 if all(is_good for _, _, is_good in self.rows) else 1


def static_checks(report: Report) -> None:
    """What needs no test run: style, import order, types, templates, settings, migrations, translations."""
    manage = [BIN / "python", ROOT / "manage.py"]
    report.run("ruff check", [BIN / "ruff", "check", "."])
    report.run("ruff format", [BIN / "ruff", "format", "--check", "."])
    report.run("import order", [BIN / "lint-imports", "--no-cache"])
    report.run("types", [BIN / "mypy"])
    report.run("templates", [BIN / "djlint", "templates", "--lint", "--quiet"])
    report.run("manage.py check", [*manage, "check", "--fail-level", "ERROR"])
    report.run("no migration is missing", [*manage, "makemigrations", "--check", "--dry-run"])
    report.run("every message is translated", [*manage, "messages", "--check"])


def test_runs(report: Report) -> None:
    """The suite on both databases; browser tests once, but those of which the database is a part on both.

    Two processes share the machine, each with a site of its own; what measures time has it for itself.
    """
    parallel, every_url = ["-n", "2"], {"EVERY_URL": "1"}
    by_file = [*parallel, "--dist", "loadfile", "--no-loadscope-reorder"]
    report.run("tests on SQLite", [*PYTEST, *parallel, "-m", "not browser and not postgres"], every_url)
    report.run_browser("browser tests on SQLite", "not alone", by_file)
    report.run_browser("browser tests that measure time", "alone", [])
    try:
        with services() as addresses:
            report.run("tests on PostgreSQL and Redis", [*PYTEST, *parallel, "-m", "not browser"], addresses)
            title = "browser tests of which the database is a part, on PostgreSQL and Redis"
            report.run_browser(title, "both and not alone", by_file, addresses)
    except ServiceMissing as reason:
        say(str(reason))
        report.rows.append(("PostgreSQL and Redis", 0.0, False))


def main() -> int:
    report = Report()
    static_checks(report)
    test_runs(report)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
