"""The virtual environment `.venv` and the locked packages in it."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .progress import ROOT, StepFailed, run, say, warn

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMPS = ROOT / "var" / "stamps"
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}
UV_LOCK = ROOT / "requirements-uv.lock"
OLDEST = (3, 11)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def digest(*paths: Path) -> str:
    """One fingerprint of the contents of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes() if path.exists() else b"absent")
    return total.hexdigest()


def is_fresh(name: str, key: str) -> bool:
    """Whether the step `name` was last done with this key."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == key


def mark(name: str, key: str) -> None:
    """Remember that the step is done."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(key)


def make_venv() -> None:
    """A virtual environment of the Python that runs this; made anew if its own Python has gone."""
    if sys.version_info < OLDEST:
        raise StepFailed(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if PYTHON.exists() and not subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode:
        say("      already there")
        return
    shutil.rmtree(VENV, ignore_errors=True)
    (STAMPS / "packages").unlink(missing_ok=True)
    run([sys.executable, "-m", "venv", VENV], log="venv", advice="Is the package python3-venv installed?")


def sync_packages(kind: str) -> None:
    """Install exactly what the lock names, each file checked against its hash. `kind` is run or test."""
    keys = {kind: digest(path) for kind, path in LOCKS.items()}
    if is_fresh("packages", keys["test"]) or is_fresh("packages", keys[kind]):
        say("      already there")
        return
    was_for_tests = (VENV / "bin" / "pytest").exists()
    kind = "test" if was_for_tests else kind  # never take the test tools away again
    advice = "Is the network reachable? Behind a mirror set it once: pip config set global.index-url URL"
    if not UV.exists():
        run([PYTHON, "-m", "pip", "install", "--require-hashes", "-r", UV_LOCK], log="uv", advice=advice)
    try:
        sync = [UV, "pip", "sync", "--python", PYTHON, "--require-hashes", LOCKS[kind]]
        run(sync, log="packages", env=_index_for_uv())
    except (StepFailed, OSError) as failure:
        warn(f"uv could not install the packages, so pip does it (slower).\n{failure}")
        run(
            [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", LOCKS[kind]],
            log="packages", advice=advice,
        )  # fmt: skip
    mark("packages", keys[kind])


def _index_for_uv() -> dict[str, str]:
    """uv reads neither pip's configuration nor the system's certificates by itself: hand both over."""
    found = {"UV_SYSTEM_CERTS": "1"} if CERTIFICATES.exists() else {}
    if {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(os.environ):
        return found
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    if mirror := re.search(r"^(?:global|install|:env:)\.index-url='(.+)'$", listing.stdout, re.M):
        found["UV_DEFAULT_INDEX"] = mirror.group(1)
    return found
