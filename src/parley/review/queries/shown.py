"""Figures as pages, tables and papers show them: every number under a name, with the places that it counts.

    b.example/all/-/inquiries                 all inquiries asked of B
    b.example/item/fraud_phishing/clocks/mitigate/missed
    a.example/calls/-/taken                   calls by A that were taken

A number's name is also what a comment names (Spec §18.2.1). Nothing is put together into one score.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parley.ledger.reading import LinkRow
from parley.protocol.inquiries.codes import Clock
from parley.protocol.linetests.figures import Figure
from parley.protocol.review.calling import CallPart
from parley.protocol.review.figures import Figures
from parley.protocol.review.numbers import SMALL, Duration, Remaining, Survival, survival
from parley.protocol.review.tally import SCORES, By, Part, Timing

HIGHEST = 3
Curve = tuple[Remaining, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number: its name, what it counts as a code of a table of words, and the places."""

    name: str
    code: str
    places: tuple[str, ...]

    @property
    def count(self) -> int:
        """Return the number."""
        return len(self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """One clock of a part. `median` and `p90` are seconds, None for a few or while too many are open."""

    clock: str
    whole: Number
    met: Number
    missed: Number
    overdue: Number
    open: Number
    few: tuple[Duration, ...]
    median: int | None
    p90: int | None
    curve: Curve

    @property
    def name(self) -> str:
        """Return by what its curve is called, in this period and in any other."""
        return self.whole.name.removesuffix("/whole")

    @property
    def due(self) -> int:
        """Return of how many it is known whether they were in time."""
        return self.met.count + self.missed.count + self.overdue.count

    @property
    def per_cent(self) -> int | None:
        """Return the share that was in time, rounded down; None for a few, of which nobody reads a share."""
        return None if self.due < SMALL else 100 * self.met.count // self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class PartShown:
    """The inquiries of one direction, or of one item, urgency or type in it."""

    asked: str
    is_ours: bool
    by: str
    of: str
    inquiries: Number
    items: Number
    marks: tuple[Number, ...]
    states: tuple[Number, ...]
    findings: tuple[Number, ...]
    grounds: tuple[Number, ...]
    scores: tuple[tuple[str, tuple[Number, ...]], ...]
    clocks: tuple[ClockRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsShown:
    """The calls of one side."""

    caller: str
    is_ours: bool
    urgency: str
    calls: Number
    marks: tuple[Number, ...]
    endings: tuple[Number, ...]
    few: tuple[Duration, ...]
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All figures of a review. `parts` are whole directions, `apart` what is told apart in them."""

    parts: tuple[PartShown, ...]
    apart: tuple[PartShown, ...]
    calls: tuple[CallsShown, ...]
    others: tuple[Number, ...]
    """Calls about the line and tests, by caller."""
    tests: tuple[Figure, ...]
    """The tests of the line, of which the periods are counted, and no statements."""

    def numbers(self) -> Iterator[Number]:
        """Yield every number."""
        for part in (*self.parts, *self.apart):
            yield from (part.inquiries, part.items, *part.marks, *part.states, *part.findings, *part.grounds)
            yield from (number for _score, numbers in part.scores for number in numbers)
            for row in part.clocks:
                yield from (row.whole, row.met, row.missed, row.overdue, row.open)
        for call in self.calls:
            yield from (call.calls, *call.marks, *call.endings)
        yield from self.others


def shown(figures: Figures, link: LinkRow) -> Shown:
    """Return the figures as pages show them."""
    parts = [_part(key, part, me=link.me) for key, part in figures.parts.items()]
    calls = figures.calls
    return Shown(
        parts=tuple(part for part in parts if part.by == By.ALL.value),
        apart=tuple(part for part in parts if part.by != By.ALL.value),
        calls=tuple(_calls(key, part, me=link.me) for key, part in calls.parts.items()),
        others=(*_others("service", calls.services), *_others("test", calls.tests)),
        tests=figures.tests,
    )


def counts_calls(name: str) -> bool:
    """Return whether a number of this name counts calls; all others count inquiries, or what is in them."""
    return "/calls/" in name or name.endswith("_calls")


def curves_of(figures: Figures) -> Mapping[str, Curve]:
    """Return the curve of each clock that has one, by its name (`ClockRow.name`)."""
    parts = (_part(key, part, me="") for key, part in figures.parts.items())
    return {row.name: row.curve for part in parts for row in part.clocks if row.curve}


def _calls(key: tuple[str, str], part: CallPart, *, me: str) -> CallsShown:
    caller, urgency = key
    name = f"{caller}/calls/{_code(urgency)}"
    few, found = _measured(part.taking)
    return CallsShown(
        caller=caller,
        is_ours=caller == me,
        urgency=urgency,
        calls=_number(name, "calls", part.calls),
        marks=_numbers(name, part.marks),
        endings=_numbers(f"{name}/endings", part.endings),
        few=few,
        median=None if found is None else found.median,
        p90=None if found is None else found.p90,
    )


def _others(sort: str, table: Mapping[str, Sequence[str]]) -> Iterator[Number]:
    for caller, places in sorted(table.items()):
        yield _number(f"{caller}/{sort}_calls", sort, places)


def _part(key: tuple[str, By, str], part: Part, *, me: str) -> PartShown:
    asked, by, of = key
    name = f"{asked}/{by.value}/{_code(of)}"
    return PartShown(
        asked=asked,
        is_ours=asked == me,
        by=by.value,
        of=of,
        inquiries=_number(f"{name}/inquiries", "inquiries", part.inquiries),
        items=_number(f"{name}/items", "items", part.items),
        marks=_numbers(name, part.marks),
        states=_numbers(f"{name}/states", part.states),
        findings=_numbers(f"{name}/findings", part.findings),
        grounds=_numbers(f"{name}/grounds", part.grounds),
        scores=_scores(name, part),
        clocks=tuple(
            _clock(f"{name}/clocks/{clock.value}", clock, part.timings[clock])
            for clock in Clock
            if clock in part.timings
        ),
    )


def _scores(name: str, part: Part) -> tuple[tuple[str, tuple[Number, ...]], ...]:
    def heights(score: str) -> Iterator[Number]:
        for height in range(HIGHEST + 1):
            places = part.scores.get((score, height), ())
            yield _number(f"{name}/scores/{score}/{height}", str(height), places)

    return tuple((score, tuple(heights(score))) for score in (SCORES if part.marks.get("rated") else ()))


def _clock(name: str, clock: Clock, timing: Timing) -> ClockRow:
    def number(word: str, *codes: str) -> Number:
        return _number(
            f"{name}/{word}", word, [place for code in codes for place in timing.places.get(code, ())]
        )

    few, found = _measured(timing.durations)
    return ClockRow(
        clock=clock.value,
        whole=_number(f"{name}/whole", "whole", [each.place for each in timing.durations]),
        met=number("met", "met"),
        missed=number("missed", "missed"),
        overdue=number("overdue", "overdue"),
        open=number("open", "running", "paused"),
        few=few,
        median=None if found is None else found.median,
        p90=None if found is None else found.p90,
        curve=() if found is None else found.curve,
    )


def _measured(durations: Sequence[Duration]) -> tuple[tuple[Duration, ...], Survival | None]:
    """Return a few times one by one, or what is told of more."""
    if len(durations) < SMALL:
        return tuple(sorted(durations, key=lambda each: (each.seconds, not each.is_over, each.place))), None
    return (), survival(durations)


def _code(of: str) -> str:
    return of.lower() or "-"


def _numbers(name: str, table: Mapping[str, Sequence[str]]) -> tuple[Number, ...]:
    return tuple(
        _number(f"{name}/{word.lower()}", word, places) for word, places in sorted(table.items()) if places
    )


def _number(name: str, code: str, places: Sequence[str]) -> Number:
    return Number(name=name, code=code, places=tuple(places))
