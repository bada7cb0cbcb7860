"""A bad network of our own: a proxy that loses requests, replies and halves of uploads, and counts them.

It stands between a browser and a site. What becomes of a request is drawn from the seed, the address and
how often it was tried, so a run draws the same losses whatever the order in which requests arrive.
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

HEAD_END = b"\r\n\r\n"
LARGEST_HEAD = 64 * 1024
SECONDS_FOR_AN_ANSWER = 120
GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 12\r\nConnection: close\r\n\r\n"
    b"<h1>502</h1>"
)


@dataclass(frozen=True)
class Weather:
    """How likely each misfortune is, each of those that the one before let through."""

    requests_lost: float = 0.0  # never reach the server
    gateway_errors: float = 0.0  # are answered 502 by somebody on the way, and never reach the server
    uploads_cut: float = 0.0  # the server gets the head and half of the body
    replies_lost: float = 0.0  # the server has done its work; nobody hears of it
    replies_cut: float = 0.0  # the server has done its work; half of its answer arrives


CALM = Weather()
STORM = Weather(requests_lost=0.3, uploads_cut=0.1, replies_lost=0.3, replies_cut=0.05)


@dataclass(frozen=True)
class Request:
    """One request as it came: the first line's words, the header lines, the length of its body."""

    method: str
    path: str
    lines: tuple[bytes, ...]
    length: int
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header, or an empty text."""
        wanted = name.lower().encode()
        for line in self.lines:
            key, _, value = line.partition(b":")
            if key.strip().lower() == wanted:
                return value.strip().decode("latin-1")
        return ""

    def head(self) -> bytes:
        """The head as it goes on: the server closes after its answer, so that the end is the end."""
        own = (b"connection", b"keep-alive", b"proxy-connection", b"content-length")
        kept = [line for line in self.lines if line.partition(b":")[0].strip().lower() not in own]
        if self.length or self.method in {"PUT", "POST", "PATCH"}:
            kept.append(b"Content-Length: %d" % self.length)
        first = f"{self.method} {self.path} HTTP/1.1".encode("latin-1")
        return b"\r\n".join([first, *kept, b"Connection: close"]) + HEAD_END

    def with_body(self, body: bytes, path: str | None = None) -> "Request":
        """The same request with other content, and perhaps to another address."""
        return replace(self, body=body, length=len(body), path=path or self.path)


@dataclass(frozen=True)
class Passage:
    """What became of one request: the how-manieth try, its fate, the server's status if it answered."""

    method: str
    path: str
    attempt: int
    fate: str
    status: int | None


@dataclass
class Account:
    """What the proxy did."""

    fates: Counter = field(default_factory=Counter)
    tries: Counter = field(default_factory=Counter)  # (method, path) → requests seen
    passages: list[Passage] = field(default_factory=list)
    bytes_up: int = 0
    bytes_down: int = 0

    def seen(self, method: str, under: str) -> int:
        """Requests of a method to addresses that begin with `under`, whatever became of them."""
        return sum(1 for each in self.passages if each.method == method and each.path.startswith(under))

    def text(self) -> str:
        """`passed 512, request lost 230, …` in a fixed order."""
        return ", ".join(f"{fate} {number}" for fate, number in sorted(self.fates.items()))


class LossyProxy:
    """`with LossyProxy(site.url, seed=1) as proxy:` a browser goes to `proxy.url`; `proxy.weather` is set
    at any time. The site must trust its Host header, which passes unchanged."""

    def __init__(self, upstream: str, *, seed: int = 1, weather: Weather = CALM):
        address = urlsplit(upstream)
        self.server = (address.hostname, address.port)
        self.seed, self.weather, self.account = seed, weather, Account()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="lossy-proxy", daemon=True)

    def __enter__(self) -> "LossyProxy":
        self._thread.start()
        begun = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST_HEAD), self._loop
        )
        self._listener = begun.result(10)
        self.url = f"http://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_failure) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        self._listener.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def prepare(self, request: Request) -> Request:
        """What is sent on instead of the request; the controls of a test override it."""
        return request

    def translate(self, request: Request, reply: bytes) -> bytes:
        """What the browser gets instead of the reply; the controls of a test override it."""
        return reply

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, one fate."""
        try:
            request = parse(await reader.readuntil(HEAD_END))
            await self._pass(request, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            reset(writer)  # the browser went away, or the server did
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    async def _pass(self, request: Request, reader, writer) -> None:
        key = (request.method, request.path)
        self.account.tries[key] += 1
        attempt = self.account.tries[key]
        fate = self._fate(request, attempt)
        status = None
        try:
            if fate == "request lost":
                reset(writer)
            elif fate == "gateway error":
                await reader.readexactly(request.length)
                await self._send(writer, GATEWAY)
            elif fate == "upload cut":
                await self._cut(request, reader, is_clean_end=attempt % 2 == 1)
                reset(writer)
            else:
                status = await self._exchange(request, reader, writer, fate)
        finally:
            self.account.fates[fate] += 1
            self.account.passages.append(Passage(*key, attempt, fate, status))

    def _fate(self, request: Request, attempt: int) -> str:
        chance = random.Random(f"{self.seed} {request.method} {request.path} {attempt}").random
        lost, gateway, cut, reply, half = (chance() for _ in range(5))
        weather = self.weather
        if lost < weather.requests_lost:
            return "request lost"
        if gateway < weather.gateway_errors:
            return "gateway error"
        if request.length and cut < weather.uploads_cut:
            return "upload cut"
        if reply < weather.replies_lost:
            return "reply lost"
        return "reply cut" if half < weather.replies_cut else "passed"

    async def _cut(self, request: Request, reader, *, is_clean_end: bool) -> None:
        """The server gets half of what was announced, then an end as if that were all, or a reset."""
        half = await reader.readexactly(request.length // 2)
        _answers, server = await asyncio.open_connection(*self.server)
        server.write(request.head() + half)
        await server.drain()
        self.account.bytes_up += len(half)
        await asyncio.sleep(0.01)  # so that the server has begun to read
        if is_clean_end:
            server.close()
        else:
            reset(server)

    async def _exchange(self, request: Request, reader, writer, fate: str) -> int:
        """The server answers; what of it arrives depends on the fate. Returns the status."""
        self.account.bytes_up += len(request.head()) + request.length
        whole = replace(request, body=await reader.readexactly(request.length))
        reply = await self.ask(await self.prepare(whole))
        status = int(reply.split(b" ", 2)[1])
        reply = self.translate(whole, reply)
        if fate == "reply cut":
            head, _, content = reply.partition(HEAD_END)
            await self._send(writer, head + HEAD_END + content[: len(content) // 2])
        if fate == "passed":
            await self._send(writer, reply)
        else:
            reset(writer)
        return status

    async def ask(self, request: Request) -> bytes:
        """The server's whole answer to a request."""
        answers, server = await asyncio.open_connection(*self.server)
        try:
            server.write(request.head() + request.body)
            await server.drain()
            reply = await asyncio.wait_for(answers.read(-1), SECONDS_FOR_AN_ANSWER)
        finally:
            server.close()
        if HEAD_END not in reply:
            raise OSError("the server closed without an answer")
        return reply

    async def _send(self, writer, content: bytes) -> None:
        self.account.bytes_down += len(content)
        writer.write(content)
        await writer.drain()


def parse(head: bytes) -> Request:
    """The request that begins with this head."""
    first, *lines = head[: -len(HEAD_END)].split(b"\r\n")
    method, path, _version = first.decode("latin-1").split(" ", 2)
    request = Request(method, path, tuple(lines), 0)
    return replace(request, length=int(request.header("Content-Length") or 0))


def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection off: the other side sees a reset, not an orderly end."""
    if own := writer.get_extra_info("socket"):
        with contextlib.suppress(OSError):
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
