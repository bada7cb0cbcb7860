"""Stands before a site as a release or a line would: late, with a newer worker, or with a file that fails."""

import asyncio
import gzip
import re
from dataclasses import replace
from time import monotonic, sleep

from tests.lossy import LossyProxy, Request

UNPACKED = (b"accept-encoding", b"if-none-match")


class Front(LossyProxy):
    """`late`: seconds before anything is asked of the site. `release`: what the worker calls itself beside
    its own version, as it is when it is asked. `failing`: part of an address that is answered 500.
    `held`: part of an address whose answer waits until this is empty again. `swap`: bytes of a screen and
    what stands in their place in the next release."""

    late = 0.0
    release = ""
    failing = ""
    held = ""
    swap = (b"", b"")

    def __init__(self, upstream: str):
        super().__init__(upstream)
        self._releases: dict[int, str] = {}  # of the requests under way

    async def prepare(self, request: Request) -> Request:
        self._releases[id(request)] = self.release
        await asyncio.sleep(self.late)
        while self.held and self.held in request.path:
            await asyncio.sleep(0.02)
        kept = [line for line in request.lines if line.partition(b":")[0].strip().lower() not in UNPACKED]
        return replace(request, lines=tuple(kept)) if self._releases[id(request)] else request

    def translate(self, request: Request, reply: bytes) -> bytes:
        release = self._releases.pop(id(request))
        head, _, body = reply.partition(b"\r\n\r\n")
        if self.failing and self.failing in request.path:
            return b"HTTP/1.1 500 Failing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        if not release or not request.path.startswith("/m/"):
            return reply
        if b"content-encoding: gzip" in head.lower():
            body = gzip.decompress(body)
            head = re.sub(rb"(?i)\r\ncontent-encoding: gzip", b"", head)
        body = body.replace(b'CACHE = "shell-', b'CACHE = "shell-%s-' % release.encode())
        body = body.replace(*self.swap) if self.swap[0] else body
        head = re.sub(rb"(?i)\r\ncontent-length: \d+", b"\r\nContent-Length: %d" % len(body), head)
        return head + b"\r\n\r\n" + body

    def asked(self, part: str) -> int:
        """How many requests had this part in their address, those under way included."""
        return sum(number for (_method, path), number in self.account.tries.copy().items() if part in path)

    def wait_asked(self, part: str, least: int, seconds: float = 20) -> None:
        """Until so many requests with this part in their address have come; AssertionError if they do not."""
        deadline = monotonic() + seconds
        while self.asked(part) < least:
            assert monotonic() < deadline, f"Not asked {least} times within {seconds} s: {part}"
            sleep(0.05)
