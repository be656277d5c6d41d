"""The calendar of tests, and what came of each: a pure function of the record and of a cut in time.

    open       its time is not over: not held yet, or no answer yet
    ok         answered within the limit
    late       answered later; or its opening reached the other side when the period was long over
    failed     held, and no answer within the limit, up to the cut
    not_held   nobody began it, and its time is over

The first test that the side whose turn it is begins in a period counts for it: who tries again until it goes
well changes nothing. Later tests, and those of the other side, only mend (`tickets.py`). A tester that dates
its opening back into a period that is over is not believed beyond the other side's clock. So no clock is
believed where lying would gain anything. Source: Spec §13.4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.clauses import Clauses, LineTest
from parley.protocol.linetests.trials import Trial
from parley.protocol.officetime import DAY_SECONDS

# Of each test so many periods are told, the newest: five years of the rarest.
MOST: Final = 60


class Result(Enum):
    """What came of a test in one period."""

    OPEN = "open"
    OK = "ok"
    LATE = "late"
    FAILED = "failed"
    NOT_HELD = "not_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period of one test: from `begins` to before `ends`; `turn` is the node that begins it."""

    test: LineTest
    number: int
    begins: int
    ends: int
    turn: str
    result: Result
    trial: Trial | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the periods are counted by: the clauses, parties A and B, and since when the link is open."""

    clauses: Clauses
    nodes: tuple[str, str]
    opened_at: int

    def number(self, test: LineTest, at: int) -> int:
        """Return the number of the period of `test`, one that is agreed, in which `at` lies."""
        return at // DAY_SECONDS // self.clauses.tests[test]

    def span(self, test: LineTest, number: int) -> tuple[int, int]:
        """Return when a period of `test`, one that is agreed, begins and ends."""
        seconds = self.clauses.tests[test] * DAY_SECONDS
        return number * seconds, (number + 1) * seconds

    def turn(self, test: LineTest, number: int) -> str:
        """Return the node that begins `test`, one that is agreed, in a period."""
        letter = self.clauses.tester(test, self.span(test, number)[0])
        return self.nodes[0 if letter == "A" else 1]


def result_of(trial: Trial, *, ends: int, cut: int) -> Result:
    """Return what came of a test that was held in a period that ends at `ends`, by what was had at `cut`."""
    if trial.answered is None or trial.answered > cut:
        return Result.OPEN if cut < trial.began + trial.limit else Result.FAILED
    if trial.answered > trial.began + trial.limit:
        return Result.LATE
    if trial.reached is not None and trial.reached > ends + trial.limit:
        return Result.LATE
    return Result.OK


def periods(trials: Sequence[Trial], calendar: Calendar, *, cut: int) -> tuple[Period, ...]:
    """Return the periods of all agreed tests up to the one that holds `cut`, test by test, oldest first."""
    return tuple(
        period
        for test in LineTest
        if test in calendar.clauses.tests
        for period in _periods([each for each in trials if each.test is test], test, calendar, cut=cut)
    )


def _periods(trials: Sequence[Trial], test: LineTest, calendar: Calendar, *, cut: int) -> Iterator[Period]:
    held: dict[tuple[int, str], Trial] = {}
    for each in sorted(trials, key=lambda trial: (trial.began, trial.id)):
        if each.began <= cut:
            held.setdefault((calendar.number(test, each.began), each.tester), each)
    last = calendar.number(test, cut)
    first = max(calendar.number(test, calendar.opened_at), last - MOST + 1)
    for number in range(first, last + 1):
        begins, ends = calendar.span(test, number)
        turn = calendar.turn(test, number)
        trial = held.get((number, turn))
        if trial is not None:
            result = result_of(trial, ends=ends, cut=cut)
        elif cut < ends:
            result = Result.OPEN
        elif begins < calendar.opened_at:
            # The link was opened in it: nobody had all of its time.
            continue
        else:
            result = Result.NOT_HELD
        yield Period(
            test=test, number=number, begins=begins, ends=ends, turn=turn, result=result, trial=trial
        )
