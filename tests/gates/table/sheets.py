"""Short sheets for the tests: one site that is ready, and how its cells are changed."""

from typing import Final

from parley.gates.table.translate import Choices, Reason, Result, Row, Sheet, read_file, read_pasted
from parley.protocol.inquiries.codes import Type

HEADER: Final = "url,bank,time"
TIME: Final = "2026-11-02 09:10 +08:00"
AT: Final = 1_793_581_800
"""The same time in unix seconds."""

WHOLE: Final = Choices(observed_at=TIME, target_brand="Bank One")
"""Says for pasted addresses what they cannot say themselves."""

ABOUT_SUBJECTS: Final = Choices(item_type=Type.INFORMATION)


def sheet_of(*lines: str, header: str = HEADER, choices: Choices | None = None) -> Sheet:
    """Return the sheet of a file with `header` and `lines`."""
    return read_file("\n".join((header, *lines)).encode(), choices or Choices())


def row_of(line: str, *, header: str = HEADER, choices: Choices | None = None) -> Row:
    """Return the only row of a file with one line under `header`."""
    (row,) = sheet_of(line, header=header, choices=choices).rows
    return row


def site_row(address: str, *, choices: Choices | None = None) -> Row:
    """Return the row of a site that is ready but for what `address` makes of it."""
    return row_of(f'"{address}",Bank One,{TIME}', choices=choices)


def timed_row(time: str, *, choices: Choices | None = None) -> Row:
    """Return the row of a site that is ready but for what `time` makes of it."""
    return row_of(f'http://one.example/,Bank One,"{time}"', choices=choices)


def reasons(row: Row) -> tuple[Reason, ...]:
    """Return the reasons of `row` in order."""
    return tuple(remark.reason for remark in row.remarks)


def pasted(text: str) -> tuple[str, ...]:
    """Return the addresses that are found in `text`, and are ready."""
    return tuple(site.url for site in read_pasted(text, WHOLE).sites)


def outcome(sheet: Sheet) -> list[str]:
    """Return a line for each row: its result, and why."""
    return [f"{row.result.value}{_why(row)}" for row in sheet.rows]


def _why(row: Row) -> str:
    return (
        "" if row.result is Result.OK and not row.remarks else " " + " ".join(r.value for r in reasons(row))
    )


def lines_of(sheet: Sheet) -> list[int]:
    """Return the numbers of the lines that `sheet` accounts for, each once."""
    header = range(sheet.header_line or 0, (sheet.header_last_line or -1) + 1)
    rows = {number for row in sheet.rows for number in range(row.line, row.last_line + 1)}
    ignored = {number for each in sheet.ignored for number in range(each.line, each.last_line + 1)}
    return sorted(rows | ignored | set(header))
