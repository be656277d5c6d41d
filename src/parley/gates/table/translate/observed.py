"""When a row was observed: its own time, its zone column, its heading, then what the officer said."""

from collections.abc import Mapping
from typing import Final

from parley.gates.table.translate.codes import Field, Reason
from parley.gates.table.translate.moment import Moment, read_moment, read_zone, states_day
from parley.gates.table.translate.sheet import Cell, Choices, Remark
from parley.ui.letters import shown

# The other side's clock may be a little fast; a time further ahead is a slip of the pen.
_AHEAD: Final = 300

_NOTHING: Final = Cell(column="", field=None, text="")


def observed_at(
    cells: Mapping[Field, Cell], choices: Choices, *, is_needed: bool = True
) -> tuple[int | None, tuple[Remark, ...]]:
    """Return the unix seconds at which the row was observed, and what is to be said about its time.

    A zone that the time itself states counts before that of the zone column, of the heading,
    of `choices`. Two that contradict each other are a question, not a choice.
    """
    cell = _stated(cells)
    if cell.text == "" and choices.observed_at is None:
        missing = Remark(reason=Reason.TIME_MISSING, fixes=("--observed-at TIME",))
        return None, (missing,) if is_needed else ()
    zone_cell = cells.get(Field.ZONE, _NOTHING)
    column_zone = read_zone(zone_cell.text) if zone_cell.text else None
    if zone_cell.text and column_zone is None:
        return None, (_remark(Reason.ZONE_NOT_READ, zone_cell),)
    zone = next((each for each in (column_zone, cell.zone, chosen_zone(choices)) if each is not None), None)
    moment = read_moment(cell.text or choices.observed_at or "", zone=zone)
    if moment.lacks:
        return None, tuple(_remark(lack, cell, fixes=_fixes(lack, choices)) for lack in moment.lacks)
    return _checked(moment, cell, column_zone=column_zone, now=choices.now)


def chosen_zone(choices: Choices) -> int | None:
    """Return the zone that the officer gave, in minutes; it was checked on the way in."""
    return None if choices.zone is None else read_zone(choices.zone)


def _checked(
    moment: Moment, cell: Cell, *, column_zone: int | None, now: int | None
) -> tuple[int | None, tuple[Remark, ...]]:
    if moment.zone is not None and column_zone is not None and moment.zone != column_zone:
        return None, (_remark(Reason.ZONE_CONFLICT, cell),)
    if moment.at is not None and now is not None and moment.at > now + _AHEAD:
        return None, (_remark(Reason.TIME_IN_FUTURE, cell),)
    return moment.at, ()


def _stated(cells: Mapping[Field, Cell]) -> Cell:
    """Return the cell with the time; a date and a clock in two columns become one."""
    whole = cells.get(Field.OBSERVED_AT, _NOTHING)
    day = cells.get(Field.OBSERVED_DATE, _NOTHING)
    clock = cells.get(Field.OBSERVED_CLOCK, _NOTHING)
    if whole.text and (day.text == "" or states_day(whole.text)):
        return whole
    behind = whole if whole.text else clock
    heading = day.column if behind.text == "" else f"{day.column}+{behind.column}"
    return Cell(column=heading, field=None, text=f"{day.text} {behind.text}".strip(), zone=whole.zone)


def _fixes(lack: Reason, choices: Choices) -> tuple[str, ...]:
    return (f"--zone {choices.zone_hint}",) if lack is Reason.TIME_WITHOUT_ZONE else ()


def _remark(reason: Reason, cell: Cell, *, fixes: tuple[str, ...] = ()) -> Remark:
    return Remark(reason=reason, column=cell.column, text=shown(cell.text), fixes=fixes)
