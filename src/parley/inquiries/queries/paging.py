"""One page of the list of a link: fifty rows, wherever in the list it is, as fast as the first fifty.

A place in the list is a number (`order`) or a due time and that number, never a count of rows
to skip. So a page stays what it is while new rows arrive, and the last page costs what the
first one does. Each list that people look at often has an index of its own, which holds only
the rows of that list; `_driver` tells which one is read, and the other conditions are written
so that SQLite does not take their index instead: without statistics it cannot know that three
rows are my move and a hundred thousand are routine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import connections
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from parley.inquiries.models import Inquiry
from parley.inquiries.queries.listing import PAGE, Filter
from parley.inquiries.queries.rows import InquiryRow, inquiry_of
from parley.links.queries.cursor import CursorError
from parley.protocol.inquiries.codes import OPEN

MAX_COUNTED: Final = 1_000
"""A count beside a filter stops here: nobody reads further, and it costs no more."""
_NOT_FINAL: Final = frozenset(state.value for state in OPEN)


class Sort(StrEnum):
    """In which order a list stands. DUE: the first due time first, and only what has one."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where in a list a page is: behind a place, before one, at the end, or at the beginning."""

    after: str | None = None
    before: str | None = None
    is_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows, and the places before and after which there are others; None where there are none."""

    rows: tuple[InquiryRow, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many inquiries of a link wait for us, are overdue, are open; each at most `MAX_COUNTED`."""

    my_move: int
    overdue: int
    open: int


def page_of(wanted: Filter, *, sort: Sort, spot: Spot, now: int, limit: int = PAGE) -> Page:
    """Return the page at `spot` of the list that `wanted` describes. `wanted` names a link.

    Raises:
        CursorError: the spot is no place in such a list.
    """
    found = matching(wanted, sort=sort, now=now)
    is_backward = spot.is_end or spot.before is not None
    cursor = spot.before if spot.after is None else spot.after
    if cursor is not None and not spot.is_end:
        found = found.filter(_beyond(cursor, sort=sort, is_backward=is_backward))
    rows = list(found.order_by(*_order(sort, is_backward=is_backward))[: limit + 1])
    is_more, rows = len(rows) > limit, rows[:limit]
    if spot.before is not None and not is_more:
        # So near to the beginning, a whole first page says more than what is left of it.
        return page_of(wanted, sort=sort, spot=Spot(), now=now, limit=limit)
    if is_backward:
        rows.reverse()
    has_before = is_more if is_backward else spot.after is not None
    has_after = spot.before is not None if is_backward else is_more
    return Page(
        rows=tuple(inquiry_of(row) for row in rows),
        before=_cursor(rows[0], sort) if rows and has_before else None,
        after=_cursor(rows[-1], sort) if rows and has_after else None,
    )


def matching(wanted: Filter, *, sort: Sort, now: int) -> QuerySet[Inquiry]:
    """Return the inquiries that `wanted` describes, without an order."""
    driver = _driver(wanted, sort=sort)
    found = Inquiry.objects.filter(link=wanted.link, **driver)
    if wanted.overdue:
        found = found.filter(due_at__lt=now)
    if wanted.state is not None:
        found = found.filter(states__has_key=wanted.state)
    beside = {name: value for name, value in _equal(wanted).items() if name not in driver}
    aliases = {f"_{name}": Coalesce(name, _nothing(value)) for name, value in beside.items()}
    return found.alias(**aliases).filter(**{f"_{name}": value for name, value in beside.items()})


def rows_of(keys: Iterable[str]) -> Mapping[str, InquiryRow]:
    """Return the inquiries with these keys (`link/inquiry`), as far as they are there."""
    return {row.key: inquiry_of(row) for row in Inquiry.objects.filter(key__in=list(keys))}


def count_for(link: str, *, now: int) -> Counts:
    """Return what is counted beside the filters, in one statement that reads indexes alone."""
    lists = (
        matching(Filter(link=link, my_move=True), sort=Sort.NEWEST, now=now),
        matching(Filter(link=link, overdue=True), sort=Sort.DUE, now=now),
        matching(Filter(link=link, is_open=True), sort=Sort.NEWEST, now=now),
    )
    parts = [
        # In the order of the list, or SQLite takes another index.
        each.values("order").order_by(*order)[:MAX_COUNTED].query.get_compiler(using=each.db).as_sql()
        for each, order in zip(lists, (("order",), ("due_at", "order"), ("order",)), strict=True)
    ]
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}))" for sql, _values in parts)  # noqa: S608 - Django's own
    with connections[lists[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _sql, values in parts for value in values])
        mine, late, still = cursor.fetchone()
    return Counts(my_move=mine, overdue=late, open=still)


def _equal(wanted: Filter) -> Mapping[str, bool | str]:
    values: Mapping[str, bool | str | None] = {
        "batch_ref": wanted.batch,
        "is_my_move": wanted.my_move or None,
        "is_open": wanted.is_open,
        "is_closed": wanted.is_closed,
        "urgency": wanted.urgency,
        "item": wanted.item,
        "is_ours": wanted.is_ours,
    }
    return {name: value for name, value in values.items() if value is not None}


def _driver(wanted: Filter, *, sort: Sort) -> Mapping[str, bool | str]:
    """Return the conditions whose index is read: of those that are asked for, what leaves fewest rows."""
    equal = _equal(wanted)
    if wanted.overdue or sort is Sort.DUE:
        return {"due_at__isnull": False}
    if wanted.is_open is None and wanted.state in _NOT_FINAL:
        equal = {**equal, "is_open": True}
    if wanted.is_open is False and wanted.is_closed is False and not wanted.my_move and not wanted.batch:
        return {"is_open": False, "is_closed": False}
    for name in ("batch_ref", "is_my_move", "is_open", "urgency", "item", "is_closed", "is_ours"):
        # An index holds the rows that are open; what is not open is nearly everything.
        if name in equal and (equal[name] is not False or name == "is_ours"):
            return {name: equal[name]}
    return {}


def _nothing(value: bool | str) -> Value:  # noqa: FBT001 - the type of a column, not a switch
    return Value(False if isinstance(value, bool) else "")


def _order(sort: Sort, *, is_backward: bool) -> tuple[str, ...]:
    names = ("due_at", "order") if sort is Sort.DUE else ("order",)
    is_falling = (sort is Sort.NEWEST) != is_backward
    return tuple(f"-{name}" for name in names) if is_falling else names


def _cursor(row: Inquiry, sort: Sort) -> str:
    return f"{row.due_at}.{row.order}" if sort is Sort.DUE else str(row.order)


def _beyond(cursor: str, *, sort: Sort, is_backward: bool) -> Q:
    parts = cursor.split(".")
    if len(parts) != 1 + (sort is Sort.DUE) or not all(part.isdecimal() and len(part) < 19 for part in parts):
        raise CursorError(f"expected a place in the list, found {cursor!r}")
    than = "lt" if (sort is Sort.NEWEST) != is_backward else "gt"
    order = Q(**{f"order__{than}": int(parts[-1])})
    if sort is not Sort.DUE:
        return order
    due = int(parts[0])
    # The first condition is there for the index: SQLite does not see it in the second.
    return Q(**{f"due_at__{than}e": due}) & (Q(**{f"due_at__{than}": due}) | order)
