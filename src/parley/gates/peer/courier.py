"""The courier of one link: sends what the ledger has to send, as soon and as seldom as is right.

There is no outbox. What is to be sent is a function of the record, so that after any outage the
courier asks the ledger again and again until there is nothing left. It begins with a prompt: a
parcel that is sent even when there is no news, to hear what the other side holds. What counts as progress,
whoever lies: `Stride`.

    news, or the start          send, until nothing is to be sent
    no news for a heartbeat     send a prompt
    failure, or no progress     hold back: 0.5 s, doubled up to 60 s, less a random part

The courier of lane bulk gives way: while lane hot of its link has something under way, it waits a moment
before each parcel.

A partner that cannot dial this node is polled as well: a second task keeps one parcel at the
partner's door, which answers it when it has something to say. Spec §5.6.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol, TypeVar

from parley.gates.peer.ledgers import PeerLedger
from parley.gates.peer.news import News, is_set_within
from parley.gates.peer.wire import WireError, let_go
from parley.ledger.ledger import BadParcelError
from parley.ledger.standing import Reached
from parley.ledger.writer import StoppedError, StorageError

POLL_SECONDS: Final = 50
"""Below the 55 s that a listener grants, so that a poll ends by an answer and not by a timeout."""

NO_PROGRESS: Final = "no-progress"
FAULTS: Final = (WireError, BadParcelError, StorageError, StoppedError)

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Line(Protocol):
    """What the courier sends through: `wire.Wire`."""

    async def post(self, parcel: bytes, *, wait: int = 0) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often and how seldom; all in seconds. Bulk waits `way` for hot at most, and looks each `glance`."""

    first: float = 0.5
    longest: float = 60
    heartbeat: float = 60
    poll: int = POLL_SECONDS
    way: float = 0.25
    glance: float = 0.02

    def delay(self, failures: int, dice: float) -> float:
        """Return how long to hold back after `failures` ≥ 1 in a row; `dice` is 0 ≤ x < 1.

        Half of the span is random, so that many couriers do not come back in one moment.
        """
        span = min(self.longest, math.ldexp(self.first, min(failures - 1, 32)))
        return span * (1 - dice / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the courier fares, in this node's seconds: for the people who look after the link.

    `error` is the code of the newest failure until something succeeds; `waiting_since` is None
    when nothing is to be sent.
    """

    link: str
    attempted_at: int | None = None
    succeeded_at: int | None = None
    polled_at: int | None = None
    error: str | None = None
    failures: int = 0
    waiting_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What a courier gets from outside: time, chance (0 ≤ x < 1), and a way to wait."""

    now: Callable[[], int]
    monotonic: Callable[[], float]
    dice: Callable[[], float]
    is_set_within: Callable[[asyncio.Event, float], Awaitable[bool]] = is_set_within


class Stride:
    """What counts as progress: that the partner takes what it lacks, whatever it says and brings beside that.

    Of `have`, which is its mere word, only what goes beyond all that it said counts; else it would be sent
    the same again and again, as fast as the line carries, for a word each time. After a rest it may begin
    anew with less: it may have lost its disk.
    """

    def __init__(self) -> None:
        self._most: int | None = None
        self._newest = 0

    def is_on(self, before: Reached, after: Reached, *, told: bool) -> bool:
        """Return whether the link came on from `before`, when a parcel was made, to `after` its answer.

        `told` is whether the answer told anything new, of the record or beside it.
        """
        most = before.have if self._most is None else self._most
        self._most, self._newest = max(most, after.have), after.have
        if after.receipted > before.receipted or after.have > most:
            return True
        if after.theirs > before.theirs:
            # What they give is no reason to send again what they do not take.
            return not before.lacks
        return told and not after.is_beyond(before)

    def rest(self) -> None:
        """Note that the next parcel comes after a pause."""
        self._most = self._newest


class Courier:
    """Serves one link. `run` and `poll` go on until they are cancelled."""

    def __init__(
        self,
        link: str,
        *,
        ledger: PeerLedger,
        line: Line,
        news: News,
        threads: Executor,
        edge: Edge,
        pace: Pace | None = None,
        after: str | None = None,
    ) -> None:
        """Serve `link`, giving way to the link `after` if one is named."""
        self.standing = Standing(link=link)
        self._after = after
        self._link = link
        self._ledger = ledger
        self._line = line
        self._news = news
        self._threads = threads
        self._edge = edge
        self._pace = pace or Pace()
        self._is_prompt_due = True
        self._knock = asyncio.Event()
        self._relief = asyncio.Event()
        self._stride, self._poll_stride = Stride(), Stride()

    def wake(self) -> None:
        """Send a prompt now, even if there is no news and the partner was out of reach."""
        self._is_prompt_due = True
        self._knock.set()
        self._relief.set()

    def heard(self) -> None:
        """Hold back no longer from a partner that was out of reach: it was just in touch itself."""
        # Two nodes that send each other what the other does not take would wake each other for ever.
        if self.standing.error != NO_PROGRESS:
            self._relief.set()

    async def run(self) -> None:
        """Send whatever the ledger has to send."""
        fruitless = 0
        with self._news.listening(self._link, self._knock):
            while True:
                self._knock.clear()
                await self._give_way()
                try:
                    is_changed = await self._send()
                except FAULTS as fault:
                    let_go(fault)
                    await self._fail(fault, failures=self.standing.failures + 1)
                    continue
                if is_changed is None:
                    fruitless = 0
                    if not await self._edge.is_set_within(self._knock, self._pace.heartbeat):
                        self._is_prompt_due = True
                    continue
                # One parcel may tell the partner something and bring nothing back; a second one
                # that changes nothing would be followed by a third, as fast as the line carries.
                fruitless = 0 if is_changed else fruitless + 1
                if fruitless > 1:
                    self._stride.rest()
                    await self._fail(WireError(NO_PROGRESS), failures=fruitless - 1)

    async def poll(self) -> None:
        """Keep a parcel at the partner's door, to be answered when it has something to say."""
        failures = 0
        while True:
            since = self._edge.monotonic()
            try:
                is_fruitful = await self._ask()
            except FAULTS as fault:
                let_go(fault)
                _log.info("link %s: poll failed: %s", self._link, _code(fault))
                is_fruitful = False
            else:
                # A partner that does not know how to wait must not be asked without pause.
                is_fruitful |= self._edge.monotonic() - since >= 1
            failures = 0 if is_fruitful else failures + 1
            if failures:
                self._poll_stride.rest()
                await self._hold_back(self._pace.delay(failures, self._edge.dice()))

    async def _send(self) -> bool | None:
        # Returns whether the partner's answer told anything new; None if there was nothing to send.
        has_news = await self._in_thread(partial(self._ledger.has_news, self._link))
        waiting_since = self.standing.waiting_since or self._edge.now()
        self._note(waiting_since=waiting_since if has_news else None)
        # Somebody may wake us while this parcel is under way, and then wants another one.
        is_prompt, self._is_prompt_due = self._is_prompt_due, False
        try:
            before, parcel = await self._in_thread(partial(self._composed, is_prompt=is_prompt))
            if parcel is None:
                return None
            self._note(attempted_at=self._edge.now())
            answer = await self._line.post(parcel)
            is_changed = await self._in_thread(partial(self._taken, answer, before, self._stride))
        except FAULTS:
            self._is_prompt_due |= is_prompt
            raise
        self._note(succeeded_at=self._edge.now(), error=None, failures=0)
        return is_changed

    async def _give_way(self) -> None:
        # Not for ever: what is hot may wait for a partner that does not take it.
        until = self._edge.monotonic() + self._pace.way
        while self._after is not None and self._edge.monotonic() < until:
            if not await self._in_thread(partial(self._ledger.has_news, self._after)):
                return
            await self._edge.is_set_within(asyncio.Event(), self._pace.glance)

    async def _ask(self) -> bool:
        before, parcel = await self._in_thread(partial(self._composed, is_prompt=True))
        answer = await self._line.post(parcel or b"", wait=self._pace.poll)
        is_changed = await self._in_thread(partial(self._taken, answer, before, self._poll_stride))
        self._note(polled_at=self._edge.now())
        return is_changed

    def _composed(self, *, is_prompt: bool) -> tuple[Reached, bytes | None]:
        reached = self._ledger.reached(self._link)
        return reached, self._ledger.compose(self._link, prompt=is_prompt)

    def _taken(self, answer: bytes, before: Reached, stride: Stride) -> bool:
        """Take the answer to what was composed when the link had come so far; return whether it has come on.

        Both sides send at once. What the answer would have told may have come with a parcel of the partner's
        own while ours was under way: the answer then tells nothing new, and nobody is stuck.
        """
        told = self._ledger.take_answer(self._link, answer)
        return stride.is_on(before, self._ledger.reached(self._link), told=told)

    async def _fail(self, fault: Exception, *, failures: int) -> None:
        self._note(error=_code(fault), failures=failures)
        delay = self._pace.delay(failures, self._edge.dice())
        if isinstance(fault, WireError):
            delay = max(delay, fault.retry_after_seconds)
        _log.info("link %s: %s; again in %.1f s", self._link, _code(fault), delay)
        await self._hold_back(delay)

    async def _hold_back(self, delay: float) -> None:
        # The first half second is not to be talked out of, whoever calls and however often.
        least = min(delay, self._pace.first)
        await self._edge.is_set_within(asyncio.Event(), least)
        await self._edge.is_set_within(self._relief, delay - least)
        self._relief.clear()

    def _note(self, **change: int | str | None) -> None:
        self.standing = replace(self.standing, **change)  # type: ignore[arg-type]  # mypy cannot match names

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def _code(fault: Exception) -> str:
    match fault:
        case WireError():
            return fault.code
        case BadParcelError():
            return "bad-answer"
        case _:
            return "own-ledger"
