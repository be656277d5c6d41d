"""Who looks at a desk screen, in core's memory; and what every screen is told of what rings.

    screens ──▶ a beat each, held here ──▶ seen within 20 s: is the desk watched?  ──▶ ringer
    ringer  ──▶ what rings now (`Board`) ──▶ whoever is held here hears at once

Written down nowhere: after a start core has seen nobody, which is true. A screen is told nothing while core
does not know itself what rings, so that it covers itself instead of looking calm. Lives in core's loop.
Source: screens §7, D2.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.protocol.strictjson import JsonObject, JsonSource
from parley.watch.beats import HELD_SECONDS, AlarmRow, Beat, Fallback, write_beat
from parley.watch.policy import SEEN_SECONDS, WatchState, watch_state
from parley.watch.policy.mute import Mute
from parley.work.sock import CoreError

MAX_SCREENS: Final = 256
MAX_TOLD: Final = 60
"""So many alarms are told, the worst first: no desk shows more."""
STALE_SECONDS: Final = 15
"""What rings was worked out within this time, or nobody is told anything."""

_SCREEN: Final = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What every screen shows: who took the watch, what rings if all of them fail, and what rings now.

    `muted`: whose screens are silent, since a phone rings instead.
    """

    on_watch: int | None = None
    fallback: Fallback | None = None
    alarms: tuple[AlarmRow, ...] = ()
    muted: Mute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    officer: int
    is_hidden: bool
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How many screens were seen within `SEEN_SECONDS`."""

    visible: int = 0
    hidden: int = 0


class Beats:
    """Holds beats, and answers them when something changes."""

    def __init__(
        self,
        *,
        world: str,
        now: Callable[[], int],
        monotonic: Callable[[], float],
        held_seconds: float = HELD_SECONDS,
    ) -> None:
        self._world = world
        self._now = now
        self._monotonic = monotonic
        self._held_seconds = held_seconds
        self._screens: dict[str, _Screen] = {}
        self._board: Board | None = None
        self._shown_at = 0.0
        self._told: tuple[Board, WatchState] | None = None
        # A number that an earlier core gave must not be mistaken for one of ours.
        self._seq = now() * 1000
        self._changed = asyncio.Event()
        self._is_ended = False
        self.watch = WatchState.UNWATCHED
        """Whether anybody watched the desk when it was last looked."""
        self.came: Callable[[], None] = lambda: None
        """Called when a screen came, was hidden or shown: the desk may be watched from now on."""

    def looking(self) -> Looking:
        """Return who looks now."""
        since = self._monotonic() - SEEN_SECONDS
        self._screens = {name: each for name, each in self._screens.items() if each.at > since}
        hidden = sum(each.is_hidden for each in self._screens.values())
        return Looking(visible=len(self._screens) - hidden, hidden=hidden)

    def in_view(self) -> tuple[int, ...]:
        """Return the numbers of the officers who have a screen in view, rising. From any thread."""
        since = self._monotonic() - SEEN_SECONDS
        screens = tuple(self._screens.values())
        return tuple(sorted({each.officer for each in screens if each.at > since and not each.is_hidden}))

    @property
    def is_watched(self) -> bool:
        """Return whether somebody has the watch and looks, as worked out just now. From any thread."""
        is_known = self._board is not None and self._monotonic() - self._shown_at <= STALE_SECONDS
        return is_known and self.watch in {WatchState.WATCHED, WatchState.THIN}

    def _state(self) -> WatchState:
        looking = self.looking()
        is_taken = self._board is not None and self._board.on_watch is not None
        return watch_state(is_taken=is_taken, visible=looking.visible, hidden=looking.hidden)

    def show(self, board: Board) -> None:
        """Tell every screen what rings, as it was worked out just now."""
        self._board, self._shown_at = board, self._monotonic()
        self._look()

    def end(self) -> None:
        """Hold nobody any more."""
        self._is_ended = True
        self._changed.set()

    async def answer(self, request: JsonObject) -> Mapping[str, JsonSource]:
        """Return what the screen that asks is to show.

        Raises:
            CoreError: ``request``, this is no beat; ``blind``, core does not know what rings.
        """
        match request:
            case {
                "screen": str(screen),
                "officer": int(officer),
                "seen": int(seen),
                "hidden": bool(hidden),
                "holds": bool(holds),
            } if _SCREEN.fullmatch(screen) and officer > 0:
                if holds:
                    self._note(screen, _Screen(officer=officer, is_hidden=hidden, at=self._monotonic()))
                self._look()
                if self._board is None or (holds and seen == self._seq):
                    await self._wait()
                return write_beat(self._beat())
            case _:
                raise CoreError("request", "this is no beat")

    def _note(self, name: str, screen: _Screen) -> None:
        before = self._screens.pop(name, None)
        self._screens[name] = screen
        if len(self._screens) > MAX_SCREENS:
            del self._screens[next(iter(self._screens))]
        if before is None or before.is_hidden is not screen.is_hidden:
            self.came()

    def _look(self) -> None:
        """Give what is told a new number if it is not what was told before."""
        if self._board is None:
            return
        self.watch = self._state()
        told = (self._board, self.watch)
        if told == self._told:
            return
        self._told = told
        self._seq += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def _wait(self) -> None:
        if self._is_ended:
            return
        try:
            async with asyncio.timeout(self._held_seconds):
                await self._changed.wait()
        except TimeoutError:
            # Nothing changed, or nobody looked: what is told then says which.
            self._look()

    def _beat(self) -> Beat:
        if self._board is None or self._monotonic() - self._shown_at > STALE_SECONDS:
            raise CoreError("blind", "core does not know what rings just now")
        board = self._board
        return Beat(
            seq=self._seq,
            now=self._now(),
            world=self._world,
            watch=self._state(),
            on_watch=board.on_watch,
            fallback=board.fallback,
            alarms=board.alarms[:MAX_TOLD],
            more=max(0, len(board.alarms) - MAX_TOLD),
            muted=board.muted,
        )
