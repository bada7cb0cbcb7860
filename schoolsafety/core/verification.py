"""Checks the history: every hash, every sequence, the heads, the words, the anchors. Reads only, streaming."""

from dataclasses import asdict, dataclass, field

from .anchors import anchor_hash, latest_leaves, leaf_bytes, merkle_root
from .audit import GENESIS, commitment, event_hash
from .models import Anchor, ChainHead, Event, Organisation

SOUND, BROKEN, NO_ANCHOR = 0, 2, 3


@dataclass
class Finding:
    """One thing that is wrong."""

    organisation: str
    seq: int
    what: str


@dataclass
class Report:
    """What was read and what is wrong; `code` is the exit code of `verify_log`."""

    chains: int = 0
    events: int = 0
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)
    is_anchored: bool = True

    @property
    def code(self):
        return BROKEN if self.findings else SOUND if self.is_anchored else NO_ANCHOR

    def as_dict(self):
        return asdict(self) | {"code": self.code}


def verify(organisation=None):
    """A Report over one organisation's chain, or over all chains and all anchors."""
    report = Report()
    anchored = latest_leaves()
    places = Organisation.objects.filter(pk=organisation.pk) if organisation else Organisation.objects.all()
    heads = {head.organisation_id: head for head in ChainHead.objects.all()}
    for place in places.order_by("pk"):
        head = heads.get(place.pk)
        if head is None and place.pk not in anchored:
            continue
        _verify_chain(place, head, anchored.get(place.pk), report)
    _verify_anchors(report)
    report.is_anchored = report.anchors > 0 or report.events == 0
    return report


def _verify_chain(place, head, leaf, report):
    """Walk one chain from its first event; the anchored head must lie on it."""
    report.chains += 1
    prev, expected, on_chain = GENESIS, 1, leaf is None
    rows = Event.objects.filter(organisation=place).select_related("subject_type", "words").order_by("seq")
    for event in rows.iterator(chunk_size=2000):
        report.events += 1
        wrong = _wrong(event, prev, expected)
        if wrong:
            report.findings.append(Finding(place.code, event.seq, wrong))
        if leaf and (event.seq, event.hash) == leaf:
            on_chain = True
        prev, expected = event.hash, event.seq + 1
    if head is None or (head.seq, head.hash) != (expected - 1, prev):
        report.findings.append(Finding(place.code, expected - 1, "the chain does not end at its head"))
    if not on_chain:
        report.findings.append(Finding(place.code, leaf[0], "the anchored event is gone or changed"))


def _wrong(event, prev, expected):
    """What is wrong with one event; empty if nothing."""
    if event.seq != expected:
        return f"event {expected} is missing"
    if event.prev != prev:
        return "it does not follow the event before"
    if event_hash(event) != event.hash:
        return "its content does not fit its hash"
    words = getattr(event, "words", None)
    if (
        words
        and not words.erased_at
        and f'"words":"{commitment(words.salt, words.text)}"' not in event.payload
    ):
        return "its words do not fit their commitment"
    return ""


def _verify_anchors(report):
    """Anchors follow each other, and each root fits the heads kept under it."""
    prev, leaves = GENESIS, {}
    for anchor in Anchor.objects.order_by("day").prefetch_related("leaves"):
        report.anchors += 1
        leaves |= {leaf.organisation_id: (leaf.seq, leaf.hash) for leaf in anchor.leaves.all()}
        root = merkle_root([leaf_bytes(pk, *leaves[pk]) for pk in sorted(leaves)])
        if anchor.prev != prev or anchor_hash(anchor) != anchor.hash or root != anchor.root:
            report.findings.append(Finding("", 0, f"the anchor of {anchor.day} does not fit"))
        prev = anchor.hash
