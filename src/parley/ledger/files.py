"""The rows of files that statements name: their keys, their sizes, and which are still to be fetched.

A row is written with the entry that names it, in the same transaction, and by the line of the entry's
writer: the same bytes in the other line are sealed under another scope. What the file is called
stands in the body; the bytes lie in the vault. Source: Spec §5.8.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parley.ledger.drafts import Draft, Enclosed
from parley.ledger.keys import KEK_NAME, Keys
from parley.ledger.unwritten import Unwritten
from parley.protocol.act import id_text
from parley.protocol.files import FileGot, file_scope, write_got

_FILE: Final = "INSERT OR IGNORE INTO file (log, hash, size, kek, wrapped, wanted) VALUES (?, ?, ?, ?, ?, ?)"
_ROWS: Final = (
    "SELECT log.id, link.name, link.channel, log.node, hash, size, wrapped, wanted"
    " FROM file JOIN log ON log.id = file.log JOIN link ON link.id = log.link WHERE"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file of one line. `size` is that of the ciphertext; `writer` the node whose entry names it."""

    log: int
    link: str
    channel: str
    writer: str
    hash: bytes
    size: int
    wrapped: bytes
    is_wanted: bool

    @property
    def scope(self) -> str:
        """Return what the file is sealed under, beside its key."""
        return file_scope(self.writer, self.channel)


def keep_ours(unwritten: Unwritten, log: int, files: Iterable[Enclosed]) -> None:
    """Keep the rows of files that lie in our vault already."""
    for each in files:
        unwritten.add(_FILE, (log, each.hash, each.size, KEK_NAME, each.wrapped, 0))


def keep_wanted(
    unwritten: Unwritten, log: int, files: Iterable[tuple[bytes, int, bytes]], *, keys: Keys
) -> None:
    """Keep the rows of files, given as (hash, size, key), that are to be fetched from now on."""
    for digest, size, key in files:
        unwritten.add(_FILE, (log, digest, size, KEK_NAME, keys.wrap(key), 1))


def settle(db: sqlite3.Connection, log: int, digest: bytes) -> None:
    """Note that a file is fetched no more."""
    db.execute("UPDATE file SET wanted = 0 WHERE log = ? AND hash = ?", (log, digest))


def want_again(db: sqlite3.Connection, log: int, digest: bytes) -> None:
    """Note that a file is to be fetched once more, whichever side wrote the statement that names it."""
    db.execute("UPDATE file SET wanted = 1 WHERE log = ? AND hash = ?", (log, digest))


def wanted_rows(db: sqlite3.Connection, link: str) -> tuple[FileRow, ...]:
    """Return what is still to be fetched on a link, small ones first: they do not wait behind large ones."""
    return _rows(db, "link.name = ? AND wanted ORDER BY size, hash", link)


def is_wanted(db: sqlite3.Connection, row: FileRow) -> bool:
    """Return whether a file is still to be fetched, whatever `row` knew."""
    found = db.execute("SELECT wanted FROM file WHERE log = ? AND hash = ?", (row.log, row.hash)).fetchone()
    return found is not None and bool(found[0])


def file_rows(db: sqlite3.Connection, digest: bytes) -> tuple[FileRow, ...]:
    """Return every row of the file with this hash, on all links."""
    return _rows(db, "hash = ? ORDER BY log.id", digest)


def all_rows(db: sqlite3.Connection, link: str) -> tuple[FileRow, ...]:
    """Return every file of both lines of a link."""
    return _rows(db, "link.name = ? ORDER BY log.id, hash", link)


def taken_bytes(db: sqlite3.Connection, log: int) -> int:
    """Return how many bytes the files of a line take, those that are still to come among them."""
    (found,) = db.execute("SELECT COALESCE(SUM(size), 0) FROM file WHERE log = ?", (log,)).fetchone()
    return int(found)


def _rows(db: sqlite3.Connection, where: str, value: str | bytes) -> tuple[FileRow, ...]:
    found = db.execute(f"{_ROWS} {where}", (value,))
    return tuple(
        FileRow(
            log=log,
            link=link,
            channel=channel,
            writer=node,
            hash=bytes(digest),
            size=size,
            wrapped=bytes(wrapped),
            is_wanted=bool(wanted),
        )
        for log, link, channel, node, digest, size, wrapped, wanted in found
    )


def got_draft(row: FileRow, *, is_whole: bool) -> Draft:
    """Return what is said of a file of theirs that is here now, or that never opened."""
    got = FileGot(hash=row.hash, ok=is_whole)
    # Once for each outcome: what did not open may come again, whole.
    name = f"got{int(is_whole)}-{id_text(row.hash)}"
    return Draft(id=name, link=row.link, kind="file.got", d=write_got(got))
