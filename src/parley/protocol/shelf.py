"""What the fold needs to remember, and one shelf that keeps it in memory.

The ledger has another shelf, over its database; the fold in `record.py` cannot tell them
apart. A shelf only keeps rows: it judges nothing. Source: Spec §6.4 (rule M7).
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from parley.protocol import tree
from parley.protocol.links import LinkState, Said
from parley.protocol.voids import SPENT, Outcome, Verdict


class Tip(Struct, frozen=True, kw_only=True, gc=False):
    """Where one writer's log stands, as the fold has read it.

    `cut` is the largest size of the other log that a true `seen` named, `raised_from` what
    it was before the last such `seen`, and `is_quiet` whether the entries since then, that
    one included, only say what was received or not opened (Spec §6.7).
    """

    size: int = 0
    effective: int = 0
    cut: int = 0
    raised_from: int = 0
    is_quiet: bool = False


def state_of(said: Iterable[Said]) -> LinkState:
    """Return what `LinkState.with_said` makes of all these, which may be too many to copy a row for each."""
    rows: dict[tuple[str, type], list[Said]] = {}
    for each in said:
        rows.setdefault((each.writer, type(each.said)), []).append(each)
    state = LinkState()
    for key, found in rows.items():
        *earlier, last = sorted(found, key=lambda each: each.index)
        state = dataclasses.replace(state, rows={**state.rows, key: tuple(earlier)}).with_said(last)
    return state


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """One entry as the fold keeps it. `act` are the bytes of the act, None if it was not opened here.

    `thread` is the statement that opened the thread it belongs to, if any. `verdict` is
    final once the thread is settled and both logs are read to the same sizes.
    """

    id: bytes
    writer: str
    index: int
    effective: int
    cut: int
    act: bytes | None
    act_hash: bytes | None
    kind: str | None
    thread: bytes | None
    verdict: Verdict
    received_at: int | None = None


def first_unopened(rows: Iterable[Row]) -> dict[str, int]:
    """Return for each writer of `rows` where the first that was not opened stands, if there is one."""
    found: dict[str, int] = {}
    for row in rows:
        if row.verdict.outcome is Outcome.UNOPENED:
            found[row.writer] = min(row.index, found.get(row.writer, row.index))
    return found


class Shelf(Protocol):
    """Rows of one channel, by the few questions that the fold asks."""

    def tip(self, writer: str) -> Tip:
        """Return where the log of `writer` stands."""

    def set_tip(self, writer: str, tip: Tip) -> None:
        """Write down where it stands now."""

    def root(self, writer: str, size: int) -> bytes:
        """Return the root at the first `size` entries of `writer`, all here, of the log in which they end."""

    def row(self, statement: bytes, *, writer: str | None = None) -> Row | None:
        """Return the entry with this id, of `writer` if it is named.

        Anybody can copy the bytes of an entry into another log, or twice into one, but not
        so that the copy opens there: of several, the first one that was opened is meant.
        """

    def has_act(self, writer: str, act_hash: bytes) -> bool:
        """Return whether an earlier entry of `writer` in this channel had the same act."""

    def put(self, row: Row) -> None:
        """Keep a new entry."""

    def decide(self, row: Row, verdict: Verdict) -> None:
        """Write down what became of an entry."""

    def thread(self, statement: bytes) -> Sequence[Row]:
        """Return all entries of a thread, each writer's in the order of its log."""

    def live(self, statement: bytes) -> Sequence[Row]:
        """Return the entries of a thread that are still to be read, in the same order: all but the spent.

        What was found void for a `SPENT` reason stays so, unless something in its past turns out unopened:
        and that concerns nobody but who wrote that, since whoever says so has said nothing else since it saw
        it (Spec §6.7). So of that writer whatever came after it is among these.
        """

    def receive(self, writer: str, since: int, until: int, *, at: int) -> Iterable[bytes]:
        """Write down that the entries `since` ≤ index < `until` of `writer` were received at `at`.

        Returns the threads that this touches.
        """

    def set_over(self, opening: Row, at: int | None) -> None:
        """Write down from when on a call is over if nobody says more; 0: both closed it, None: it goes on.

        So whoever rings people reads the calls that go on, and not all that ever were.
        """

    def link(self) -> LinkState:
        """Return what is in force on the link."""

    def set_link(self, state: LinkState) -> None:
        """Write down what is in force on the link."""


@dataclass(slots=True)
class _Log:
    tip: Tip = field(default_factory=Tip)
    rows: list[Row] = field(default_factory=list)
    roots: list[bytes] = field(default_factory=list)
    frontier: tree.Frontier = tree.EMPTY
    acts: set[bytes] = field(default_factory=set)


class MemoryShelf:
    """A shelf in memory: for a verifier, for tests, and for rebuilding what the database holds."""

    def __init__(self, bases: Mapping[str, Collection[int]] = MappingProxyType({})) -> None:
        """Begin with two empty lines; `bases` are where in the line of a writer a log begins."""
        self._bases = bases
        self._logs: dict[str, _Log] = {}
        self._places: dict[bytes, list[tuple[str, int]]] = {}
        self._threads: dict[bytes, list[tuple[str, int]]] = {}
        self._link = LinkState()
        # From when on each call is over, of those in which something was judged.
        self.over: dict[bytes, int | None] = {}

    def _log(self, writer: str) -> _Log:
        return self._logs.setdefault(writer, _Log())

    def tip(self, writer: str) -> Tip:
        """Return where the log of `writer` stands."""
        return self._log(writer).tip

    def set_tip(self, writer: str, tip: Tip) -> None:
        """Write down where it stands now."""
        self._log(writer).tip = tip

    def root(self, writer: str, size: int) -> bytes:
        """Return the root at the first `size` entries of `writer`, of the log in which they end."""
        log = self._log(writer)
        while len(log.roots) < size:
            index = len(log.roots)
            begun = tree.EMPTY if index in self._bases.get(writer, ()) else log.frontier
            log.frontier = begun.push(log.rows[index].id)
            log.roots.append(log.frontier.root())
        return log.roots[size - 1] if size else tree.EMPTY_ROOT

    def row(self, statement: bytes, *, writer: str | None = None) -> Row | None:
        """Return the entry with this id, of `writer` if it is named."""
        places = self._places.get(statement, ())
        rows = [self._logs[log].rows[index] for log, index in places if writer in {None, log}]
        opened = (row for row in rows if row.act is not None)
        return next(opened, rows[0] if rows else None)

    def has_act(self, writer: str, act_hash: bytes) -> bool:
        """Return whether an earlier entry of `writer` had the same act."""
        return act_hash in self._log(writer).acts

    def put(self, row: Row) -> None:
        """Keep a new entry."""
        log = self._log(row.writer)
        log.rows.append(row)
        self._places.setdefault(row.id, []).append((row.writer, row.index))
        if row.act_hash is not None:
            log.acts.add(row.act_hash)
        if row.thread is not None:
            self._threads.setdefault(row.thread, []).append((row.writer, row.index))

    def decide(self, row: Row, verdict: Verdict) -> None:
        """Write down what became of an entry."""
        rows = self._log(row.writer).rows
        rows[row.index] = replace(rows[row.index], verdict=verdict)

    def thread(self, statement: bytes) -> Sequence[Row]:
        """Return all entries of a thread, each writer's in the order of its log."""
        return [self._logs[log].rows[index] for log, index in sorted(self._threads.get(statement, ()))]

    def live(self, statement: bytes) -> Sequence[Row]:
        """Return those that are still to be read."""
        rows = self.thread(statement)
        since = first_unopened(rows)
        return [
            row
            for row in rows
            if row.verdict.reason not in SPENT or row.index > since.get(row.writer, row.index)
        ]

    def receive(self, writer: str, since: int, until: int, *, at: int) -> Iterable[bytes]:
        """Write down when these entries were received, and return the threads that this touches."""
        rows = self._log(writer).rows
        rows[since:until] = [replace(row, received_at=at) for row in rows[since:until]]
        return {row.thread for row in rows[since:until] if row.thread is not None}

    def set_over(self, opening: Row, at: int | None) -> None:
        """Write down from when on a call is over."""
        self.over[opening.id] = at

    def link(self) -> LinkState:
        """Return what is in force on the link."""
        return self._link

    def set_link(self, state: LinkState) -> None:
        """Write down what is in force on the link."""
        self._link = state

    def rows(self) -> Sequence[Row]:
        """Return every entry, each writer's in the order of its log."""
        return [row for _, log in sorted(self._logs.items()) for row in log.rows]

    def threads(self) -> Sequence[bytes]:
        """Return the statements that opened a thread."""
        return sorted(self._threads)
