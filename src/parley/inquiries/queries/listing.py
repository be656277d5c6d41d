"""What a list or a page shows of inquiries; reads only, and folds nothing.

Overdue and lapsed are views at some `now`, never facts; so `now` is an argument. Whether
the words of an answer were opened by a person is not known here: nobody claims it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from parley.inquiries.forms.letter import host_of
from parley.inquiries.models import Event, Inquiry, Item, Timer
from parley.inquiries.queries.rows import (
    EventRow,
    InquiryRow,
    ItemRow,
    TimerRow,
    event_of,
    inquiry_of,
    item_of,
    str_place,
    timer_of,
)
from parley.links.queries.cursor import CursorError

PAGE: Final = 50


class UnknownInquiryError(Exception):
    """There is no inquiry of this id among the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which inquiries a list shows; None means that it does not matter."""

    link: str | None = None
    is_ours: bool | None = None
    is_open: bool | None = None
    is_closed: bool | None = None
    my_move: bool = False
    overdue: bool = False
    batch: str | None = None
    urgency: str | None = None
    item: str | None = None
    state: str | None = None
    """A state that at least one item is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Some rows of a list, and the place after which the next ones stand (None: there are none)."""

    rows: tuple[InquiryRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All rows of one inquiry."""

    inquiry: InquiryRow
    items: tuple[ItemRow, ...]
    timers: tuple[TimerRow, ...]
    events: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierItem:
    """An item of an earlier inquiry that may be the same site or subject."""

    place: str
    inquiry: str
    batch: str
    n: int
    url: str
    subject_kind: str
    subject: str
    state: str


def list_inquiries(wanted: Filter, *, now: int, after: str | None = None, limit: int = PAGE) -> ListPage:
    """Return the inquiries that `wanted` describes, newest first, from the place `after` on.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    found = Inquiry.objects.filter(_condition(wanted, now=now))
    if after is not None:
        found = found.filter(_behind(after))
    rows = list(found.order_by("-sent_at", "-link", "-letter", "-index")[: limit + 1])
    more = rows[limit - 1] if len(rows) > limit else None
    return ListPage(
        rows=tuple(inquiry_of(row) for row in rows[:limit]), after=None if more is None else _cursor(more)
    )


def count_inquiries(wanted: Filter, *, now: int) -> int:
    """Return how many inquiries `wanted` describes."""
    return Inquiry.objects.filter(_condition(wanted, now=now)).count()


def _condition(wanted: Filter, *, now: int) -> Q:
    equal = {
        "link": wanted.link,
        "is_ours": wanted.is_ours,
        "is_open": wanted.is_open,
        "is_closed": wanted.is_closed,
        "batch_ref": wanted.batch,
        "urgency": wanted.urgency,
        "item": wanted.item,
    }
    found = Q(**{name: value for name, value in equal.items() if value is not None})
    if wanted.my_move:
        found &= Q(is_my_move=True)
    if wanted.overdue:
        found &= Q(due_at__lt=now)
    if wanted.state is not None:
        found &= Q(states__has_key=wanted.state)
    return found


def _cursor(row: Inquiry) -> str:
    return f"{row.sent_at}:{row.link}:{row.letter}:{row.index}"


def _behind(cursor: str) -> Q:
    sent_at, link, letter, index = [*cursor.split(":"), "", "", ""][:4]
    if not (sent_at.isdecimal() and index.isdecimal()):
        raise CursorError(f"expected a place in the list, found {cursor!r}")
    return (
        Q(sent_at__lt=int(sent_at))
        | Q(sent_at=int(sent_at), link__lt=link)
        | Q(sent_at=int(sent_at), link=link, letter__lt=letter)
        | Q(sent_at=int(sent_at), link=link, letter=letter, index__lt=int(index))
    )


def show_inquiry(link: str, inquiry: str) -> Dossier:
    """Return all rows of the inquiry with the id `inquiry` (43 characters).

    Raises:
        UnknownInquiryError: there is none; the rows may also not be written yet.
    """
    row = Inquiry.objects.filter(link=link, inquiry=inquiry).first()
    if row is None:
        raise UnknownInquiryError(f"expected an inquiry on {link}, found none with the id {inquiry!r}")
    return Dossier(
        inquiry=inquiry_of(row),
        items=tuple(item_of(each) for each in Item.objects.filter(thread=row.key).order_by("n")),
        timers=tuple(timer_of(each) for each in Timer.objects.filter(thread=row.key).order_by("place")),
        events=tuple(event_of(each) for each in Event.objects.filter(thread=row.key).order_by("place")),
    )


def earlier_items(link: str, *, addresses: Iterable[str], subjects: Iterable[str]) -> tuple[EarlierItem, ...]:
    """Return the items of our inquiries on `link` that are on the same hosts or about the same subjects."""
    hosts = {host for address in addresses if (host := host_of(address))}
    found = [
        *_in_chunks("host__in", sorted(hosts), link=link),
        *_in_chunks("subject__in", sorted(set(subjects) - {""}), link=link),
    ]
    keys = {item.thread for item in found}
    inquiries = {row.key: row for row in _by_key(sorted(keys)) if row.is_ours}
    return tuple(
        EarlierItem(
            place=str_place(inquiries[item.thread]),
            inquiry=inquiries[item.thread].inquiry,
            batch=inquiries[item.thread].batch_ref,
            n=item.n,
            url=item.url,
            subject_kind=item.subject_kind,
            subject=item.subject,
            state=item.state,
        )
        for item in found
        if item.thread in inquiries
    )


def _in_chunks(field: str, values: list[str], *, link: str) -> Iterable[Item]:
    for start in range(0, len(values), 500):
        chunk = values[start : start + 500]
        yield from Item.objects.filter(thread__startswith=f"{link}/", **{field: chunk}).order_by(
            "thread", "n"
        )


def _by_key(keys: list[str]) -> Iterable[Inquiry]:
    for start in range(0, len(keys), 500):
        yield from Inquiry.objects.filter(key__in=keys[start : start + 500])


def has_batch(link: str, ref: str) -> bool:
    """Return whether we already sent a batch with this number on `link`."""
    return Inquiry.objects.filter(link=link, is_ours=True, batch_ref=ref).exists()
