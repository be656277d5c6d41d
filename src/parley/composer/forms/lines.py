"""The lines of the grid: a row as it came in, with what somebody made of it, judged by the door for tables.

There is no second judge: each line becomes a draft as the translator itself makes them, and
goes through the same rules as a file.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.composer.forms.fields import row_of, type_of
from parley.gates.table.translate import Cell, Choices, Field, Question, Reason, Remark, Row
from parley.gates.table.translate.moment import read_moment, read_zone
from parley.gates.table.translate.rows import judge
from parley.gates.table.translate.sheet import Draft
from parley.protocol.inquiries.codes import Type
from parley.ui.defang import defang, refang

# Which fields of the translator one cell of the grid stands for; what is written into it becomes the first.
FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "url": (Field.URL,),
    "brand": (Field.TARGET_BRAND,),
    "time": (Field.OBSERVED_AT, Field.OBSERVED_DATE, Field.OBSERVED_CLOCK),
    "zone": (Field.ZONE,),
    "state": (Field.STATE,),
    "note": (Field.NOTE,),
    "group": (Field.GROUP,),
    "subject": (Field.SUBJECT,),
    "kind": (Field.SUBJECT_KIND,),
    "questions": (Field.QUESTIONS,),
}
COLUMNS: Final[Mapping[Type, tuple[str, ...]]] = {
    Type.PHISHING_SITE: ("url", "brand", "time", "zone", "state", "note", "group"),
    Type.INFORMATION: ("subject", "kind", "questions", "time", "zone", "note", "group"),
}
_ORDER: Final = {Field.OBSERVED_DATE: 0, Field.OBSERVED_AT: 1, Field.OBSERVED_CLOCK: 2}
# What the translator remarks on a row while it reads the input, and cannot find again in the cells alone.
_OF_SOURCE: Final = frozenset({Reason.QUOTE_OPEN, Reason.EXTRA_CELLS, Reason.ADDRESS_END_UNSURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the grid. `edits` are the cells that somebody wrote; the others are as they came."""

    number: int
    line: int
    cells: tuple[Cell, ...]
    remarks: tuple[Remark, ...]
    edits: Mapping[str, str]
    marks: frozenset[str]

    @property
    def is_out(self) -> bool:
        return "out" in self.marks

    def first(self, name: str) -> str:
        """Return what the cell `name` showed when the row came in: one line, addresses made safe."""
        found = sorted(
            (cell for cell in self.cells if cell.field in FIELDS[name]),
            key=lambda cell: _ORDER.get(cell.field or Field.NOTE, 0),
        )
        return as_typed(name, " ".join(cell.text for cell in found))

    def shown(self, name: str) -> str:
        """Return what the cell `name` shows now."""
        return self.edits.get(name, self.first(name))

    def zone_of_heading(self) -> int | None:
        """Return the zone that the heading of the times stated, in minutes."""
        return next((cell.zone for cell in self.cells if cell.zone is not None), None)


def as_typed(name: str, text: str) -> str:
    """Return `text` as it stands in the cell `name`: browsers drop line ends, and addresses are safe."""
    if name == "note":
        return text
    line = " ".join(text.split("\n"))
    return defang(refang(line)) if name == "url" else line


def write_source(row: Row) -> str:
    """Return a row of a sheet as the draft keeps it."""
    cells = [[cell.column, cell.field and cell.field.value, cell.text, cell.zone] for cell in row.cells]
    remarks = [
        [each.reason.value, each.column, each.text] for each in row.remarks if each.reason in _OF_SOURCE
    ]
    return json.dumps([row.line, cells, remarks], ensure_ascii=False, separators=(",", ":"))


EMPTY: Final = "[0,[],[]]"
"""A row that somebody adds by hand."""


def read_lines(values: Mapping[str, str]) -> tuple[Line, ...]:
    """Return the lines of a draft in order, without those that others took the place of."""
    edits: dict[int, dict[str, str]] = {}
    sources: dict[int, str] = {}
    for name, value in values.items():
        if not name.startswith("row."):
            continue
        place = row_of(name)
        if place is not None:
            edits.setdefault(place[0], {})[place[1]] = value
        else:
            sources[int(name.removeprefix("row."))] = value
    gone = read_numbers(values.get("gone", ""))
    return tuple(
        _line(number, sources[number], edits.get(number, {}))
        for number in sorted(sources)
        if number not in gone
    )


def _line(number: int, source: str, edits: Mapping[str, str]) -> Line:
    line, cells, remarks = json.loads(source)
    return Line(
        number=number,
        line=line,
        cells=tuple(
            Cell(column=column, field=None if field is None else Field(field), text=text, zone=zone)
            for column, field, text, zone in cells
        ),
        remarks=tuple(
            Remark(reason=Reason(reason), column=column, text=text) for reason, column, text in remarks
        ),
        edits={name: text for name, text in edits.items() if name in FIELDS},
        marks=frozenset(name for name, text in edits.items() if name not in FIELDS and text),
    )


def read_numbers(text: str) -> frozenset[int]:
    """Return the numbers of rows that `text` lists; none if it cannot be read."""
    numbers: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        if first.isdecimal() and (last or first).isdecimal():
            numbers.update(range(int(first), int(last or first) + 1))
    return frozenset(numbers)


def judge_lines(lines: Iterable[Line], choices: Choices) -> dict[int, Row]:
    """Return what the door for tables says of each of `lines`, by number."""
    return {row.number: row for row in judge((draft_of(line) for line in lines), choices)}


def choices_of(values: Mapping[str, str], lines: Iterable[Line], *, zone_hint: str, now: int) -> Choices:
    """Return what the officer chose for all rows and for single ones; what cannot be read is left out."""
    lines = tuple(lines)
    zone = values.get("all.zone", "")
    time = values.get("all.time", "")
    is_time = bool(time) and not time_lacks(values)
    return Choices(
        item_type=type_of(values),
        zone=zone if zone and read_zone(zone) is not None else None,
        zone_hint=zone_hint,
        observed_at=time if is_time else None,
        target_brand=values.get("all.brand") or None,
        questions=tuple(each for each in Question if each.value == values.get("all.questions")),
        masked=frozenset(line.number for line in lines if "mask" in line.marks),
        kept=frozenset(line.number for line in lines if "keep" in line.marks),
        now=now,
    )


def time_lacks(values: Mapping[str, str]) -> tuple[Reason, ...]:
    """Return why the time for all rows cannot be taken; nothing where it can, or none is given."""
    time = values.get("all.time", "")
    return read_moment(time, zone=read_zone(values.get("all.zone", ""))).lacks if time else ()


def draft_of(line: Line) -> Draft:
    """Return the line as the translator makes drafts of rows: what was written stands for what came."""
    changed = {name: text for name, text in line.edits.items() if text != line.first(name)}
    fields = {field for name in changed for field in FIELDS[name]}
    cells = [cell for cell in line.cells if cell.field not in fields]
    cells += [_cell(line, name, text.strip()) for name, text in changed.items() if text.strip()]
    return Draft(
        number=line.number,
        line=line.line,
        last_line=line.line,
        cells=tuple(cells),
        remarks=tuple(each for each in line.remarks if not _is_mended(each, changed)),
    )


def _cell(line: Line, name: str, text: str) -> Cell:
    field = FIELDS[name][0]
    column = next((cell.column for cell in line.cells if cell.field in FIELDS[name]), "")
    return Cell(
        column=column, field=field, text=text, zone=line.zone_of_heading() if name == "time" else None
    )


def _is_mended(remark: Remark, changed: Mapping[str, str]) -> bool:
    if remark.reason is Reason.ADDRESS_END_UNSURE:
        return bool({"url", "subject"} & changed.keys())
    # Cells stood under each other's headings: whoever wrote one has looked at the row.
    return bool(changed)
