"""One reader of the record for each thread that shows pages: opening a file for each page costs more."""

from dataclasses import dataclass
from threading import local
from typing import Final

from parley.ledger.reading import LinkRow, Reader
from parley.protocol.terms import Terms
from parley.ui.words import is_chinese
from parley.work import clock
from parley.work.home import Home

KEPT_SECONDS: Final = 2.0

_kept = local()


def reader_of(home: Home) -> Reader | None:
    """Return this thread's reader of the record in `home`; None while there is no record yet."""
    kept: tuple[Home, Reader] | None = getattr(_kept, "reader", None)
    if kept is not None and kept[0] == home:
        return kept[1]
    if kept is not None:
        kept[1].close()
        del _kept.reader
    try:
        reader = Reader(home)
    except FileNotFoundError:
        return None
    _kept.reader = (home, reader)
    return reader


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """A link with the terms in force on it, None while it is not open."""

    row: LinkRow
    terms: Terms | None
    was_stopped: bool = False
    """Whether anything was ever suspended on it."""


def links_of(home: Home) -> tuple[OpenLink, ...]:
    """Return the links of the node, as they were at most two seconds ago: each page's frame shows them.

    Reading them verifies the partner's offer anew, which costs more than the page around it.
    """
    kept: tuple[float, Home, tuple[OpenLink, ...]] | None = getattr(_kept, "links", None)
    moment = clock.monotonic()
    if kept is not None and kept[1] == home and moment - kept[0] < KEPT_SECONDS:
        return kept[2]
    reader = reader_of(home)
    found = () if reader is None else tuple(_open(reader, row) for row in reader.links())
    _kept.links = (moment, home, found)
    return found


def link_called(home: Home, name: str) -> OpenLink | None:
    """Return the link of this name, as `links_of` has it."""
    return next((link for link in links_of(home) if link.row.name == name), None)


def open_lanes(home: Home, link: str) -> frozenset[str]:
    """Return the lanes of `link` that both sides opened and that go on."""
    reader = reader_of(home)
    return frozenset() if reader is None else reader.open_lanes(link)


def side_name(link: LinkRow) -> str:
    """Return what the other side calls itself, in the language in force."""
    return link.peer_names.get("zh" if is_chinese() else "en") or link.peer


def _open(reader: Reader, row: LinkRow) -> OpenLink:
    state = reader.link_state(row.name)
    return OpenLink(row=row, terms=reader.terms(row.name), was_stopped=state.is_ever_stopped)
