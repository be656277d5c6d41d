"""Rings: every two seconds, and whenever something is new, all that is due is asked for.

    record ─▶ open calls ─┐
    house.db ─▶ roster ───┼─▶ sweep ─▶ pager: phones      gates/pager
    beats ─▶ screens ─────┘        └─▶ board: screens     node/beats

It keeps no timer and no list of its own: after a crash the first sweep asks for what is due, and the pager
knows what was rung; what it was at goes on only if somebody is still to be rung for that call. Whatever
fails, the rest is rung: a roster that cannot be read is the last one that could, a broken pager.toml the one
before; without any the screens alone ring, and `doctor` says so.
Source: screens §7, §10; Spec §12.10.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import connections

from parley.gates.peer.courier import Standing
from parley.ledger.reading import Reader
from parley.node.beats import Beats, Board, Looking
from parley.node.counted import Counted
from parley.node.handing import handing
from parley.node.opened import OpenCall, OpenCalls
from parley.node.phones import Phones
from parley.node.rungs import Hands, hands
from parley.node.sweep import Sweep
from parley.protocol.strictjson import JsonSource
from parley.watch import queries
from parley.watch.beats import Fallback
from parley.watch.policy import Channel, Contact, Handing, Person, Roster, is_proved, is_reachable
from parley.watch.policy.mute import PHONES, Mute, mute_at
from parley.watch.queries import WatchRow
from parley.work import clock
from parley.work.home import Home

SWEEP_SECONDS: Final = 2.0
REST: Final = 2
"""After a sweep there is a rest of so many times as long as it took, whatever is new."""

_log = logging.getLogger(__name__)


class Ringer:
    """The ringing of one node. To be made inside the loop; `calls` and `rings` are for whoever asks core."""

    def __init__(self, home: Home, *, node: str, beats: Beats, now: Callable[[], int] = clock.now) -> None:
        self._home = home
        self._node = node
        self._beats = beats
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "ringer")
        self._counted = Counted(now=now)
        self._phones = Phones(home, told=self._told)
        self._sweep = Sweep(node, lambda: self._phones.pager)
        self._reader: Reader | None = None
        self._opened: OpenCalls | None = None
        self._roster = Roster()
        self._watch: WatchRow | None = None
        self._mute: Mute | None = None
        self._unreadable: set[str] = set()
        self.calls: tuple[OpenCall, ...] = ()
        """Every call that is open, as of the last sweep."""
        self.swept_at: int | None = None
        self._sweep_ms = 0
        self._alarms = 0
        beats.came = self.wake_here

    @property
    def rings(self) -> bool:
        """Return whether there is anything by which people are rung."""
        return bool(self._phones.channels)

    def standing(self) -> Mapping[str, JsonSource]:
        """Return how the ringing fares, for whoever looks after the node."""
        return {
            "swept_at": self.swept_at,
            "sweep_ms": self._sweep_ms,
            "open_calls": len(self.calls),
            "alarms": self._alarms,
            "watch": self._beats.watch.value,
            "phones": self.rings,
        }

    def handing(self, couriers: Iterable[Standing]) -> Handing:
        """Return what whoever takes the watch must know, as of the last sweep. From any thread."""
        return handing(
            self.calls,
            node=self._node,
            couriers=couriers,
            rings=self.rings,
            in_view=self._beats.in_view(),
            now=self._now(),
        )

    def stand_in(self, officer: int) -> Fallback | None:
        """Return by which phone `officer` is rung instead of the screens, if it can be counted on.

        From any thread, as of the last sweep.
        """
        person = next((each for each in self._roster.persons if each.number == officer), None)
        if person is None or not is_reachable(person, self._now()):
            return None
        phones = (each for each in person.contacts if each.channel in PHONES & set(self._phones.channels))
        found = next((each for each in phones if is_proved(each, self._now())), None)
        return None if found is None else _told_way(found)

    def wake(self, _link: str = "") -> None:
        """Sweep soon: something is new. May be called from any thread, and never blocks."""
        self._loop.call_soon_threadsafe(self._woken.set)

    def wake_here(self) -> None:
        """Sweep soon. From the loop alone."""
        self._woken.set()

    async def run(self) -> None:
        """Ring until cancelled."""
        while True:
            self._woken.clear()
            began = clock.monotonic()
            looking = self._beats.looking()
            try:
                board = await self._loop.run_in_executor(self._thread, self._round, looking)
            except Exception:  # noqa: BLE001  # the loop's edge: screens go blind if it fails for long
                _log.exception("what rings could not be worked out; again in %s s", SWEEP_SECONDS)
                await asyncio.sleep(SWEEP_SECONDS)
                continue
            self._beats.show(board)
            took = clock.monotonic() - began
            self._sweep_ms = round(took * 1000)
            await asyncio.sleep(min(SWEEP_SECONDS, REST * took))
            try:
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Let go of what the rounds held."""
        await self._loop.run_in_executor(self._thread, self._close)
        self._thread.shutdown()
        await asyncio.to_thread(self._counted.stop)

    def _told(self, key: str, *, is_lost: bool, asked: int | None = None) -> None:
        self._sweep.told(key, is_lost=is_lost, asked=asked)
        if is_lost:
            self.wake()

    def _round(self, looking: Looking) -> Board:
        now = self._now()
        self._look("pager.toml", self._phones.look)
        self._look("the roster", lambda: self._look_at_house(now))
        can = self._hands(looking, now)
        try:
            self.calls = self._follow(now)
        except Exception:
            # Who was rung is rung on; but no screen may look calm while nobody knows of new calls.
            self._close_record()
            self._sweep.sweep(self.calls, can, now)
            self._phones.go_on(lambda _key: True)
            raise
        alarms = self._sweep.sweep(self.calls, can, now)
        self._phones.go_on(self._sweep.wants)
        has_watch = None if self._watch is None else self._watch.officer
        self._counted.count(alarms, is_unseen=has_watch is not None and not looking.visible)
        self.swept_at, self._alarms = now, len(alarms)
        return Board(on_watch=has_watch, fallback=self._fallback(can), alarms=alarms, muted=self._muted(now))

    def _look(self, what: str, look: Callable[[], None]) -> None:
        """Look at something of the house; where it cannot be read, what was read last holds."""
        try:
            look()
            self._unreadable.discard(what)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the calls ring
            if what not in self._unreadable:
                _log.exception("%s cannot be read; what was read last holds", what)
            self._unreadable.add(what)

    def _look_at_house(self, now: int) -> None:
        self._roster, self._watch = queries.roster(now), queries.watch_now()
        self._mute = mute_at(queries.mutes(since=now), now)

    def _follow(self, now: int) -> tuple[OpenCall, ...]:
        if self._reader is None or self._opened is None:
            self._reader = Reader(self._home)
            self._opened = OpenCalls(self._reader)
        return self._opened.follow(now)

    def _close_record(self) -> None:
        reader, self._reader, self._opened = self._reader, None, None
        if reader is not None:
            reader.close()

    def _hands(self, looking: Looking, now: int) -> Hands:
        watch = self._watch
        return hands(
            self._roster,
            now,
            rings=self._is_rung,
            has_watch=None if watch is None else watch.officer,
            is_watched=watch is not None and looking.visible > 0 and self._muted(now) is None,
        )

    def _muted(self, now: int) -> Mute | None:
        """Return the mute that holds: of whoever has the watch, and while a phone of that officer rings."""
        mute, watch = self._mute, self._watch
        if mute is None or watch is None or mute.officer != watch.officer or mute_at((mute,), now) is None:
            return None
        is_rung = self.stand_in(mute.officer) is not None and not self._sweep.has_lost(mute.officer)
        return mute if is_rung else None

    def _is_rung(self, person: Person) -> bool:
        return any(contact.channel in self._phones.channels for contact in person.contacts)

    def _fallback(self, can: Hands) -> Fallback | None:
        """Return by what the first person is rung who is rung if every screen fails; the best way first."""
        people = {each.number: each for each in self._roster.persons}
        ways = [
            contact
            for persons in can.persons.values()
            for person in persons
            for contact in people[person].contacts
            if contact.channel in self._phones.channels
        ]
        proved = [each for each in ways if is_proved(each, self._now())]
        if not ways:
            return None
        return _told_way((proved or ways)[0])

    def _close(self) -> None:
        self._phones.close()
        self._close_record()
        connections.close_all()


def _told_way(way: Contact) -> Fallback:
    return Fallback(channel=way.channel, ending=_ending(way.channel, way.address), proved_at=way.proved_at)


def _ending(channel: Channel, address: str) -> str:
    """Return as much of an address as its owner knows it by, and nobody else."""
    if channel is Channel.MAIL:
        return "@" + address.rpartition("@")[2]
    return address[-2:]
