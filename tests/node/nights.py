"""Random nights at a desk: calls, people who answer or do not, dead phones, holes, screens that go, crashes.

    ./run shell python -m tests.node.nights 10000     plays so many; prints the first that fails, or figures

A night is one side's ringing over some forty minutes, second by second where it matters, all of it real
(record, fold, ladder, sweep) but the phones and the clock. After each sweep it is asked of every call, by
counting and nothing else: is it shown, was everybody rung whose minute it is, and nobody twice?

    shown     what is owed and due stands on the screens, or the call is stopped, taken, over         (U-01)
    rung      whoever is due was asked within the last minute; holes, screens and dead phones pass on (U-03)
    kept      who was rung goes on being rung until somebody speaks, whatever carriers report         (U-04)
    once      in the minute after a ring nobody is rung again for the same words, also after a crash

Change a rule, and nights find it: `test_ringer_nights.py`.
"""

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from parley.gates.pager.ring import Ring
from parley.node.rungs import Hands, hands
from parley.node.sweep import Sweep
from parley.protocol.act import id_text
from parley.protocol.hotline.apply import Call
from parley.watch.policy import Person
from tests.node.desks import ON_WATCH, PEOPLE, RUNG_OF, House, Phones, roster
from tests.protocol.callers import TYPED_WRONG, Night
from tests.protocol.world import MINUTE, A, B, Statement

CALLS: Final = 3
STEPS: Final = 90
LONGEST_STEP: Final = 45
URGENT: Final = ("U0", "U1")
LATE: Final = 9
"""A stroke is rung at the first sweep after it falls, which may be so late; the next one is on time."""


class BrokenError(AssertionError):
    """Something was missed, or rung twice."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What rings, and how much of it lives through a crash; a test breaks one of them."""

    sweep: type[Sweep] = Sweep
    hands: Callable[[Hands], Hands] = lambda each: each
    remembers: bool = True


@dataclass
class Carriers(Phones):
    """Phones whose carriers report as they like; whom they asked to ring, and when."""

    now: int = 0
    rung: list[tuple[int, Ring]] = field(default_factory=list)
    waiting: list[tuple[int, str]] = field(default_factory=list)

    def ring(self, ring: Ring) -> None:
        if ring.key not in self.known:
            self.rung.append((self.now, ring))
            self.waiting.append((self.now, ring.key))
        super().ring(ring)


class Shift:
    """One night of one side, played from a seed."""

    def __init__(self, seed: int, rules: Rules) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a night that can be played again
        self.rules = rules
        self.night = Night()
        self.node = self.dice.choice((A, B, B))
        self.phones = Carriers()
        self.people = set(PEOPLE.values())
        self.unproved: set[int] = set()
        self.dead: set[int] = set()
        self.lost: dict[tuple[str, int], bool] = {}
        self.is_watched = self.dice.random() < 0.6
        self.down_until = 0
        self.calls: list[Statement] = []
        self.folded: dict[bytes, Call] = {}
        self.changed_at: dict[str, int] = {}
        self.figures: dict[str, int] = {}
        self.house = House(self.night, node=self.node, phones=self.phones)
        self._starts()

    @property
    def now(self) -> int:
        return self.night.world.now

    def play(self) -> None:
        """Play the night to its end.

        Raises:
            BrokenError: a rule did not hold.
        """
        for _ in range(STEPS):
            self._act()
            self._pass(self.dice.choice((1, 2, 5, 10, 20, LONGEST_STEP)))

    # ---- What happens

    def _act(self) -> None:
        acts = (self._speak, self._speak, self._screen, self._phone, self._hole, self._crash)
        if self.dice.random() < 0.35:
            self.dice.choice(acts)()
        if len(self.calls) < CALLS and self.dice.random() < (0.3 if not self.calls else 0.03):
            by, to = self.dice.choice((A, A, B)), self.dice.choice((None, None, None, "vice_minister"))
            urgency = self.dice.choice(("U0", "U0", "U1", "U2"))
            self.calls.append(self.night.opens(by=by, to=to, urgency=urgency))
            self._count("calls")
            self._fold()

    def _speak(self) -> None:
        if not self.calls or self.dice.random() < 0.5:
            return
        call, by = self.dice.choice(self.calls), self.dice.choice((A, B))
        match self.dice.randrange(8):
            case 0 | 1:
                self.night.takes(call, by=by, rung=self.dice.choice(("duty_desk", "director", "minister")))
            case 2:
                self.night.reads_back(call, by=by)
            case 3:
                self.night.reads_back(call, by=by, host=TYPED_WRONG)
            case 4 | 5:
                self.night.says(call, "holding", by=by, next_word=self.now + self.dice.choice((60, 600)))
            case 6:
                to = self.dice.choice(({}, {"to": "director"}))
                self.night.writes("call.said", by, {"sort": "question", **to}, re=call)
            case _:
                self.night.closes(call, by=by)
        self._count("words")
        self._fold()

    def _fold(self) -> None:
        before = self.folded
        self.folded = {call.id: self.night.call(call) for call in self.calls}
        for opened, call in self.folded.items():
            if opened not in before or before[opened].bells[self.node] != call.bells[self.node]:
                self.changed_at[id_text(opened)] = self.now

    def _screen(self) -> None:
        self.is_watched = not self.is_watched
        self._count("screens")

    def _phone(self) -> None:
        self.dead ^= {self.dice.choice(tuple(PEOPLE.values()))}
        self._count("phones")

    def _hole(self) -> None:
        number = self.dice.choice(tuple(PEOPLE.values()))
        (self.people if self.dice.random() < 0.6 else self.unproved).symmetric_difference_update({number})
        self._count("holes")

    def _crash(self) -> None:
        self.down_until = self.now + self.dice.choice((0, 2, 30, 200))
        self._starts()
        self._count("crashes")

    def _starts(self) -> None:
        if not self.rules.remembers:
            self.phones.known.clear()
        self.sweep = self.rules.sweep(self.node, lambda: self.phones)
        self.lost.clear()
        # As `Phones.look` does: what was rung before, when, and whether it was lost.
        for at, ring in self.phones.rung[-200:] if self.rules.remembers else ():
            is_lost = ring.person in self.dead and (at, ring.key) not in self.phones.waiting
            self.sweep.told(ring.key, is_lost=is_lost, asked=at)

    def _pass(self, seconds: int) -> None:
        """Let time go by; sweep where something may fall due, as core does every two seconds."""
        end = self.now + seconds
        while self.now < end:
            self.night.world.wait(min(self.dice.choice((2, 2, 7)), end - self.now))
            if self.now < self.down_until:
                continue
            self._report()
            self._sweep()

    def _report(self) -> None:
        """Let the carriers report of what they took long enough ago: lost, taken, or nothing for ever."""
        for at, key in [each for each in self.phones.waiting if each[0] + 5 <= self.now]:
            self.phones.waiting.remove((at, key))
            number = int(key.rpartition("/")[2])
            if number in self.dead:
                self.sweep.told(key, is_lost=True)
                self.lost[key.partition("/")[0], number] = True
            elif self.dice.random() < 0.8:
                self.sweep.told(key, is_lost=False)
                self.lost[key.partition("/")[0], number] = False

    # ---- What must be so

    def _sweep(self) -> None:
        self.phones.now = self.now
        found = self.rules.hands(self._hands())
        opened = self.house.opened_of(self.folded)
        shown = {each.call for each in self.sweep.sweep(opened, found, self.now)}
        self._count("sweeps")
        for each in opened:
            is_due = self._is_due(each.call)
            if is_due is not (each.name in shown):
                self._broken(
                    "is shown and nothing is due" if each.name in shown else "is not shown", each.name
                )
            if is_due:
                self._count("rings")
                self._check_rung(each.name, each.call)
                self._check_kept(each.name, each.call)
            else:
                self._check_quiet(each.name)
            self._check_once(each.name)

    def _hands(self) -> Hands:
        now = self.now
        found = roster(now, without=tuple(set(PEOPLE.values()) - self.people), unproved=tuple(self.unproved))
        return hands(
            found,
            now,
            rings=_has_ways,
            has_watch=ON_WATCH if self.is_watched else None,
            is_watched=self.is_watched,
        )

    def _is_due(self, call: Call) -> bool:
        bell = call.bells[self.node]
        return bool(bell.pressed) or any(alarm.since <= self.now for alarm in bell.alarms)

    def _on_duty(self, number: int) -> bool:
        return number in self.people or (number == ON_WATCH and self.is_watched)

    def _check_rung(self, name: str, call: Call) -> None:
        bell = call.bells[self.node]
        for rung, _since in bell.pressed:
            number = next(who for who, each in RUNG_OF.items() if each is rung)
            if self._on_duty(number):
                self._was_asked(name, number)
        for alarm in bell.alarms:
            if alarm.since > self.now or bell.urgency not in URGENT:
                continue
            for number, after in self._climb(call, name):
                if alarm.since + after <= self.now and self._on_duty(number):
                    self._was_asked(name, number)

    def _check_kept(self, name: str, call: Call) -> None:
        bell = call.bells[self.node]
        instants = (*(alarm.since for alarm in bell.alarms), *(since for _rung, since in bell.pressed))
        since = max(min(instants), self.changed_at[name] + 1)
        rung = {ring.person for at, ring in self.phones.rung if at >= since and ring.key.startswith(name)}
        for number in filter(self._on_duty, rung):
            self._was_asked(name, number)

    def _climb(self, call: Call, name: str) -> Iterator[tuple[int, int]]:
        """Yield whom silence reaches, after how many seconds: who cannot be counted on passes it on."""
        bell = call.bells[self.node]
        waits: int | None = None if self.is_watched else 0
        for step in bell.clauses.ladder[1:]:
            after = step.after[bell.urgency]
            number = next(who for who, rung in RUNG_OF.items() if rung is step.rung)
            is_sure = self._on_duty(number) and number not in self.unproved
            is_sure = is_sure and not self.lost.get((name, number), False)
            if is_sure:
                yield number, after if waits is None else min(after, waits)
                waits = None
                continue
            yield number, after
            waits = after if waits is None else min(waits, after)

    def _was_asked(self, name: str, number: int) -> None:
        last = self._last(name, number)
        if last is None or last <= self.now - MINUTE:
            self._broken(f"rings, and officer {number} was last asked at {last}", name)

    def _check_quiet(self, name: str) -> None:
        if any(at == self.now and ring.key.startswith(name) for at, ring in self.phones.rung[-20:]):
            self._broken("rings somebody, and nothing is due", name)

    def _check_once(self, name: str) -> None:
        # What is said is said after the sweep of its second: what rang then rang for the words before.
        for number in PEOPLE.values():
            times = [
                at
                for at, ring in self.phones.rung[-60:]
                if ring.person == number and ring.key.startswith(name) and at > self.changed_at[name]
            ]
            if any(later - earlier < MINUTE - LATE for earlier, later in pairwise(times)):
                self._broken(f"rang officer {number} twice: {times[-4:]}", name)

    def _last(self, name: str, number: int) -> int | None:
        times = (at for at, ring in self.phones.rung if ring.person == number and ring.key.startswith(name))
        return max(times, default=None)

    def _broken(self, what: str, name: str) -> None:
        raise BrokenError(f"at {self.now} call {name[:6]} {what}")

    def _count(self, what: str) -> None:
        self.figures[what] = self.figures.get(what, 0) + 1


def _has_ways(each: Person) -> bool:
    return bool(each.contacts)


def play(seed: int, rules: Rules) -> dict[str, int]:
    """Play one night, and return how much happened.

    Raises:
        BrokenError: a rule did not hold.
    """
    shift = Shift(seed, rules)
    shift.play()
    return shift.figures


def main(count: int, first: int = 0) -> int:
    """Play `count` nights, and return the exit code."""
    totals: dict[str, int] = {}
    for seed in range(first, first + count):
        try:
            figures = play(seed, Rules())
        except BrokenError as error:
            sys.stdout.write(f"night {seed}: {error}\n")
            return 1
        for what, times in figures.items():
            totals[what] = totals.get(what, 0) + times
    sys.stdout.write(
        f"{count} nights from {first}: " + ", ".join(f"{n} {w}" for w, n in sorted(totals.items()))
    )
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in sys.argv[1:])))
