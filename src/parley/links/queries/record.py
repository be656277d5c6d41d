"""Both logs of a link side by side, newest first, and one page after the other.

The order is the one in which both nodes tell the record (Spec §6.4): by effective time, what
was seen before who had seen it. A page ends at a place in each log, and the next one goes on
from there, so the last page costs as much as the first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.ledger.evidence import places_of
from parley.ledger.lanes import lane_of, named
from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import EntryRow, Reader
from parley.ledger.telling import told
from parley.links.queries.cursor import CursorError
from parley.links.queries.standing import NO_STATUS
from parley.protocol.names import MAIN
from parley.work.home import Home

PAGE: Final = 50
COPIED: Final = ("link.", "officer.")
"""How the kinds begin that are said in each lane apart, by one act of a person."""
_CURSOR: Final = re.compile(r"([0-9]{1,15})-([0-9]{1,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """An entry as the list shows it."""

    place: str
    is_ours: bool
    kind: str
    verdict: str
    """``valid``, ``void``, ``unopened`` or ``unknown``."""
    reason: str
    effective: int
    ref: str
    about: str
    """The place of the statement that opened what it belongs to; empty for that one, or if none did."""
    about_is_inquiry: bool
    has_receipt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """Some rows of the record, and where the next ones begin (None: there are none)."""

    rows: tuple[RecordRow, ...]
    after: str | None
    ours: int
    theirs: int
    lane: str
    lanes: tuple[str, ...]
    """All lanes of the link: each is an order of its own."""


def record_page(
    home: Home, link: OpenLink, *, lane: str = MAIN, after: str | None = None, limit: int = PAGE
) -> RecordPage:
    """Return the entries of `link` in `lane` from the place `after` on, newest first.

    Raises:
        CursorError: `after` is not a place that a page gave, or the link has no such lane.
    """
    reader = reader_of(home)
    assert reader is not None
    lanes = tuple(lane_of(each) for each in reader.lane_names(link.row.name))
    if lane not in lanes:
        raise CursorError(f"expected a lane of the link, found {lane!r}")
    name = named(link.row.name, lane)
    at = reader.status(name) or NO_STATUS
    mine, theirs = (at.my_size, at.their_size) if after is None else _read_cursor(after)
    rows = told(
        [
            *_last(reader, name, link.row.my_letter, before=min(mine, at.my_size), limit=limit),
            *_last(reader, name, link.row.their_letter, before=min(theirs, at.their_size), limit=limit),
        ]
    )
    shown = rows[::-1][:limit]
    mine -= sum(row.letter == link.row.my_letter for row in shown)
    theirs -= sum(row.letter == link.row.their_letter for row in shown)
    threads = places_of(reader, name, (row.thread for row in shown if row.thread))
    return RecordPage(
        rows=tuple(_row(row, threads, letter=link.row.my_letter, receipted=at.my_receipted) for row in shown),
        after=f"{mine}-{theirs}" if mine > 0 or theirs > 0 else None,
        ours=at.my_size,
        theirs=at.their_size,
        lane=lane,
        lanes=lanes,
    )


def newest_of_theirs(home: Home, link: OpenLink, *, limit: int) -> tuple[EntryRow, ...]:
    """Return the newest statements of the other side on `link`, newest first."""
    reader = reader_of(home)
    if reader is None:
        return ()
    found: list[EntryRow] = []
    for name in reader.lane_names(link.row.name):
        at = reader.status(name) or NO_STATUS
        found += _last(reader, name, link.row.their_letter, before=at.their_size, limit=limit)
    # What is about the link itself stands in each lane, and is news once.
    found = [row for row in found if row.lane == MAIN or not (row.kind or "").startswith(COPIED)]
    # The newest last, and of one lane in its own order: the sort is stable.
    return tuple(sorted(found, key=lambda row: row.effective)[::-1][:limit])


def _last(reader: Reader, name: str, letter: str, *, before: int, limit: int) -> list[EntryRow]:
    first = max(0, before - limit)
    if before <= first:
        return []
    rows = reader.rows(name, after=first - 1, limit=before - first)
    return [row for row in rows if row.letter == letter]


def _read_cursor(text: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise CursorError(f"expected a place in the record, found {text!r}")
    return int(found[1]), int(found[2])


def _row(
    row: EntryRow, threads: Mapping[bytes, tuple[str, str | None]], *, letter: str, receipted: int
) -> RecordRow:
    opening = row.thread if row.thread != row.statement else None
    about, kind = threads.get(opening, ("", None)) if opening else ("", None)
    return RecordRow(
        place=row.place,
        is_ours=row.letter == letter,
        kind=row.kind or "",
        verdict=row.verdict.outcome.value,
        reason=row.verdict.reason.value if row.verdict.reason else "",
        effective=row.effective,
        ref=(row.act.ref if row.act else None) or "",
        about=about,
        about_is_inquiry=kind == "inquiry.sent",
        has_receipt=row.letter == letter and row.index < receipted,
    )
