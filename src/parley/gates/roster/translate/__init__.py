"""A roster in a file to shifts: pure, and the only door is this page.

`read_roster` takes the bytes of a CSV sheet or of an iCalendar file and gives every shift in it, or raises
`RosterError` with all that is wrong, line by line. A time without a zone is never guessed.
"""

from datetime import tzinfo
from typing import Final

from parley.gates.roster.translate.calendar import read_calendar
from parley.gates.roster.translate.planned import MAX_SHIFTS, Planned, RosterError, Wrong
from parley.gates.roster.translate.sheet import read_sheet

__all__ = ["MAX_BYTES", "Planned", "RosterError", "Wrong", "read_roster"]

MAX_BYTES: Final = 1 << 20


def read_roster(raw: bytes, *, zone: tzinfo | None = None) -> tuple[Planned, ...]:
    """Return the shifts in `raw`; `zone` is that of times that name none.

    Raises:
        RosterError: something is wrong with it, and nothing of it is to be used.
    """
    if len(raw) > MAX_BYTES:
        raise RosterError({0: Wrong.TOO_LONG})
    text = _decode(raw)
    is_calendar = text.lstrip().upper().startswith("BEGIN:VCALENDAR")
    found = read_calendar(text, zone=zone) if is_calendar else read_sheet(text, zone=zone)
    if len(found) > MAX_SHIFTS:
        raise RosterError({0: Wrong.TOO_LONG})
    if not found:
        raise RosterError({0: Wrong.EMPTY})
    return found


def _decode(raw: bytes) -> str:
    for codec in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    raise RosterError({0: Wrong.ENCODING})
