"""A whole site of its own for browser tests: database, web processes and a real worker, in a folder."""

import contextlib
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import environ
import psycopg2
from psycopg2.extras import register_default_jsonb

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
# The address bar's own pages cost more than most pages under test: every new window would load two of them.
# Of several such lists the last one counts, so the features that Playwright switches off are named again.
FEATURES_OFF = [
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin",
    "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
]  # fmt: skip
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-features={','.join(FEATURES_OFF)}",
]  # fmt: skip
# All in one process: each command of its own would load Django again.
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
call_command("demo", *{demo})
"""
SITES_A_RUN = 4  # of one test process: a Redis has sixteen numbers
_sites = itertools.count()


@dataclass
class Site:
    """A running site: where it answers, and how to run a command of `manage.py` against it."""

    url: str
    env: dict[str, str]
    _shell: subprocess.Popen | None = None

    def manage(self, *arguments: str) -> str:
        """Run `manage.py ARGUMENTS` with the site's environment; returns what it printed."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def python(self, code: str) -> str:
        """Run `code` as `manage.py shell` would on this site, but sooner; returns what it printed."""
        if not self._shell:
            self._shell = subprocess.Popen(
                [sys.executable, "-m", "tests.ready_shell"],
                cwd=ROOT, env=self.env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        self._shell.stdin.write(json.dumps(code) + "\n")
        self._shell.stdin.flush()
        is_done, said = json.loads(self._shell.stdout.readline())
        if not is_done:
            raise RuntimeError(f"{code}\nfailed:\n{said}")
        return said

    def close(self) -> None:
        """End the process behind `python`."""
        if self._shell:
            self._shell.communicate()

    def rows(self, sql: str) -> list[list[str]]:
        """What the site's own database answers, past the application and without starting it, as texts."""
        with contextlib.closing(_connection(self.env["DATABASE_URL"])) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return [[str(value) for value in row] for row in cursor.fetchall()]


@contextlib.contextmanager
def running_site(folder: Path, *demo: str) -> Iterator[Site]:
    """Migrate, load a demo city (`demo` are the arguments of `manage.py demo`), serve, stop at the end.

    Database, broker and cache are new ones on the servers that the environment names, else embedded in
    `folder`: sites may run side by side.
    """
    with own_services(folder) as services, contextlib.closing(_site(folder, services)) as site:
        site.python(PREPARE.format(demo=demo))
        with _served(site, folder / "serve.log"):
            yield site


def _site(folder: Path, services: dict[str, str]) -> Site:
    """A site with its settings, still without tables and files."""
    url = f"http://127.0.0.1:{free_port()}"
    env = {**os.environ, **services} | {
        "SCHOOLSAFETY_VAR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "SCHOOLSAFETY_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "schoolsafety.settings.base",
        "EMAIL_URL": "dummymail://",
        "PYTHONUNBUFFERED": "1",
        "PUBLIC_URL": url,
    }
    env.pop("SECRET_KEY", None)
    return Site(url, env)


@contextlib.contextmanager
def _served(site: Site, log: Path) -> Iterator[None]:
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--port", site.url.rpartition(":")[2]],
            cwd=ROOT, env=site.env, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait_until_it_answers(site.url, server, log)
        yield
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextlib.contextmanager
def own_services(folder: Path) -> Iterator[dict[str, str]]:
    """Addresses of a new database on the server of DATABASE_URL, and of free numbers on the two Redis.

    Without DATABASE_URL, SQLite in `folder`. The database is dropped at the end.
    """
    if "DATABASE_URL" not in os.environ:
        yield {"DATABASE_URL": f"sqlite:///{folder / 'schoolsafety.sqlite3'}"}
        return
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    number = process * SITES_A_RUN + next(_sites) % SITES_A_RUN
    addresses = {
        key: f"{os.environ[key].rpartition('/')[0]}/{number}"
        for key in ("CELERY_BROKER_URL", "CACHE_URL")
        if key in os.environ
    }
    server, name = os.environ["DATABASE_URL"], f"site_{os.getpid()}_{number}"
    _execute(server, f"CREATE DATABASE {name}")
    try:
        yield addresses | {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(server: str, sql: str) -> None:
    """Run one statement outside a transaction on the database of this DATABASE_URL."""
    with contextlib.closing(_connection(server)) as connection:
        connection.autocommit = True
        connection.cursor().execute(sql)


def _connection(url: str):
    """To the database of this DATABASE_URL: SQLite or PostgreSQL."""
    named = environ.Env.db_url_config(url)
    if named["ENGINE"].endswith("sqlite3"):
        return sqlite3.connect(named["NAME"], timeout=20)
    connection = psycopg2.connect(
        host=named["HOST"], port=named["PORT"] or None, user=named["USER"], password=named["PASSWORD"],
        dbname=named["NAME"],
    )  # fmt: skip
    register_default_jsonb(connection, loads=str)  # JSON as it is written, like SQLite's
    return connection


def _wait_until_it_answers(url: str, server: subprocess.Popen, log: Path, seconds: float = 180) -> None:
    deadline = monotonic() + seconds
    while True:
        if server.poll() is not None or monotonic() > deadline:
            raise RuntimeError(f"The site did not start:\n{log.read_text(errors='replace')}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            if answer.status == 200:
                return
        sleep(0.2)
