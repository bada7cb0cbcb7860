"""Daily anchors: one Merkle root over all chain heads, chained to the day before (RFC 6962 hashing)."""

import hashlib
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from . import jobs
from .audit import GENESIS, chain_hash
from .models import Anchor, AnchorLeaf, ChainHead

TAKEN_AT = time(23, 55)


@transaction.atomic
def take_anchor(day, *, now):
    """The anchor of `day`; the one that is there already if it was taken. Leaves keep only moved heads."""
    if found := Anchor.objects.filter(day=day).first():
        return found
    heads = list(ChainHead.objects.filter(seq__gt=0).order_by("organisation_id"))
    before = latest_leaves()
    last = Anchor.objects.order_by("-day").first()
    anchor = Anchor(day=day, taken_at=now, heads=len(heads), prev=last.hash if last else GENESIS)
    anchor.root = merkle_root([leaf_bytes(head.organisation_id, head.seq, head.hash) for head in heads])
    anchor.hash = anchor_hash(anchor)
    anchor.save(force_insert=True)
    AnchorLeaf.objects.bulk_create(
        [
            AnchorLeaf(anchor=anchor, organisation_id=head.organisation_id, seq=head.seq, hash=head.hash)
            for head in heads
            if before.get(head.organisation_id) != (head.seq, head.hash)
        ],
        batch_size=500,
    )
    return anchor


def latest_leaves(until=None):
    """{organisation id: (seq, hash)} as anchored last, up to and with the anchor of day `until`."""
    leaves = AnchorLeaf.objects.order_by("anchor__day")
    if until:
        leaves = leaves.filter(anchor__day__lte=until)
    return {pk: (seq, digest) for pk, seq, digest in leaves.values_list("organisation_id", "seq", "hash")}


def merkle_root(leaves):
    """RFC 6962 root of a list of byte strings: H(0x00 || leaf), H(0x01 || left || right)."""
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    return _root(level).hex()


def leaf_bytes(organisation_id, seq, digest):
    """The bytes of one head under the tree."""
    return f"{organisation_id}:{seq}:{digest}".encode()


def anchor_hash(anchor):
    """The digest that is published: day, number of heads, root, and the anchor before."""
    return chain_hash([anchor.day.isoformat(), str(anchor.heads), anchor.root, anchor.prev])


def _root(level):
    if len(level) == 1:
        return level[0]
    split = 1 << ((len(level) - 1).bit_length() - 1)  # the largest power of two below the count
    return hashlib.sha256(b"\x01" + _root(level[:split]) + _root(level[split:])).digest()


@jobs.handler("core.take_anchor", title=gettext_lazy("Anchor the history"))
def take_anchor_job(job, day):
    anchor = take_anchor(date.fromisoformat(day), now=timezone.now())
    return {"hash": anchor.hash, "heads": anchor.heads}


def _evenings(after, now):
    """The newest evening that has passed: after downtime one anchor covers what was missed."""
    local = timezone.localtime(now)
    day = local.date() if local.time() >= TAKEN_AT else local.date() - timedelta(days=1)
    at = datetime.combine(day, TAKEN_AT, tzinfo=timezone.get_default_timezone())
    return [(day.isoformat(), {"day": day.isoformat()})] if at > after else []


jobs.periodic("core.take_anchor", _evenings)


@jobs.handler("core.heartbeat", title=gettext_lazy("Sign of life"))
def heartbeat(job):
    """A sign of life of beat, queue and worker, read by /readyz."""
    return {}


def _every_two_minutes(after, now):
    slot = now.replace(minute=now.minute // 2 * 2, second=0, microsecond=0)
    return [(slot.isoformat(), {})]


jobs.periodic("core.heartbeat", _every_two_minutes)
