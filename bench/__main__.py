"""`python -m bench [NAME …]`: run every measurement, or those named; print the table, write bench.json."""

import importlib
import os
import pkgutil
import sys
import time
from pathlib import Path

import bench
from bench.report import Report

NOT_MEASUREMENTS = {"__main__", "child", "report"}


def measurements(wanted: list[str]) -> dict:
    """name → module, for each module here that has `run(report)`."""
    names = [info.name for info in pkgutil.iter_modules(bench.__path__) if info.name not in NOT_MEASUREMENTS]
    if unknown := sorted(set(wanted) - set(names)):
        sys.exit(f"There is no measurement {', '.join(unknown)}; there are: {', '.join(names) or 'none'}.")
    modules = {
        name: importlib.import_module(f"bench.{name}") for name in names if not wanted or name in wanted
    }
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def main(wanted: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolsafety.settings.base")
    report = Report(scale=os.environ.get("BENCH_SCALE", "normal"))
    chosen = measurements(wanted)
    for number, (name, module) in enumerate(chosen.items(), 1):
        print(f"[{number}/{len(chosen)}] {name} …", flush=True)
        began = time.monotonic()
        module.run(report)
        print(f"      done in {time.monotonic() - began:.1f} s", flush=True)
    print(f"\n{report.table()}\n")
    target = Path(__file__).resolve().parent.parent / "bench.json"
    report.write(target)
    print(f"Written to {target.name}.")


if __name__ == "__main__":
    main(sys.argv[1:])
