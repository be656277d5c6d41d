"""What is said about a sheet: row by row, in the officer's language, each with what mends it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.output import FaultError, JsonValue
from parley.composer.forms.remarks import SILENT, said_of_line, said_of_obstacle, said_of_row, said_of_sheet
from parley.gates.table.translate import Remark, Result, Row, Sheet, SheetError
from parley.inquiries.queries import EarlierItem
from parley.ui import words


def sheet_fault(error: SheetError) -> FaultError:
    """Return the fault that the input as a whole cannot be read."""
    # The sentence has all three parts already.
    what = said_of_obstacle(error)
    return FaultError(error.obstacle.value, Exit.NEEDS_A_PERSON, what=what, safe="", do="")


def reading_line(name: str, sheet: Sheet) -> str:
    """Return what was read: file, encoding, rows, header."""
    header = "/".join(column.text for column in sheet.header)
    parts = [
        (sheet.encoding or "").upper(),
        ngettext("%(count)d row", "%(count)d rows", len(sheet.rows)) % {"count": len(sheet.rows)},
        _("header %(header)s") % {"header": header} if header else _("no header"),
    ]
    return _("Reading %(file)s … %(what)s") % {"file": name, "what": ", ".join(filter(None, parts))}


def row_line(row: Row, remark: Remark) -> str:
    """Return what is to be said about `row`."""
    said = said_of_row(row.number, remark, fix=" / ".join(remark.fixes))
    return f" {_mark(row.result)} {said}"


def _mark(result: Result) -> str:
    return "✔" if result is Result.OK else "◆"


def other_lines(sheet: Sheet) -> tuple[str, ...]:
    """Return what is to be said about lines that are no rows, and about the sheet as a whole."""
    ignored = [f"   {said_of_line(each)}" for each in sheet.ignored if each.skipped not in SILENT]
    told = [f" ◆ {said_of_sheet(each)}" for each in sheet.remarks]
    return (*ignored, *told)


def earlier_line(row: int, earlier: EarlierItem) -> str:
    """Return that what a row names was asked before."""
    said = _(
        "Row %(row)d was asked before: %(place)s, item %(item)d (%(state)s). Nothing was sent. "
        "To ask again: --again %(row)d."
    )
    state = words.label(earlier.state, words.STATES)
    return " ◆ " + said % {"row": row, "place": earlier.place, "item": earlier.n, "state": state}


def row_json(row: Row, *, earlier: EarlierItem | None, left_out: bool) -> Mapping[str, JsonValue]:
    """Return a row for `--json`."""
    remarks: list[JsonValue] = [
        {"code": each.reason.value, "text": each.text, "of": each.of, "fixes": list(each.fixes)}
        for each in row.remarks
    ]
    if earlier is not None:
        remarks.append(
            {"code": "asked_before", "text": earlier.place, "of": None, "fixes": [f"--again {row.number}"]}
        )
    result = "left_out" if left_out else "needs" if earlier is not None else row.result.value
    return {"row": row.number, "line": row.line, "result": result, "remarks": remarks}
