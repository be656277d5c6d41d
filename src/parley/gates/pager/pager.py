"""Rings people: every way of a person at once, the providers of each way in turn, a row before every try.

    ring ──▶ inbox ──▶ the pager's thread ──▶ lanes, one for each provider ──▶ threads, one for each try
                        ▲   rows, deadlines                                         │
                        └──────────────────────── answers ◀─────────────────────────┘

`ring` returns when it is written down that somebody is to be rung; asked for again under the same key it does
nothing, so whoever works out every two seconds what is due may ask for all of it. After a stop `go_on` takes
up at once what was interrupted and is still wanted. Nothing here ever says that a person was reached: the
caller rings until a person acts, and then calls `end`.

If the disk is full, or the file broken, people are rung all the same and the log says so: a missing
row does less harm than a silent phone.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from typing import Final, TypeAlias

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.deliveries import Deliveries, Past
from parley.gates.pager.errand import Errand, errands_of, resume
from parley.gates.pager.lane import Ended, Lane, Try
from parley.gates.pager.ring import Answer, News, Outcome, Ring
from parley.gates.pager.settings import Settings
from parley.watch.policy import Addressee, Channel
from parley.work import clock

WINDOW_SECONDS: Final = 900
"""A ring that was interrupted is taken up again if it was asked for within this time."""
MAX_KNOWN: Final = 100_000

_log = logging.getLogger(__name__)


class _Stop:
    """Word that the pager is to end."""


class _Drop(str):
    """The key of a ring that nobody wants any more."""

    __slots__ = ()


_Word: TypeAlias = tuple[Ring, bool] | Ended | _Drop | _Stop


def _nobody(news: News) -> None:
    del news


class Pager:
    """Rings people as `settings` say. `ways` gives the ways of a person, `told` hears how each ended."""

    def __init__(
        self,
        settings: Settings,
        deliveries: Deliveries,
        *,
        ways: Callable[[int], Sequence[Addressee]],
        told: Callable[[News], None] = _nobody,
    ) -> None:
        self._settings = settings
        self._deliveries = deliveries
        self._ways = ways
        self._told = told
        self._inbox: SimpleQueue[_Word] = SimpleQueue()
        self._lanes = {
            name: Lane(name, provider, tell=self._inbox.put) for name, provider in settings.providers.items()
        }
        self._known: set[str] = set()
        self._interrupted: tuple[Ring, ...] = ()
        self._open: dict[str, list[Errand]] = {}
        self._changed = Condition()
        self._thread = Thread(target=self._live, name="pager", daemon=True)

    def start(self, *, takes_up: bool = True) -> None:
        """Begin to ring; `takes_up`: so that `go_on` can take up what a stop interrupted, once in a home."""
        if takes_up:
            self._interrupted = self._take_up()
        self._thread.start()

    def go_on(self, wanted: Callable[[str], bool]) -> None:
        """Go on with what a stop interrupted, as far as its key is still `wanted`; the rest is ended, unrung.

        Called once it is known who is to be rung: a call may have ended while nothing ran here.
        """
        interrupted, self._interrupted = self._interrupted, ()
        for ring in interrupted:
            if wanted(ring.key):
                with self._changed:
                    self._known.add(ring.key)
                self._inbox.put((ring, True))
            else:
                self._close(ring.key)

    def stop(self) -> None:
        """End, as suddenly as a crash would, and let go of every thread; the next one takes up the rest."""
        self._inbox.put(_Stop())
        self._thread.join()

    def ring(self, ring: Ring) -> None:
        """Ring a person. It is written down when this returns; a second time under one key does nothing."""
        with self._changed:
            if ring.key in self._known:
                return
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known.add(ring.key)
        try:
            is_new = self._deliveries.ask(ring, now=clock.now())
        except sqlite3.Error:
            _log.exception("a ring could not be written down; it rings all the same")
            is_new = True
        if is_new:
            self._inbox.put((ring, False))

    def end(self, key: str) -> None:
        """Ring no more under `key`: a person acted."""
        self._inbox.put(_Drop(key))

    def was_lost(self, key: str) -> bool:
        """Return whether every way of a ring failed, for whoever was not there to hear `told`."""
        return self._deliveries.was_lost(key)

    def rung_since(self, since: int) -> tuple[Past, ...]:
        """Return what was asked for from `since` on, oldest first, also before a stop."""
        try:
            return self._deliveries.rung_since(since)
        except sqlite3.Error:
            _log.exception("what was rung before a stop cannot be read")
            return ()

    def wait(self, key: str, *, seconds: float) -> bool:
        """Wait until every way of a ring is at its end, and return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._deliveries.is_ended(key), seconds)

    def _take_up(self) -> tuple[Ring, ...]:
        now = clock.now()
        try:
            return self._deliveries.take_up(now=now, since=now - WINDOW_SECONDS)
        except sqlite3.Error:
            _log.exception("what a stop interrupted cannot be read; whoever wants it asks anew")
            return ()

    def _live(self) -> None:
        while True:
            try:
                if not self._step():
                    return
            except Exception:  # noqa: BLE001 - a mistake about one ring must not silence all others
                _log.exception("the pager stumbled, and goes on")

    def _step(self) -> bool:
        """Wait for a word or a deadline and do what follows from it; return False when told to end."""
        try:
            word = self._inbox.get(timeout=self._patience())
        except Empty:
            word = None
        if isinstance(word, _Stop):
            for lane in self._lanes.values():
                lane.stop()
            return False
        self._hear(word)
        now = clock.monotonic()
        for lane in self._lanes.values():
            for tried, answer in tuple(lane.overdue(now)):
                self._settle(tried, answer)
        for lane in self._lanes.values():
            self._fill(lane)
        return True

    def _patience(self) -> float | None:
        ends = [lane.next_end for lane in self._lanes.values()]
        first = min((end for end in ends if end is not None), default=None)
        return None if first is None else max(0.0, first - clock.monotonic())

    def _hear(self, word: tuple[Ring, bool] | Ended | _Drop | None) -> None:
        match word:
            case (Ring() as ring, bool(is_interrupted)):
                self._begin(ring, is_interrupted=is_interrupted)
            case Ended():
                if self._lanes[word.lane].came_back(word.tried):
                    self._settle(word.tried, word.answer)
                elif word.answer.outcome is Outcome.ACCEPTED:
                    # It came after all; that others were asked meanwhile is as it is.
                    self._write_outcome(word.tried, word.answer)
            case _Drop():
                for lane in self._lanes.values():
                    for tried, answer in tuple(lane.drop(word)):
                        self._write_outcome(tried, answer)
                if self._open.pop(word, None) is not None:
                    self._close(word)
            case _:
                pass

    def _begin(self, ring: Ring, *, is_interrupted: bool) -> None:
        try:
            errands = errands_of(ring, self._ways(ring.person), self._settings)
            if is_interrupted:
                errands = resume(errands, self._deliveries.of(ring.key))
        except Exception:  # noqa: BLE001 - whatever is wrong with the tables, the next rung must ring
            _log.exception("nobody knows how to ring officer %d", ring.person)
            errands = ()
        self._open[ring.key] = list(errands)
        own = [errand for errand in errands if errand.channel is not Channel.WALL]
        if all(each.provider is None and each.outcome is not Outcome.ACCEPTED for each in own):
            self._tell(News(key=ring.key, person=ring.person, channel="", outcome=Outcome.FAILED, lost=True))
        for errand in errands:
            self._send_on(errand)
        self._look_for_end(ring.key)

    def _send_on(self, errand: Errand) -> None:
        if errand.provider is not None:
            self._lanes[errand.provider].queue(errand, now=clock.monotonic())

    def _fill(self, lane: Lane) -> None:
        """Begin what may begin in `lane`, each written down first."""
        while lane.has_room:
            tried = lane.take()
            errand = tried.errand
            until = clock.monotonic() + lane.seconds
            now = clock.now()
            reference = self._deliveries.reference(
                errand.ring.key, contact=errand.contact, channel=errand.channel.value
            )
            attempt = Attempt(errand.invitation, to=errand.to, reference=reference, at=now, until=until)
            number = self._write(errand, lane.name, now=now)
            lane.begin(Try(errand=errand, until=until, number=number, attempt=attempt))

    def _settle(self, tried: Try, answer: Answer) -> None:
        """Take the answer to a try: the row, the next provider, and the end of the way or of the ring."""
        errand = tried.errand
        if not tried.number:
            number = self._write(errand, errand.provider or "", now=clock.now())
            tried = Try(errand=errand, until=tried.until, number=number)
        self._write_outcome(tried, answer)
        if errand.ring.key not in self._open:
            return
        errand.go_on(answer.outcome)
        if errand.provider is not None:
            self._send_on(errand)
            return
        if errand.channel is not Channel.WALL:
            self._tell(self._news(errand))
        self._look_for_end(errand.ring.key)

    def _news(self, errand: Errand) -> News:
        own = [each for each in self._open[errand.ring.key] if each.channel is not Channel.WALL]
        lost = all(each.provider is None and each.outcome is not Outcome.ACCEPTED for each in own)
        return News(
            key=errand.ring.key,
            person=errand.ring.person,
            channel=errand.channel.value,
            outcome=errand.outcome,
            lost=lost,
        )

    def _look_for_end(self, key: str) -> None:
        if all(errand.provider is None for errand in self._open[key]):
            del self._open[key]
            self._close(key)

    def _close(self, key: str) -> None:
        with self._changed:
            with suppress(sqlite3.Error):
                self._deliveries.end(key, now=clock.now())
            self._changed.notify_all()

    def _tell(self, news: News) -> None:
        try:
            self._told(news)
        except Exception:  # noqa: BLE001 - a listener that fails must not end the ringing
            _log.exception("whoever is told how a ring went cannot hear it")

    def _write(self, errand: Errand, provider: str, *, now: int) -> int:
        try:
            return self._deliveries.write(
                errand.ring.key,
                contact=errand.contact,
                channel=errand.channel.value,
                provider=provider,
                now=now,
            )
        except sqlite3.Error:
            _log.exception("a try could not be written down; it is made all the same")
            return 0

    def _write_outcome(self, tried: Try, answer: Answer) -> None:
        try:
            self._deliveries.settle(tried.number, answer, now=clock.now())
        except sqlite3.Error:
            _log.exception("how a try went could not be written down")
