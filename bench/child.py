"""A measurement in a process of its own, against an empty PostgreSQL of its own: settings are read once."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.services import postgres


def output_of(module: str, **environment: str) -> str:
    """What `python -m MODULE` prints, with `environment` beside ours; database and files are gone afterwards.

    Raises CalledProcessError if it fails; its complaints go where ours go.
    """
    with tempfile.TemporaryDirectory(prefix="ss-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as a user of its own, who must get through
        with postgres(Path(folder)) as address:
            given = {
                "DATABASE_URL": address, "SCHOOLSAFETY_VAR": folder,
                "DJANGO_SETTINGS_MODULE": "schoolsafety.settings.test",
            }  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-m", module],
                env=os.environ | given | environment, check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
    return done.stdout


def figures_of(module: str) -> dict[str, float]:
    """The lines `name=value` that `python -m MODULE` prints."""
    return {name: float(value) for name, value in (line.split("=") for line in output_of(module).split())}
