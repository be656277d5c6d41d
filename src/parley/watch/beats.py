"""What a screen hears of core, again and again: is anybody watching, and what rings.

    a screen ──▶ beat(screen, seen=812) ──▶ core.sock, held for 5 s at most ──▶ Beat(seq=813, alarms=…)
                       ▲───────────────────────────────────────────────────────────┘  at once the next

Each beat tells core that somebody can see and hear this screen; what 20 seconds pass without counts as
no screen. Core alone knows this, in memory: after a start it has seen nobody. A beat that does not hold
(`holds` false) looks and does not count, as that of a page that makes no sound. Where no beat is answered,
nobody may think that nothing rings. Source: screens §7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.protocol.clauses import Rung
from parley.protocol.hotline.bell import Cause
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.watch.policy import Channel, Handing, WatchState
from parley.watch.policy.mute import Mute
from parley.work.home import Home
from parley.work.sock import BrokenCoreError, NoCoreError, call

HELD_SECONDS: Final = 5
"""So long core holds a beat while nothing changes."""
PATIENCE_SECONDS: Final = 12
"""Whoever asks waits so long for core: less than the 15 seconds after which a screen is blind."""
NOBODYS_SCREEN: Final = "0" * 16
SOMEBODY: Final = 1
"""Whoever has no screen is counted by no name."""
DESK_RUNG: Final = "duty_desk"
"""What rings at this rung alone rings screens, and no phone."""
OWN_RUNG: Final = Cause.OWN_RUNG.value
PRINCIPALS: Final = frozenset({Rung.VICE_MINISTER.value, Rung.MINISTER.value})
"""Each of these offices answers for itself, whoever answers at the desk."""


class NobodyAnswersError(Exception):
    """Core is away, or said what is no beat: nobody here knows what rings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One call that rings here. `call` is the id of its opening, `place` that of it, such as ``A hot 3``.

    `nature` is real, service or test; `cause` what is waited for: take, read_back, word or own_rung. `rung`
    is the highest that rings by now, `since` unix seconds; `next_rung` rings at `next_at` if nobody acts.
    """

    link: str
    call: str
    place: str
    nature: str
    urgency: str
    cause: str
    rung: str
    since: int
    next_rung: str | None
    next_at: int | None
    is_ours: bool

    @property
    def awaits_principal(self) -> bool:
        """Return whether nothing ends it but that a principal's office takes the call (Spec §12.9.6)."""
        return self.cause == OWN_RUNG and self.rung in PRINCIPALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """By what calls ring if this screen fails: the channel, and the last signs of the address.

    `proved_at` is unix seconds; None: nobody ever proved that it rings.
    """

    channel: Channel
    ending: str
    proved_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What core said. `seq` grows with every change, `now` is core's clock, `on_watch` an officer's number.

    `fallback` None: nobody would be rung if every screen failed. `alarms` stand worst first; so many more
    than are told here there are (`more`). `muted`: whose screens are silent, where a phone rings instead.
    """

    seq: int
    now: int
    world: str
    watch: WatchState
    on_watch: int | None
    fallback: Fallback | None
    alarms: tuple[AlarmRow, ...]
    more: int = 0
    muted: Mute | None = None

    def is_silent(self, alarm: AlarmRow, *, officer: int) -> bool:
        """Return whether the screens of `officer` are silent about `alarm`: muted, while it rings a phone."""
        is_muted = self.muted is not None and self.muted.officer == officer and self.now < self.muted.ends
        return is_muted and alarm.rung != DESK_RUNG


def beat(home: Home, *, screen: str, officer: int, seen: int, hidden: bool, holds: bool) -> Beat:
    """Tell core that `officer` has `screen` before him or her, and return what it says.

    `screen` is 16 to 64 hex digits that the screen chose; `seen` the last `seq` it was told, 0 before the
    first; `hidden`: nobody can see it just now. The answer comes at once where `holds` is false or
    something changed since `seen`, else within `HELD_SECONDS`.

    Raises:
        NobodyAnswersError: core is away.
        CoreError: core said no, such as ``blind``: it does not know itself what rings.
    """
    request: dict[str, JsonSource] = {
        "ask": "beat",
        "screen": screen,
        "officer": officer,
        "seen": seen,
        "hidden": hidden,
        "holds": holds,
    }
    try:
        return read_beat(call(home.core_socket, request, seconds=PATIENCE_SECONDS))
    except (NoCoreError, BrokenCoreError, OSError) as error:
        raise NobodyAnswersError(str(error)) from error


def look(home: Home) -> Beat:
    """Return what core says now, to somebody who has no screen.

    Raises:
        NobodyAnswersError, CoreError: it says nothing.
    """
    return beat(home, screen=NOBODYS_SCREEN, officer=SOMEBODY, seen=0, hidden=True, holds=False)


def handing(home: Home) -> Handing:
    """Return what the record says now to whoever takes the watch.

    Raises:
        NobodyAnswersError, CoreError: core is away, or cannot tell.
    """
    try:
        return read_handing(call(home.core_socket, {"ask": "handing"}))
    except (NoCoreError, BrokenCoreError, OSError) as error:
        raise NobodyAnswersError(str(error)) from error


def stand_in(home: Home, officer: int) -> Fallback | None:
    """Return by which phone `officer` is rung instead of the screens; None: none can be counted on.

    Raises:
        NobodyAnswersError, CoreError: core is away, or cannot tell.
    """
    try:
        match call(home.core_socket, {"ask": "stand_in", "officer": officer}):
            case {"phone": dict() | None as phone}:
                return None if phone is None else _fallback(phone)
            case _:
                raise NobodyAnswersError("core said what tells nothing of a phone")
    except (NoCoreError, BrokenCoreError, OSError) as error:
        raise NobodyAnswersError(str(error)) from error


def write_stand_in(phone: Fallback | None) -> Mapping[str, JsonSource]:
    """Return the phone that rings instead as core says it."""
    return {"phone": None if phone is None else _way(phone)}


def write_handing(told: Handing) -> Mapping[str, JsonSource]:
    """Return `told` as core says it."""
    return {
        "calls": told.calls,
        "due_first": told.due_first,
        "due_at": told.due_at,
        "degraded": told.degraded,
        "rings": told.rings,
        "in_view": told.in_view,
    }


def read_handing(said: JsonObject) -> Handing:
    """Return what core said.

    Raises:
        NobodyAnswersError: it is none.
    """
    match said:
        case {
            "calls": list(calls),
            "due_first": list(due_first),
            "due_at": int() | None as due_at,
            "degraded": list(degraded),
            "rings": bool(rings),
            "in_view": list(in_view),
        }:
            return Handing(
                calls=tuple(str(each) for each in calls),
                due_first=tuple(str(each) for each in due_first),
                due_at=due_at,
                degraded=tuple(str(each) for each in degraded),
                rings=rings,
                in_view=tuple(each for each in in_view if isinstance(each, int)),
            )
        case _:
            raise NobodyAnswersError("core said what tells nothing of the watch")


def read_beat(said: JsonObject) -> Beat:
    """Return what core said.

    Raises:
        NobodyAnswersError: it is no beat.
    """
    match said:
        case {
            "seq": int(seq),
            "now": int(now),
            "world": str(world),
            "watch": str(watch),
            "on_watch": int() | None as on_watch,
            "fallback": dict() | None as fallback,
            "alarms": list(alarms),
            "more": int(more),
            "muted": dict() | None as muted,
        }:
            return Beat(
                seq=seq,
                now=now,
                world=world,
                watch=WatchState(watch),
                on_watch=on_watch,
                fallback=None if fallback is None else _fallback(fallback),
                alarms=tuple(_alarm(each) for each in alarms if isinstance(each, dict)),
                more=more,
                muted=None if muted is None else _mute(muted),
            )
        case _:
            raise NobodyAnswersError("core said what is no beat")


def write_beat(told: Beat) -> Mapping[str, JsonSource]:
    """Return `told` as core says it."""
    return {
        "seq": told.seq,
        "now": told.now,
        "world": told.world,
        "watch": told.watch.value,
        "on_watch": told.on_watch,
        "fallback": None if told.fallback is None else _way(told.fallback),
        "alarms": [_written(each) for each in told.alarms],
        "more": told.more,
        "muted": None if told.muted is None else _mute_written(told.muted),
    }


def _way(way: Fallback) -> Mapping[str, JsonSource]:
    return {"channel": way.channel.value, "ending": way.ending, "proved_at": way.proved_at}


def _mute_written(mute: Mute) -> Mapping[str, JsonSource]:
    return {"officer": mute.officer, "begins": mute.begins, "ends": mute.ends}


def _written(row: AlarmRow) -> Mapping[str, JsonSource]:
    return {
        "link": row.link,
        "call": row.call,
        "place": row.place,
        "nature": row.nature,
        "urgency": row.urgency,
        "cause": row.cause,
        "rung": row.rung,
        "since": row.since,
        "next_rung": row.next_rung,
        "next_at": row.next_at,
        "is_ours": row.is_ours,
    }


def _alarm(said: JsonObject) -> AlarmRow:
    match said:
        case {
            "link": str(link),
            "call": str(opened),
            "place": str(place),
            "nature": str(nature),
            "urgency": str(urgency),
            "cause": str(cause),
            "rung": str(rung),
            "since": int(since),
            "next_rung": str() | None as next_rung,
            "next_at": int() | None as next_at,
            "is_ours": bool(is_ours),
        }:
            return AlarmRow(
                link=link,
                call=opened,
                place=place,
                nature=nature,
                urgency=urgency,
                cause=cause,
                rung=rung,
                since=since,
                next_rung=next_rung,
                next_at=next_at,
                is_ours=is_ours,
            )
        case _:
            raise NobodyAnswersError("core said what is no alarm")


def _mute(said: JsonObject) -> Mute:
    match said:
        case {"officer": int(officer), "begins": int(begins), "ends": int(ends)}:
            return Mute(officer=officer, begins=begins, ends=ends)
        case _:
            raise NobodyAnswersError("core said what is no mute")


def _fallback(said: JsonObject) -> Fallback:
    match said:
        case {"channel": str(channel), "ending": str(ending), "proved_at": int() | None as proved_at}:
            return Fallback(channel=Channel(channel), ending=ending, proved_at=proved_at)
        case _:
            raise NobodyAnswersError("core said what is no way to ring anybody")
