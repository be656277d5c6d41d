"""Instants and offsets as the form writes them: always with their zone, always in figures.

2027-03-28T01:00Z       to the second only where it has seconds
+08:00, -03:30          ahead of UTC, behind UTC
"""

import re
from datetime import UTC, datetime
from typing import Final

from parley.protocol.officetime import MAX_OFFSET_MINUTES

_OFFSET: Final = re.compile(r"(?:UTC|GMT)?\s*([+\u2212-])([0-9]{1,2})(?::?([0-9]{2}))?")
_HOUR: Final = 60


class SinceError(Exception):
    """The day from which on a text holds is no time with a zone; `text` is what was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(f"expected a time with its zone, found {text!r}")
        self.text = text


def read_since(text: str) -> int:
    """Return the Unix seconds that `text` states.

    Raises:
        SinceError: it is no time, or has no zone.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise SinceError(text) from error
    if moment.tzinfo is None:
        raise SinceError(text)
    return int(moment.timestamp())


def write_since(seconds: int) -> str:
    """Return an instant as the form shows it, to the minute."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")


def write_instant(seconds: int) -> str:
    """Return an instant as `read_since` reads it again, with its seconds where it has some."""
    form = "%Y-%m-%dT%H:%M:%SZ" if seconds % 60 else "%Y-%m-%dT%H:%MZ"
    return datetime.fromtimestamp(seconds, UTC).strftime(form)


def read_offset(text: str) -> int | None:
    """Return how many minutes ahead of UTC `text` states; None if it states none, or one out of bounds."""
    typed = text.strip().upper()
    if typed in {"Z", "UTC"}:
        return 0
    found = _OFFSET.fullmatch(typed)
    if found is None or int(found[3] or 0) >= _HOUR:
        return None
    minutes = int(found[2]) * _HOUR + int(found[3] or 0)
    return None if minutes > MAX_OFFSET_MINUTES else minutes if found[1] == "+" else -minutes


def write_offset(minutes: int) -> str:
    """Return an offset as the form shows it."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // _HOUR:02}:{abs(minutes) % _HOUR:02}"
