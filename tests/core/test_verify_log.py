"""The history cannot be changed unseen: triggers refuse, and what gets past them is found."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from schoolsafety.core.anchors import leaf_bytes, merkle_root, take_anchor
from schoolsafety.core.audit import build_event, event_hash, record_event
from schoolsafety.core.models import Anchor, AnchorLeaf, ChainHead, Event, EventText
from schoolsafety.core.verification import BROKEN, NO_ANCHOR, SOUND, verify

NOW = timezone.now
GUARDED = ["core_event", "core_eventtext", "core_anchor", "core_anchorleaf"]


@pytest.fixture
def chain(school, officer):
    """Three events of one school, the second with words."""
    with transaction.atomic():
        for note in ("", "已整改", ""):
            record_event(school, "core.change_organisation", organisation=school, actor=officer, note=note)
    return school


@pytest.fixture
def open_tables(db):
    """Take the guards away, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be pending on a table to alter
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def findings(organisation=None):
    return [finding.what for finding in verify(organisation, now=NOW()).findings]


def test_a_sound_history_is_sound(chain, neighbour):
    take_anchor(date(2026, 11, 24), now=NOW())
    report = verify(now=NOW())
    assert (report.code, report.events, report.chains, report.anchors) == (SOUND, 3, 1, 1)


@pytest.mark.parametrize(
    "act",
    [
        lambda: Event.objects.filter(seq=1).update(verb="x.y"),
        lambda: Event.objects.filter(seq=1).delete(),
        lambda: EventText.objects.all().update(text="anders"),
        lambda: EventText.objects.all().update(text="", erased_at=timezone.now(), salt="00"),
        lambda: EventText.objects.all().delete(),
    ],
)
def test_the_database_refuses_to_change_or_delete(chain, act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    assert verify(now=NOW()).findings == []


def test_anchors_cannot_be_changed_either(chain):
    take_anchor(date(2026, 11, 24), now=NOW())
    for model in (Anchor, AnchorLeaf):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(hash="0" * 64)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
@pytest.mark.parametrize("column", ["id", "seq"])
def test_replacing_a_row_is_refused_by_every_unique_key(chain, column):
    columns = [field.column for field in Event._meta.fields]
    taken = {"id": "id + 1000" if column == "seq" else "id", "verb": "'x.y'"}
    values = ", ".join(taken.get(name, name) for name in columns)
    sql = f"INSERT OR REPLACE INTO core_event ({', '.join(columns)}) SELECT {values} FROM core_event"
    with pytest.raises(DatabaseError):
        execute("PRAGMA recursive_triggers=OFF", sql)
    assert Event.objects.filter(verb="x.y").count() == 0


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is PostgreSQL's")
@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("before", ["SELECT 1", "SET LOCAL session_replication_role = replica"])
def test_truncate_is_refused_even_for_a_replica_role(chain, table, before):
    with pytest.raises(DatabaseError, match=r"append-only|only be erased"):
        execute("SET CONSTRAINTS ALL IMMEDIATE", before, f"TRUNCATE {table} CASCADE")


def execute(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_words_may_be_erased_and_the_chain_stays_sound(chain):
    EventText.objects.update(text="", erased_at=NOW())
    assert findings() == []


def edit(**values):
    Event.objects.filter(seq=2).update(**values)


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (lambda: edit(verb="x.y"), "does not fit its hash"),
        (lambda: edit(at=timezone.now() - timedelta(days=3)), "does not fit its hash"),
        (lambda: edit(payload="{}"), "does not fit its hash"),
        (lambda: edit(actor=None), "does not fit its hash"),
        (lambda: EventText.objects.update(text="没有整改"), "words do not fit"),
        (lambda: EventText.objects.all().delete(), "words are gone"),
        (lambda: EventText.objects.update(erased_at=timezone.now()), "after they were erased"),
    ],
)
def test_an_edit_is_found(chain, open_tables, tamper, words):
    tamper()
    assert any(words in what for what in findings())


def test_words_put_to_an_event_that_had_none_are_found(chain, open_tables):
    EventText.objects.create(event=Event.objects.get(seq=1), salt="00" * 16, text="erfunden")
    assert findings() == ["its words do not fit their commitment"]


def test_a_deleted_event_is_found(chain, open_tables):
    EventText.objects.all().delete()
    Event.objects.filter(seq=2).delete()
    assert "event 2 is missing" in findings()


def test_two_swapped_events_are_found(chain, open_tables):
    for old, new in ((1, 99), (3, 1), (99, 3)):
        Event.objects.filter(seq=old).update(seq=new)
    assert findings()


def test_a_cut_tail_is_found_by_the_head(chain, open_tables):
    Event.objects.filter(seq=3).delete()
    assert findings() == ["the chain does not end at its head"]


def cut_and_move_head():
    Event.objects.filter(seq=3).delete()
    last = Event.objects.get(seq=2)
    ChainHead.objects.update(seq=2, hash=last.hash)


def test_a_cut_tail_with_a_moved_head_is_found_by_the_anchor(chain, open_tables):
    take_anchor(date(2026, 11, 24), now=NOW())
    cut_and_move_head()
    assert findings() == ["the anchored event is gone or changed"]


def test_a_chain_built_anew_is_found_by_the_anchor(chain, open_tables, officer):
    take_anchor(date(2026, 11, 24), now=NOW())
    EventText.objects.all().delete()
    Event.objects.all().delete()
    head = ChainHead(organisation=chain, seq=0)
    for _n in range(3):
        event, _words = build_event(
            head, chain, "core.change_organisation", organisation=chain, actor=officer, note="", post="",
            at=NOW(), changes={},
        )  # fmt: skip
        event.save()
        head.seq, head.hash = event.seq, event.hash
    ChainHead.objects.update(seq=head.seq, hash=head.hash)
    assert findings() == ["the anchored event is gone or changed"]


def test_a_whole_chain_taken_away_is_found_by_the_anchor(chain, open_tables):
    take_anchor(date(2026, 11, 24), now=NOW())
    EventText.objects.all().delete()
    Event.objects.all().delete()
    ChainHead.objects.all().delete()
    assert "the anchored event is gone or changed" in findings()


def test_a_changed_anchor_is_found(chain, open_tables):
    for day in (24, 25):
        take_anchor(date(2026, 11, day), now=NOW())
    Anchor.objects.filter(day=date(2026, 11, 24)).update(root="0" * 64)
    assert findings() == ["the anchor of 2026-11-24 does not fit"]
    AnchorLeaf.objects.all().delete()
    assert len(findings()) == 2


def test_a_taken_away_anchor_is_found(chain, open_tables):
    for day in (24, 25):
        take_anchor(date(2026, 11, day), now=NOW())
        with transaction.atomic():
            record_event(chain, "x.y", organisation=chain)
    AnchorLeaf.objects.filter(anchor__day=date(2026, 11, 24)).delete()
    Anchor.objects.filter(day=date(2026, 11, 24)).delete()
    assert "the anchor of 2026-11-25 does not fit" in findings()


def test_events_that_stay_without_anchor_for_two_days_are_reported(chain):
    assert verify(now=NOW()).code == SOUND
    late = verify(now=NOW() + timedelta(hours=49))
    assert (late.code, late.late) == (NO_ANCHOR, 3)
    take_anchor(date(2026, 11, 24), now=NOW())
    assert verify(now=NOW() + timedelta(hours=49)).code == SOUND


def test_an_anchor_is_taken_once_a_day_and_keeps_only_moved_heads(chain, neighbour):
    first = take_anchor(date(2026, 11, 24), now=NOW())
    assert take_anchor(date(2026, 11, 24), now=NOW()) == first
    with transaction.atomic():
        record_event(neighbour, "x.y", organisation=neighbour)
    second = take_anchor(date(2026, 11, 25), now=NOW())
    assert (second.prev, second.heads, second.leaves.count()) == (first.hash, 2, 1)


def test_the_merkle_root_follows_rfc_6962():
    # The test vectors of the RFC's reference implementation (certificate-transparency), leaves d0 to d2.
    leaves = [b"", b"\x00", b"\x10"]
    assert merkle_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_root(leaves[:1]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves[:2]) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle_root(leaves) == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert leaf_bytes(7, 3, "ab") == b"7:3:ab"


def test_the_hash_separates_its_fields(chain):
    event = Event.objects.get(seq=1)
    event.verb, event.payload = event.verb + event.payload[:1], event.payload[1:]
    assert event_hash(event) != event.hash


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_event_outside_the_transaction_of_its_change_is_refused(school):
    with pytest.raises(RuntimeError, match="transaction"):
        record_event(school, "x.y", organisation=school)


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as exit_:
        call_command("verify_log", *arguments)
    return exit_.value.code, capsys.readouterr().out


def test_the_command_says_what_it_found_by_code_and_json(chain, open_tables, capsys):
    assert run(capsys) == (SOUND, "1 chains, 3 events, 0 anchors\nsound\n")
    edit(verb="x.y")
    code, text = run(capsys, "--json", "--organisation", chain.code)
    found = json.loads(text)
    assert (code, found["code"], found["findings"][0]["organisation"]) == (BROKEN, BROKEN, chain.code)
    assert "BROKEN JB001 2" in run(capsys)[1]
    with pytest.raises(CommandError, match="no organisation"):
        call_command("verify_log", "--organisation", "NO")
