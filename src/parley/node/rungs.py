"""Which rungs ring at this side, and who is rung at each. Pure: record, roster, screens, now are arguments.

The ladder itself is agreed (`protocol/hotline/ladder.py`). What stands here is only what our roster can do:

    rung             who                                        can be counted on
    duty_desk        whoever looks at a screen                  while a screen was in view within 20 s
    duty_phone       post desk, and who took the watch          while one of them has two proved ways
    second_officer   post second                                likewise
    director …       posts director, vice_minister, minister    likewise

A rung that cannot be counted on is rung all the same where anybody is, and passes its time on besides: the
next one rings earlier, never later. So a call at an unwatched desk rings the phone at once (U-03), and so
does one whose phone rang at no machine. Source: Spec §12.10.2; screens §4.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from parley.protocol.clauses import Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bell import Cause
from parley.protocol.hotline.ladder import climbing
from parley.watch.policy import Person, Post, Roster, is_reachable, on_watch

POSTS: Final[Mapping[Rung, Post]] = MappingProxyType(
    {
        Rung.DUTY_PHONE: Post.DESK,
        Rung.SECOND_OFFICER: Post.SECOND,
        Rung.DIRECTOR: Post.DIRECTOR,
        Rung.VICE_MINISTER: Post.VICE_MINISTER,
        Rung.MINISTER: Post.MINISTER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who can be rung now: officers' numbers by rung, and the rungs that can be counted on."""

    persons: Mapping[Rung, tuple[int, ...]]
    sure: frozenset[Rung]

    @property
    def known(self) -> frozenset[Rung]:
        """Return the rungs at which anybody is rung; the desk's screens always show what rings."""
        return frozenset({Rung.DUTY_DESK, *self.persons})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """A rung that rings: since when, and for what is owed. Its strokes follow from that (Spec §12.10.1)."""

    rung: Rung
    cause: Cause
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rungs:
    """What rings for a call now, in the order of the ladder, and what rings next if nobody acts."""

    rung: tuple[Rang, ...]
    next_rung: Rung | None
    next_at: int | None


def hands(
    roster: Roster,
    now: int,
    *,
    rings: Callable[[Person], bool],
    has_watch: int | None,
    is_watched: bool,
) -> Hands:
    """Return who can be rung at `now`.

    `rings` says whether a provider rings a person by any of his or her ways; `has_watch` is the officer who
    took the watch; `is_watched`, whether a screen is in view.
    """
    people = {each.number: each for each in roster.persons if each.is_active and rings(each)}
    duties = [(duty.post, duty.person) for duty in on_watch(roster, now)]
    if has_watch is not None:
        duties.append((Post.DESK, has_watch))
    persons = {
        rung: tuple(dict.fromkeys(who for at, who in duties if at is post and who in people))
        for rung, post in POSTS.items()
    }
    sure = {rung for rung, those in persons.items() if any(is_reachable(people[who], now) for who in those)}
    if is_watched:
        sure.add(Rung.DUTY_DESK)
    return Hands(persons={rung: those for rung, those in persons.items() if those}, sure=frozenset(sure))


def rungs(
    call: Call,
    node: str,
    now: int,
    *,
    hands: Hands,
    failed: Collection[Rung] = (),
    before: Collection[Rang] = (),
) -> Rungs:
    """Return what rings for `node` in `call` at `now`.

    At the rungs `failed` a ring was lost: no machine took it. They ring on, and the next comes earlier.
    `before` is what rang since the same words were said: it rings on, whatever the phones and screens say
    now, since nothing but a statement ends it (U-04).
    """
    clauses = call.bells[node].clauses
    order = [step.rung for step in clauses.ladder]
    bad = [rung for rung in order if rung in hands.known and (rung not in hands.sure or rung in failed)]
    since = {} if call.is_stopped else {each.rung: (each.since, each.cause) for each in before}
    # Each roster counts on one rung less, and can only make others earlier: for a rung that cannot be
    # counted on the next one is rung, and if neither can that be, the next besides.
    for count in range(len(bad) + 1):
        for rung, cause, at in climbing(call, node, roster=hands.known.difference(bad[:count])):
            if rung not in since or at < since[rung][0]:
                since[rung] = (at, cause)
    following = [(since[rung][0], rung) for rung in order if rung in since and since[rung][0] > now]
    next_at, next_rung = min(following, key=lambda each: each[0], default=(None, None))
    found = tuple(
        Rang(rung=rung, cause=since[rung][1], since=since[rung][0])
        for rung in order
        if rung in since and since[rung][0] <= now
    )
    return Rungs(rung=found, next_rung=next_rung, next_at=next_at)
