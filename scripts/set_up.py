"""`python -m scripts.set_up run|test`: everything between a fresh clone and a running site or test suite.

A step leaves a stamp in var/stamps that names what it was done for: a second call does only what changed.
"""

import os
import subprocess
import sys

from . import environment, system
from .environment import PYTHON, digest, is_fresh, mark
from .progress import ROOT, StepFailed, Steps, run, say

MANAGE = [PYTHON, ROOT / "manage.py"]
DATABASE = ROOT / "var" / "schoolsafety.sqlite3"
HAS_DATA = 3
PROBE = f"""
import django
django.setup()
from schoolsafety.core.models import Organisation
raise SystemExit({HAS_DATA} if Organisation.objects.exists() else 0)
"""


def main(kind: str) -> None:
    """Set up for `run` (and then serve) or for `test`."""
    os.chdir(ROOT)
    steps = Steps(9 if kind == "run" else 6)
    with steps.step("System packages: PDF libraries, Chinese fonts" + (", test services" * (kind == "test"))):
        system.install_packages(for_tests=kind == "test")
    with steps.step("The typeface for official papers (FandolFang)"):
        system.fetch_fandol()
    with steps.step("A Python environment in .venv"):
        environment.make_venv()
    with steps.step("The locked packages, each checked against its hash"):
        environment.sync_packages(kind)
    with steps.step("A private folder of fonts for the papers"):
        make_fonts()
    with steps.step("Translations"):
        compile_translations()
    if kind == "run":
        set_up_site(steps)
    say(f"Set up in {steps.seconds:.0f} s.")


def set_up_site(steps: Steps) -> None:
    """What only a running site needs: static files, the database, and the demo city when it is empty."""
    with steps.step("Static files"):
        collect_static()
    with steps.step("The database"):
        migrate()
    with steps.step("The demo city"):
        fill_empty_database()


def make_fonts() -> None:
    key = digest(environment.LOCKS["run"], *sorted((ROOT / "schoolsafety/core/pdf").glob("*.py")))
    key += system.fonts_fingerprint()
    if is_fresh("fonts", key) and (ROOT / "var/fonts/private").exists():
        say("      already there")
        return
    run([*MANAGE, "fonts"], log="fonts")
    mark("fonts", key)


def compile_translations() -> None:
    catalogues = sorted((ROOT / "locale").rglob("*.po"))
    key = digest(*catalogues)
    if is_fresh("translations", key) and all(path.with_suffix(".mo").exists() for path in catalogues):
        say("      already compiled")
        return
    run([*MANAGE, "messages", "--compile"], log="translations")
    mark("translations", key)


def collect_static() -> None:
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    key = digest(environment.LOCKS["run"], *files) + "".join(path.name for path in files)
    if is_fresh("static", key) and (ROOT / "var/static/staticfiles.json").exists():
        say("      already collected")
        return
    # What is there stays: a phone with the release before asks for its files under their old names.
    run([*MANAGE, "collectstatic", "--noinput"], log="static")
    mark("static", key)


def migrate() -> None:
    """Always asked when the database is elsewhere; the embedded one remembers which migrations it has."""
    migrations = sorted(path for path in ROOT.glob("**/migrations/*.py") if ".venv" not in path.parts)
    key = digest(environment.LOCKS["run"], *migrations)
    is_embedded = "DATABASE_URL" not in os.environ
    if is_embedded and DATABASE.exists() and is_fresh("database", key):
        say("      up to date")
        return
    run([*MANAGE, "migrate", "--noinput"], log="migrate")
    if is_embedded:
        mark("database", key)


def fill_empty_database() -> None:
    """The demo city, only for a demo and only into a database without any organisation."""
    if os.environ["SCHOOLSAFETY_DEMO"] != "1":
        say("      not asked for")
        return
    is_embedded = "DATABASE_URL" not in os.environ
    key = str(DATABASE.stat().st_ino) if is_embedded else ""
    if is_embedded and is_fresh("demo", key):
        say("      already there")
        return
    settings_module = os.environ.get("DJANGO_SETTINGS_MODULE", "schoolsafety.settings.base")
    probe_env = os.environ | {"DJANGO_SETTINGS_MODULE": settings_module}
    answer = subprocess.run([PYTHON, "-c", PROBE], env=probe_env, check=False).returncode
    if answer not in {0, HAS_DATA}:
        raise StepFailed("The database could not be read; see the error above.")
    if answer == 0:
        run([*MANAGE, "demo"], log="demo")
    else:
        say("      the database has its own data")
    mark("demo", key)


def serve() -> None:
    """Become the server; Ctrl-C stops it and its worker."""
    port = os.environ.get("PORT", "8000")
    os.execv(PYTHON, [str(part) for part in [*MANAGE, "serve", "--port", port]])


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) == 2 else ""
    if wanted not in environment.LOCKS:
        sys.exit("Say what to set up for: run or test.")
    if wanted == "run":
        os.environ.setdefault("SCHOOLSAFETY_DEMO", "1")
    try:
        main(wanted)
    except StepFailed as failure:
        sys.exit(f"\nSet-up stopped. {failure}")
    except KeyboardInterrupt:
        sys.exit("\nSet-up was interrupted; the next `make run` goes on where it stopped.")
    if wanted == "run":
        serve()
