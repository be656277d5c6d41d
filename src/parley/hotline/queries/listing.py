"""Lists of calls; reads only, and folds nothing.

Whether a call is a one-sided record is a view at some `now`, so `now` is an argument.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, Q, When

from parley.hotline.models import REF, Call
from parley.hotline.queries.rows import CallRow, call_of
from parley.inquiries.queries import inquiries_by_id
from parley.links.queries.cursor import NEWEST_FIRST, behind, ended
from parley.protocol.hotline.codes import Nature
from parley.protocol.places import heard_place, mark

PAGE: Final = 50
_MEANT: Final = Case(*(When(nature=each.value, then=rank) for rank, each in enumerate(Nature)))


class UnknownCallError(Exception):
    """There is no call of this id or at this place; the rows may also not be written yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """Some calls of a list, and the place after which the next ones stand (None: there are none)."""

    rows: tuple[CallRow, ...]
    after: str | None


def list_calls(
    *,
    now: int,
    link: str | None = None,
    is_open: bool | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> CallPage:
    """Return calls, newest first, from the place `after` on; open ones are those that are not over at `now`.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    found = Call.objects.filter(_condition(now=now, link=link, is_open=is_open), behind(after))
    rows, more = ended(found.order_by(*NEWEST_FIRST)[: limit + 1], limit=limit)
    return CallPage(rows=_told(rows), after=more)


def list_open(*, now: int, link: str | None = None, limit: int = PAGE) -> tuple[CallRow, ...]:
    """Return calls that are not over at `now`, the worst first: what is meant, the urgent, the oldest.

    However many tests the other side opens, and whichever came last, what is real stands above them.
    """
    found = Call.objects.filter(_condition(now=now, link=link, is_open=True))
    return _told(found.order_by(_MEANT, "urgency", "opened_at", "key")[:limit])


def count_calls(*, now: int, link: str | None = None, is_open: bool | None = None) -> int:
    """Return how many calls there are."""
    return Call.objects.filter(_condition(now=now, link=link, is_open=is_open)).count()


def count_open(*, now: int) -> int:
    """Return how many calls are not over at `now`, on all links."""
    return count_calls(now=now, is_open=True)


def calls_about(link: str, inquiry: str) -> tuple[CallRow, ...]:
    """Return the calls that cite the inquiry with this id (43 characters), newest first."""
    return _told(Call.objects.filter(link=link, inquiry=inquiry).order_by("-order", "-key"))


def find_call(link: str, call: str) -> CallRow:
    """Return the call with this id (43 characters).

    Raises:
        UnknownCallError: there is none; the rows may also not be written yet.
    """
    found = _told(Call.objects.filter(key=f"{link}/{call}"))
    if not found:
        raise UnknownCallError(f"expected a call on {link}, found none with the id {call!r}")
    return found[0]


def calls_by_key(keys: Iterable[str]) -> Mapping[str, CallRow]:
    """Return the calls with these keys (``link/call``), as far as the rows are written."""
    return {f"{row.link}/{row.call}": row for row in _told(Call.objects.filter(key__in=list(keys)))}


def called(name: str, *, links: Collection[str]) -> tuple[CallRow, ...]:
    """Return the calls on these links that people call `name`: by the place of the opening, or our number."""
    spoken = unicodedata.normalize("NFKC", name).strip()
    if not spoken or len(spoken) > REF:
        return ()
    wanted = Q(ref=spoken)
    if place := heard_place(spoken):
        wanted |= Q(letter=mark(place.letter, place.lane), index=place.index)
    return _told(Call.objects.filter(wanted, link__in=list(links)).order_by("-order", "-key")[:PAGE])


def _condition(*, now: int, link: str | None, is_open: bool | None) -> Q:
    found = Q() if link is None else Q(link=link)
    if is_open is None:
        return found
    goes_on = Q(is_open=True) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    return found & (goes_on if is_open else ~goes_on)


def _told(rows: Iterable[Call]) -> tuple[CallRow, ...]:
    held = tuple(rows)
    cited = inquiries_by_id((row.link, row.inquiry) for row in held if row.inquiry)
    places = {key: inquiry.place for key, inquiry in cited.items()}
    return tuple(call_of(row, inquiry_place=places.get((row.link, row.inquiry), "")) for row in held)
