"""The tags by which rows are found: each is the beginning of a hash in the same row, and is mended from it.

A row with another tag is there and cannot be found. That no part lies here twice is looked at too, since
no index sees to it (`ledger/tags.py`).
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.keys import Keys
from parley.ledger.tags import tag_of, tagged
from parley.protocol.part import PartError, open_part
from parley.protocol.suite import Suite

# Table, tag, hash, and by what a row of the table is named.
_TAGGED: Final = (
    ("row", "leaf_tag", "leaf", "log, idx"),
    ("row", "act_tag", "act_hash", "log, idx"),
    ("orphan", "tag", "leaf", "log, leaf, origin, idx"),
    ("part", "tag", "hash", "rowid"),
)
_TWICE: Final = (
    "SELECT hash FROM part WHERE tag IN (SELECT tag FROM part GROUP BY tag HAVING COUNT(*) > 1)"
    " GROUP BY hash HAVING COUNT(*) > 1"
)


def check_tags(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield every tag that is not that of its hash, and every part that lies here twice."""
    for names in _TAGGED:
        for digest, _right, _key in _wrong(db, names):
            place, said = (digest or b"").hex()[:16], f"the tag in {names[0]} is not that of the hash"
            yield Finding(damage=Damage.ROW, link="", place=place, said=said)
    for (digest,) in db.execute(_TWICE):
        yield Finding(damage=Damage.ROW, link="", place=bytes(digest).hex()[:16], said="it is here twice")


def mend_tags(db: sqlite3.Connection) -> int:
    """Write the right tag wherever another one stands, and return how many did; part of a transaction."""
    mended = 0
    for table, tag, named, key in _TAGGED:
        where = " AND ".join(f"{column} = ?" for column in key.split(", "))
        for _digest, right, found in [*_wrong(db, (table, tag, named, key))]:
            db.execute(f"UPDATE {table} SET {tag} = ? WHERE {where}", (right, *found))  # noqa: S608 - ours
            mended += 1
    return mended


def mend_twice(db: sqlite3.Connection, keys: Keys, suite: Suite, *, scopes: Sequence[str]) -> int:
    """Of parts that lie here twice keep one that opens in some scope, if any does; return how many went."""

    def opens(row: tuple[int, bytes, bytes]) -> bool:
        return any(_opens(row, key=keys.unwrap(row[1]), scope=scope, suite=suite) for scope in scopes)

    gone = 0
    for (digest,) in db.execute(_TWICE).fetchall():
        sql = "SELECT rowid, wrapped, ciphertext FROM part WHERE tag = ? AND hash = ? ORDER BY rowid"
        rows = db.execute(sql, tagged(digest)).fetchall()
        whole = [row for row in rows if hashlib.sha256(row[2]).digest() == digest] or rows
        stays = next((row for row in whole if opens(row)), whole[0])
        others = [(row[0],) for row in rows if row[0] != stays[0]]
        gone += db.executemany("DELETE FROM part WHERE rowid = ?", others).rowcount
    return gone


def _opens(row: tuple[int, bytes, bytes], *, key: bytes, scope: str, suite: Suite) -> bool:
    try:
        open_part(row[2], key=key, scope=scope, suite=suite)
    except PartError:
        return False
    return True


def _wrong(
    db: sqlite3.Connection, names: tuple[str, str, str, str]
) -> Iterator[tuple[bytes | None, int | None, tuple[Any, ...]]]:
    """Yield every hash that stands beside another tag than its own, with its own and the key of the row."""
    table, tag, named, key = names
    for digest, kept, *found in db.execute(f"SELECT {named}, {tag}, {key} FROM {table}"):  # noqa: S608 - ours
        right = None if digest is None else tag_of(digest)
        if kept != right:
            yield digest, right, tuple(found)
