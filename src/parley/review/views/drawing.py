"""A curve as a drawing that the server makes: the share still open after some time, as steps.

The horizontal axis has the ages of the account one beside the other, not to scale: hours matter as much as
months. The same numbers stand in a table below the drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parley.protocol.review.numbers import MILLION, Remaining
from parley.ui import times

WIDTH: Final = 320
HEIGHT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on the horizontal axis: an age in words, and what share is still open then, in per cent."""

    x: int
    age: str
    watched: int
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The path of a curve, and its marks."""

    path: str
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT


def drawing_of(curve: Sequence[Remaining]) -> Drawing | None:
    """Return the drawing of a curve; None where there are too few times for one."""
    if not curve:
        return None
    step = WIDTH // len(curve)
    path = ["M0 0"]
    for place, each in enumerate(curve, start=1):
        path.append(f"H{place * step}V{HEIGHT - each.millionths * HEIGHT // MILLION}")
    marks = tuple(
        Mark(
            x=place * step,
            age=times.span(each.age),
            watched=each.watched,
            share=f"{each.millionths // 10_000}.{each.millionths // 1_000 % 10}",
        )
        for place, each in enumerate(curve, start=1)
    )
    return Drawing(path="".join(path), marks=marks)
