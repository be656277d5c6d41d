"""Inquiries and their items for a table that people take away: read in pieces, in the order of the list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parley.inquiries.models import Inquiry, Item
from parley.inquiries.queries.listing import Filter
from parley.inquiries.queries.paging import Sort, matching
from parley.inquiries.queries.rows import InquiryRow, ItemRow, inquiry_of, item_of

MAX_INQUIRIES: Final = 10_000
"""How many inquiries a table holds at most."""
AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """An inquiry with its items."""

    inquiry: InquiryRow
    items: tuple[ItemRow, ...]


def is_longer_than_a_sheet(wanted: Filter, *, sort: Sort, now: int) -> bool:
    """Return whether `wanted` describes more inquiries than a table holds."""
    return matching(wanted, sort=sort, now=now).order_by("order")[MAX_INQUIRIES:].exists()


def sheet_of(wanted: Filter, *, sort: Sort, now: int) -> Iterator[tuple[SheetRow, ...]]:
    """Yield the inquiries that `wanted` describes with their items, some at a time, sorted."""
    names = ("due_at", "order") if sort is Sort.DUE else ("order" if sort is Sort.OLDEST else "-order",)
    found = matching(wanted, sort=sort, now=now).order_by(*names)[:MAX_INQUIRIES]
    piece: list[Inquiry] = []
    for row in found.iterator(chunk_size=AT_ONCE):
        piece.append(row)
        if len(piece) == AT_ONCE:
            yield _with_items(piece)
            piece = []
    if piece:
        yield _with_items(piece)


def _with_items(rows: list[Inquiry]) -> tuple[SheetRow, ...]:
    items: dict[str, list[ItemRow]] = {row.key: [] for row in rows}
    for item in Item.objects.filter(thread__in=list(items)).order_by("thread", "n"):
        items[item.thread].append(item_of(item))
    return tuple(SheetRow(inquiry=inquiry_of(row), items=tuple(items[row.key])) for row in rows)
