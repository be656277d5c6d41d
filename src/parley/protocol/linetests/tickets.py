"""Fault tickets: a test that failed or was not held, until it is explained and a later one went well.

A ticket is no statement: both sides see it, since both fold the same record. It is named by the test and its
period. The side *concerned* is the one that was silent: whose turn it was, if the test was not held, else
the one that did not answer. It is over when that side has declared a cause, and a later test of the kind
went well.

Silence can be read in two ways, a fault of the line or a matter of people. What the record holds for the one
and for the other stands side by side, and nothing here decides between them. Source: Spec §13.5.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.clauses import LineTest
from parley.protocol.linetests.periods import Calendar, Period, Result, result_of
from parley.protocol.linetests.trials import Declared, Sign, Trial, declared

_SILENT: Final = frozenset({Result.FAILED, Result.NOT_HELD})


class Clue(Enum):
    """What the record holds for one of the two readings of a silence."""

    NOT_REACHED = "not_reached"
    MACHINE_FAILED = "machine_failed"
    REACHED = "reached"
    TAKEN = "taken"
    MACHINE_OK = "machine_ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One failure. `causes` are the newest word of each side; `mended_at`, when a later test had its answer.

    `line` is what speaks for a fault of the line, `people` what speaks for a matter of people.
    """

    period: Period
    concerned: str
    causes: Mapping[str, Declared]
    mended_at: int | None
    line: tuple[Clue, ...]
    people: tuple[Clue, ...]

    @property
    def name(self) -> str:
        """Return how people call it."""
        return f"{self.period.test.value}-{self.period.number}"

    @property
    def is_open(self) -> bool:
        """Return whether an explanation is missing, or a test that goes well."""
        return self.concerned not in self.causes or self.mended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What tickets are told from: every test that was held, and everything that was said about the line."""

    trials: Sequence[Trial]
    signs: Sequence[Sign]
    calendar: Calendar
    cut: int


def tickets(periods: Sequence[Period], known: Known) -> tuple[Ticket, ...]:
    """Return a ticket for each period that was silent, in the order of the periods."""
    machine = [each for each in periods if each.test is LineTest.MACHINE]
    return tuple(_ticket(each, known, machine=machine) for each in periods if each.result in _SILENT)


def _ticket(period: Period, known: Known, *, machine: Sequence[Period]) -> Ticket:
    trial, nodes = period.trial, known.calendar.nodes
    other = nodes[1] if period.turn == nodes[0] else nodes[0]
    said = dict(declared(known.signs, test=period.test, number=period.number, cut=known.cut))
    closed = {} if trial is None else {n: each for n, each in trial.causes.items() if each.at <= known.cut}
    causes = {**closed, **said}
    clues = tuple(_clues(period, machine, cut=known.cut))
    return Ticket(
        period=period,
        concerned=period.turn if trial is None else other,
        causes={node: causes[node] for node in nodes if node in causes},
        mended_at=_mended_at(period, known),
        line=tuple(each for each in clues if each in {Clue.NOT_REACHED, Clue.MACHINE_FAILED}),
        people=tuple(each for each in clues if each not in {Clue.NOT_REACHED, Clue.MACHINE_FAILED}),
    )


def _mended_at(period: Period, known: Known) -> int | None:
    """Return when the first later test of the kind that went well had its answer, whoever began it."""
    after = period.ends if period.trial is None else period.trial.began + 1
    return min(
        (
            trial.answered
            for trial in known.trials
            if trial.test is period.test
            and after <= trial.began <= known.cut
            and trial.answered is not None
            and _result(trial, known) is Result.OK
        ),
        default=None,
    )


def _result(trial: Trial, known: Known) -> Result:
    _begins, ends = known.calendar.span(trial.test, known.calendar.number(trial.test, trial.began))
    return result_of(trial, ends=ends, cut=known.cut)


def _clues(period: Period, machine: Sequence[Period], *, cut: int) -> Iterator[Clue]:
    trial = period.trial
    if trial is not None:
        had = trial.reached is not None and trial.reached <= cut
        yield Clue.REACHED if had else Clue.NOT_REACHED
        if trial.taken is not None and trial.taken <= cut:
            yield Clue.TAKEN
    if period.test is LineTest.MACHINE:
        return
    begins = period.begins if trial is None else trial.began
    ends = period.ends if trial is None else trial.began + trial.limit
    beside = {each.result for each in machine if each.begins < ends and each.ends > begins}
    if not beside.isdisjoint(_SILENT):
        yield Clue.MACHINE_FAILED
    if Result.OK in beside:
        yield Clue.MACHINE_OK
