"""`manage.py serve`: the web server and its one worker, as two children that live and end together."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from schoolsafety.core.first_run import setup_link

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 15
RESTART_SECONDS = 5  # a worker that dies at once is not restarted in a busy loop


class Command(BaseCommand):
    """Serves until SIGINT or SIGTERM. Exit code 0 after a signal, 1 if the web server ended by itself."""

    help = "Serves the site with two web processes and one background worker; Ctrl-C stops all of them."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")

    def handle(self, *, host, port, workers, **options):
        self.refuse_a_taken_port(host, port)
        self.is_stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        web = start(web_command(host, port, workers))
        worker, worker_began = start(worker_command()), time.monotonic()
        is_announced = False
        try:
            while not self.is_stopping and web.poll() is None:
                if not is_announced and (is_announced := listens(host, port)):
                    self.stdout.write(f"\n校安 School Safety: http://{host}:{port}/   (Ctrl-C stops it)\n")
                    if link := first_link():
                        self.stdout.write(
                            f"Nobody can sign in yet. First administrator: http://{host}:{port}{link}\n"
                        )
                    self.stdout.flush()
                if worker.poll() is not None and time.monotonic() - worker_began > RESTART_SECONDS:
                    self.stderr.write(f"The worker ended with code {worker.returncode}; starting it again.")
                    kill_session(worker)  # its beat outlives it, and there must be only one
                    worker, worker_began = start(worker_command()), time.monotonic()
                time.sleep(0.2)
        finally:
            end(web, worker)
        if not self.is_stopping:
            raise CommandError(f"The web server ended by itself with code {web.returncode}.")

    def stop(self, number, frame):
        """A first signal asks both children to finish what they have in hand."""
        self.is_stopping = True

    def refuse_a_taken_port(self, host, port):
        """Say it here in one line instead of in gunicorn's retries."""
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                advice = "Try another one: PORT=8010"
                raise CommandError(f"Cannot use {host}:{port}: {error.strerror}. {advice}") from error


def first_link() -> str | None:
    """The first administrator's link while there is nobody; None also before the first migration."""
    try:
        return setup_link()
    except DatabaseError:
        return None


def web_command(host: str, port: int, workers: int) -> list[str]:
    """Synchronous workers: measured faster than threads for these pages on the same cores."""
    return [
        sys.executable, "-m", "gunicorn", "schoolsafety.wsgi:application", "--bind", f"{host}:{port}",
        "--workers", str(workers), "--worker-class", "sync", "--max-requests", "2000",
        "--max-requests-jitter", "200", "--timeout", "60", "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """One process that works and keeps the beat: the embedded form of worker and beat in production."""
    return [
        sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--app",
        "schoolsafety", "--quiet", "worker", "-B", "--pool", "solo",
        "--loglevel", "warning", "--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME,
    ]  # fmt: skip


def listens(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def start(command: list[str]) -> subprocess.Popen:
    """A child in a session of its own: Ctrl-C reaches only this process, which then stops both in order."""
    return subprocess.Popen(  # noqa: S603 -- our own fixed commands
        command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=die_with_parent,
    )  # fmt: skip


def die_with_parent() -> None:
    """If this process is killed outright, the kernel still stops the child (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(*children: subprocess.Popen) -> None:
    """Ask all to stop, wait, then kill what is left of their sessions."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        kill_session(child)
        child.wait()


def kill_session(child: subprocess.Popen) -> None:
    """Kill what is left of a child and of the processes that it started; none left is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
