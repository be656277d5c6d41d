"""What the template of figures needs: parts with their words, numbers that open, curves that are drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.guidelines.queries import Place, place_of
from parley.ledger.readers import OpenLink, side_name
from parley.protocol.guidelines.fields import limit
from parley.protocol.guidelines.words import Language
from parley.protocol.linetests.figures import Figure
from parley.protocol.officetime import Limit
from parley.protocol.terms import Terms
from parley.review.queries import CallsShown, ClockRow, Curve, Number, PartShown, ReviewRow, Shown
from parley.review.views.drawing import Drawing, drawing_of
from parley.review.views.finding import Computed, code_text, of_text
from parley.ui import testwords, words

FEW: Final = 5
"""Of fewer than that the places stand beside the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A number with the words of what it counts; of a few the places."""

    number: Number
    text: str
    few: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTold:
    """A clock with its word, its limits in words, and its curve."""

    row: ClockRow
    text: str
    limits: str
    drawing: Drawing | None
    few: tuple[tuple[Place, int, bool], ...]
    """Of a few each one: where, how many seconds, whether it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartTold:
    """A part with its words. `scores` has a line of four numbers for each of the four questions."""

    part: PartShown
    side: str
    text: str
    head: tuple[Told, ...]
    groups: tuple[tuple[str, tuple[Told, ...]], ...]
    scores: tuple[tuple[str, tuple[Number, ...]], ...]
    clocks: tuple[ClockTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsTold:
    """The calls of a side with their words."""

    calls: CallsShown
    caller: str
    urgency: str
    numbers: tuple[Told, ...]
    few: tuple[tuple[Place, int, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside the figures: what our side is called, the limits, and the period before."""

    own: str
    terms: Terms | None
    before: ReviewRow | None
    curves: Mapping[str, Curve]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """By what clocks are measured: limits by asked side, clock and urgency; curves of the period before."""

    limits: Mapping[tuple[str, str], Mapping[str, Limit]]
    curves: Mapping[str, Curve]

    def limits_of(self, part: PartShown, row: ClockRow) -> Mapping[str, Limit]:
        """Return by urgency the limits of a clock of a part: of one urgency only its own."""
        found = self.limits.get((part.asked, row.clock), {})
        if part.by != "urgency":
            return found
        return {urgency: each for urgency, each in found.items() if urgency == part.of}


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresTold:
    """All figures with their words."""

    parts: tuple[PartTold, ...]
    silent: tuple[str, ...]
    """The names of the sides of whom nothing was asked."""
    apart: tuple[PartTold, ...]
    calls: tuple[CallsTold, ...]
    others: tuple[Told, ...]
    tests: tuple[tuple[str, Figure], ...]


def told(found: Computed, link: OpenLink, beside: Beside) -> dict[str, object]:
    """Return the figures as the template shows them."""
    sides = {link.row.me: beside.own, link.row.peer: side_name(link.row)}
    return {
        "digest": found.digest,
        "before": beside.before if beside.curves else None,
        "figures": told_in(found.shown, beside, sides=sides),
    }


def told_in(shown: Shown, beside: Beside, *, sides: Mapping[str, str]) -> FiguresTold:
    """Return the figures with their words; `sides` are the names of both nodes."""
    asked = {each.asked for each in shown.parts}
    measures = Measures(limits=_limits(shown, beside.terms), curves=beside.curves)
    return FiguresTold(
        parts=tuple(_part(each, sides[each.asked], measures) for each in shown.parts),
        silent=tuple(sides[node] for node in sorted(sides) if node not in asked),
        apart=tuple(_part(each, sides[each.asked], measures) for each in shown.apart),
        calls=tuple(_calls(each, sides[each.caller]) for each in shown.calls),
        others=_tell(shown.others),
        tests=tuple((words.label(each.test.value, testwords.TESTS), each) for each in shown.tests),
    )


def told_number(found: Shown, name: str) -> Told | None:
    """Return the number called `name` with its words; None if there is none."""
    number = next((each for each in found.numbers() if each.name == name), None)
    return None if number is None else _tell([number])[0]


def _limits(found: Shown, terms: Terms | None) -> Mapping[tuple[str, str], Mapping[str, Limit]]:
    """Return by asked side and clock the limits of each urgency that something had."""
    clocks = {} if terms is None else terms.clocks
    urgencies = sorted({(part.asked, part.of) for part in found.apart if part.by == "urgency"})
    return {
        (side, clock): {
            urgency: limits[urgency] for one, urgency in urgencies if one == side and urgency in limits
        }
        for side in {side for side, _urgency in urgencies}
        for clock, limits in clocks.items()
    }


def _part(part: PartShown, side: str, measures: Measures) -> PartTold:
    groups = (
        (_("Where the items stand"), part.states),
        (_("Findings that stand"), part.findings),
        (_("Grounds of refusal"), part.grounds),
    )
    return PartTold(
        part=part,
        side=side,
        text=of_text(part.by, part.of),
        head=_tell((part.inquiries, part.items, *part.marks)),
        groups=tuple((text, _tell(numbers)) for text, numbers in groups if numbers),
        scores=tuple((words.label(score, words.SCORES), numbers) for score, numbers in part.scores),
        clocks=tuple(
            _clock(row, measures.limits_of(part, row), measures.curves.get(row.name, ()))
            for row in part.clocks
        ),
    )


def _clock(row: ClockRow, limits: Mapping[str, Limit], before: Curve) -> ClockTold:
    return ClockTold(
        row=row,
        text=words.label(row.clock, words.CLOCKS),
        limits=words.clauses(f"{urgency} {limit_text(each)}" for urgency, each in limits.items()),
        drawing=drawing_of(row.curve, before, limits),
        few=tuple((place_of(each.place), each.seconds, each.is_over) for each in row.few),
    )


def limit_text(each: Limit) -> str:
    """Return a limit in words, as a guideline says it."""
    return limit(each.text, Language.ZH if words.is_chinese() else Language.EN)


def _calls(calls: CallsShown, caller: str) -> CallsTold:
    return CallsTold(
        calls=calls,
        caller=caller,
        urgency=words.urgency(calls.urgency),
        numbers=_tell((calls.calls, *calls.marks, *calls.endings)),
        few=tuple((place_of(each.place), each.seconds, each.is_over) for each in calls.few),
    )


def _tell(numbers: Iterable[Number]) -> tuple[Told, ...]:
    return tuple(
        Told(
            number=each,
            text=code_text(each.code),
            few=tuple(map(place_of, each.places)) if each.count < FEW else (),
        )
        for each in numbers
    )
