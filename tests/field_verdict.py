"""Compares what phones made, what they show, and what the server holds; says every difference. Pure."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from tests.field_cargo import Parcel

SHOWN = 12  # differences of one sort that are printed in full


@dataclass
class Verdict:
    """Counts of what was compared, and what does not fit, by sort."""

    counts: dict[str, int] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_clean(self) -> bool:
        return not self.differences

    def same(self, what: str, expected, found) -> None:
        """Both are collections of keys; a key may come more than once."""
        wanted, have = Counter(expected), Counter(found)
        self.counts[what] = sum(have.values())
        self.differences_of(f"{what} lost", (wanted - have).elements())
        extra = have - wanted
        self.differences_of(f"{what} doubled", (one for one in extra.elements() if one in wanted))
        self.differences_of(f"{what} from nowhere", (one for one in extra.elements() if one not in wanted))

    def differences_of(self, sort: str, found) -> None:
        if rows := [str(one) for one in found]:
            self.differences[sort].extend(rows)

    def number(self, what: str, expected: int, found: int) -> None:
        self.counts[what] = found
        if expected != found:
            self.differences[what].append(f"expected {expected}, found {found}")

    def text(self) -> str:
        """The counts, then what does not fit."""
        lines = [f"  {what:<42} {number:>7}" for what, number in self.counts.items()]
        for sort, rows in self.differences.items():
            lines.append(f"  WRONG  {sort}: {len(rows)}")
            lines += [f"         {row}" for row in rows[:SHOWN]]
        return "\n".join(lines)


def judge(parcels: list[Parcel], truth: dict, phones: list[dict]) -> Verdict:
    """`truth` is of tests.field_truth; each phone is {queue: [rows], photos: int, drafts: int}."""
    verdict = Verdict()
    _rows(verdict, parcels, truth)
    _photos(verdict, parcels, truth)
    _events(verdict, parcels, truth)
    _phones(verdict, parcels, truth, phones)
    return verdict


def _rows(verdict, parcels, truth) -> None:
    walks = [one.cid for one in parcels if one.kind == "patrol"]
    found = [uuid for one in parcels for uuid in one.findings]
    of_walks = [uuid for one in parcels if one.kind == "patrol" for uuid in one.findings]
    verdict.same("records", [one.cid for one in parcels], [row["cid"] for row in truth["records"]])
    verdict.same("patrols", walks, [row["cid"] for row in truth["patrols"]])
    verdict.same("findings", of_walks, truth["findings"])
    verdict.same("hazards", found, truth["hazards"])
    verdict.number("patrols counted in the days", len(walks), truth["patrols of the days"])
    open_ = [row["cid"] for row in truth["patrols"] if row["status"] != "submitted" or not row["number"]]
    verdict.differences_of("patrols not handed in", open_)
    numbers = Counter(row["number"] for row in truth["patrols"])
    verdict.differences_of("one number for two patrols", (n for n, times in numbers.items() if times > 1))


def _photos(verdict, parcels, truth) -> None:
    """Each photo once at each place where it belongs, as its own picture says; nothing else anywhere."""
    wanted, prints = [], {}
    for parcel in parcels:
        for photo in parcel.photos:
            prints[_shown(photo.mark)] = photo.sha256
            wanted += [
                (model, photo.owner, photo.purpose, _shown(photo.mark)) for model in _places(parcel, photo)
            ]
    stored = [(*_place_of(row, _hazard_keys(parcels)), row["picture"]) for row in truth["attachments"]]
    verdict.same("photos at their records, by picture", wanted, stored)
    verdict.same("pictures, wherever they are", _wherever(wanted), _wherever(stored))
    verdict.differences_of(
        "photos whose bytes are not those sent",
        (row["picture"] for row in truth["attachments"] if prints.get(row["picture"]) != row["sha256"]),
    )
    cids = [photo.cid for parcel in parcels for photo in parcel.photos]
    verdict.same("photos taken in", cids, [row["cid"] for row in truth["photos"]])
    verdict.differences_of("photos never used", (row["cid"] for row in truth["photos"] if not row["used"]))


def _wherever(places) -> list[tuple]:
    """Without the keys of the rows: a record that was taken in twice under two numbers shows here."""
    return [(model, picture) for model, _key, _purpose, picture in places]


def _shown(mark) -> str:
    return f"record {mark.record}, photo {mark.photo}, run {mark.run}"


def _place_of(row, own) -> tuple:
    """(sort of row, its key, purpose); evidence is for a hazard of before, which only its number names."""
    if row["model"] == "hazard" and row["owner"] not in own:
        return "hazard", row["number"], ""
    return row["model"], row["owner"], row["purpose"]


def _places(parcel, photo) -> list[str]:
    """The sorts of rows that hold the photo: a finding's stays with it and is shared with its hazard."""
    if photo.what == "item":
        return ["patrol"]
    return ["finding", "hazard"] if parcel.kind == "patrol" else ["hazard"]


def _hazard_keys(parcels) -> set[str]:
    return {uuid for one in parcels for uuid in one.findings}


def _events(verdict, parcels, truth) -> None:
    kinds = Counter(one.kind for one in parcels)
    events = Counter(truth["events"])
    hazards = sum(len(one.findings) for one in parcels)
    verdict.number("events: patrols handed in", kinds["patrol"], events["inspections.submit_patrol"])
    verdict.number("events: hazards reported", hazards, events["hazards.report"])
    others = kinds["snap"] + kinds["evidence"]
    verdict.number("events: received from a phone", others, events["inspections.receive_from_phone"])
    handed_in = events["hazards.submit"] + events["hazards.supplement"]
    verdict.number("events: evidence kept", kinds["evidence"], handed_in)


def _phones(verdict, parcels, truth, phones) -> None:
    """Every record is shown as sent, its receipt is the server's to the letter, no photo is left behind."""
    rows = [row for phone in phones for row in phone["queue"]]
    verdict.same("records shown as sent", [one.cid for one in parcels], _sent(rows))
    replies = {row["cid"]: row["reply"] for row in truth["records"]}
    verdict.differences_of(
        "receipts that are not the server's", (line for row in rows for line in _unlike(row, replies))
    )
    prints = {row["cid"]: row["sha256"] for row in truth["records"]}
    verdict.differences_of(
        "records whose bytes are not those sent",
        (row["cid"] for row in rows if row["cid"] in prints and row["sha256"] != prints[row["cid"]]),
    )
    verdict.number("photos left on the phones", 0, sum(phone["photos"] for phone in phones))
    verdict.number("drafts left on the phones", 0, sum(phone["drafts"] for phone in phones))


def _sent(rows) -> list[str]:
    return [row["cid"] for row in rows if row["state"] == "sent"]


def _unlike(row, replies) -> list[str]:
    """In what the receipt on the phone is not the reply that the server has kept."""
    if row["state"] != "sent":
        return []
    if row["cid"] not in replies:
        return [f"{row['cid']}: the server does not have this record"]
    shown, kept = dict(row["receipt"] or {}), dict(replies[row["cid"]])
    for receipt in (shown, kept):
        receipt["received"] = _milliseconds(receipt.get("received"))  # JSON on the way carries no more
    fields = sorted(name for name in {*shown, *kept} if shown.get(name) != kept.get(name))
    return [f"{row['cid']} {name}: {shown.get(name)} is not {kept.get(name)}" for name in fields]


def _milliseconds(text: str | None) -> int | None:
    return None if not text else int(datetime.fromisoformat(text).timestamp() * 1000)
