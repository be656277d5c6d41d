"""A backup: sealed to a key that is not here, whole or refused, and only a drill shows that it restores."""

import hashlib
import io
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from parley.ledger.backup.key import BackupKey, BackupKeyError, make_key, public_key, read_key
from parley.ledger.backup.making import NoBackupKeyError, Wishes, make_backup
from parley.ledger.backup.members import Manifest, Member, read_manifest, write_manifest
from parley.ledger.backup.restoring import (
    Drill,
    NotEmptyError,
    drill_backup,
    restore_backup,
    verify_backup,
)
from parley.ledger.backup.sealed import BackupError, Opening, Sealing, check_whole
from parley.ledger.checks import DRILL, checked_at
from parley.ledger.digest import digest
from parley.ledger.drafts import RefusedError
from parley.ledger.fsck.check import Looking
from parley.ledger.keys import KeysError
from parley.ledger.reading import Reader
from parley.work.home import Home
from tests.two_nodes.pair import LINK, MONDAY, SUITE, A, B, Pair

BODY: Final = "a canary that no backup shows"


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    inquiry = pair.sends(title=BODY)
    pair.settle()
    pair.say(B, "inquiry.acknowledged", {}, re=inquiry.statement)
    pair.settle()
    yield pair
    pair.stop()


def made(home: Home, **wishes: bool) -> tuple[bytes, BackupKey, Manifest]:
    key = make_key(home, A, suite=SUITE)
    file = io.BytesIO()
    manifest = make_backup(home, file, Wishes(**wishes), now=MONDAY, suite=SUITE)
    return file.getvalue(), key, manifest


def drilled(home: Home, raw: bytes, key: BackupKey) -> Drill:
    return drill_backup(
        home, io.BytesIO(raw), key, looking=Looking(now=lambda: MONDAY + 60, suite=SUITE), place=None
    )


def test_what_is_restored_holds_the_same_record(pair: Pair, tmp_path: Path) -> None:
    raw, key, _ = made(pair.homes[A])

    restore_backup(io.BytesIO(raw), key, tmp_path / "new", suite=SUITE)

    reader = Reader(Home(root=tmp_path / "new"))
    (inquiry,) = reader.threads(LINK)
    assert digest(reader, LINK) == pair.digest(A)
    assert reader.body(LINK, inquiry) == {"title": {"lang": "en", "text": BODY}}
    reader.close()


def test_a_restored_node_says_nothing_before_its_partner_told_it_what_it_said_last(
    pair: Pair, tmp_path: Path
) -> None:
    raw, key, _ = made(pair.homes[A], signing_keys=True)
    pair.sends(title="what the backup lacks")
    pair.settle()
    pair.ledgers[A].stop()
    restore_backup(io.BytesIO(raw), key, tmp_path / "new", suite=SUITE)
    pair.homes[A] = Home(root=tmp_path / "new")
    pair.start(A)

    with pytest.raises(RefusedError, match="recovering"):
        pair.sends(title="too early")


def test_nothing_can_be_read_in_it_and_no_key_that_signs_lies_in_it(pair: Pair) -> None:
    raw, _, manifest = made(pair.homes[A])

    names = {member.name for member in manifest.members}

    assert BODY.encode() not in raw
    assert {"record.db", "parley.toml", "card", "keys/kek-1", "keys/link-ed25519"} <= names
    assert not [name for name in names if name.startswith(("keys/write-", "keys/receipt-", "keys/root-"))]
    assert not [name for name in names if "anchor" in name or "view" in name]


def test_keys_that_sign_are_in_it_only_if_asked_for(pair: Pair) -> None:
    _, _, manifest = made(pair.homes[A], signing_keys=True)

    assert {"keys/write-ed25519", "keys/receipt-ml-dsa"} <= {member.name for member in manifest.members}


def test_a_backup_is_made_while_others_write(pair: Pair) -> None:
    home = pair.homes[A]
    db = sqlite3.connect(home.record, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE heard SET at = at + 1")

    raw, key, _ = made(home)
    db.execute("ROLLBACK")
    db.close()

    assert verify_backup(io.BytesIO(raw), key, suite=SUITE).heads


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_backup_with_any_bit_changed_or_any_end_cut_off_is_refused(pair: Pair, data: st.DataObject) -> None:
    raw, key, _ = _once(pair)
    at = data.draw(st.integers(0, len(raw) - 1))
    flipped = raw[:at] + bytes([raw[at] ^ (1 << data.draw(st.integers(0, 7)))]) + raw[at + 1 :]

    for damaged in (flipped, raw[:at]):
        with pytest.raises(BackupError):
            check_whole(io.BytesIO(damaged))
        with pytest.raises(BackupError):
            verify_backup(io.BytesIO(damaged), key, suite=SUITE)


_MADE: dict[Path, tuple[bytes, BackupKey, Manifest]] = {}


def _once(pair: Pair) -> tuple[bytes, BackupKey, Manifest]:
    if pair.folder not in _MADE:
        _MADE[pair.folder] = made(pair.homes[A])
    return _MADE[pair.folder]


def test_whoever_mends_the_outer_hash_is_stopped_by_the_seal(pair: Pair) -> None:
    raw, key, _ = made(pair.homes[A])
    body = bytearray(raw[:-32])
    body[len(body) // 2] ^= 1
    forged = bytes(body) + hashlib.sha256(body).digest()

    check_whole(io.BytesIO(forged))

    with pytest.raises(BackupError):
        verify_backup(io.BytesIO(forged), key, suite=SUITE)


def test_another_key_opens_nothing(pair: Pair) -> None:
    raw, _, _ = made(pair.homes[A])

    with pytest.raises(BackupError, match="another key"):
        verify_backup(io.BytesIO(raw), make_key(pair.homes[B], B, suite=SUITE), suite=SUITE)


def test_no_backup_is_made_before_there_is_a_key(pair: Pair) -> None:
    with pytest.raises(NoBackupKeyError):
        make_backup(pair.homes[A], io.BytesIO(), Wishes(), now=MONDAY, suite=SUITE)


def test_the_key_can_be_typed_from_paper_and_a_slip_is_noticed(pair: Pair) -> None:
    key = make_key(pair.homes[A], A, suite=SUITE)
    text = key.text()
    heading, node, first, rest = text.strip().split("\n")
    slip = "\n".join([heading, node, ("0" if first[0] != "0" else "1") + first[1:], rest])

    assert read_key(text.upper().replace("PARLEY-BACKUP-KEY/V1", "parley-backup-key/v1")).seed == key.seed
    with pytest.raises(BackupKeyError):
        read_key(slip)


def test_a_folder_that_holds_anything_is_left_alone(pair: Pair, tmp_path: Path) -> None:
    raw, key, _ = made(pair.homes[A])
    into = tmp_path / "new"
    into.mkdir()
    (into / "mine").write_text("x", encoding="ascii")

    with pytest.raises(NotEmptyError):
        restore_backup(io.BytesIO(raw), key, into, suite=SUITE)

    assert [path.name for path in into.iterdir()] == ["mine"]


def test_what_breaks_off_leaves_no_half_of_a_home(pair: Pair, tmp_path: Path) -> None:
    raw, key, _ = made(pair.homes[A])

    with pytest.raises(BackupError):
        restore_backup(io.BytesIO(raw[:-1]), key, tmp_path / "new", suite=SUITE)

    assert not (tmp_path / "new").exists()


def forged(home: Home, manifest: Manifest, *contents: bytes) -> bytes:
    """Return a backup as anybody can make one who has the public key of `home`."""
    public = public_key(home)
    assert public is not None
    file = io.BytesIO()
    sealing = Sealing(file, {"node": A, "world": "demo", "made_at": MONDAY}, public=public, suite=SUITE)
    write_manifest(manifest, sealing)
    for content in contents:
        sealing.write(content)
    sealing.finish()
    return file.getvalue()


def member(name: str, content: bytes) -> Member:
    return Member(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("members", "contents"),
    [
        ((Member(name="card", size=1, sha256="0" * 64),), (b"x",)),
        ((member("../card", b"x"),), (b"x",)),
        ((member("keys/../../card", b"x"),), (b"x",)),
        ((member("/etc/x", b"x"),), (b"x",)),
        ((member("anchor/x", b"x"),), (b"x",)),
        ((member("card", b"x"),), (b"xy",)),
        ((member("card", b"xy"),), (b"x",)),
        ((member("card", b"x"), member("card", b"x")), (b"x", b"x")),
    ],
    ids=["hash", "above", "way out", "root", "anchor", "more", "less", "twice"],
)
def test_a_backup_that_somebody_else_sealed_writes_nothing_anywhere(
    pair: Pair, tmp_path: Path, members: tuple[Member, ...], contents: tuple[bytes, ...]
) -> None:
    _, key, manifest = made(pair.homes[A])
    raw = forged(pair.homes[A], structs.replace(manifest, members=members), *contents)
    (tmp_path / "place").mkdir()

    with pytest.raises(BackupError):
        restore_backup(io.BytesIO(raw), key, tmp_path / "place" / "new", suite=SUITE)

    assert list((tmp_path / "place").iterdir()) == []


def test_a_drill_fails_if_the_entries_do_not_give_the_heads_that_are_stated(pair: Pair) -> None:
    raw, key, manifest = made(pair.homes[A])
    opening = Opening(io.BytesIO(raw), private=key.private(), suite=SUITE)
    read_manifest(opening)
    content = opening.read(2**40)
    shorter = tuple(structs.replace(head, size=head.size - 1) for head in manifest.heads)

    drill = drilled(
        pair.homes[A], forged(pair.homes[A], structs.replace(manifest, heads=shorter), content), key
    )

    assert not drill.gives_heads
    assert not drill.is_good


def test_a_drill_says_what_came_since_and_what_the_partner_can_give_back(pair: Pair) -> None:
    raw, key, _ = made(pair.homes[A])
    pair.sends(title="receipted")
    pair.settle()
    pair.sends(title="not receipted")

    drill = drilled(pair.homes[A], raw, key)

    assert drill.is_good
    ours = next(each for each in drill.since if each.is_ours)
    assert (ours.entries, ours.receipted) == (2, 1)
    assert checked_at(pair.homes[A], DRILL) == MONDAY + 60
    assert not list(pair.homes[A].root.glob(".drill-*"))


def test_what_a_drill_left_behind_that_was_killed_goes_with_the_next_one(pair: Pair) -> None:
    home = pair.homes[A]
    old, young = home.root / ".drill-old", home.root / ".drill-young"
    for folder, at in ((old, MONDAY - 90_000), (young, MONDAY - 60)):
        folder.mkdir()
        os.utime(folder, (at, at))

    made(home)

    assert (old.exists(), young.exists()) == (False, True)


def test_a_drill_fails_if_the_key_of_the_content_is_missing_or_another_one(pair: Pair) -> None:
    home = pair.homes[A]
    kek = (home.keys / "kek-1").read_bytes()
    (home.keys / "kek-1").write_bytes(b"00" * 32 + b"\n")
    older, key, _ = made(home)
    (home.keys / "kek-1").unlink()
    without, other, _ = made(home)
    (home.keys / "kek-1").write_bytes(kek)

    assert not drilled(home, older, key).is_good
    with pytest.raises(KeysError):
        drilled(home, without, other)
    assert checked_at(home, DRILL) is None


def test_a_drill_fails_if_the_record_is_not_the_one_that_runs(pair: Pair, tmp_path: Path) -> None:
    raw, key, _ = made(pair.homes[A])
    other = Pair(tmp_path / "other", is_open=False)
    shutil.copytree(pair.homes[A].root / "keys", tmp_path / "keys")

    drill = drilled(other.homes[A], raw, key)
    other.stop()

    assert drill.report.is_whole
    assert not drill.is_prefix
    assert checked_at(other.homes[A], DRILL) is None
