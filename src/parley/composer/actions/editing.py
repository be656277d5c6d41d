"""What is typed, pasted, chosen and undone in a draft: saved first, whatever button was pressed."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from parley.composer.forms.fields import MARKS, row_of
from parley.composer.forms.intake import Source, check_room, fields_of, taken_of
from parley.composer.forms.lines import EMPTY, Line, as_typed, read_lines
from parley.composer.queries.work import Work
from parley.drafts import actions as drafts
from parley.drafts.actions import Hand, Outcome
from parley.drafts.queries import show_draft, values_of
from parley.inquiries.forms.typed import spoken_items

# What "same as above" copies into cells that are empty.
_COPIED: Final = ("brand", "time", "zone", "state", "group", "kind", "questions")


def bring(number: int, fields: Mapping[str, str], *, base: int, by: Hand) -> Outcome:
    """Save what a page brings by itself while somebody types.

    Cells of rows that are not there are left alone. A field whose other text the page was told
    of is brought again only because its person chose.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        taken, first = _known(number, fields)
        return drafts.save(number, taken, base=base, by=by, first=first)


def bring_all(number: int, fields: Mapping[str, str], *, base: int, by: Hand) -> Outcome:
    """Save what a whole form brings: no choice between two texts is meant by it.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        taken, first = _known(number, fields)
        return drafts.save_all(number, taken, base=base, by=by, first=first)


def unsaved(number: int, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a page brings that is not what the draft holds: for a draft that is closed meanwhile."""
    taken, first = _known(number, fields)
    values = values_of(number, taken)
    return {name: text for name, text in taken.items() if text != values.get(name, first.get(name, ""))}


def _known(number: int, fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fields that there are, and what their page showed before anybody wrote them."""
    touched = {place[0] for name in fields if (place := row_of(name))}
    values = values_of(number, ["gone", *(f"row.{row}" for row in touched)])
    lines = {line.number: line for line in read_lines(values)}
    taken: dict[str, str] = {}
    first: dict[str, str] = {}
    for name, value in fields.items():
        place = row_of(name)
        if place is None:
            taken[name] = value
        elif place[0] in lines:
            taken[name], first[name] = _cell(lines[place[0]], place[1], value)
    return taken, first


def take_in(number: int, source: Source, *, by: Hand, replaces: bool = False) -> None:
    """Make rows of a source, behind those that are there or in their place; the box is empty then.

    The rows that others took the place of stay in the history of the draft.

    Raises:
        SheetError: there would be too many rows.
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        values = show_draft(number).values
        lines = read_lines(values)
        numbers = _numbers(values)
        first = max(numbers, default=0) + 1
        there = 0 if replaces else len(lines)
        check_room(there, len(source.sheet.rows))
        fields = dict(fields_of(source, number=len(taken_of(values)) + 1, first=first))
        if not source.name:
            fields["paste"] = ""
        if replaces and numbers:
            fields["gone"] = spoken_items(numbers)
        drafts.put(number, fields, by=by, count=there + len(source.sheet.rows))


def add_row(number: int, *, by: Hand) -> int:
    """Add an empty row and return its number."""
    with transaction.atomic():
        values = show_draft(number).values
        place = max(_numbers(values), default=0) + 1
        check_room(len(read_lines(values)), 1)
        drafts.put(number, {f"row.{place}": EMPTY}, by=by, count=len(read_lines(values)) + 1)
    return place


def mark(number: int, field: str, value: str, *, by: Hand) -> None:
    """Set or take back one mark of one row: left out, masked, taken as it is, asked again."""
    drafts.put(number, {field: value}, by=by)


def fill_from_above(work: Work, row: int, *, by: Hand) -> None:
    """Copy from the row above what `row` does not say itself."""
    lines = [line for line in work.lines if not line.is_out or line.number == row]
    place = next((at for at, line in enumerate(lines) if line.number == row), 0)
    if place == 0:
        return
    above, line = lines[place - 1], lines[place]
    copied = {
        f"row.{row}.{name}": above.shown(name)
        for name in _COPIED
        if above.shown(name).strip() and not line.shown(name).strip()
    }
    drafts.put(work.draft.number, copied, by=by)


def settle(number: int, conflict: int, *, take_mine: bool, by: Hand) -> None:
    """Choose between two texts for one field."""
    drafts.resolve(number, conflict, take_mine=take_mine, by=by)


def put_away(number: int, *, by: Hand) -> None:
    """Close a draft that will not be sent; it can be read for ever."""
    drafts.close(number, outcome="put_away", by=by)


def _cell(line: Line, name: str, value: str) -> tuple[str, str]:
    """Return a cell as it is kept, and what the page showed before anybody wrote it."""
    if name in MARKS:
        return value, ""
    return as_typed(name, value), line.first(name)


def _numbers(values: Mapping[str, str]) -> frozenset[int]:
    names = (name.removeprefix("row.") for name in values if name.startswith("row."))
    return frozenset(int(name) for name in names if name.isdecimal())
