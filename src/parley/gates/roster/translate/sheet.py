"""A sheet of shifts: headings, then one shift a line.

    post,person,begins,ends                       or   岗位,人员,开始,结束
    desk,3,2026-11-22T08:00+08:00,2026-11-22T20:00+08:00

Other columns are left alone; a tab or a semicolon may stand for the comma.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Final

from parley.gates.roster.translate.planned import (
    Planned,
    RosterError,
    Wrong,
    WrongError,
    planned,
    read_instant,
    read_post,
)

HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("post", "岗位", "值班岗位"), "post"),
        **dict.fromkeys(("person", "officer", "人员", "值班人员", "姓名"), "person"),
        **dict.fromkeys(("begins", "begin", "from", "start", "开始", "开始时间"), "begins"),
        **dict.fromkeys(("ends", "end", "to", "until", "结束", "结束时间"), "ends"),
    }
)


def read_sheet(text: str, *, zone: tzinfo | None) -> tuple[Planned, ...]:
    """Return the shifts of a sheet.

    Raises:
        RosterError: it is no such sheet, or some of its lines are wrong; then none is to be used.
    """
    found: list[Planned] = []
    wrong: dict[int, Wrong] = {}
    for line, cells in _rows(text):
        try:
            begins, ends = (read_instant(cells[name], zone=zone) for name in ("begins", "ends"))
            found.append(
                planned(read_post(cells["post"]), cells["person"], begins=begins, ends=ends, line=line)
            )
        except WrongError as error:
            wrong[line] = error.wrong
    if wrong:
        raise RosterError(wrong)
    return tuple(found)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [HEADINGS.get(cell.strip().lower(), "") for cell in next(reader, [])]
        if not {"post", "person", "begins", "ends"} <= set(columns):
            raise RosterError({1: Wrong.HEADINGS})
        for row in reader:
            if any(cell.strip() for cell in row):
                cells = dict.fromkeys(("post", "person", "begins", "ends"), "")
                cells.update(zip(columns, (cell.strip() for cell in row), strict=False))
                yield reader.line_num, cells
    except csv.Error as error:
        raise RosterError({reader.line_num: Wrong.HEADINGS}) from error
