"""What is new: the other sides' newest statements, in whatever room, and what each is about.

A statement about no inquiry leads to the matter of its room, where it is in one, else to itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from parley.inquiries.forms.telling import said_text
from parley.inquiries.queries import InquiryRow, inquiries_by_id
from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import EntryRow
from parley.links.queries import Standing, newest_of_theirs
from parley.protocol.act import id_text
from parley.today.queries.rooms import Matter, matter_of
from parley.work.home import Home

READ_NEW: Final = 60
"""So many statements of a link are looked through for what is new."""
# What nodes write by themselves is no news to a person.
_MACHINE: Final = frozenset({"received", "unopened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """A statement of the other side. `row` is None where it is about no inquiry.

    `matter` is what it is about in a room beside inquiries and calls.
    """

    link: str
    side: str
    place: str
    kind: str
    said: str
    verdict: str
    effective: int
    row: InquiryRow | None
    is_new: bool
    matter: Matter | None = None


def newest_in(home: Home, links: Iterable[OpenLink]) -> list[tuple[str, EntryRow]]:
    """Return the newest statements of persons of the other sides, newest first, each with its link."""
    found = [
        (link.row.name, row)
        for link in links
        for row in newest_of_theirs(home, link, limit=READ_NEW)
        if row.kind not in _MACHINE
    ]
    # Within one log the order is that of the log; between two, the writers' clocks are all there is.
    return sorted(found, key=lambda each: -each[1].effective)


def is_fresh(row: EntryRow, *, since: int) -> bool:
    """Return whether a statement came after `since`."""
    return (row.received_at or row.effective) > since


def news_in(
    home: Home,
    shown: Sequence[tuple[str, EntryRow]],
    standings: Mapping[str, Standing],
    *,
    since: int,
    known: Mapping[tuple[str, str], Matter] = MappingProxyType({}),
) -> tuple[Newest, ...]:
    """Return statements, each with its link, as a list shows them; `known` are matters of the other rooms."""
    rows = inquiries_by_id((link, id_text(row.thread)) for link, row in shown if row.thread)
    reader = reader_of(home)
    return tuple(
        Newest(
            link=link,
            side=standings[link].side,
            place=row.place,
            kind=row.kind or "",
            said=_said(row),
            verdict=row.verdict.outcome.value,
            effective=row.effective,
            row=rows.get((link, id_text(row.thread))) if row.thread else None,
            is_new=is_fresh(row, since=since),
            matter=None if reader is None else matter_of(reader, link, row, known=known),
        )
        for link, row in shown
    )


def _said(row: EntryRow) -> str:
    kind = row.kind or ""
    return said_text(kind, row.act.d) if row.act and kind.startswith("inquiry.") else ""
