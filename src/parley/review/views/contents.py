"""What the template of figures needs: parts with their words, numbers that open, curves that are drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.ledger.readers import OpenLink, side_name
from parley.protocol.places import heard_place
from parley.review.queries import ClockRow, Number, PartShown, Shown
from parley.review.views.drawing import Drawing, drawing_of
from parley.review.views.finding import code_text, of_text
from parley.ui import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A number with the words of what it counts."""

    number: Number
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTold:
    """A clock with its word, and its curve."""

    row: ClockRow
    text: str
    drawing: Drawing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartTold:
    """A part with its words."""

    part: PartShown
    side: str
    text: str
    groups: tuple[tuple[str, tuple[Told, ...]], ...]
    clocks: tuple[ClockTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that a number counts: what people say, and what stands in the address of its statement."""

    text: str
    slug: str


def told(found: Shown, link: OpenLink, *, own: str) -> dict[str, object]:
    """Return the figures as the template shows them; `own` is what our side is called."""
    sides = {True: own, False: side_name(link.row)}
    return {
        "parts": [_part(each, sides[each.is_ours]) for each in found.parts],
        "apart": [_part(each, sides[each.is_ours]) for each in found.apart],
        "calls": [
            (each, sides[each.is_ours], _tell((each.calls, *each.marks, *each.endings)))
            for each in found.calls
        ],
        "others": _tell(found.others),
    }


def chosen_number(found: Shown, name: str) -> tuple[Told, tuple[Place, ...]] | None:
    """Return the number called `name` and the places that it counts; None if there is none."""
    number = next((each for each in found.numbers() if each.name == name), None)
    if number is None:
        return None
    return Told(number=number, text=code_text(number.code)), tuple(place_of(each) for each in number.places)


def place_of(text: str) -> Place:
    """Return a place with the address of its statement: an item and a question stand with their inquiry."""
    spoken = text.partition("/")[0].partition("?")[0]
    heard = heard_place(spoken)
    return Place(text=text, slug=(heard.text if heard else spoken).replace(" ", "-"))


def _part(part: PartShown, side: str) -> PartTold:
    groups: Sequence[tuple[str, Sequence[Number]]] = (
        ("states", part.states),
        ("findings", part.findings),
        ("grounds", part.grounds),
        *((score, numbers) for score, numbers in part.scores),
    )
    return PartTold(
        part=part,
        side=side,
        text=of_text(part.by, part.of),
        groups=(
            ("", _tell((part.inquiries, part.items, *part.marks))),
            *((_group(name), _tell(numbers)) for name, numbers in groups if numbers),
        ),
        clocks=tuple(
            ClockTold(row=row, text=words.label(row.clock, words.CLOCKS), drawing=drawing_of(row.curve))
            for row in part.clocks
        ),
    )


def _group(name: str) -> str:
    if name in words.SCORES:
        return words.label(name, words.SCORES)
    return {
        "states": _("Where the items stand"),
        "findings": _("Findings that stand"),
        "grounds": _("Grounds of refusal"),
    }[name]


def _tell(numbers: Iterable[Number]) -> tuple[Told, ...]:
    return tuple(Told(number=each, text=code_text(each.code)) for each in numbers)
