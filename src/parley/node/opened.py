"""The calls that are open, as the record says: folded once, and again when something about them changes.

At the start those alone are read that core wrote down as going on, not all that ever were. Nothing here
asks `view.db`: who is rung must not wait for a list. A call that both sides closed, or one long ago and the
other never, is let go; a late word about it brings it back, and so does a clock that was ahead and is set
back. What could not be read is read again each time. Belongs to the thread that made it.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parley.ledger.lanes import link_of
from parley.ledger.reading import Reader
from parley.protocol.act import id_text
from parley.protocol.calls import lapses_at
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.codes import State
from parley.protocol.hotline.ladder import ends_at, is_one_sided

AT_ONCE: Final = 1_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCall:
    """An open call, on the link as people know it, with the place and the id (`name`) of its opening.

    It is `unheard` if it is ours and their node says that it could not open it: then it rings here alone.
    """

    link: str
    place: str
    name: str
    call: Call
    is_unheard: bool = False


class OpenCalls:
    """Follows the record behind `reader`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._after: int | None = None
        self._known: dict[bytes, OpenCall] = {}
        self._unread: dict[bytes, str] = {}
        self._let_go_until = 0

    def follow(self, now: int) -> tuple[OpenCall, ...]:
        """Return every call that is open at `now`, as the record stands."""
        if now < self._let_go_until:
            self._after, self._let_go_until = None, 0
        self._reader.begin()
        try:
            if self._after is None:
                self._begin(now)
            else:
                self._go_on(self._after)
                for thread, lane in tuple(self._unread.items()):
                    self._read(lane, (thread,))
        finally:
            self._reader.end()
        self._let_go(now)
        return tuple(self._known.values())

    def _let_go(self, now: int) -> None:
        over = [each.call for each in self._known.values() if is_one_sided(each.call, now)]
        # By the clock alone: should it say later that it is earlier, they are all read anew.
        self._let_go_until = max([self._let_go_until, *(ends_at(call) or 0 for call in over)])
        over += [each.call for each in self._known.values() if self._is_past(each, now)]
        for call in over:
            del self._known[call.id]

    def _is_past(self, opened: OpenCall, now: int) -> bool:
        if not opened.is_unheard:
            return opened.call.state is State.CLOSED
        return lapses_at(opened.call) <= now or self._reader.has_called_since(opened.link, opened.call)

    def _begin(self, now: int) -> None:
        after = self._reader.last_change()
        for lane in self._reader.lanes():
            going = self._reader.going_calls(lane.name, now=now)
            self._read(lane.name, going.openings)
            self._let_go_until = max(self._let_go_until, going.last_end)
        self._after = after

    def _go_on(self, after: int) -> None:
        while changes := self._reader.changes(after, limit=AT_ONCE):
            threads: dict[str, set[bytes]] = {}
            for _seq, lane, thread in changes:
                if thread is not None:
                    threads.setdefault(lane, set()).add(thread)
                    continue
                # What concerns a link as a whole may stop its calls, in every lane, or let them go on.
                link = link_of(lane)
                threads.setdefault(link, set()).update(self._of(link))
            # Asked at once: most of what changes is no call, and much of it may while one is to ring.
            fresh = {each for those in threads.values() for each in those} - self._known.keys()
            calls = self._reader.calls_among(fresh) | self._known.keys()
            for lane, those in threads.items():
                self._read(lane, those & calls)
            after = self._after = changes[-1][0]

    def _of(self, link: str) -> set[bytes]:
        return {opened for opened, each in self._known.items() if each.link == link}

    def _read(self, lane: str, threads: Iterable[bytes]) -> None:
        for thread in threads:
            try:
                self._read_one(lane, thread)
                self._unread.pop(thread, None)
            except Exception:  # noqa: BLE001 - one call that cannot be read must not silence the others
                if thread not in self._unread:
                    _log.exception("a call on %s cannot be read; it rings by what was known of it", lane)
                self._unread[thread] = lane

    def _read_one(self, lane: str, thread: bytes) -> None:
        call, row = self._reader.call(lane, thread), self._reader.row(lane, thread)
        unheard = self._reader.unheard_call(lane, thread) if call is None else None
        found = call or unheard
        if found is None or row is None:
            self._known.pop(thread, None)
            return
        self._known[thread] = OpenCall(
            link=link_of(lane),
            place=row.place,
            name=id_text(thread),
            call=found,
            is_unheard=unheard is not None,
        )
