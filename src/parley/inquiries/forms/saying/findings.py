"""The lines of findings of an answer: one line or several for an item, and lines for all that are ticked.

A line for all is said of each ticked item, besides what its own lines say. Lines that say the
same become one finding about several items, as `parley inquiry answer` writes it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from parley.inquiries.forms.saying.desk import Desk, Posted, Problem, ProblemsError, typed_text
from parley.inquiries.forms.saying.times import read_text
from parley.inquiries.forms.saying.verbs import Field
from parley.inquiries.forms.typed import (
    TypedError,
    merged,
    read_code,
    read_item_of,
    read_items,
)
from parley.protocol.inquiries.codes import FindingCode, Measure
from parley.protocol.strictjson import JsonValue

ALL: Final = "all"
_LINE: Final = re.compile(r"(all|\d{1,4})\.(\d{1,2})", re.ASCII)
_Value = TypeVar("_Value")
CELLS: Final = ("code", "measure", "until", "of", "at")
# A detail that belongs to one finding alone, and is needed there.
_OWN: Final[Mapping[str, FindingCode]] = {
    "measure": FindingCode.MITIGATED,
    "until": FindingCode.PRESERVED,
    "of": FindingCode.DUPLICATE_OF,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it was typed: for which item (`all`: the ticked ones), the how manyth, and its cells."""

    item: str
    place: int
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return what the names of its fields end with."""
        return f"{self.item}.{self.place}"

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed into it."""
        return not any(self.cells.values())


def lines_of(posted: Posted) -> tuple[Line, ...]:
    """Return the lines of the form, empty ones too, each once."""
    names = dict.fromkeys(name for name in posted.getlist("line") if is_line(name))
    return tuple(_line(name, posted) for name in names)


def is_line(name: str) -> bool:
    """Return whether `name` names a line, such as ``all.0`` or ``3.1``."""
    return _LINE.fullmatch(name) is not None


def _line(name: str, posted: Posted) -> Line:
    item, _dot, place = name.partition(".")
    cells = {cell: posted.get(f"{cell}.{name}", "").strip() for cell in CELLS}
    return Line(item=item, place=int(place), cells=cells)


def read_findings(_field: Field, posted: Posted, desk: Desk) -> list[JsonValue]:
    """Return the findings in the shape of an answer.

    Raises:
        ProblemsError: a line cannot be read, or none says anything.
    """
    problems: list[Problem] = []
    found: list[dict[str, JsonValue]] = []
    for line in lines_of(posted):
        if line.is_empty:
            continue
        try:
            items = _items(line, posted)
            found.append({"items": items, **_finding(line, posted.get("zone", ""), desk)})
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(*problems)
    if not found:
        told = _("No finding is chosen. Nothing was sent. An answer has one finding at least.")
        raise ProblemsError(Problem(anchor="findings", text=told))
    return merged(found)


def _items(line: Line, posted: Posted) -> list[JsonValue]:
    if line.item != ALL:
        return [int(line.item)]
    ticked = [text for text in posted.getlist("items") if text.strip()]
    try:
        items = read_items(",".join(ticked))
    except TypedError as error:
        told = (
            typed_text(error)
            if ticked
            else _("No item is ticked. Nothing was sent. Tick the items that are meant.")
        )
        raise ProblemsError(Problem(anchor="items", text=told)) from error
    if not isinstance(items, list):
        raise ProblemsError(Problem(anchor="items", text=_("Write items as: all, or 0,2,5-7.")))
    return items


def _finding(line: Line, zone: str, desk: Desk) -> dict[str, JsonValue]:
    if not line.cells["code"]:
        told = _("Item %(item)s: choose a finding for what was typed. Nothing was sent.") % {
            "item": _("(all)") if line.item == ALL else line.item
        }
        raise ProblemsError(Problem(anchor=f"code.{line.name}", text=told))
    code = _cell(line, "code", lambda text: read_code(text, FindingCode))
    finding: dict[str, JsonValue] = {"code": code.value}
    for name, owner in _OWN.items():
        if bool(line.cells[name]) != (code is owner):
            raise ProblemsError(Problem(anchor=f"{name}.{line.name}", text=_belongs(name)))
    if line.cells["at"]:
        finding["at"] = _cell(line, "at", lambda text: read_text(text, zone, zones=desk.zones, now=desk.now))
    if line.cells["until"]:
        finding["until"] = _cell(
            line, "until", lambda text: read_text(text, zone, zones=desk.zones, now=desk.now)
        )
    if line.cells["measure"]:
        finding["measure"] = _cell(line, "measure", lambda text: read_code(text, Measure)).value
    if line.cells["of"]:
        finding["of"] = _cell(line, "of", lambda text: _other(text, desk))
    return finding


def _cell(line: Line, name: str, read: Callable[[str], _Value]) -> _Value:
    try:
        return read(line.cells[name])
    except TypedError as error:
        raise ProblemsError(Problem(anchor=f"{name}.{line.name}", text=typed_text(error))) from error


def _other(text: str, desk: Desk) -> dict[str, JsonValue]:
    of = read_item_of(text)
    found = desk.find(str(of["inquiry"]))
    if found is None:
        raise TypedError("item_of", text)
    return {**of, "inquiry": found}


def _belongs(name: str) -> str:
    told = {
        "measure": _("A measure goes with “mitigated”, and “mitigated” with a measure. Nothing was sent."),
        "until": _("A time until when goes with “preserved”, and “preserved” with one. Nothing was sent."),
        "of": _("Another item goes with “duplicate of”, and “duplicate of” with one. Nothing was sent."),
    }
    return told[name]
