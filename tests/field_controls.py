"""The storm with a protection taken away: controls that must fail, or the storm proves nothing."""

import json
import uuid
from collections import defaultdict
from dataclasses import replace

from tests.lossy import HEAD_END, LossyProxy, Request, Weather

PHOTOS, RECORDS = "/api/m/photos/", "/api/m/records/"


class Control:
    """Nothing taken away: the network between, the client as it is."""

    proxy: type = LossyProxy
    weather: Weather | None = None  # None: that of the plan

    def spoil(self, context) -> None:
        """Change what the browser gets; nothing here."""


class FreshNumbers(LossyProxy):
    """Gives each try of a record numbers of its own, as a client would that draws its UUID when it sends.

    Its photos and findings are numbered anew with it: to the server every try is something it never saw.
    """

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._photos: dict[str, dict[str, Request]] = defaultdict(dict)  # record → photo → its upload

    async def prepare(self, request: Request) -> Request:
        if request.method == "PUT" and request.path.startswith(PHOTOS):
            self._photos[request.header("X-Parent")][request.path.removeprefix(PHOTOS)] = request
        if request.method != "PUT" or not request.path.startswith(RECORDS):
            return request
        name, fresh = request.path.removeprefix(RECORDS), str(uuid.uuid4())
        text = request.body.decode()
        for photo, upload in self._photos[name].items():
            number = str(uuid.uuid4())
            lines = tuple(line.replace(name.encode(), fresh.encode()) for line in upload.lines)
            await self.ask(replace(upload, path=PHOTOS + number, lines=lines))
            text = text.replace(photo, number)
        for finding in json.loads(text).get("findings", []):
            text = text.replace(finding["uuid"], str(uuid.uuid4()))
        return request.with_body(text.encode(), RECORDS + fresh)

    def translate(self, request: Request, reply: bytes) -> bytes:
        """The client knows its record by the old number."""
        if request.method != "PUT" or not request.path.startswith(RECORDS):
            return reply
        head, _, content = reply.partition(HEAD_END)
        said = json.loads(content)
        if "uuid" not in said:
            return reply
        content = json.dumps(said | {"uuid": request.path.removeprefix(RECORDS)}).encode()
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
        return b"\r\n".join([*lines, b"Content-Length: %d" % len(content)]) + HEAD_END + content


class WithoutKey(Control):
    """No key of idempotency: what was committed and not heard of is committed again."""

    proxy = FreshNumbers


class DeletesEarly(Control):
    """A client that lets go of a record on any answer, also on a gateway's 502."""

    weather = Weather(requests_lost=0.1, gateway_errors=0.2, replies_lost=0.1)
    MEANT = "async function refused(row, fault) {"
    SPOILT = (
        MEANT + '\n  if (!(fault instanceof Offline)) { await settle(row, {}); return { went: "sent" }; }'
    )

    def spoil(self, context) -> None:
        context.route("**/static/field/deliver*.js", self._swap)

    def _swap(self, route) -> None:
        answer = route.fetch()
        text = answer.text()
        if self.MEANT not in text:
            raise AssertionError("deliver.js no longer has the function that this control changes")
        route.fulfill(response=answer, body=text.replace(self.MEANT, self.SPOILT))


CONTROLS = {"no-key": WithoutKey, "deletes-early": DeletesEarly}
