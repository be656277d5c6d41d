"""What is lost of our own lines on a link, for pages: read from the record, so that nobody has to be asked.

What is decided about it goes through `losses.py`. Source: Spec §4.8, §5.7.
"""

from dataclasses import dataclass
from typing import Final

from parley.ledger.epochs import read_lost
from parley.ledger.reading import Reader
from parley.protocol import head, note

_LOGS: Final = (
    "SELECT log.id, link.name FROM recovery JOIN log ON log.id = recovery.log JOIN link ON link.id = log.link"
    " WHERE link.name = ?1 OR link.name LIKE ?1 || '/%' ORDER BY link.name"
)
_ORPHANS: Final = (
    "SELECT COUNT(*) FROM orphan JOIN log ON log.id = orphan.log JOIN link ON link.id = log.link"
    " WHERE link.name = ?1 OR link.name LIKE ?1 || '/%'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LostRow:
    """Our log on one lane of a link while something of it is lost; `begun_at` in Unix seconds.

    `name` is that of the link with its lane; `digits` the twelve groups of the newest head of ours that is
    known, of `size` entries; empty and 0 if none is. `is_sealed`: it ends as soon as the other side agrees.
    """

    name: str
    cause: str
    begun_at: int
    digits: tuple[str, ...]
    size: int
    is_sealed: bool


def lost_rows(reader: Reader, link: str) -> tuple[LostRow, ...]:
    """Return what is being asked back on `link`, lane by lane; nothing in the usual case."""
    found = reader.connection.execute(_LOGS, (link,)).fetchall()
    return tuple(row for log, name in found if (row := _row(reader, log, str(name))) is not None)


def orphan_count(reader: Reader, link: str) -> int:
    """Return how many statements of ours are no part of our log on `link` any more."""
    (count,) = reader.connection.execute(_ORPHANS, (link,)).fetchone()
    return int(count)


def _row(reader: Reader, log: int, name: str) -> LostRow | None:
    lost = read_lost(reader.connection, log)
    if lost is None:
        return None
    raw = reader.head_notes(name)[0] if lost.proof is None else lost.proof
    shown = None if raw is None else head.parse_text(note.parse(raw).text)
    return LostRow(
        name=name,
        cause=lost.cause,
        begun_at=lost.begun_at,
        digits=() if shown is None else head.digits(shown),
        size=0 if shown is None else shown.size,
        is_sealed=lost.seal is not None,
    )
