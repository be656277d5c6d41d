"""What rings here: core's word about it, with what the rows of calls say of each.

Core alone knows who is rung (`node/ringer.py`); the rows, which may lag a moment behind it, only say what
a call is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.hotline.queries import CallRow, UnknownCallError, find_call, list_open
from parley.ledger.readers import links_of, side_name
from parley.watch.beats import AlarmRow, Beat, NobodyAnswersError, beat
from parley.work.home import Home
from parley.work.sock import CoreError

SHOWN: Final = 7
"""So many calls that ring are told in words; of all others their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A call that rings here, and the other side's name. `row` is None until the rows tell of it."""

    alarm: AlarmRow
    row: CallRow | None
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen as it speaks to core: what it calls itself, the last `seq` it was told, who sees it."""

    name: str
    officer: int
    seen: int = 0
    is_hidden: bool = False
    holds: bool = True


def hear(home: Home, screen: Screen) -> Beat | None:
    """Return what core says to `screen`, at once or after some seconds; None: it says nothing that counts."""
    try:
        return beat(
            home,
            screen=screen.name,
            officer=screen.officer,
            seen=screen.seen,
            hidden=screen.is_hidden,
            holds=screen.holds,
        )
    except (NobodyAnswersError, CoreError):
        return None


def open_rows(*, now: int) -> tuple[CallRow, ...]:
    """Return the calls that are not over, the worst first, as far as one page of their list goes."""
    return list_open(now=now)


def rings(home: Home, alarms: Iterable[AlarmRow], *, rows: Iterable[CallRow]) -> tuple[Ring, ...]:
    """Return `alarms` with the rows of their calls, in their order; what is not in `rows` is looked up."""
    sides = {link.row.link: side_name(link.row) for link in links_of(home)}
    known = {(row.link, row.call): row for row in rows}
    return tuple(
        Ring(alarm=each, row=_row(each, known), side=sides.get(each.link, each.link)) for each in alarms
    )


def _row(alarm: AlarmRow, known: Mapping[tuple[str, str], CallRow]) -> CallRow | None:
    found = known.get((alarm.link, alarm.call))
    if found is not None:
        return found
    try:
        return find_call(alarm.link, alarm.call)
    except UnknownCallError:
        return None
