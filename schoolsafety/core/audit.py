"""Writes the history: `record_event` in the transaction of the change, one hash chain per organisation.

The hash of an event is H(0x00 || length-prefixed fields || previous hash). Words that a person
typed enter only as a salted commitment, so that erasing them later keeps the chain valid.
"""

import hashlib
import hmac
import json
import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from .models import ChainHead, Event, EventText

GENESIS = "0" * 64
ALG = "sha256"
_invented_now: ContextVar[datetime | None] = ContextVar("invented_now", default=None)


@contextmanager
def invented_time(at):
    """Let the events recorded inside carry `at`. Only for loading the demo's invented history."""
    token = _invented_now.set(at)
    try:
        yield
    finally:
        _invented_now.reset(token)


def record_event(subject, verb, *, organisation, actor=None, note="", post="", at=None, **changes):
    """Append one line to `subject`'s history; returns the Event.

    `verb` is "<app>.<action>"; `changes` maps a field to [old, new] or to a fact. `actor=None`
    means the system itself. `post` is "role@path", the post that allowed the act. `at` is for
    loading invented history only; in service it is the server's clock, read after the lock.
    Raises RuntimeError outside a transaction: an event without its change proves nothing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record_event() belongs inside the transaction that makes the change.")
    head = _locked_head(organisation)
    event, words = build_event(
        head, subject, verb, organisation=organisation, actor=actor, note=note, post=post,
        at=at or _invented_now.get() or timezone.now(), changes=changes,
    )  # fmt: skip
    event.save(force_insert=True)
    if words:
        words.event = event
        words.save(force_insert=True)
    head.seq, head.hash = event.seq, event.hash
    head.save(update_fields=["seq", "hash"])
    return event


def build_event(head, subject, verb, *, organisation, actor, note, post, at, changes):
    """(Event, EventText or None) that follows `head` (an object with .seq and .hash); nothing is saved."""
    payload = {"path": organisation.path, "changes": changes}
    if actor:
        payload["actor"] = {"id": actor.pk, "name": str(actor), "post": post}
    words = None
    if note:
        words = EventText(salt=secrets.token_hex(16), text=note)
        payload["words"] = commitment(words.salt, note)
    event = Event(
        organisation=organisation, seq=head.seq + 1, at=at, verb=verb, actor=actor,
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk,
        payload=canonical(payload), alg=ALG, prev=head.hash,
    )  # fmt: skip
    event.hash = event_hash(event)
    return event, words


def event_hash(event):
    """The 64 hex digits that seal `event` and, through `prev`, all before it."""
    kind = event.subject_type
    fields = [
        event.alg, str(event.organisation_id), str(event.seq), instant(event.at), event.verb,
        f"{kind.app_label}.{kind.model}", str(event.subject_id), str(event.actor_id or ""),
        event.payload, event.prev,
    ]  # fmt: skip
    return chain_hash(fields, alg=event.alg)


def chain_hash(fields, alg=ALG):
    """H(0x00 || for each field: 4-byte length, UTF-8 bytes): no two field lists share their bytes."""
    digest = hashlib.new(alg, b"\x00")
    for field in fields:
        raw = field.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()


def commitment(salt, text):
    """HMAC-SHA256 of the words under their own random salt."""
    return hmac.new(bytes.fromhex(salt), text.encode(), hashlib.sha256).hexdigest()


def instant(at):
    """A fixed-width UTC form, so that equal instants have equal bytes on every database."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(payload):
    """JSON with sorted keys and no spaces; dates, money and enums as text."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def history_of(subject):
    """The events of one subject, newest first, with actor and words: two joins, no further queries."""
    kind = ContentType.objects.get_for_model(subject)
    events = Event.objects.filter(subject_type=kind, subject_id=subject.pk)
    return events.select_related("actor", "words").order_by("-organisation_id", "-seq")


def _locked_head(organisation):
    ChainHead.objects.get_or_create(organisation=organisation)
    return ChainHead.objects.select_for_update().get(organisation=organisation)


def _plain(value):
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date | Decimal):
        return str(value)
    return str(value)
