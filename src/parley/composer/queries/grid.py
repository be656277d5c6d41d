"""The grid: one line for each row, with what is wrong with it in words and what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.composer.forms.fixes import (
    Fix,
    Told,
    cells_with_problems,
    told_of,
    told_of_earlier,
    told_of_refused,
)
from parley.composer.forms.lines import COLUMNS, Line
from parley.composer.queries.work import Work
from parley.gates.table.translate import Result
from parley.inquiries.queries import EarlierItem
from parley.ui import times

MAX_ROWS: Final = 200
"""So many lines stand in one page; a larger list is mended in a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """A cell: the name of its field, what it shows, its heading, and whether something is wrong in it."""

    name: str
    column: str
    label: str
    text: str
    hint: str
    is_wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A line. `place` is where it was sent, such as ``A 112``; then it cannot be changed."""

    number: int
    cells: tuple[GridCell, ...]
    is_out: bool
    place: str
    needs: bool
    is_dropped: bool
    told: tuple[Told, ...]
    earlier: EarlierItem | None

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """Return the buttons of all that is told, each once."""
        return tuple(dict.fromkeys(fix for told in self.told for fix in told.fixes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The lines that stand in the page, and how many there are of each kind in all."""

    headings: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]
    total: int
    ready: int
    needs: tuple[int, ...]
    dropped: int
    out: int
    sent: int

    @property
    def hidden(self) -> int:
        """Return how many lines are not in the page; none of them is lost."""
        return self.total - len(self.rows)


def grid_of(work: Work) -> Grid:
    """Return the grid: all lines in order, or, of many, those first that need a person."""
    lines = work.lines
    needs = work.needs
    if len(lines) > MAX_ROWS:
        first = frozenset(needs)
        lines = tuple(sorted(lines, key=lambda line: (line.number not in first, line.number)))[:MAX_ROWS]
    columns = COLUMNS[work.choices.item_type]
    return Grid(
        headings=tuple((name, heading(name)) for name in columns),
        rows=tuple(_row(work, line, columns, needs=frozenset(needs)) for line in lines),
        total=len(work.lines),
        ready=len(work.ready),
        needs=needs,
        dropped=sum(row.result is Result.DROPPED for row in work.rows.values()),
        out=sum(line.is_out for line in work.lines),
        sent=len(work.sent),
    )


def heading(column: str) -> str:
    """Return the heading of a column."""
    return {
        "url": _("Web address (shown safe)"),
        "brand": _("Impersonated institution"),
        "time": _("When it was seen"),
        "zone": _("Zone"),
        "state": _("State"),
        "note": _("Note"),
        "group": _("Group"),
        "subject": _("Subject"),
        "kind": _("Kind"),
        "questions": _("Questions"),
    }[column]


def _row(work: Work, line: Line, columns: Iterable[str], *, needs: frozenset[int]) -> GridRow:
    row = work.rows.get(line.number)
    earlier = work.earlier.get(line.number)
    sent = work.sent.get(line.number)
    wrong = frozenset[str]() if row is None else cells_with_problems(row, columns)
    told = () if row is None else told_of(row)
    if earlier is not None:
        told = (*told, told_of_earlier(line.number, earlier))
    refused = work.refused.get(line.number)
    if refused is not None:
        told = (*told, told_of_refused(line.number, refused))
    return GridRow(
        number=line.number,
        cells=tuple(_cell(work, line, name, is_wrong=name in wrong) for name in columns),
        is_out=line.is_out,
        place="" if sent is None else sent.place,
        needs=line.number in needs,
        is_dropped=row is not None and row.result is Result.DROPPED,
        told=told,
        earlier=earlier,
    )


def _cell(work: Work, line: Line, name: str, *, is_wrong: bool) -> GridCell:
    return GridCell(
        name=f"row.{line.number}.{name}",
        column=name,
        label=heading(name),
        text=line.shown(name),
        hint=_hint(work, line, name),
        is_wrong=is_wrong,
    )


def _hint(work: Work, line: Line, name: str) -> str:
    """Return what counts while the cell is empty: the heading's zone, or what was said for all rows."""
    choices = work.choices
    zone = line.zone_of_heading()
    if name == "zone" and zone is not None:
        return times.offset_text(zone)
    for_all = {
        "zone": choices.zone,
        "time": choices.observed_at,
        "brand": choices.target_brand,
        "questions": ", ".join(question.value for question in choices.questions),
    }
    return for_all.get(name) or ""
