"""The second run of browser tests in `make test`: for one or two that failed, alone, and never in silence."""

import json
from pathlib import Path

import pytest

from scripts.check import PYTEST, Report

FAILURE = "E  AssertionError: Not within 20000 ms"


class Runner:
    """Plays pytest: each run ends as told, and leaves its failed tests in the cache folder it was given."""

    def __init__(self, *runs):
        self.runs, self.commands = list(runs), []

    def __call__(self, command, env=None):
        self.commands.append([str(part) for part in command])
        code, failed, passed = self.runs.pop(0)
        folder = Path(self.commands[-1][self.commands[-1].index("-o") + 1].partition("=")[2]) / "v" / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lastfailed").write_text(json.dumps(dict.fromkeys(failed, True)))
        lines = ["=== FAILURES ===\n", f"{FAILURE}\n", "=== short test summary info ===\n", "FAILED\n"]
        return code, [*(lines if failed else []), f"{len(failed)} failed, {passed} passed in 1.00s\n"]


def checked(*runs):
    """What the step makes of these runs, its runner, and the exit code of all checks."""
    runner = Runner(*runs)
    report = Report(stream=runner)
    report.run_browser("browser tests", "not alone", ["-n", "2"])
    return report, runner, report.finish()


def test_what_passes_the_second_time_holds_and_is_said_loudly(capfd):
    _report, runner, code = checked((1, ["a.py::b", "a.py::c"], 8), (0, [], 2))
    assert code == 0
    said = capfd.readouterr().out
    assert f"passed only the second time: a.py::b, a.py::c\n=== FAILURES ===\n{FAILURE}\n" in said
    last = said.strip().splitlines()[-1]
    assert last == "10 passed, 0 failed, 0 skipped; passed only the second time: a.py::b, a.py::c"
    first, second = runner.commands
    assert "--last-failed" not in first
    assert second == [*first[:-2], "--last-failed"]  # the same selection and cache, in one process


def test_what_fails_again_is_red(capfd):
    report, _runner, code = checked((1, ["a.py::b", "a.py::c"], 8), (1, ["a.py::c"], 1))
    assert code == 1
    assert report.counts["failed"] == 3
    assert "second time" not in capfd.readouterr().out


def test_three_are_no_chance_and_get_no_second_run():
    _report, runner, code = checked((1, ["a", "b", "c"], 8))
    assert (code, len(runner.commands)) == (1, 1)


@pytest.mark.parametrize("ended", [(1, [], 8), (2, ["a"], 0), (3, ["a"], 0), (5, [], 0), (0, [], 9)])
def test_nothing_else_gets_one(ended):
    """No test named, a broken collection, a crash; nothing selected and all passed, which hold."""
    _report, runner, code = checked(ended)
    assert (code, len(runner.commands)) == (0 if ended[0] in (0, 5) else 1, 1)


def test_a_second_run_that_ran_fewer_proves_nothing():
    assert checked((1, ["a", "b"], 8), (0, [], 1))[2] == 1


def test_other_tests_get_none():
    ran = []
    report = Report(stream=lambda command, env: ran.append(command) or (1, ["1 failed, 3 passed in 1.00s\n"]))
    report.run("tests", [*PYTEST, "tests/core"])
    assert (report.finish(), len(ran)) == (1, 1)
