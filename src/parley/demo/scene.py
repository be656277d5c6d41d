"""What the two records say at one moment, each read from its own side: story and start page look here.

Nothing is remembered of what anybody clicked. What a walker did in the pages and what the
story did by itself is the same thing: a statement in the record.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from parley.demo.country import LINK, Country
from parley.demo.rooms import Memo, Rooms, folded, read_rooms
from parley.ledger.digest import digest
from parley.ledger.reading import EntryRow, LinkRow, LinkStatus, Reader
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.inquiries.apply import Inquiry, ItemState
from parley.protocol.suspension import Suspended
from parley.work.home import Home, HomeError


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one side's record holds: the inquiries that A asked, oldest first, and what was said on each."""

    link: LinkRow | None = None
    status: LinkStatus | None = None
    inquiries: tuple[Inquiry, ...] = ()
    said: Mapping[bytes, tuple[EntryRow, ...]] = field(default_factory=dict)
    sum_up: Callable[[], str] = lambda: ""
    """Hashes the whole record, and is asked only where that is wanted."""
    stops: tuple[str, ...] = ()
    """The places of what is suspended now, such as ``B-71``."""
    was_stopped: bool = False
    calls: tuple[Call, ...] = ()
    """Every call, of whichever side, in the order in which they were opened."""
    places: Mapping[bytes, str] = field(default_factory=dict)
    """Where each call stands, such as ``A-hot-1``."""
    rooms: Rooms = field(default_factory=Rooms)

    @property
    def digest(self) -> str:
        """Return the digest of all that this side holds, "" while it holds nothing."""
        return self.sum_up()

    @property
    def items(self) -> tuple[ItemState, ...]:
        """Return every item of every inquiry."""
        return tuple(item for inquiry in self.inquiries for item in inquiry.items)

    @property
    def is_signed_for(self) -> bool:
        """Return whether the other node has signed for all that this side said."""
        return self.status is not None and self.status.waiting == 0

    def inquiry(self, thread: bytes) -> Inquiry | None:
        """Return the inquiry as it stands here, None if it is not here yet."""
        return next((each for each in self.inquiries if each.id == thread), None)

    def call(self, place: str) -> Call | None:
        """Return the call at `place` as it stands here, None if it is not here yet."""
        return next((each for each in self.calls if self.places[each.id] == place), None)

    def has(self, kind: str) -> bool:
        """Return whether a valid statement of this kind is here."""
        return any(row.kind == kind for rows in self.said.values() for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Both sides."""

    a: View
    b: View

    @property
    def is_paired(self) -> bool:
        """Return whether the link is open on both sides, and both compared the same digits."""
        one, two = self.a.link, self.b.link
        if one is None or two is None:
            return False
        return one.is_active and two.is_active and one.digits == two.digits

    @property
    def is_same(self) -> bool:
        """Return whether both hold the same record and each has signed for the other's."""
        signed = self.a.is_signed_for and self.b.is_signed_for
        return signed and self.a.digest == self.b.digest != ""


# The file is not there yet, or its tables are not: the node is being made.
_NOT_YET: Final = (FileNotFoundError, HomeError, sqlite3.OperationalError)


class Watcher:
    """Looks at both records, and folds again only what changed. For one thread."""

    def __init__(self, a: Country, b: Country) -> None:
        self._eyes = (_Eye(a.home, asker=a.node), _Eye(b.home, asker=a.node))

    def look(self) -> Scene:
        """Return what stands in both records now."""
        a, b = (eye.look() for eye in self._eyes)
        return Scene(a=a, b=b)

    def close(self) -> None:
        """Close both files."""
        for eye in self._eyes:
            eye.close()


class _Eye:
    def __init__(self, home: Home, *, asker: str) -> None:
        self._home = home
        self._asker = asker
        self._reader: Reader | None = None
        self._seen: tuple[object, View] | None = None
        self._memo: Memo = {}
        self._summed: tuple[int, str] | None = None

    def look(self) -> View:
        try:
            if self._reader is None:
                self._reader = Reader(self._home)
            return self._view(self._reader)
        except _NOT_YET:
            self.close()
            return View()

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _view(self, reader: Reader) -> View:
        # What the inquiries are and what was said on them are one moment's, or an answer to it is left out.
        reader.begin()
        try:
            return self._view_now(reader)
        finally:
            reader.end()

    def _view_now(self, reader: Reader) -> View:
        link, status = reader.link(LINK), reader.status(LINK)
        stamp = (reader.last_change(), link, status)
        if self._seen is None or self._seen[0] != stamp:
            told = View() if link is None else _told(reader, link, status, asker=self._asker, memo=self._memo)
            self._seen = (stamp, replace(told, sum_up=self._sum_up))
        return self._seen[1]

    def _sum_up(self) -> str:
        if self._reader is None or self._reader.link(LINK) is None:
            return ""
        stamp = self._reader.last_change()
        if self._summed is None or self._summed[0] != stamp:
            self._summed = (stamp, digest(self._reader, LINK).text)
        return self._summed[1]


def _told(reader: Reader, link: LinkRow, status: LinkStatus | None, *, asker: str, memo: Memo) -> View:
    inquiries = sorted(_inquiries(reader, asker, memo), key=lambda inquiry: inquiry.sent.index)
    said = {
        inquiry.id: tuple(row for row in reader.rows(LINK, thread=inquiry.id) if row.verdict.is_valid)
        for inquiry in inquiries
    }
    state = reader.link_state(LINK)
    places = {opened: place for lane in reader.lane_names(LINK) for opened, place in _openings(reader, lane)}
    calls = [call for opened in places if (call := reader.call(LINK, opened)) is not None]
    scopes = {each.said.scope for each in state.said if isinstance(each.said, Suspended)}
    letters = {link.me: link.my_letter, link.peer: link.their_letter}
    return View(
        link=link,
        status=status,
        stops=tuple(
            f"{letters[each.writer]}-{each.index}"
            for each, lifted in state.suspensions(scopes)
            if lifted is None
        ),
        was_stopped=state.is_ever_stopped,
        inquiries=tuple(inquiries),
        said=said,
        calls=tuple(sorted(calls, key=lambda call: (call.opened.effective, call.id))),
        places=places,
        rooms=read_rooms(reader, link, memo=memo),
    )


def _inquiries(reader: Reader, asker: str, memo: Memo) -> Iterator[Inquiry]:
    for thread in reader.threads(LINK):
        found = folded(reader, thread, memo=memo, fold=partial(reader.thread, LINK, thread))
        if found is not None and found.inquiry.asker == asker:
            yield found.inquiry


def _openings(reader: Reader, lane: str) -> Iterator[tuple[bytes, str]]:
    for opened in reader.threads(lane, kinds=sorted(OPENINGS)):
        row = reader.row(lane, opened)
        if row is not None:
            yield opened, row.place.replace(" ", "-")
