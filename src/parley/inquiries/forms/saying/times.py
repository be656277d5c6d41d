"""A time as a form asks for it: typed in one field, or day and hour and whose clock they are on.

    until        2026-11-02T09:10Z · +3d · 2026-11-02 17:10 with a zone chosen beside it
    until_date   2026-11-02        until_time   17:10        until_zone   ours | theirs | utc

A time without a zone is refused by name (screens E-01): the zone is chosen beside it, and what
was typed stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from parley.inquiries.forms.typed import TypedError, read_time
from parley.protocol.officetime import Calendar

ZONES: Final = ("ours", "theirs", "utc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The clocks of both sides, by which a time without a zone of its own can be read."""

    ours: Calendar
    theirs: Calendar

    def instant(self, moment: datetime, zone: str) -> int:
        """Return the unix seconds at which the clock that `zone` names shows `moment`."""
        if zone == "utc":
            return int(moment.replace(tzinfo=UTC).timestamp())
        calendar = self.ours if zone == "ours" else self.theirs
        minute = moment.hour * 60 + moment.minute
        return calendar.instant(moment.toordinal(), minute) + moment.second


def read_moment(typed: Mapping[str, str], name: str, *, zones: Zones, now: int) -> int | None:
    """Return the unix seconds that the fields of `name` state; None if nothing is in them.

    Raises:
        TypedError: they cannot be read, or have no zone (`wanted` is then ``zone``).
    """
    zone = typed.get(f"{name}_zone", "")
    text = typed.get(name, "").strip()
    if text:
        return read_text(text, zone, zones=zones, now=now)
    day, hour = typed.get(f"{name}_date", "").strip(), typed.get(f"{name}_time", "").strip()
    if not day and not hour:
        return None
    both = f"{day} {hour}".strip()
    try:
        moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour))
    except ValueError as error:
        raise TypedError("time", both) from error
    if zone not in ZONES:
        raise TypedError("zone", both)
    return zones.instant(moment.replace(tzinfo=None), zone)


def read_text(text: str, zone: str, *, zones: Zones, now: int) -> int:
    """Return the unix seconds that `text` states, by the clock of `zone` if it names no zone itself.

    Raises:
        TypedError: it cannot be read, or has no zone.
    """
    try:
        return read_time(text, now=now)
    except TypedError as error:
        if error.wanted != "zone" or zone not in ZONES:
            raise
    return zones.instant(datetime.fromisoformat(text), zone)
