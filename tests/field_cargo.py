"""Finished records of a phone, of all three kinds, each photo marked: made from the day's data, by a seed."""

import base64
import hashlib
import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.marked_photos import CELL, SIDE, Mark, draw

KINDS = ("patrol", "snap", "evidence")
STARTED_BEFORE = timedelta(minutes=30)


@dataclass(frozen=True)
class Photo:
    """One photo: where it must end up is `owner` (the uuid of a walk or finding, or a hazard's number)."""

    cid: str
    mark: Mark
    what: str  # as the phone's store calls it: item, finding, after, evidence
    owner: str
    purpose: str  # as the server calls it; empty: the server decides by the state of the case

    @property
    def content(self) -> bytes:
        return draw(self.mark)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def row(self, parent: str, owner: int, taken: str) -> dict:
        """As the phone keeps it; the bytes go to the page as base64."""
        return {
            "cid": self.cid, "parent": parent, "owner": owner, "type": "image/jpeg", "w": SIDE * CELL,
            "h": SIDE * CELL, "sha256": self.sha256, "taken": taken, "sent": 0, "what": self.what,
            "base64": base64.b64encode(self.content).decode(),
        }  # fmt: skip


@dataclass(frozen=True)
class Parcel:
    """One finished record with its photos, as it goes into the queue."""

    number: int
    cid: str
    kind: str
    record: dict
    photos: tuple[Photo, ...]

    @property
    def findings(self) -> list[str]:
        return [row["uuid"] for row in self.record.get("findings", [])]

    def filling(self) -> dict:
        """What the page's modules need to put it into the queue."""
        record = self.record
        taken, whose = record["started"], {"owner": record["owner"], "school": record["school"]}
        return {
            "draft": {"cid": self.cid, "kind": self.kind, **whose},
            "record": record, "title": f"{self.kind} {self.number}",
            "photos": [photo.row(self.cid, record["owner"], taken) for photo in self.photos],
        }  # fmt: skip


class Packer:
    """Packs parcels for one phone: `bootstrap` is what the phone fetched, `seed` names the run."""

    def __init__(self, bootstrap: dict, *, photos: int, seed: int, now: datetime):
        self.data, self.photo_count, self.seed, self.now = bootstrap, photos, seed, now
        self.day, self.plan = next(iter(bootstrap["days"].items()))
        self.items = {item["pk"]: item for item in bootstrap["template"]["items"]}
        self.open = [row["number"] for row in bootstrap["hazards"] if row["may_submit"]]

    def pack(self, number: int, kind: str = "") -> Parcel:
        """Parcel `number`, its kind by turns; the same number, seed and data give the same one."""
        kind = kind or KINDS[number % len(KINDS)]
        cid = self._uuid("record", number)
        body, photos = {"patrol": self._walk, "snap": self._snap, "evidence": self._evidence}[kind](
            number, cid
        )
        started = self.now - STARTED_BEFORE + timedelta(milliseconds=100 * number)
        record = {
            "kind": kind, "owner": self.data["uid"], "school": self.data["school"]["pk"],
            "started": stamp(started), "finished": stamp(started + timedelta(minutes=5)), **body,
        }  # fmt: skip
        return Parcel(number, cid, kind, record, tuple(photos))

    def _uuid(self, *what) -> str:
        drawn = random.Random(" ".join(map(str, (self.seed, self.data["uid"], *what))))
        return str(uuid.UUID(int=drawn.getrandbits(128), version=4))

    def _photo(self, number: int, n: int, what: str, owner: str, purpose: str) -> Photo:
        mark = Mark(number, n, self.seed % 256)
        return Photo(self._uuid("photo", number, n), mark, what, owner, purpose)

    def _finding(self, number: int, n: int, photos, after=(), **more) -> dict:
        return {
            "uuid": self._uuid("finding", number, n), "item": None, "category": None, "phrase": "",
            "point": None, "note": f"暴风雨测试 {number}-{n}", "grade": "general", "place": f"第 {number} 处",
            "fixed": bool(after), "photos": [one.cid for one in photos], "after": [one.cid for one in after],
            "t": stamp(self.now - STARTED_BEFORE + timedelta(milliseconds=100 * number)), **more,
        }  # fmt: skip

    def _walk(self, number: int, cid: str):
        """Two problems; by turns a photo of a sound item, and a problem fixed on the spot."""
        ids = self.plan["items"]
        rng = random.Random(f"{self.seed} walk {number}")
        sound, first, second = rng.sample(ids, 3)
        answers = {str(pk): "xe" if pk in self.plan["photo"] else rng.choice(["nb", "ne"]) for pk in ids}
        names = [self._uuid("finding", number, n) for n in range(2)]
        is_fixed = number % 2 == 1
        tasks = [("finding", names[0], "before"), ("finding", names[1], "before")]
        tasks += [("after", names[1], "after")] if is_fixed else [("item", cid, f"item-{sound}")]
        tasks += [("finding", names[n % 2], "before") for n in range(10)]
        photos = [self._photo(number, n, *task) for n, task in enumerate(tasks[: max(3, self.photo_count)])]
        kept = {what: [one for one in photos if one.what == what] for what in ("item", "after", "finding")}
        findings = []
        for n, item in enumerate((first, second)):
            own = [one for one in kept["finding"] if one.owner == names[n]]
            findings.append(self._finding(number, n, own, kept["after"] if n else (), item=item))
            answers[str(item)] = "pf"
        if kept["item"]:
            answers[str(sound)] = "nf"
        walk = {
            "template": self.data["template"]["pk"], "day": self.day, "items": ids, "answers": answers,
            "photos": {str(sound): [one.cid for one in kept["item"]]} if kept["item"] else {},
            "checkins": [], "note": f"第 {number} 次",
        }  # fmt: skip
        return {"walk": walk, "findings": findings}, photos

    def _snap(self, number: int, _cid: str):
        name = self._uuid("finding", number, 0)
        photos = [self._photo(number, n, "finding", name, "before") for n in range(self.photo_count)]
        category = self.data["categories"][number % len(self.data["categories"])]["code"]
        return {"findings": [self._finding(number, 0, photos, category=category)]}, photos

    def _evidence(self, number: int, _cid: str):
        hazard = self.open[number // len(KINDS) % len(self.open)]
        photos = [self._photo(number, n, "evidence", hazard, "") for n in range(self.photo_count)]
        evidence = {
            "hazard": hazard, "measure": f"已整改 {number}", "responsible": "李明", "cost": "12.50",
            "photos": [one.cid for one in photos], "is_done": number % 2 == 0,
        }  # fmt: skip
        return {"evidence": evidence}, photos


def stamp(moment: datetime) -> str:
    """As JavaScript writes it: milliseconds and Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
