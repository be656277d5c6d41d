"""Random nights at a desk, and every rule of the ringing taken away once: the nights find it (U-01).

Ten thousand are played by: ./run shell python -m tests.node.nights 10000
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pytest

from parley.node.opened import OpenCall
from parley.node.rungs import Hands
from parley.node.sweep import Sweep
from parley.protocol.clauses import Rung
from parley.protocol.hotline.codes import State
from parley.watch.beats import AlarmRow
from tests.node.nights import BrokenError, Rules, play

NIGHTS: Final = 40
FOUND_WITHIN: Final = 60


@pytest.mark.parametrize("ten", range(NIGHTS // 10))
def test_no_open_call_is_ever_without_a_rung_that_rings_or_somebody_who_took_it_u_01(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        play(seed, Rules())


class ForgetsLost(Sweep):
    """A ring that no machine took changes nothing."""

    def told(self, key: str, *, is_lost: bool, asked: int | None = None) -> None:
        super().told(key, is_lost=is_lost and not key, asked=asked)


class BelievesCarriers(Sweep):
    """What a carrier took is thought to have reached a person."""

    def told(self, key: str, *, is_lost: bool, asked: int | None = None) -> None:
        super().told(key, is_lost=is_lost, asked=asked)
        if not is_lost and asked is None:
            self.__dict__.setdefault("reached", set()).add(key.partition("/")[0])

    def sweep(self, calls: Iterable[OpenCall], hands: Hands, now: int) -> tuple[AlarmRow, ...]:
        reached = self.__dict__.get("reached", set())
        return super().sweep((each for each in calls if each.name not in reached), hands, now)


class ForgetsTheTaken(Sweep):
    """A call that was taken rings no more, whatever is owed then."""

    def sweep(self, calls: Iterable[OpenCall], hands: Hands, now: int) -> tuple[AlarmRow, ...]:
        return super().sweep((each for each in calls if each.call.state is State.OPENED), hands, now)


class RingsTheWorstAlone(Sweep):
    """While one call rings, no other does."""

    def sweep(self, calls: Iterable[OpenCall], hands: Hands, now: int) -> tuple[AlarmRow, ...]:
        return super().sweep(tuple(calls)[:1], hands, now)


class BeginsAnewAfterACrash(Sweep):
    """What rang before a crash is unknown after it."""

    def told(self, key: str, *, is_lost: bool, asked: int | None = None) -> None:
        if asked is None:
            super().told(key, is_lost=is_lost)


class RingsUnderEveryName(Sweep):
    """A rung that is due since another instant is rung again at once."""

    def _may_ring(self, due: object, now: int) -> bool:
        return due is not None and now > 0


class StopsWhenThePhoneIsBack(Sweep):
    """Who was rung in place of a dead phone is let go when that phone answers again."""

    def sweep(self, calls: Iterable[OpenCall], hands: Hands, now: int) -> tuple[AlarmRow, ...]:
        self._before.clear()
        return super().sweep(calls, hands, now)


def desk_is_always_watched(found: Hands) -> Hands:
    return replace(found, sure=found.sure | {Rung.DUTY_DESK})


def everybody_can_be_counted_on(found: Hands) -> Hands:
    return replace(found, sure=found.known)


def nobody_above_the_desk(found: Hands) -> Hands:
    return replace(
        found, persons={rung: who for rung, who in found.persons.items() if rung is Rung.DUTY_PHONE}
    )


BROKEN: Final = {
    "forgets lost rings": Rules(sweep=ForgetsLost),
    "believes carriers": Rules(sweep=BelievesCarriers),
    "forgets the taken": Rules(sweep=ForgetsTheTaken),
    "rings the worst alone": Rules(sweep=RingsTheWorstAlone),
    "begins anew after a crash": Rules(sweep=BeginsAnewAfterACrash),
    "rings under every name": Rules(sweep=RingsUnderEveryName),
    "stops when the phone is back": Rules(sweep=StopsWhenThePhoneIsBack),
    "the desk is always watched": Rules(hands=desk_is_always_watched),
    "everybody can be counted on": Rules(hands=everybody_can_be_counted_on),
    "nobody above the desk": Rules(hands=nobody_above_the_desk),
    "the phones forget": Rules(remembers=False),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_every_rule_that_is_taken_away_is_missed(broken: str) -> None:
    def found() -> bool:
        for seed in range(FOUND_WITHIN):
            try:
                play(seed, BROKEN[broken])
            except BrokenError:
                return True
        return False

    assert found()
