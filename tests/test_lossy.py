"""The bad network of the field client's tests does what it says, and counts it."""

import contextlib
import http.client
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from tests.lossy import CALM, STORM, LossyProxy, Weather

BODY = b"x" * 5000


class Server(ThreadingHTTPServer):
    """Takes whatever comes and remembers how much of each upload it got."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[str, int]] = []


class Handler(BaseHTTPRequestHandler):
    def do_PUT(self):
        with contextlib.suppress(OSError):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.got.append((self.path, len(content)))
            self.send_response(201)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"done")

    def log_message(self, *_words):
        """Quiet."""


@pytest.fixture
def server():
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def put(proxy, path):
    """What a client sees: the status and the body, or the failure."""
    client = http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=10)
    try:
        client.request("PUT", path, BODY)
        answer = client.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as failure:
        return type(failure).__name__, b""
    finally:
        client.close()


def through(server, weather, count=40, seed=1):
    """Send `count` uploads; returns (what the client saw, the proxy's account)."""
    with LossyProxy(f"http://127.0.0.1:{server.server_port}", seed=seed, weather=weather) as proxy:
        seen = [put(proxy, f"/{number}") for number in range(count)]
    return seen, proxy.account


def test_in_calm_everything_passes_whole(server):
    seen, account = through(server, CALM)
    assert seen == [(201, b"done")] * 40
    assert Counter(size for _path, size in server.got) == {5000: 40}
    assert account.fates == {"passed": 40}
    assert account.bytes_up > 40 * 5000


def test_a_lost_request_never_reaches_the_server(server):
    seen, account = through(server, Weather(requests_lost=1.0))
    assert {status for status, _ in seen} <= {"ConnectionResetError", "RemoteDisconnected", "BrokenPipeError"}
    assert (server.got, account.fates) == ([], {"request lost": 40})


def test_a_lost_reply_was_answered(server):
    seen, account = through(server, Weather(replies_lost=1.0))
    assert {status for status, _ in seen} <= {"ConnectionResetError", "RemoteDisconnected"}
    assert len(server.got) == 40
    assert {each.status for each in account.passages} == {201}


def test_a_cut_upload_arrives_by_half(server):
    _seen, account = through(server, Weather(uploads_cut=1.0), count=5)
    assert account.fates == {"upload cut": 5}
    deadline = monotonic() + 5
    while len(server.got) < 5 and monotonic() < deadline:
        sleep(0.01)
    assert Counter(size for _path, size in server.got) == {2500: 5}


def test_a_gateway_answers_for_the_server(server):
    seen, _account = through(server, Weather(gateway_errors=1.0), count=3)
    assert (seen, server.got) == ([(502, b"<h1>502</h1>")] * 3, [])


def test_a_storm_draws_the_same_losses_again_and_others_from_another_seed(server):
    _, first = through(server, STORM, count=200)
    _, again = through(server, STORM, count=200)
    _, other = through(server, STORM, count=200, seed=2)
    assert [each.fate for each in first.passages] == [each.fate for each in again.passages]
    assert [each.fate for each in first.passages] != [each.fate for each in other.passages]
    assert 40 <= first.fates["request lost"] <= 80  # three in ten
    answered = sum(first.fates[fate] for fate in ("reply lost", "reply cut", "passed"))
    assert 0.2 <= first.fates["reply lost"] / answered <= 0.4  # three in ten of what was answered
