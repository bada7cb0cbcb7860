"""Writes much history quickly: chain heads and counters stay in memory until services must act."""

from schoolsafety.core.audit import build_event
from schoolsafety.core.models import ChainHead, Event, EventText, NumberSequence


class Ledger:
    """Appends events in bulk, in the order of their times, with the same hashes as `record_event`."""

    def __init__(self):
        self.heads: dict[int, ChainHead] = {}
        self.counters: dict[tuple, NumberSequence] = {}
        self.lines: list[tuple] = []
        self._dirty_heads: set[int] = set()
        self._dirty_counters: set[tuple] = set()

    def number(self, organisation, series, year):
        """The next number of a series, as `numbering.next_number` would give it."""
        key = (organisation.pk, series, year)
        if key not in self.counters:
            self.counters[key], _created = NumberSequence.objects.get_or_create(
                organisation=organisation, series=series, year=year
            )
        self.counters[key].last += 1
        self._dirty_counters.add(key)
        return self.counters[key].last

    def note(self, subject, verb, *, organisation, actor, at, note="", post="", **changes):
        """Remember one event; `write` seals it."""
        self.lines.append((at, subject, verb, organisation, actor, note, post, changes))

    def write(self):
        """Seal and save the remembered events; returns how many."""
        events, words = [], []
        for at, subject, verb, organisation, actor, note, post, changes in sorted(
            self.lines, key=lambda line: line[0]
        ):
            head = self._head(organisation)
            event, text = build_event(
                head, subject, verb, organisation=organisation, actor=actor, note=note, post=post, at=at,
                changes=changes,
            )  # fmt: skip
            head.seq, head.hash = event.seq, event.hash
            self._dirty_heads.add(organisation.pk)
            events.append(event)
            if text:
                text.event = event
                words.append(text)
        Event.objects.bulk_create(events, batch_size=500)
        for text in words:
            text.event_id = text.event.pk
        EventText.objects.bulk_create(words, batch_size=500)
        self.lines.clear()
        return len(events)

    def flush(self):
        """Bring heads and counters to the database and forget them: services may act now."""
        self.write()
        ChainHead.objects.bulk_update(
            [self.heads[pk] for pk in self._dirty_heads], ["seq", "hash"], batch_size=500
        )
        NumberSequence.objects.bulk_update(
            [self.counters[key] for key in self._dirty_counters], ["last"], batch_size=500
        )
        self.heads.clear()
        self.counters.clear()
        self._dirty_heads.clear()
        self._dirty_counters.clear()

    def _head(self, organisation):
        if organisation.pk not in self.heads:
            self.heads[organisation.pk], _created = ChainHead.objects.get_or_create(organisation=organisation)
        return self.heads[organisation.pk]
