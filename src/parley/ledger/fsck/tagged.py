"""The tags by which rows are found: each is the beginning of a hash in the same row, and is mended from it.

A row with another tag is there and cannot be found. That no part lies here twice is looked at too, since
no index sees to it (`ledger/tags.py`).
"""

import sqlite3
from collections.abc import Iterator
from typing import Final

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.tags import tag_of

_TAGGED: Final = (
    ("row", "leaf_tag", "leaf"),
    ("row", "act_tag", "act_hash"),
    ("orphan", "tag", "leaf"),
    ("part", "tag", "hash"),
)
_TWICE: Final = (
    "SELECT hash FROM part WHERE tag IN (SELECT tag FROM part GROUP BY tag HAVING COUNT(*) > 1)"
    " GROUP BY hash HAVING COUNT(*) > 1"
)


def check_tags(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield every tag that is not that of its hash, and every part that lies here twice."""
    for names in _TAGGED:
        for digest, _right in _wrong(db, names):
            place, said = (digest or b"").hex()[:16], f"the tag in {names[0]} is not that of the hash"
            yield Finding(damage=Damage.ROW, link="", place=place, said=said)
    for (digest,) in db.execute(_TWICE):
        yield Finding(damage=Damage.STRAY, link="", place=bytes(digest).hex()[:16], said="it is here twice")


def mend_tags(db: sqlite3.Connection) -> int:
    """Write the right tag wherever another one stands, and return how many did; part of a transaction."""
    mended = 0
    for table, tag, named in _TAGGED:
        sql = f"UPDATE {table} SET {tag} = ?1 WHERE {named} IS ?2 AND {tag} IS NOT ?1"  # noqa: S608 - ours
        for digest, right in [*_wrong(db, (table, tag, named))]:
            mended += db.execute(sql, (right, digest)).rowcount
    return mended


def _wrong(db: sqlite3.Connection, names: tuple[str, str, str]) -> Iterator[tuple[bytes | None, int | None]]:
    """Yield every hash that stands beside another tag than its own, with its own."""
    table, tag, named = names
    for digest, kept in db.execute(f"SELECT {named}, {tag} FROM {table}"):  # noqa: S608 - the names above
        right = None if digest is None else tag_of(digest.ljust(8, b"\0"))
        if kept != right:
            yield digest, right
