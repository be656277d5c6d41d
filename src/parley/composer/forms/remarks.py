"""The codes of a sheet as sentences in the language in force: what happened, what is safe, what to do."""

from collections.abc import Mapping

from parley.gates.table.reasons import LINES, OBSTACLES, ROWS, SHEETS
from parley.gates.table.translate import Ignored, Remark, SheetError, SheetRemark, Skipped
from parley.ui import words

# What is not worth a line: it holds nothing that anybody could miss.
SILENT = frozenset({Skipped.BLANK, Skipped.SEPARATOR_LINE})


def said_of_obstacle(error: SheetError) -> str:
    """Return why the input as a whole cannot be read."""
    return _sentence(OBSTACLES, error.obstacle.value, expected=error.expected, found=error.found)


def said_of_row(number: int, remark: Remark, *, fix: str) -> str:
    """Return what is to be said about the row `number`; `fix` names what mends it."""
    return _sentence(
        ROWS,
        remark.reason.value,
        row=number,
        text=remark.text,
        column=remark.column,
        of=remark.of,
        fix=fix,
    )


def said_of_line(ignored: Ignored) -> str:
    """Return why a line is no row."""
    return _sentence(LINES, ignored.skipped.value, line=ignored.line, text=ignored.text)


def said_of_sheet(remark: SheetRemark) -> str:
    """Return what is to be said about the sheet as a whole."""
    return _sentence(SHEETS, remark.notice.value, text=remark.text)


def _sentence(table: Mapping[str, Mapping[str, str]], code: str, **values: object) -> str:
    language = "zh" if words.is_chinese() else "en"
    return table[code][language].format(**values)
