"""Stands before a site as a release or a line would: late, with a newer worker, or with a file that fails."""

import asyncio
import gzip
import re
from dataclasses import replace

from tests.lossy import LossyProxy, Request

UNPACKED = (b"accept-encoding", b"if-none-match")


class Front(LossyProxy):
    """`late`: seconds before anything is asked of the site. `release`: what the worker calls itself beside
    its own version. `failing`: part of an address that is answered 500. `swap`: bytes of a screen and what
    stands in their place in the next release."""

    late = 0.0
    release = ""
    failing = ""
    swap = (b"", b"")

    async def prepare(self, request: Request) -> Request:
        await asyncio.sleep(self.late)
        kept = [line for line in request.lines if line.partition(b":")[0].strip().lower() not in UNPACKED]
        return replace(request, lines=tuple(kept)) if self.release else request

    def translate(self, request: Request, reply: bytes) -> bytes:
        head, _, body = reply.partition(b"\r\n\r\n")
        if self.failing and self.failing in request.path:
            return b"HTTP/1.1 500 Failing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        if not self.release or not request.path.startswith("/m/"):
            return reply
        if b"content-encoding: gzip" in head.lower():
            body = gzip.decompress(body)
            head = re.sub(rb"(?i)\r\ncontent-encoding: gzip", b"", head)
        body = body.replace(b'CACHE = "shell-', b'CACHE = "shell-%s-' % self.release.encode())
        body = body.replace(*self.swap) if self.swap[0] else body
        head = re.sub(rb"(?i)\r\ncontent-length: \d+", b"\r\nContent-Length: %d" % len(body), head)
        return head + b"\r\n\r\n" + body
