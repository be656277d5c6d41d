"""Where a list goes on: behind the row that was shown last, in the order in which rooms list their threads.

    1793491200:a-b/kF3…      `order` and `key` of that row; the newest is first

Inquiries and the record have orders of their own, and only raise the same error.
"""

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from django.db.models import Q


class CursorError(Exception):
    """What was given as a place in a list is none."""


class Ordered(Protocol):
    """A row of a list."""

    @property
    def order(self) -> int:
        """Return where it stands: a time, and within a second its place."""

    @property
    def key(self) -> str:
        """Return by which name the table knows it."""


Row = TypeVar("Row", bound=Ordered)
NEWEST_FIRST: Final = ("-order", "-key")
MAX_DIGITS: Final = 20


def behind(cursor: str | None) -> Q:
    """Return the condition that a row stands behind `cursor`; None is behind no row.

    Raises:
        CursorError: `cursor` is not a place that a list gave.
    """
    if cursor is None:
        return Q()
    order, _colon, key = cursor.partition(":")
    if not (order.isascii() and order.isdecimal() and len(order) < MAX_DIGITS and key):
        raise CursorError(f"expected a place in the list, found {cursor!r}")
    return Q(order__lt=int(order)) | Q(order=int(order), key__lt=key)


def ended(rows: Iterable[Row], *, limit: int) -> tuple[list[Row], str | None]:
    """Return the first `limit` of `rows`, and the place behind them; None where there are no more."""
    held = list(rows)
    last = held[limit - 1] if len(held) > limit else None
    return held[:limit], None if last is None else f"{last.order}:{last.key}"
