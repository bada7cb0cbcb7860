"""`python -m scripts.check`: every check that must hold, each with its seconds; all run even if one fails."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field

from tests.services import ServiceMissing, services

from .progress import ROOT, say

BIN = ROOT / ".venv" / "bin"
PYTEST = [BIN / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
NO_TESTS = 5  # pytest's exit code when a selection is empty
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
WHITE = ["DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "SCHOOLSAFETY_DEMO", "DJANGO_SETTINGS_MODULE"]


@dataclass
class Report:
    """What ran, how long, how it ended, and the tests counted."""

    rows: list[tuple[str, float, bool]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def run(self, title: str, command: list, env: dict[str, str] | None = None) -> None:
        """Run one check with its output visible; add its test counts."""
        say(f"\n=== {title}")
        began = time.monotonic()
        ours = {name: value for name, value in os.environ.items() if name not in WHITE}
        child = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", env=ours | (env or {}),
        )  # fmt: skip
        last = ""
        for line in child.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line if COUNTS.search(line) else last
        is_pytest = command[: len(PYTEST)] == PYTEST
        code = child.wait()
        if is_pytest:
            self.count(last)
        self.rows.append((title, time.monotonic() - began, code == 0 or (is_pytest and code == NO_TESTS)))

    def count(self, summary: str) -> None:
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
        say(f"{passed} passed, {failed} failed, {skipped} skipped")
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
    browser = [*PYTEST, "tests/browser"]  # the folder, so that nothing else is collected
    by_file = [*browser, *parallel, "--dist", "loadfile", "--no-loadscope-reorder"]
    report.run("tests on SQLite", [*PYTEST, *parallel, "-m", "not browser and not postgres"], every_url)
    report.run("browser tests on SQLite", [*by_file, "-m", "not alone"])
    report.run("browser tests that measure time", [*browser, "-m", "alone"])
    try:
        with services() as addresses:
            report.run("tests on PostgreSQL and Redis", [*PYTEST, *parallel, "-m", "not browser"], addresses)
            title = "browser tests of which the database is a part, on PostgreSQL and Redis"
            report.run(title, [*by_file, "-m", "both and not alone"], addresses)
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
