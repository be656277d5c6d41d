"""A text with a header to drafts: where the header is, which delimiter, and every line accounted for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

from parley.gates.table.translate.address import Address, read_address
from parley.gates.table.translate.cells import (
    DELIMITERS,
    Record,
    check_rows,
    read_records,
    separator_of,
)
from parley.gates.table.translate.codes import MAX_COLUMNS, Field, Reason, Skipped
from parley.gates.table.translate.header import read_column, read_header
from parley.gates.table.translate.sheet import Cell, Column, Draft, Ignored, Remark
from parley.ui.letters import restore, shown

# A header is looked for under a title and a few lines about the file, no deeper.
_DEPTH: Final = 10
_ITEM: Final = frozenset({Field.URL, Field.SUBJECT, Field.IP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The drafts under a header, and the lines that are none."""

    delimiter: str
    header: tuple[Column, ...]
    header_line: int
    header_last_line: int
    drafts: tuple[Draft, ...]
    ignored: tuple[Ignored, ...]


def read_table(lines: tuple[str, ...]) -> Table | None:
    """Return the table that `lines` are, or None if they have no header.

    The delimiter is the one that a ``sep=`` line names, else the one under which the most
    headings are understood.

    Raises:
        SheetError: the table has too many columns or rows.
    """
    named = separator_of(lines[0]) if lines else None
    first = 0 if named is None else 1
    found = _find_header(lines, DELIMITERS if named is None else (named,), first=first)
    if found is None:
        return None
    delimiter, header = found
    columns = read_header(restore(cell) for cell in header.cells)
    above = tuple(
        _ignored(record, Skipped.BLANK if record.is_blank else Skipped.ABOVE_HEADER)
        for record in read_records(lines[: header.line - 1], delimiter, first=first)
    )
    separator = Ignored(line=1, last_line=1, skipped=Skipped.SEPARATOR_LINE, text=shown(lines[0]))
    drafts, below = _read_rows(read_records(lines, delimiter, first=header.last_line), header, columns)
    return Table(
        delimiter=delimiter,
        header=columns,
        header_line=header.line,
        header_last_line=header.last_line,
        drafts=drafts,
        ignored=(*((separator,) if named is not None else ()), *above, *below),
    )


def _find_header(
    lines: tuple[str, ...], delimiters: Iterable[str], *, first: int
) -> tuple[str, Record] | None:
    """Return the record in which the most headings are understood, and the delimiter that shows it."""
    found = [
        (len(_fields(record)), -record.line, delimiter, record)
        for delimiter in delimiters
        for record in islice(read_records(lines, delimiter, first=first), _DEPTH)
        if _is_header(record, lines, delimiter)
    ]
    if not found:
        return None
    _, _, delimiter, header = max(found, key=lambda each: each[:2])
    return delimiter, header


def _read_rows(
    records: Iterator[Record], header: Record, columns: tuple[Column, ...]
) -> tuple[tuple[Draft, ...], tuple[Ignored, ...]]:
    drafts: list[Draft] = []
    ignored: list[Ignored] = []
    for record in records:
        if record.is_blank:
            ignored.append(_ignored(record, Skipped.BLANK))
        elif record.cells == header.cells:
            # Sheets that were put together, or broken into pages, repeat it.
            ignored.append(_ignored(record, Skipped.HEADER_AGAIN))
        else:
            check_rows(len(drafts) + 1)
            drafts.append(_draft(len(drafts) + 1, record, columns))
    return tuple(drafts), tuple(ignored)


def _draft(number: int, record: Record, columns: tuple[Column, ...]) -> Draft:
    pairs = zip_longest(columns, record.cells[: len(columns)], fillvalue=None)
    cells = tuple(
        Cell(column=column.text, field=column.field, text=restore(text), zone=column.zone)
        for column, text in pairs
        if column is not None and text
    )
    extra = " ".join(cell for cell in record.cells[len(columns) :] if cell)
    remarks = (
        *((Remark(reason=Reason.QUOTE_OPEN, text=shown(" ".join(record.cells))),) if record.broken else ()),
        *((Remark(reason=Reason.EXTRA_CELLS, text=shown(extra)),) if extra else ()),
    )
    return Draft(number=number, line=record.line, last_line=record.last_line, cells=cells, remarks=remarks)


def _fields(record: Record) -> frozenset[Field]:
    # A line of a million cells is refused by `read_header`, if it is one; not looked through before.
    columns = (read_column(cell) for cell in record.cells[:MAX_COLUMNS])
    return frozenset(column.field for column in columns if column.field is not None)


def _is_header(record: Record, lines: tuple[str, ...], delimiter: str) -> bool:
    """Return whether `record` names a column of items, and is not itself a row or a sentence."""
    fields = _fields(record)
    if record.broken or not fields & _ITEM or any(map(_is_address, record.cells[:MAX_COLUMNS])):
        return False
    if len(fields) > 1:
        return True
    # One word alone may stand in prose: then the cell under it has to be an item.
    below = read_records(lines, delimiter, first=record.last_line)
    item = next((each.cells[0] for each in below if not each.is_blank), "")
    return len(record.cells) == 1 and _is_address(item)


def _is_address(cell: str) -> bool:
    return isinstance(read_address(cell), Address)


def _ignored(record: Record, skipped: Skipped) -> Ignored:
    text = shown(" ".join(cell for cell in record.cells if cell))
    return Ignored(line=record.line, last_line=record.last_line, skipped=skipped, text=text)
