"""Checks the history: hashes, sequences, heads, words, anchors. Reads only, and streams."""

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from .anchors import anchor_hash, latest_leaves, leaf_bytes, merkle_root
from .audit import GENESIS, commitment, event_hash
from .models import Anchor, ChainHead, Event, Organisation

SOUND, BROKEN, NO_ANCHOR = 0, 2, 3
ANCHORED_WITHIN = timedelta(hours=48)


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
    late: int = 0  # events older than two days that no anchor covers
    is_cut: bool = False  # a chain was too long for the time at hand and was left out
    findings: list[Finding] = field(default_factory=list)

    @property
    def code(self):
        return BROKEN if self.findings else NO_ANCHOR if self.late else SOUND

    def as_dict(self):
        return asdict(self) | {"code": self.code}


def verify(organisation=None, *, now, most_events=None):
    """A Report over one organisation's chain, or over all chains, and always over the anchors.

    `most_events`: leave out chains longer than this (for a page on which somebody waits).
    """
    report = Report()
    anchored = latest_leaves()
    places = Organisation.objects.filter(pk=organisation.pk) if organisation else Organisation.objects.all()
    heads = {head.organisation_id: head for head in ChainHead.objects.all()}
    for place in places.order_by("pk").only("pk", "code").iterator():
        head = heads.get(place.pk)
        if head and most_events and head.seq > most_events:
            report.is_cut = True
        else:
            _verify_chain(place, head, anchored.get(place.pk), now, report)
    _verify_anchors(report)
    return report


def latest_anchor():
    """The newest Anchor, or None."""
    return Anchor.objects.order_by("-day").first()


def _verify_chain(place, head, leaf, now, report):
    """Walk one chain from its first event; the anchored head must lie on it."""
    prev, expected, on_chain = GENESIS, 1, leaf is None
    rows = Event.objects.filter(organisation=place).select_related("subject_type", "words").order_by("seq")
    for event in rows.iterator(chunk_size=2000):
        report.events += 1
        wrong = _wrong(event, prev, expected)
        if wrong:
            report.findings.append(Finding(place.code, event.seq, wrong))
        if leaf and (event.seq, event.hash) == leaf:
            on_chain = True
        if event.seq > (leaf[0] if leaf else 0) and event.at < now - ANCHORED_WITHIN:
            report.late += 1
        prev, expected = event.hash, event.seq + 1
    report.chains += expected > 1
    if (head.seq, head.hash) != (expected - 1, prev) if head else expected > 1:
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
    return _wrong_words(event)


def _wrong_words(event):
    """The words must be those that the event committed to; erased ones leave the commitment alone."""
    committed = json.loads(event.payload).get("words")
    words = getattr(event, "words", None)
    if words is None:
        return "its words are gone" if committed else ""
    if words.erased_at:
        return "" if committed and not words.text else "its words were added to after they were erased"
    if committed != commitment(words.salt, words.text):
        return "its words do not fit their commitment"
    return ""


def _verify_anchors(report):
    """Anchors follow each other, and each root fits the heads kept under it."""
    prev, leaves = GENESIS, {}
    anchors = Anchor.objects.order_by("day").prefetch_related("leaves")
    for anchor in anchors.iterator(chunk_size=20):
        report.anchors += 1
        leaves |= {leaf.organisation_id: (leaf.seq, leaf.hash) for leaf in anchor.leaves.all()}
        root = merkle_root([leaf_bytes(pk, *leaves[pk]) for pk in sorted(leaves)])
        is_whole = anchor.heads == len(leaves) and root == anchor.root
        if anchor.prev != prev or anchor_hash(anchor) != anchor.hash or not is_whole:
            report.findings.append(Finding("", 0, f"the anchor of {anchor.day} does not fit"))
        prev = anchor.hash
