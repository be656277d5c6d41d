"""What was found in a text before it becomes rows: counted, and each doubt said in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.composer.forms.fixes import Told, told_of, told_of_earlier
from parley.composer.forms.intake import Source, Taken, read_source, taken_of
from parley.composer.forms.remarks import SILENT, said_of_line, said_of_obstacle, said_of_sheet
from parley.composer.queries.earlier import asked_before, key_of
from parley.composer.queries.work import Work
from parley.gates.table.translate import Address, Field, Ignored, Reason, Row, SheetError, read_address
from parley.inquiries.queries import EarlierItem

MAX_TOLD: Final = 3
"""Of one kind of doubt so many rows are told one by one; the others are counted."""
# Nothing is wrong with an address that was pasted alone: the grid asks for the rest, once for all.
_ASKED_LATER: Final = frozenset({Reason.BRAND_MISSING, Reason.TIME_MISSING, Reason.QUESTION_MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Rows about which the same is to be said: the first of them in words, and how many more."""

    told: tuple[Told, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a text holds. `obstacle` says why it cannot be read at all; then the rest is empty."""

    obstacle: str = ""
    encoding: str = ""
    rows: int = 0
    sites: int = 0
    duplicates: int = 0
    earlier: tuple[tuple[int, EarlierItem], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    later: tuple[Reason, ...] = ()
    """What the grid will ask for."""
    ignored: tuple[str, ...] = ()
    silent: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A source that became rows, and its lines that are none, in words."""

    source: Taken
    ignored: tuple[str, ...]


def found_in(work: Work, text: str) -> Found | None:
    """Return what `text` holds; None if there is nothing."""
    if not text.strip():
        return None
    try:
        return found_of(work, read_source(text, work.choices))
    except SheetError as error:
        return Found(obstacle=said_of_obstacle(error))


def found_of(work: Work, source: Source) -> Found:
    """Return what a source holds."""
    sheet = source.sheet
    keys = {row.number: key for row in sheet.rows if (key := key_of(row))}
    earlier = asked_before(work.link.row.name, keys)
    told = [each for each in sheet.ignored if each.skipped not in SILENT]
    reasons = {remark.reason for row in sheet.rows for remark in row.remarks}
    return Found(
        encoding=(sheet.encoding or "").upper(),
        rows=len(sheet.rows),
        sites=len(_hosts(sheet.rows)),
        duplicates=sum(Reason.DUPLICATE in _reasons(row) for row in sheet.rows),
        earlier=tuple(sorted(earlier.items())),
        doubts=tuple(_doubts(sheet.rows)),
        later=tuple(each for each in Reason if each in reasons & _ASKED_LATER),
        ignored=_lines(told),
        silent=len(sheet.ignored) - len(told),
        notices=tuple(said_of_sheet(each) for each in sheet.remarks),
    )


def arrived(values: Mapping[str, str]) -> tuple[Arrived, ...]:
    """Return what came in so far, the newest first."""
    return tuple(Arrived(source=each, ignored=_lines(each.ignored)) for each in reversed(taken_of(values)))


def told_earlier(found: Found) -> tuple[Told, ...]:
    """Return what is said of rows that were asked before."""
    return tuple(told_of_earlier(number, item) for number, item in found.earlier[:MAX_TOLD])


def _lines(ignored: Iterable[Ignored]) -> tuple[str, ...]:
    return tuple(said_of_line(each) for each in ignored)


def _reasons(row: Row) -> frozenset[Reason]:
    return frozenset(remark.reason for remark in row.remarks)


def _hosts(rows: Iterable[Row]) -> frozenset[str]:
    cells = (cell for row in rows for cell in row.cells if cell.field in {Field.URL, Field.SUBJECT})
    addresses = (read_address(cell.text) for cell in cells)
    return frozenset(each.host.lower() for each in addresses if isinstance(each, Address))


def _doubts(rows: Iterable[Row]) -> Iterable[Doubt]:
    by_reason: dict[Reason, list[Told]] = {}
    for row in rows:
        for remark, told in zip(row.remarks, told_of(row), strict=True):
            if remark.reason not in _ASKED_LATER:
                by_reason.setdefault(remark.reason, []).append(told)
    for told_all in by_reason.values():
        yield Doubt(told=tuple(told_all[:MAX_TOLD]), more=len(told_all[MAX_TOLD:]))
