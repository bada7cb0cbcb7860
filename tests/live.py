"""A whole site of its own for browser tests: database, web processes and a real worker, in a folder."""

import contextlib
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass
class Site:
    """A running site: where it answers, and how to run a command of `manage.py` against it."""

    url: str
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run `manage.py ARGUMENTS` with the site's environment; returns what it printed."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout


@contextlib.contextmanager
def running_site(folder: Path, *demo: str) -> Iterator[Site]:
    """Migrate, load a demo city (`demo` are the arguments of `manage.py demo`), serve, stop at the end.

    Database, broker and cache are those of the environment if it names them, else embedded in `folder`.
    """
    port = free_port()
    env = os.environ | {
        "SCHOOLSAFETY_VAR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "SCHOOLSAFETY_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "schoolsafety.settings.base",
        "EMAIL_URL": "dummymail://",
        "PYTHONUNBUFFERED": "1",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    env.pop("SECRET_KEY", None)
    site = Site(f"http://127.0.0.1:{port}", env)
    site.manage("migrate", "--verbosity", "0")
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    site.manage("demo", *demo)
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)],
            cwd=ROOT, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait_until_it_answers(site.url, server, folder / "serve.log")
        yield site
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_it_answers(url: str, server: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    deadline = monotonic() + seconds
    while True:
        if server.poll() is not None or monotonic() > deadline:
            raise RuntimeError(f"The site did not start:\n{log.read_text(errors='replace')}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            if answer.status == 200:
                return
        sleep(0.2)
