"""The rows of a draft as a table that a spreadsheet opens, and that comes back as it went."""

import csv
import io
from collections.abc import Iterable

from parley.composer.forms.lines import COLUMNS, FIELDS, Line
from parley.gates.table.translate import Cell
from parley.protocol.inquiries.codes import Type
from parley.ui.letters import neutralise

_HEADINGS = {
    "url": "url",
    "brand": "bank",
    "time": "observed at",
    "zone": "time zone",
    "state": "state",
    "note": "note",
    "group": "group",
    "subject": "subject",
    "kind": "subject kind",
    "questions": "questions",
}


def table_of(lines: Iterable[Line], item_type: Type) -> bytes:
    """Return the lines that are in as CSV, UTF-8 with its mark; no spreadsheet runs a cell of it.

    Cells that the grid has no column for stand behind, under the headings with which they came.
    """
    columns = COLUMNS[item_type]
    listed = [line for line in lines if not line.is_out]
    more = list(dict.fromkeys(cell.column for line in listed for cell in _others(line, columns)))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*(_HEADINGS[name] for name in columns), *map(neutralise, more)])
    for line in listed:
        others = {cell.column: cell.text for cell in _others(line, columns)}
        cells = [*(line.shown(name) for name in columns), *(others.get(column, "") for column in more)]
        writer.writerow([neutralise(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _others(line: Line, columns: Iterable[str]) -> tuple[Cell, ...]:
    shown = {field for name in columns for field in FIELDS[name]}
    return tuple(cell for cell in line.cells if cell.field not in shown and cell.column)
