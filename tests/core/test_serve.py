"""`manage.py serve`: both children live together, end together, and a dead worker comes back."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schoolsafety.core.management.commands.serve import listens
from tests.services import free_port
from tests.source import ROOT

PATIENCE = 40  # seconds; generous, since the machine may be busy


@pytest.fixture
def site(tmp_path):
    """(process, port) of a serving site with a database and a broker folder of its own."""
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "schoolsafety.settings.base",
        "CELERY_BROKER_URL": "memory://",
        "SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
        "SCHOOLSAFETY_DEMO": "0",
    }
    command = [sys.executable, ROOT / "manage.py", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    yield process, port
    process.kill()
    process.communicate()


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return found


def children(process):
    """{pid: command line} of the direct children."""
    listing = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    found = {}
    for pid in listing:
        path = Path(f"/proc/{pid}/cmdline")
        found[int(pid)] = path.read_text().replace("\0", " ") if path.exists() else ""
    return found


def worker_of(process):
    return next((pid for pid, command in children(process).items() if "celery" in command), None)


def test_a_stop_signal_ends_the_web_server_and_the_worker(site):
    process, port = site
    wait_for(lambda: f"http://127.0.0.1:{port}/" in process.stdout.readline().decode())
    pids = list(children(process))
    assert len(pids) == 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_dead_worker_is_started_again(site):
    process, _port = site
    first = wait_for(lambda: worker_of(process))
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: (pid := worker_of(process)) and pid != first and pid)
    assert second != first


def test_a_port_in_use_is_refused_in_one_line(site):
    _process, port = site
    wait_for(lambda: listens("127.0.0.1", port))
    command = [sys.executable, ROOT / "manage.py", "serve", "--port", str(port)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert answer.returncode == 1
    assert "PORT=8010" in answer.stderr.strip().splitlines()[-1]
