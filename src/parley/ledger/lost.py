"""What is lost of our own lines on a link, for pages: read from the record, so that nobody has to be asked.

What is decided about it goes through `losses.py`. Source: Spec §4.8, §5.7.
"""

from dataclasses import dataclass
from typing import Final

from parley.ledger.epochs import read_lost
from parley.ledger.reading import Reader
from parley.protocol import head, note

OFFERED: Final = "offered"
_OFFERED: Final = (
    "SELECT note, name FROM offered JOIN log ON log.id = offered.log JOIN link ON link.id = log.link"
    " WHERE link.name = ?1 OR link.name LIKE ?1 || '/%' ORDER BY link.name"
)
_LOGS: Final = (
    "SELECT log.id, link.name FROM recovery JOIN log ON log.id = recovery.log JOIN link ON link.id = log.link"
    " WHERE link.name = ?1 OR link.name LIKE ?1 || '/%' ORDER BY link.name"
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


def offered_rows(reader: Reader, link: str) -> tuple[LostRow, ...]:
    """Return heads of ours, lane by lane, that officers may follow though nothing is lost (Spec §5.7.15)."""
    return tuple(
        LostRow(name=str(name), cause=OFFERED, begun_at=0, digits=digits, size=size, is_sealed=False)
        for raw, name in reader.connection.execute(_OFFERED, (link,)).fetchall()
        for digits, size in [_digits(bytes(raw))]
    )


def lost_rows(reader: Reader, link: str) -> tuple[LostRow, ...]:
    """Return what is being asked back on `link`, lane by lane; nothing in the usual case."""
    found = reader.connection.execute(_LOGS, (link,)).fetchall()
    return tuple(row for log, name in found if (row := _row(reader, log, str(name))) is not None)


def _row(reader: Reader, log: int, name: str) -> LostRow | None:
    lost = read_lost(reader.connection, log)
    if lost is None:
        return None
    raw = reader.head_notes(name)[0] if lost.proof is None else lost.proof
    digits, size = ((), 0) if raw is None else _digits(raw)
    return LostRow(
        name=name,
        cause=lost.cause,
        begun_at=lost.begun_at,
        digits=digits,
        size=size,
        is_sealed=lost.seal is not None,
    )


def _digits(raw: bytes) -> tuple[tuple[str, ...], int]:
    shown = head.parse_text(note.parse(raw).text)
    return head.digits(shown), shown.size
