"""What all readers of a form share: what came, what they may ask, and how they tell what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from parley.inquiries.forms.saying.times import Zones
from parley.inquiries.forms.saying.verbs import Field
from parley.inquiries.forms.saying.wording import field_label
from parley.inquiries.forms.typed import TypedError


class Posted(Protocol):
    """A form as it came: Django's `QueryDict`."""

    def get(self, name: str, default: str) -> str: ...
    def getlist(self, name: str) -> list[str]: ...
    def __iter__(self) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong at the field with the id `anchor`, "" for the form as a whole."""

    anchor: str
    text: str


class ProblemsError(Exception):
    """Several things in one field cannot be read."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What reading needs to know: both clocks, the time, and how another inquiry is found by its name."""

    zones: Zones
    now: int
    find: Callable[[str], str | None]


def typed_text(error: TypedError) -> str:
    """Return in a sentence what cannot be read, and what to write instead."""
    if error.wanted == "zone":
        return _("“%(text)s” has no time zone. Nothing was sent. Choose the zone beside it.") % {
            "text": error.text
        }
    shapes = {
        "items": _("Write items as: all, or 0,2,5-7."),
        "time": _("Write a time as: 2026-11-02T09:10Z, or +3d for three days from now."),
        "item_of": _("Write the other item as INQUIRY/N, such as A-112/0."),
    }
    do = shapes.get(error.wanted) or _("There are: %(codes)s.") % {"codes": ", ".join(error.choices)}
    return " ".join([_("“%(text)s” cannot be read here.") % {"text": error.text}, do])


def missing(field: Field) -> ProblemsError:
    """Return the problem that nothing is in a field."""
    told = _("%(field)s: nothing is chosen. Nothing was sent.") % {"field": field_label(field.name)}
    return ProblemsError(Problem(anchor=field.name, text=told))
