"""The machine test of each link: held by the clock, once in each period of ours; answered in theirs.

    core ── every minute ──▶ is it our turn, and not held?         link.probed, as draft probe-<period>
         ── at each news ──▶ has their first probe no echo of ours? link.echoed, as draft echo-<probe>

A draft's name makes a repetition harmless, so nothing is remembered here: after a crash, or a night that was
slept through, the next look holds what is due, once. What was due in periods that are over is not made up
for: that a test was not held is what the record should say. Source: Spec §13.2.2.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Final, Protocol

from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.reading import LinkRow, Reader
from parley.ledger.trials import calendar_of, signs_of
from parley.ledger.writer import StoppedError, StorageError, UnsignedError
from parley.protocol.act import id_text
from parley.protocol.clauses import LineTest
from parley.protocol.linetests.bodies import Echoed, Probed
from parley.protocol.linetests.periods import Calendar
from parley.protocol.linetests.trials import Sign
from parley.protocol.names import HOT, MAIN
from parley.work import clock
from parley.work.home import Home

LOOK_SECONDS: Final = 60
"""So often it is asked whether a test is due; a node that was just started has other things to do first."""
PAUSE_SECONDS: Final = 2
"""After news it waits so long: what one parcel brought is looked at together."""

_MACHINE: Final = LineTest.MACHINE
_log = logging.getLogger(__name__)


class WritingLedger(Protocol):
    """What of the ledger writes."""

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]: ...


class Prober:
    """Probes and echoes for the home's links. To be made inside the loop."""

    def __init__(
        self,
        home: Home,
        ledger: WritingLedger,
        *,
        now: Callable[[], int] = clock.now,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._home = home
        self._ledger = ledger
        self._now = now
        self._look_seconds = look_seconds
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "tester")
        self._reader: Reader | None = None

    def wake(self, _link: str) -> None:
        """Look soon, from any thread: something was committed."""
        self._loop.call_soon_threadsafe(self._news.set)

    async def run(self) -> None:
        """Test and answer until cancelled."""
        next_look = clock.monotonic() + self._look_seconds
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), max(0.0, next_look - clock.monotonic()))
                await asyncio.sleep(min(PAUSE_SECONDS, self._look_seconds))
            self._news.clear()
            is_time = clock.monotonic() >= next_look
            try:
                await self._loop.run_in_executor(self._thread, partial(self.look, probes=is_time))
            except Exception:  # noqa: BLE001 - the loop's edge: the next look may find what this one could not
                _log.exception("the line tests could not be looked at")
            if is_time:
                next_look = clock.monotonic() + self._look_seconds

    def look(self, *, probes: bool) -> None:
        """Write the echoes that are due, and the probes where it is time to look for them."""
        if self._reader is None:
            if not self._home.record.exists():
                return
            self._reader = Reader(self._home)
        drafts = [
            draft
            for row in self._reader.links()
            if row.is_active
            for draft in due(self._reader, row, now=self._now())
            if probes or draft.re is not None
        ]
        if drafts:
            self._write(drafts)

    async def stop(self) -> None:
        """Let go of the record, once nothing looks any more."""
        await self._loop.run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()

    def _write(self, drafts: Sequence[Draft]) -> None:
        try:
            outcomes = self._ledger.append(drafts)
        except (StorageError, UnsignedError, StoppedError, UnknownLinkError) as error:
            # The next look finds the same, by the same names.
            _log.warning("line tests wait: %s", error)
            return
        for draft, outcome in zip(drafts, outcomes, strict=True):
            if isinstance(outcome, RefusedError):
                _log.warning("%s on %s was refused: %s", draft.kind, draft.link, outcome)


def due(reader: Reader, row: LinkRow, *, now: int) -> Iterator[Draft]:
    """Yield what the node says about the line at `now`: a probe of its own, and echoes of theirs."""
    calendar = calendar_of(reader, row.name)
    if calendar is None or _MACHINE not in calendar.clauses.tests:
        return
    signs = signs_of(reader, row.name)
    number = calendar.number(_MACHINE, now)
    if calendar.turn(_MACHINE, number) == row.me and _first(signs, calendar, number) is None:
        lane = HOT if HOT in reader.open_lanes(row.name) else MAIN
        yield Draft(id=f"probe-{number}", link=row.name, kind="link.probed", d={}, lane=lane)
    echoed = {sign.re for sign in signs if sign.writer == row.me and isinstance(sign.said, Echoed)}
    for each in (number - 1, number):
        if calendar.turn(_MACHINE, each) == row.peer:
            probe = _first(signs, calendar, each)
            if probe is not None and probe.id not in echoed:
                name = f"echo-{id_text(probe.id)}"
                yield Draft(id=name, link=row.name, kind="link.echoed", d={}, re=probe.id)


def _first(signs: Sequence[Sign], calendar: Calendar, number: int) -> Sign | None:
    """Return the probe that counts for a period: the first of the side whose turn it is."""
    turn = calendar.turn(_MACHINE, number)
    found = (
        sign
        for sign in signs
        if isinstance(sign.said, Probed)
        and sign.writer == turn
        and calendar.number(_MACHINE, sign.effective) == number
    )
    return min(found, key=lambda sign: (sign.effective, sign.id), default=None)
