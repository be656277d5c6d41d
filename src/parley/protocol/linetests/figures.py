"""Figures of line and people: how the tests of each kind went, and how long an answer took.

The machine test measures the line, the others the people. Whole numbers only, so that both nodes print the
same; of an even count the lower median. Source: Spec §13.7.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parley.protocol.clauses import LineTest
from parley.protocol.linetests.periods import Period, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How one test went in the periods that are over, each count in periods.

    `taken` and `answered` are medians in seconds of those that were, by the testers' clocks; None: none was.
    """

    test: LineTest
    ok: int
    late: int
    failed: int
    not_held: int
    taken: int | None
    answered: int | None

    @property
    def total(self) -> int:
        """Return of how many periods the result is known."""
        return self.ok + self.late + self.failed + self.not_held


def figures(periods: Sequence[Period], *, cut: int) -> tuple[Figure, ...]:
    """Return a figure for each test that has periods, by what was had at `cut`."""
    tests = dict.fromkeys(period.test for period in periods)
    return tuple(_figure(test, [each for each in periods if each.test is test], cut=cut) for test in tests)


def _figure(test: LineTest, periods: Sequence[Period], *, cut: int) -> Figure:
    results = [period.result for period in periods]
    trials = [period.trial for period in periods if period.trial is not None]
    return Figure(
        test=test,
        ok=results.count(Result.OK),
        late=results.count(Result.LATE),
        failed=results.count(Result.FAILED),
        not_held=results.count(Result.NOT_HELD),
        taken=_median(t.taken - t.began for t in trials if t.taken is not None and t.taken <= cut),
        answered=_median(
            t.answered - t.began for t in trials if t.answered is not None and t.answered <= cut
        ),
    )


def _median(seconds: Iterable[int]) -> int | None:
    found = sorted(seconds)
    return found[(len(found) - 1) // 2] if found else None
