"""Core: the one process that writes the record of a node, and all that must live beside it.

    ledger       the one writer; what it commits is signed by the signer, a process of its own
    projector    view.db follows the record
    listener     partners come in                gates/peer
    couriers     parcels go out                  gates/peer
    ringer       open calls ring                 gates/pager, and screens by their beats
    tester       the line is probed, once a day  link.probed, link.echoed
    releaser     lists are released at their second, where an officer ordered it
    door         pages and commands ask          core.sock

`supervisor` starts it, and starts it again. It may be killed at any moment: what was answered
is on disk, and what was not answered is asked again.
"""

import asyncio
import logging
import os
import random
import signal
import ssl
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Final

import django
from django.conf import settings

from parley.gates.peer.courier import Edge, Pace
from parley.gates.peer.couriers import Couriers
from parley.gates.peer.listener import Listener
from parley.gates.peer.news import News
from parley.gates.peer.tiles import TileDoor
from parley.gates.peer.tls import server_context
from parley.gates.peer.wire import Route
from parley.ledger import carrying, erasures, losses, revocations
from parley.ledger.database import SchemaError
from parley.ledger.home import Config, read_config
from parley.ledger.keys import KeysError
from parley.ledger.ledger import Ledger
from parley.ledger.reading import Reader
from parley.node import requests
from parley.node.beats import Beats
from parley.node.door import Door, Reply
from parley.node.logs import log_to_stderr
from parley.node.nightly import Nightly
from parley.node.presence import Presence, agreed_links
from parley.node.projector import Projection, ProjectorThread, projections
from parley.node.releasing import make_releaser
from parley.node.ringing import make_ringer
from parley.node.start import BAD_HOME, TRY_LATER, address_of, die_with_parent
from parley.node.tables import bring_up_to_date
from parley.node.tester import Prober
from parley.protocol.names import BULK, HOT
from parley.protocol.strictjson import JsonObject
from parley.protocol.suite import Standard
from parley.signer.client import DistantDesk
from parley.signer.desk import NoSignerError
from parley.watch.beats import write_handing, write_stand_in
from parley.work import clock
from parley.work.home import Home, HomeError
from parley.work.lock import LockedError, locked
from parley.work.sock import CoreError

LOCK_SECONDS: Final = 30
"""A command may be the core for a moment; longer than this is no moment."""
SIGNER_SECONDS: Final = 10
"""A signer that is killed is back within this time; whoever waits for a signature is told so after it."""

SWITCH_SECONDS: Final = 0.001
"""For so long a thread that computes keeps the interpreter from those that wait for it. A word on lane hot is
written in dozens of short calls, and waits before each of them: behind two threads that fold bulk or tell the
lists, at the usual 5 ms, ten times as long."""

_LOOK_SECONDS = 2
_PARCEL_THREADS = 4
_HOT_THREADS = 2
_BULK_THREADS = 1
_REQUEST_THREADS = 16

_log = logging.getLogger("parley.node.core")  # run with -m, its name would be __main__


class AddressError(Exception):
    """The address for partners cannot be listened at, at least not now."""


class Core:
    """A running node. To be made inside the loop, by whoever holds the lock of the home."""

    def __init__(
        self,
        home: Home,
        config: Config,
        *,
        modules: Sequence[Projection] = (),
        later: Sequence[Projection] = (),
        pace: Pace | None = None,
    ) -> None:
        self._home = home
        self._config = config
        self._suite = Standard()
        self._loop = asyncio.get_running_loop()
        self._links_changed = asyncio.Event()
        self._look: asyncio.TimerHandle | None = None
        self._partner_port = 0
        self._parcels = ThreadPoolExecutor(_PARCEL_THREADS, "parcel")
        # Hot parcels stand behind no others, and of bulk there is one at a time.
        self._lanes = {
            HOT: ThreadPoolExecutor(_HOT_THREADS, "hot"),
            BULK: ThreadPoolExecutor(_BULK_THREADS, "bulk"),
        }
        self._requests = ThreadPoolExecutor(_REQUEST_THREADS, "request")
        self._news = News()
        # Core never reads the keys that sign: it asks, and waits while the signer is away.
        self._desk = DistantDesk(home.signer_socket, patience_seconds=SIGNER_SECONDS)
        self._ledger = Ledger(home, suite=self._suite, desk=self._desk)
        self._projector = ProjectorThread(home, tuple(modules), tuple(later))
        edge = Edge(now=clock.now, monotonic=clock.monotonic, dice=random.SystemRandom().random)
        self._couriers = Couriers(
            self._ledger, news=self._news, threads=self._parcels, edge=edge, pace=pace, lanes=self._lanes
        )
        self._listener = Listener(
            self._ledger,
            news=self._news,
            threads=self._parcels,
            heard=self._couriers.heard,
            tiles=TileDoor(home, threads=self._parcels),
            lanes=self._lanes,
        )
        self._nightly = Nightly(home)
        self._beats = Beats(world=config.world, now=clock.now, monotonic=clock.monotonic)
        self._presence = Presence(is_watched=lambda: self._beats.is_watched, now=clock.now)
        self._ledger.presence = self._presence
        self._ringer = make_ringer(home, node=config.node, beats=self._beats)
        self._tester = Prober(home, self._ledger)
        self._releaser = make_releaser(home, self._ledger)
        waiting = {"beat": self._beats.answer, "stand_in": self._stand_in}
        self._door = Door(self._answer, threads=self._requests, waiting=waiting)

    async def run(self, stop: asyncio.Event) -> None:
        """Live until `stop` is set; then end what was begun, in the opposite order."""
        async with AsyncExitStack() as stack:
            for threads in (self._parcels, *self._lanes.values(), self._requests):
                stack.callback(threads.shutdown)
            self._ledger.subscribe(self._news.tell)
            self._ledger.subscribe(self._projector.wake)
            self._ledger.subscribe(self._touched)
            self._ledger.subscribe(self._ringer.wake)
            self._ledger.subscribe(self._tester.wake)
            self._ledger.start(asks_first=True)
            stack.push_async_callback(asyncio.to_thread, self._ledger.stop)
            await asyncio.to_thread(self._ledger.files.vault.places.sweep)
            self._projector.start()
            stack.push_async_callback(asyncio.to_thread, self._projector.stop)
            await self._listen()
            stack.push_async_callback(self._listener.stop)
            stack.push_async_callback(self._couriers.stop)
            stack.push_async_callback(self._ringer.stop)
            stack.push_async_callback(self._tester.stop)
            stack.push_async_callback(self._releaser.stop)
            clocked = (self._nightly, self._ringer, self._tester, self._releaser)
            for task in (self._dial(), self._sign_again(), *(each.run() for each in clocked)):
                stack.callback(asyncio.create_task(task).cancel)
            await self._door.start(self._home.core_socket)
            stack.push_async_callback(self._door.stop)
            stack.callback(self._beats.end)
            _log.info("core of %s is up", self._config.node)
            await stop.wait()
            _log.info("core of %s ends", self._config.node)

    async def _listen(self) -> None:
        host, port = address_of(self._config.partner)
        tls = self._tls()
        try:
            self._partner_port = await self._listener.start(host, port, tls=tls)
        except OSError as error:
            raise AddressError(f"cannot listen at {self._config.partner}: {error}") from error

    def _tls(self) -> ssl.SSLContext | None:
        certificate, key = self._config.tls_cert, self._config.tls_key
        if certificate is None or key is None:
            return None
        try:
            return server_context(certificate, key)
        except OSError as error:
            raise HomeError(f"[tls] {certificate} and {key} cannot be used: {error}") from error

    async def _dial(self) -> None:
        while True:
            self._links_changed.clear()
            await self._couriers.serve(await asyncio.to_thread(self._routes))
            await self._links_changed.wait()

    async def _sign_again(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._ledger.unsigned:
                await asyncio.to_thread(self._ledger.sign_again)

    def _touched(self, _link: str) -> None:
        self._loop.call_soon_threadsafe(self._look_soon)

    def _look_soon(self) -> None:
        # Any commit may hold a partner's new card, and that a new address; few do, so one look for many.
        if self._look is None:
            self._look = self._loop.call_later(_LOOK_SECONDS, self._look_now)

    def _look_now(self) -> None:
        self._look = None
        self._links_changed.set()

    def _routes(self) -> tuple[Route, ...]:
        reader = Reader(self._home, suite=self._suite)
        try:
            self._presence.agree(agreed_links(reader))
            return tuple(
                Route(link=row.name, url=row.peer_url, tls_sha256=row.peer_tls_sha256, poll=self._config.poll)
                for row in reader.lanes()
                if row.peer_url is not None and row.verified_at is not None
            )
        finally:
            reader.close()

    def _answer(self, request: JsonObject) -> Reply:
        match request:
            case {"ask": "ping"}:
                return {"node": self._config.node, "pid": os.getpid()}
            case {"ask": "status" | "handing" as what}:
                return self._status() if what == "status" else self._handing()
            case {"ask": "wake", "link": str() | None as link}:
                self._loop.call_soon_threadsafe(self._couriers.wake, link)
                return {}
            case {"ask": "look_at_releases" | "check_record" as what}:
                look = self._releaser.wake if what == "look_at_releases" else self._nightly.ask
                look()
                return {}
            case {"ask": "recover" | "revoke" as what}:
                answer = losses.answer if what == "recover" else revocations.answer
                return answer(request, ledger=self._ledger)
            case {"ask": "erase"}:
                return erasures.answer(request, ledger=self._ledger)
            case {"ask": "carry_lanes" | "carry_out" | "carry_in"}:
                return carrying.answer(request, ledger=self._ledger)
            case _:
                reply = requests.answer(request, ledger=self._ledger, suite=self._suite)
                if request["ask"] in requests.ABOUT_LINKS:
                    self._loop.call_soon_threadsafe(self._links_changed.set)
                return reply

    async def _stand_in(self, request: JsonObject) -> Reply:
        match request:
            case {"officer": int(officer)}:
                return write_stand_in(self._ringer.stand_in(officer))
            case _:
                raise CoreError("request", "expected the number of an officer")

    def _handing(self) -> Reply:
        return write_handing(self._ringer.handing(self._couriers.standings()))

    def _status(self) -> Reply:
        return {
            "node": self._config.node,
            "pid": os.getpid(),
            "partner_port": self._partner_port,
            "couriers": [asdict(standing) for standing in self._couriers.standings()],
            "refused": {str(status): times for status, times in sorted(self._listener.refused.items())},
            "watermark": self._projector.watermark,
            "unsigned": dict(self._ledger.unsigned),
            "ringing": self._ringer.standing(),
            "their_desks": dict(self._presence.confirmed()),
            "checking": None if (look := self._nightly.under_way) is None else asdict(look),
        }


async def _live(home: Home, config: Config) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    modules, later = projections(settings.PROJECTIONS), projections(settings.LATER_PROJECTIONS)
    await Core(home, config, modules=modules, later=later).run(stop)


def main() -> int:
    """Be the core of the home that `PARLEY_HOME` names, until SIGTERM, and return the exit code."""
    die_with_parent()
    log_to_stderr()
    os.umask(0o077)
    sys.setswitchinterval(SWITCH_SECONDS)
    django.setup()
    home: Home = settings.HOME
    try:
        config = read_config(home)
        with locked(home.root / "core.lock", wait_seconds=LOCK_SECONDS, sleep=clock.sleep):
            bring_up_to_date()
            asyncio.run(_live(home, config))
    except (HomeError, KeysError, SchemaError) as error:
        _log.critical("%s", error)
        return BAD_HOME
    except (LockedError, AddressError, NoSignerError) as error:
        _log.critical("%s", error)
        return TRY_LATER
    return 0


if __name__ == "__main__":
    sys.exit(main())
