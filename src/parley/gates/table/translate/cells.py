"""Text to records of cells: a reader of CSV that no single row can break.

RFC 4180 with the liberties that real files take: comma, semicolon or tab; CR, LF or CRLF,
mixed; a quote inside an unquoted cell is itself. A quote that is opened and not properly
closed breaks the line it stands in and no other: the next record begins at the next line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parley.gates.table.translate.codes import MAX_COLUMNS, MAX_LINES, MAX_ROWS, Obstacle, SheetError

DELIMITERS: Final = ("\t", ";", ",")

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_INSIDE: Final = re.compile(r'(?:[^"]++|"")*+')
_SEPARATOR_LINE: Final = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The cells of one record, stripped of outer blanks; `broken` if a quote was left open."""

    line: int
    last_line: int
    cells: tuple[str, ...]
    broken: bool = False

    @property
    def is_blank(self) -> bool:
        """Return whether there is nothing in it."""
        return not self.broken and not any(self.cells)


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of `text` without their ends; an end at the end opens no further line.

    Raises:
        SheetError: there are more than `MAX_LINES`.
    """
    lines = tuple(_LINE_END.split(text, maxsplit=MAX_LINES + 1))
    if lines[-1] == "":
        lines = lines[:-1]
    if len(lines) > MAX_LINES:
        raise SheetError(Obstacle.TOO_MANY_LINES, expected=f"{MAX_LINES} lines", found="more")
    return lines


def separator_of(line: str) -> str | None:
    """Return the delimiter that a spreadsheet's own first line ``sep=;`` names, or None."""
    found = _SEPARATOR_LINE.fullmatch(line)
    return found[1] if found is not None and found[1] in DELIMITERS else None


def read_records(lines: tuple[str, ...], delimiter: str, *, first: int = 0) -> Iterator[Record]:
    """Yield the records of `lines` from the index `first` on; line numbers count from 1.

    Every line is in exactly one record. The time is linear: a quote that opens a cell in
    one line always ends the search that an earlier line began.
    """
    at = first
    while at < len(lines):
        record = _read_record(lines, at, delimiter)
        yield record
        at = record.last_line


def check_rows(count: int) -> None:
    """Check that `count` rows are not too many.

    Raises:
        SheetError: they are.
    """
    if count > MAX_ROWS:
        raise SheetError(Obstacle.TOO_MANY_ROWS, expected=f"{MAX_ROWS} rows", found="more")


def _read_record(lines: tuple[str, ...], first: int, delimiter: str) -> Record:
    cells: list[str] = []
    at, start = first, 0
    while True:
        line = lines[at]
        if len(cells) > MAX_COLUMNS:
            # More cells than any table has: the rest of the line is one, whatever it is.
            return Record(line=first + 1, last_line=at + 1, cells=(*cells, _trim(line[start:])))
        opening = _opening_quote(line, start)
        if opening is None:
            end = line.find(delimiter, start)
            cells.append(_trim(line[start:] if end < 0 else line[start:end]))
        else:
            closed = _read_quoted(lines, at, opening + 1)
            if closed is None or not _ends_cell(lines[closed[0]], closed[1], delimiter):
                broken = tuple(_trim(cell) for cell in lines[first].split(delimiter))
                return Record(line=first + 1, last_line=first + 1, cells=broken, broken=True)
            at, after, text = closed
            cells.append(_trim(text))
            end = lines[at].find(delimiter, after)
        if end < 0:
            return Record(line=first + 1, last_line=at + 1, cells=tuple(cells))
        start = end + 1


def _opening_quote(line: str, start: int) -> int | None:
    at = start
    while at < len(line) and line[at] == " ":
        at += 1
    return at if at < len(line) and line[at] == '"' else None


def _read_quoted(lines: tuple[str, ...], at: int, start: int) -> tuple[int, int, str] | None:
    """Return the line and place behind the closing quote, and the text between; None without one."""
    pieces: list[str] = []
    for index in range(at, len(lines)):
        inside = _INSIDE.match(lines[index], start if index == at else 0)
        assert inside is not None  # the pattern matches nothing, too
        pieces.append(inside[0].replace('""', '"'))
        if inside.end() < len(lines[index]):
            return index, inside.end() + 1, "\n".join(pieces)
    return None


def _ends_cell(line: str, at: int, delimiter: str) -> bool:
    # No slice: a line of a million cells would be copied a million times.
    while at < len(line) and line[at] == " ":
        at += 1
    return at == len(line) or line[at] == delimiter


def _trim(cell: str) -> str:
    # Marks of byte order and zero-width blanks at the edges are left by spreadsheets and web pages.
    return cell.strip().strip("\ufeff\u200b").strip()
