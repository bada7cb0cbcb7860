"""Throw-away PostgreSQL and Redis for the tests: on free ports, in a folder of their own, then gone.

`python -m tests.services COMMAND …` runs COMMAND with DATABASE_URL, CELERY_BROKER_URL and CACHE_URL set.
Nothing but the standard library, so that it can run before anything else is installed.
"""

import contextlib
import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

START_SECONDS = 60
PORTS = (20_000, 32_000)
PR_SET_PDEATHSIG = 1
POSTGRES_OPTIONS = {"fsync": "on", "max_connections": "60", "listen_addresses": ""}
BROKER_OPTIONS = ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]
CACHE_OPTIONS = ["--save", "", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"]


class ServiceMissing(RuntimeError):
    """A program that the services need is not installed, or did not start."""


@contextlib.contextmanager
def services() -> Iterator[dict[str, str]]:
    """Start all three, yield the environment that points at them, stop them whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="ss-"))
    folder.chmod(0o755)  # the database's own user must get through
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        database = stack.enter_context(postgres(folder))
        broker = stack.enter_context(redis(folder / "broker", BROKER_OPTIONS))
        cache = stack.enter_context(redis(folder / "cache", CACHE_OPTIONS))
        yield {
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": f"{broker}/0",
            "CACHE_URL": broker_to_cache(cache),
        }


def broker_to_cache(url: str) -> str:
    """The address of a cache on the Redis at `url`, in the spelling of CACHE_URL."""
    return url.replace("redis://", "rediscache://", 1) + "/0"


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A new cluster, reached by a Unix socket only; yields its DATABASE_URL."""
    binaries, owner = postgres_binaries(), unprivileged_user()
    home, port = folder / "postgres", free_port()
    home.mkdir(mode=0o700)
    if owner:
        shutil.chown(home, owner)
    run_as = {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []} if owner else {}
    initdb = [
        binaries / "initdb", "--pgdata", home / "data", "--username", "schoolsafety",
        "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8",
    ]  # fmt: skip
    made = subprocess.run(initdb, cwd=home, capture_output=True, text=True, check=False, **run_as)
    if made.returncode:
        raise ServiceMissing(f"initdb failed:\n{made.stderr}")
    options = [f"--{name.replace('_', '-')}={value}" for name, value in POSTGRES_OPTIONS.items()]
    server = [binaries / "postgres", "-D", home / "data", "-k", home, "-p", str(port), *options]
    with process(server, home, stop_with=signal.SIGINT, **run_as) as started:
        wait_until(lambda: is_ready(binaries, home, port), started, home)
        yield f"postgres://schoolsafety@:{port}/{home}/postgres"  # the second slash: an absolute path


@contextlib.contextmanager
def redis(folder: Path, options: list[str]) -> Iterator[str]:
    """One redis-server on a free port of the loopback address; yields redis://127.0.0.1:PORT."""
    program = shutil.which("redis-server")
    if not program:
        raise ServiceMissing("redis-server is not installed; on Debian: apt-get install redis-server")
    folder.mkdir()
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), *options]
    with process(command, folder, stop_with=signal.SIGTERM) as started:
        wait_until(lambda: answers_ping(port), started, folder)
        yield f"redis://127.0.0.1:{port}"


@contextlib.contextmanager
def process(command: list, folder: Path, *, stop_with: int, **run_as) -> Iterator[subprocess.Popen]:
    """A child in its own session (Ctrl-C reaches only us), told to stop at the end, killed if it must be."""
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=die_with_parent, **run_as,
        )  # fmt: skip
    try:
        yield child
    finally:
        child.send_signal(stop_with)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def die_with_parent() -> None:
    """If we are killed without a chance to clean up, the kernel stops the child (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def wait_until(is_up, started: subprocess.Popen, folder: Path) -> None:
    """Wait for a server, at most START_SECONDS; if it ends before, show what it said."""
    deadline = time.monotonic() + START_SECONDS
    while not is_up():
        if started.poll() is not None or time.monotonic() > deadline:
            raise ServiceMissing(f"{started.args[0]} did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.05)


def is_ready(binaries: Path, home: Path, port: int) -> bool:
    command = [binaries / "pg_isready", "-h", home, "-p", str(port), "-q"]
    return subprocess.run(command, check=False).returncode == 0


def answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def postgres_binaries() -> Path:
    """The newest installed server's folder of programs."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if not found:
        raise ServiceMissing("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made, or as nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ServiceMissing("There is neither a user postgres nor nobody to run PostgreSQL as.")


def free_port() -> int:
    """A free port below those that the kernel gives to outgoing connections, so that it stays free."""
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def main(command: list[str]) -> int:
    """Run `command` against the services; its exit code is ours."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with services() as addresses:
        return subprocess.run(command, env=os.environ | addresses, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
