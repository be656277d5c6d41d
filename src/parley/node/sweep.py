"""What should ring against what rang: one sweep over the open calls, the roster and now.

    open calls × who can be rung × now ──▶ rungs ──▶ screens    an alarm for each call that rings
                                                └──▶ phones     a ring for each stroke and person: once

A stroke has one name for ever (Spec §12.10.1), and the pager rings no name twice: so this asks each time for
all that is due, forgets everything with the process, and after a crash asks for just the same. What nobody
waits for any more is ended. A ring that no machine took makes the next rung earlier; what rang once rings on
until somebody speaks, whatever phones and screens say meanwhile.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

from parley.gates.pager.ring import CallClass, Reason, Ring
from parley.node.opened import OpenCall
from parley.node.rungs import Hands, Rang, Rungs, rungs
from parley.protocol.clauses import Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bell import Bell, Cause
from parley.protocol.hotline.bodies import Opening
from parley.protocol.hotline.codes import Nature
from parley.watch.beats import AlarmRow

RUNG_AT_ONCE: Final = 3
"""For so many calls of one link a person is rung at a time, the worst first: a flood is no siege."""
LATELY_SECONDS: Final = 60
"""A call that rings no more still counts for so long: withdrawn and opened anew, it is no siege either."""
UNDER_WAY: Final = 4
"""So many strokes of a rung at a person may still be under way, at one provider after the other."""
SLACK_SECONDS: Final = 5
"""A stroke may be rung so much later than it is due; the next one is on time all the same."""

_CLASSES: Final[Mapping[Nature, CallClass]] = MappingProxyType(
    {Nature.REAL: CallClass.REAL, Nature.SERVICE: CallClass.SERVICE, Nature.TEST: CallClass.TEST}
)
_NATURES: Final = tuple(Nature)

_log = logging.getLogger(__name__)


Badness: TypeAlias = tuple[int, str]
"""What a call is, and how urgent: the less, the worse."""


class Bells(Protocol):
    """What of the pager is needed here."""

    def ring(self, ring: Ring) -> None: ...
    def end(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """A stroke that is due: whom it rings, for which call, under which name."""

    opened: OpenCall
    person: int
    rung: Rung
    place: int
    since: int
    repeat: int
    key: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was found for a call at `at`, by these hands: it holds until the next rung is reached."""

    call: Call
    hands: Hands
    failed: tuple[Rung, ...]
    at: int
    found: Rungs
    alarm: AlarmRow | None

    def holds(self, call: Call, now: int, *, hands: Hands, failed: tuple[Rung, ...]) -> bool:
        if self.call is not call or self.hands is not hands or self.failed != failed:
            return False
        return self.at <= now and (self.found.next_at is None or now < self.found.next_at)


class Sweep:
    """The ringing of `node`. Not for use by two threads at once, but for `told`, which any may call."""

    def __init__(self, node: str, bells: Callable[[], Bells | None]) -> None:
        self._node = node
        self._bells = bells
        self._news: SimpleQueue[tuple[str, bool, int | None]] = SimpleQueue()
        self._lost: set[tuple[str, int]] = set()
        self._rung_at: dict[tuple[str, int], tuple[int, str]] = {}
        self._lately: dict[tuple[int, str], dict[str, tuple[int, Badness]]] = {}
        self._recalled: dict[str, set[tuple[str, int]]] = {}
        self._before: dict[bytes, _Known] = {}
        self._hands: Hands | None = None
        self._rung: dict[tuple[str, Rung, int], tuple[str, ...]] = {}

    def told(self, key: str, *, is_lost: bool, asked: int | None = None) -> None:
        """Take word that no machine took the ring `key`, or that one did, or may have.

        `asked` is when it was asked for, of what was rung before this began.
        """
        self._news.put((key, is_lost, asked))

    def has_lost(self, person: int) -> bool:
        """Return whether no machine took the last ring of `person`, for any call that is open."""
        return any(who == person for _call, who in self._lost)

    def wants(self, key: str) -> bool:
        """Return whether, as of the last sweep, the person of this ring is still to be rung for its call."""
        match key.split("/"):
            case [call, _node, _rung, _since, _stroke, person] if person.isdecimal():
                return any((call, int(person)) == (name, who) for name, _at, who in self._rung)
            case _:
                return True

    def sweep(self, calls: Iterable[OpenCall], hands: Hands, now: int) -> tuple[AlarmRow, ...]:
        """Ring all that is due at `now`, end what is not any more, and return what rings, worst first."""
        self._hear()
        # Told apart by identity below: equal hands are the same hands.
        hands = self._hands = self._hands if self._hands == hands else hands
        alarms: list[AlarmRow] = []
        ringing: list[tuple[OpenCall, tuple[Rang, ...]]] = []
        open_calls = sorted(calls, key=_badness)
        for opened in open_calls:
            known: _Known | None
            try:
                known = self._known(opened, now, hands=hands)
            except Exception:  # noqa: BLE001 - one call that cannot be worked out must not silence the others
                _log.exception("nobody knows whom %s %s rings; it rings as before", opened.link, opened.place)
                known = self._before.get(opened.call.id)
            if known is not None and known.alarm is not None:
                alarms.append(known.alarm)
                ringing.append((replace(opened, call=known.call), known.found.rung))
        self._ring(self._due(ringing, hands, now), now)
        self._forget(open_calls)
        return tuple(alarms)

    def _known(self, opened: OpenCall, now: int, *, hands: Hands) -> _Known:
        call, bell = opened.call, opened.call.bells[self._node]
        failed = self._failed(opened.name, hands) if self._lost else ()
        before = self._before.get(call.id)
        if before is not None and before.holds(call, now, hands=hands, failed=failed):
            return before
        if before is None:
            earlier = self._recalled.pop(opened.name, set())
        else:
            earlier = {(each.rung.value, each.since) for each in before.found.rung}
        rang = tuple(_still(bell, earlier))
        found = rungs(call, self._node, now, hands=hands, failed=failed, before=rang)
        known = self._before[call.id] = _Known(
            call=call,
            hands=hands,
            failed=failed,
            at=now,
            found=found,
            alarm=self._alarm(opened, found) if found.rung else None,
        )
        return known

    def _forget(self, calls: Collection[OpenCall]) -> None:
        known = {opened.call.id for opened in calls}
        names = {opened.name for opened in calls}
        self._lost = {each for each in self._lost if each[0] in names}
        self._recalled = {name: each for name, each in self._recalled.items() if name in names}
        self._rung_at = {whose: each for whose, each in self._rung_at.items() if whose[0] in names}
        self._before = {opened: each for opened, each in self._before.items() if opened in known}

    def _hear(self) -> None:
        while True:
            try:
                key, is_lost, asked = self._news.get_nowait()
            except Empty:
                return
            match key.split("/"):
                case [call, _node, rung, since, _stroke, person] if person.isdecimal():
                    whose = (call, int(person))
                    (self._lost.add if is_lost else self._lost.discard)(whose)
                    if asked is not None:
                        self._rung_at[whose] = (asked, key)
                        self._recalled.setdefault(call, set()).add((rung, int(since)))
                case _:
                    # A proof, or a test from the command line: nobody's rung.
                    continue

    def _failed(self, call: str, hands: Hands) -> tuple[Rung, ...]:
        return tuple(
            rung
            for rung, persons in hands.persons.items()
            if all((call, person) in self._lost for person in persons)
        )

    def _due(
        self, ringing: Collection[tuple[OpenCall, tuple[Rang, ...]]], hands: Hands, now: int
    ) -> Iterator[_Due]:
        """Yield the strokes that are due, the worst call's first, and no more than a person may get."""
        count: dict[tuple[int, str], int] = {}
        everybody = {person for persons in hands.persons.values() for person in persons}
        full: dict[str, int] = {}
        over = self._over(ringing, now)
        for opened, rung in ringing:
            if full.get(opened.link, 0) == len(everybody):
                continue
            for each in self._strokes(opened, rung, hands=hands, now=now):
                whose = (each.person, opened.link)
                count[whose] = count.get(whose, 0) + 1
                if count[whose] == RUNG_AT_ONCE:
                    full[opened.link] = full.get(opened.link, 0) + 1
                worse = sum(how <= _badness(opened)[:2] for how in over.get(whose, ()))
                if count[whose] + worse <= RUNG_AT_ONCE:
                    yield each

    def _over(
        self, ringing: Collection[tuple[OpenCall, tuple[Rang, ...]]], now: int
    ) -> Mapping[tuple[int, str], tuple[Badness, ...]]:
        """Return how bad each call was for which a person was rung just now, and that rings no more."""
        names = {opened.name for opened, _rung in ringing}
        self._lately = {
            whose: kept
            for whose, calls in self._lately.items()
            # A clock that was ahead must not keep anybody from being rung until it gets there.
            if (kept := {name: each for name, each in calls.items() if now - LATELY_SECONDS < each[0] <= now})
        }
        return {
            whose: tuple(how for name, (_at, how) in calls.items() if name not in names)
            for whose, calls in self._lately.items()
        }

    def _strokes(
        self, opened: OpenCall, ringing: Iterable[Rang], *, hands: Hands, now: int
    ) -> Iterable[_Due]:
        """Return the strokes of one call: a person with two rungs is rung at the lower one alone."""
        found: dict[int, _Due] = {}
        clauses = opened.call.bells[self._node].clauses
        ladder = [step.rung for step in clauses.ladder]
        for each in ringing:
            stroke = f"{each.rung.value}/{each.since}/{1 + (now - each.since) // clauses.repeat}"
            for person in hands.persons.get(each.rung, ()):
                found.setdefault(
                    person,
                    _Due(
                        opened=opened,
                        person=person,
                        rung=each.rung,
                        place=ladder.index(each.rung),
                        since=each.since,
                        repeat=clauses.repeat,
                        key=f"{opened.name}/{self._node}/{stroke}/{person}",
                        reason=_reason(each, opened.call),
                    ),
                )
        return found.values()

    def _ring(self, due: Iterable[_Due], now: int) -> None:
        """Ring what is due, and end all other rings."""
        bells = self._bells()
        wanted: dict[tuple[str, Rung, int], tuple[str, ...]] = {}
        for each in due:
            if bells is not None and self._may_ring(each, now):
                bells.ring(_ring_of(each))
            place = (each.opened.name, each.rung, each.person)
            _at, key = self._rung_at.get((each.opened.name, each.person), (now, each.key))
            before = self._rung.get(place, ())
            wanted[place] = before if key in before else (*before, key)[-UNDER_WAY:]
        if bells is not None:
            for place, keys in self._rung.items():
                for key in keys if place not in wanted else ():
                    bells.end(key)
        self._rung = wanted

    def _may_ring(self, due: _Due, now: int) -> bool:
        """Return whether the person was not rung for the same silence under another name just now.

        The same rung may be due since another instant after a crash, when screens are not seen yet; that
        is the same silence, and the next minute is soon enough.
        """
        whose = (due.opened.name, due.person)
        at, key = self._rung_at.get(whose, (None, ""))
        if at is not None and key != due.key and due.since <= at <= now < at + due.repeat - SLACK_SECONDS:
            return False
        if key != due.key:
            self._rung_at[whose] = (now, due.key)
            lately = self._lately.setdefault((due.person, due.opened.link), {})
            lately[due.opened.name] = (now, _badness(due.opened)[:2])
        return True

    def _alarm(self, opened: OpenCall, found: Rungs) -> AlarmRow:
        said = _opening(opened.call)
        first = min(found.rung, key=lambda each: each.since)
        return AlarmRow(
            link=opened.link,
            call=opened.name,
            place=opened.place,
            nature=said.nature.value,
            urgency=said.urgency,
            cause=first.cause.value,
            rung=found.rung[-1].rung.value,
            since=first.since,
            next_rung=None if found.next_rung is None else found.next_rung.value,
            next_at=found.next_at,
            is_ours=opened.call.caller == self._node,
        )


def _still(bell: Bell, rang: Collection[tuple[str, int]]) -> Iterator[Rang]:
    """Yield what rang, rung by rung since when, as far as it is for what is owed now.

    A rung is rung since an alarm or so many minutes of the ladder after it: what was rung since any other
    instant was rung for words that were answered.
    """
    causes = {at: Cause.OWN_RUNG for _rung, at in bell.pressed}
    for alarm in bell.alarms:
        causes |= {alarm.since + after: alarm.cause for _step, after in bell.clauses.climb(bell.urgency)}
    for step in bell.clauses.ladder:
        times = [since for rung, since in rang if rung == step.rung.value and since in causes]
        if times:
            since = min(times)
            yield Rang(rung=step.rung, cause=causes[since], since=since)


def _opening(call: Call) -> Opening:
    said = call.opened.said
    assert isinstance(said, Opening), "a call is opened by an opening"
    return said


def _badness(opened: OpenCall) -> tuple[int, str, int, str]:
    """Return what puts the worst call first: what is meant before what is not, the urgent, the oldest."""
    said = _opening(opened.call)
    return (_NATURES.index(said.nature), said.urgency, opened.call.opened.effective, opened.place)


def _reason(each: Rang, call: Call) -> Reason:
    is_first = each.cause is Cause.TAKE or (each.cause is Cause.OWN_RUNG and not call.takings)
    return Reason.CALL if is_first else Reason.AGAIN


def _ring_of(due: _Due) -> Ring:
    said = _opening(due.opened.call)
    return Ring(
        key=due.key,
        person=due.person,
        reason=due.reason,
        rung=due.place,
        link=due.opened.link,
        urgency=said.urgency,
        call_class=_CLASSES[said.nature],
    )
