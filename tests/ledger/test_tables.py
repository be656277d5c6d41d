"""What the file itself holds against everybody: evidence stays, content and keys are not in clear."""

# ruff: noqa: S608 - the tables are named below
import sqlite3
from collections.abc import Iterator

import pytest

from tests.two_nodes.forger import Forger
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import evidence

EVIDENCE = ("entry", "head", "receipt", "fork", "card")


@pytest.fixture
def pair_with_all(pair: Pair) -> Pair:
    """Return two nodes of which A holds evidence of every sort."""
    for node in (A, B):
        pair.sends(node=node)
    pair.settle()
    forger = Forger(pair, B, A)
    forger.send(forger.piece(note=forger.head(root=bytes(32))))
    assert all(rows for table, rows in evidence(pair.homes[A]).items() if table in EVIDENCE)
    return pair


@pytest.fixture
def stranger(pair_with_all: Pair) -> Iterator[sqlite3.Connection]:
    """Return the file in the hands of another program."""
    db = sqlite3.connect(pair_with_all.homes[A].record, isolation_level=None)
    yield db
    db.close()


def columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("table", EVIDENCE)
def test_evidence_is_never_deleted(pair_with_all: Pair, stranger: sqlite3.Connection, table: str) -> None:
    before = evidence(pair_with_all.homes[A])

    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        stranger.execute(f"DELETE FROM {table}")

    assert evidence(pair_with_all.homes[A]) == before


@pytest.mark.parametrize("table", EVIDENCE)
def test_evidence_is_never_changed(pair_with_all: Pair, stranger: sqlite3.Connection, table: str) -> None:
    before = evidence(pair_with_all.homes[A])

    for column in columns(stranger, table):
        with pytest.raises(sqlite3.IntegrityError):
            stranger.execute(f"UPDATE {table} SET {column} = {column}")

    assert evidence(pair_with_all.homes[A]) == before


@pytest.mark.parametrize("table", EVIDENCE)
def test_evidence_is_never_replaced(pair_with_all: Pair, stranger: sqlite3.Connection, table: str) -> None:
    before = evidence(pair_with_all.homes[A])
    (blob,) = [name for name in ("raw", "root", "note", "one") if name in columns(stranger, table)][:1]
    rows = stranger.execute(f"SELECT * FROM {table}").fetchall()
    place = columns(stranger, table).index(blob)

    for row in rows:
        other = (*row[:place], b"another", *row[place + 1 :])
        marks = ", ".join("?" * len(row))
        try:
            stranger.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", other)
        except sqlite3.IntegrityError as error:
            assert "once" in str(error) or "one root" in str(error)  # noqa: PT017 - either answer will do

    assert evidence(pair_with_all.homes[A]) == before


def test_a_receipt_gives_way_to_a_newer_one(pair_with_all: Pair, stranger: sqlite3.Connection) -> None:
    del pair_with_all
    stranger.execute("UPDATE receipt SET received_at = received_at + 1, note = x'00'")

    assert {note for (note,) in stranger.execute("SELECT note FROM receipt")} == {b"\0"}


def test_neither_a_body_nor_a_key_is_in_the_file(pair: Pair) -> None:
    body = "a body that nobody reads in the file"
    pair.sends(node=A, title=body)
    pair.sends(node=B, title=body)
    pair.settle()
    pair.say(A, "inquiry.sent", INQUIRY, body={"title": body})

    for node in (A, B):
        keys = pair.keys(node)
        held = evidence(pair.homes[node])
        secrets = [keys.unwrap(wrapped) for *_, wrapped, _ in held["part"]]
        secrets += [*keys.seeds.values(), keys.seal, *(seed for _, seed in keys.roots)]
        files = b"".join(path.read_bytes() for path in pair.homes[node].root.glob("record.db*"))
        assert len(secrets) > 10
        assert len(set(secrets)) == len(secrets)
        assert body.encode() not in files
        assert not [secret for secret in secrets if secret in files or secret.hex().encode() in files]


def test_without_the_key_beside_the_file_nothing_opens(pair: Pair) -> None:
    said = pair.sends(node=A)
    kek = pair.homes[A].keys / "kek-1"
    kek.write_bytes(bytes(32).hex().encode())

    with pair.reader(A) as reader:
        assert reader.row(LINK, said.statement) is not None
        assert reader.body(LINK, said.statement) is None


def test_the_file_and_its_companions_are_for_their_owner_alone(pair: Pair) -> None:
    pair.sends(node=A)

    modes = {path.name: path.stat().st_mode & 0o777 for path in pair.homes[A].root.glob("record.db*")}

    assert set(modes.values()) == {0o600}
