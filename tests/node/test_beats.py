"""Who looks at a desk screen, and what every screen is told: held, answered, blind."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pytest

from parley.node.beats import MAX_SCREENS, MAX_TOLD, STALE_SECONDS, Beats, Board
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.watch.beats import AlarmRow, Beat, Fallback, NobodyAnswersError, read_beat, write_beat
from parley.watch.policy import SEEN_SECONDS, Channel, WatchState
from parley.watch.policy.mute import Mute
from parley.work.sock import LENGTH, CoreError, read_body, write_frame

NOW = 1_793_610_000
ONE = "0123456789abcdef"
TWO = "fedcba9876543210"


USUAL: Final[JsonObject] = {
    "ask": "beat",
    "screen": ONE,
    "officer": 4,
    "seen": 0,
    "hidden": False,
    "holds": True,
}


def framed(said: Mapping[str, JsonSource]) -> JsonObject:
    """Return what core says, as it comes out of a frame."""
    return read_body(write_frame(said)[LENGTH.size :])


@dataclass
class Time:
    """Seconds that only count, moved by a test."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Room:
    """Screens and the core that they ask, without a socket between."""

    held_seconds: float = 0.05
    time: Time = field(default_factory=Time)

    def __post_init__(self) -> None:
        self.beats = Beats(world="live", now=lambda: NOW, monotonic=self.time, held_seconds=self.held_seconds)

    async def looks(
        self, screen: str = ONE, *, seen: int = 0, hidden: bool = False, holds: bool = True
    ) -> Beat:
        asked = {**USUAL, "screen": screen, "seen": seen, "hidden": hidden, "holds": holds}
        return read_beat(framed(await self.beats.answer(asked)))


def alarm(place: str = "A hot 3", *, urgency: str = "U0") -> AlarmRow:
    return AlarmRow(
        link="a-b",
        call="A" * 43,
        place=place,
        nature="real",
        urgency=urgency,
        cause="take",
        rung="duty_desk",
        since=NOW,
        next_rung="duty_phone",
        next_at=NOW + 60,
        is_ours=False,
    )


TAKEN = Board(on_watch=4, fallback=Fallback(channel=Channel.SMS, ending="17", proved_at=NOW))


def scene(play: Callable[[Room], Coroutine[None, None, None]], *, held_seconds: float = 0.05) -> None:
    async def whole() -> None:
        async with asyncio.timeout(60):
            await play(Room(held_seconds=held_seconds))

    asyncio.run(whole())


def test_one_screen_is_thin_two_are_watched_and_none_is_unconfirmed() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)
        alone = await room.looks(ONE)
        both = await room.looks(TWO)
        room.time.at += SEEN_SECONDS
        room.beats.show(TAKEN)

        gone = await room.looks(ONE, holds=False)

        assert [alone.watch, both.watch, gone.watch] == [
            WatchState.THIN,
            WatchState.WATCHED,
            WatchState.UNCONFIRMED,
        ]

    scene(play)


def test_screens_in_front_of_nobody_who_took_the_watch_make_no_watch() -> None:
    async def play(room: Room) -> None:
        room.beats.show(Board())

        assert (await room.looks(ONE)).watch is WatchState.UNWATCHED
        assert (await room.looks(TWO)).watch is WatchState.UNWATCHED

    scene(play)


def test_hidden_screens_alone_are_thin_however_many() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)
        await room.looks(ONE, hidden=True)

        assert (await room.looks(TWO, hidden=True)).watch is WatchState.THIN
        assert room.beats.looking().visible == 0

    scene(play)


def test_whose_screen_is_in_view_is_known_until_it_is_hidden_or_heard_no_more() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)
        await room.looks(ONE)
        seen = room.beats.in_view()
        await room.looks(ONE, hidden=True)
        hidden = room.beats.in_view()
        await room.looks(ONE)
        await room.looks(TWO, holds=False)
        room.time.at += SEEN_SECONDS

        assert (seen, hidden, room.beats.in_view()) == ((4,), (), ())

    scene(play)


def test_who_is_muted_is_told_and_a_mute_that_ends_is_news() -> None:
    async def play(room: Room) -> None:
        silent = Mute(officer=4, begins=NOW, ends=NOW + 300)
        room.beats.show(replace(TAKEN, muted=silent))
        first = await room.looks()
        room.beats.show(TAKEN)

        found = await room.looks(seen=first.seq)

        assert (first.muted, found.muted) == (silent, None)
        assert found.seq > first.seq

    scene(play)


def test_who_only_looks_counts_as_no_screen() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)

        found = await room.looks(holds=False)

        assert found.watch is WatchState.UNCONFIRMED

    scene(play)


def test_a_beat_is_held_until_something_rings_and_then_answered_at_once() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)
        first = await room.looks()
        held = asyncio.create_task(room.looks(seen=first.seq))
        await asyncio.sleep(0)
        assert not held.done()

        room.beats.show(Board(on_watch=4, fallback=TAKEN.fallback, alarms=(alarm(),)))
        found = await held

        assert found.alarms == (alarm(),)
        assert found.seq > first.seq

    scene(play, held_seconds=3600)


def test_nothing_new_is_told_with_the_same_number() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)
        first = await room.looks()
        room.beats.show(Board(on_watch=4, fallback=TAKEN.fallback))

        assert (await room.looks(seen=first.seq)).seq == first.seq

    scene(play)


def test_a_number_that_an_earlier_core_gave_is_answered_at_once() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)

        found = await room.looks(seen=812)

        assert found.seq > NOW * 1000

    scene(play)


def test_while_core_does_not_know_what_rings_every_screen_is_blind() -> None:
    async def play(room: Room) -> None:
        with pytest.raises(CoreError, match="blind"):
            await room.looks()
        room.beats.show(TAKEN)
        room.time.at += 16

        with pytest.raises(CoreError, match="blind"):
            await room.looks(holds=False)

    scene(play)


def test_the_worst_are_told_and_the_others_counted() -> None:
    async def play(room: Room) -> None:
        alarms = tuple(alarm(f"A {number}") for number in range(MAX_TOLD + 3))
        room.beats.show(Board(alarms=alarms))

        found = await room.looks()

        assert (len(found.alarms), found.more) == (MAX_TOLD, 3)
        assert found.alarms[0].place == "A 0"

    scene(play)


@pytest.mark.parametrize(
    "wrong",
    [
        {"screen": "short"},
        {"screen": "Z" * 16},
        {"officer": 0},
        {"officer": "4"},
        {"seen": None},
        {"hidden": 1},
    ],
)
def test_what_is_no_beat_is_refused(wrong: JsonObject) -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)

        with pytest.raises(CoreError, match="request"):
            await room.beats.answer({**USUAL, **wrong})

    scene(play)


def test_so_many_screens_at_most_are_remembered() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)
        for number in range(MAX_SCREENS + 20):
            await room.looks(f"{number:016x}")

        assert room.beats.looking().visible == MAX_SCREENS

    scene(play)


def test_a_screen_that_comes_or_is_hidden_wakes_the_ringer_and_one_that_stays_does_not() -> None:
    async def play(room: Room) -> None:
        came: list[str] = []
        room.beats.came = lambda: came.append("came")
        room.beats.show(TAKEN)
        for hidden in (False, False, True, True):
            await room.looks(hidden=hidden)

        assert len(came) == 2

    scene(play)


def test_nobody_is_held_any_more_when_core_ends() -> None:
    async def play(room: Room) -> None:
        room.beats.show(TAKEN)
        first = await room.looks()
        held = asyncio.create_task(room.looks(seen=first.seq))
        await asyncio.sleep(0)
        room.beats.end()
        await held
        room.beats.show(Board())
        last = await room.looks(holds=False)

        assert (await room.looks(seen=last.seq)).seq == last.seq

    scene(play, held_seconds=3600)


def test_a_beat_is_read_as_it_was_written() -> None:
    told = Beat(
        seq=813,
        now=NOW,
        world="live",
        watch=WatchState.THIN,
        on_watch=4,
        fallback=TAKEN.fallback,
        alarms=(alarm(),),
        more=2,
    )
    said = framed(write_beat(told))

    assert read_beat(said) == told
    with pytest.raises(NobodyAnswersError):
        read_beat({**said, "watch": 4})


def test_a_desk_is_watched_for_the_other_side_while_an_officer_has_it_and_a_screen_is_seen() -> None:
    async def tried(room: Room) -> list[bool]:
        seen = [room.beats.is_watched]
        room.beats.show(Board(on_watch=4))
        seen.append(room.beats.is_watched)
        await room.looks()
        seen.append(room.beats.is_watched)
        room.beats.show(Board(on_watch=None))
        return [*seen, room.beats.is_watched]

    assert asyncio.run(tried(Room())) == [False, False, True, False]


def test_a_desk_of_which_core_knows_nothing_any_more_is_not_watched() -> None:
    async def tried(room: Room) -> None:
        room.beats.show(Board(on_watch=4))
        await room.looks()
        assert room.beats.is_watched
        room.time.at += STALE_SECONDS + 1
        assert not room.beats.is_watched

    asyncio.run(tried(Room()))
