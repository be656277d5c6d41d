"""What a list or a page shows of inquiries; reads only, and folds nothing.

Overdue and lapsed are views at some `now`, never facts; so `now` is an argument. Whether
the words of an answer were opened by a person is not known here: nobody claims it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from parley.inquiries.forms.letter import host_of
from parley.inquiries.models import Event, Inquiry, Item, Timer
from parley.inquiries.policy import Move
from parley.protocol.inquiries.clocks import Phase

PAGE: Final = 50


class CursorError(Exception):
    """What was given as a place in the list is none."""


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
class InquiryRow:
    """An inquiry as lists show it. Instants are unix seconds by the clock of the side that spoke."""

    link: str
    inquiry: str
    is_ours: bool
    place: str
    ref: str
    their_ref: str
    batch_ref: str
    batch_count: int
    item: str
    urgency: str
    title: str
    authority: str
    verdict: str
    count: int
    states: Mapping[str, int]
    is_open: bool
    is_closed: bool
    move: Move
    crossed: int
    disputed: int
    sent_at: int
    received_at: int | None
    acknowledged_at: int | None
    last_answer_at: int | None
    closed_at: int | None
    lapses_at: int | None
    due_at: int | None
    rated: Mapping[str, int] | None
    outcome: str

    @property
    def is_my_move(self) -> bool:
        """Return whether our side has to do something."""
        return self.move is Move.BOTH or self.move is (Move.ASKER if self.is_ours else Move.ASKED)

    def is_overdue(self, now: int) -> bool:
        """Return whether a clock that runs is past its time at `now`."""
        return self.due_at is not None and self.due_at < now

    def is_lapsed(self, now: int) -> bool:
        """Return whether it counts as closed at `now` although nobody closed it."""
        return not self.is_closed and self.lapses_at is not None and self.lapses_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Some rows of a list, and the place after which the next ones stand (None: there are none)."""

    rows: tuple[InquiryRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item as a page shows it."""

    n: int
    type: str
    state: str
    wants: tuple[str, ...]
    url: str
    subject_kind: str
    subject: str
    brand: str
    site_state: str
    observed_at: int | None
    findings: tuple[Mapping[str, object], ...]
    grounds: tuple[str, ...]
    is_crossed: bool
    due_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRow:
    """A clock as a page shows it; `items` empty means the inquiry as a whole."""

    items: str
    clock: str
    limit: str
    phase: Phase
    started_at: int | None
    due_at: int | None
    paused_since: int | None
    left: int
    stopped_at: int | None
    stopped_by: str
    is_extended: bool
    pauses: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A statement as a page shows it."""

    place: str
    letter: str
    index: int
    statement: str
    kind: str
    verdict: str
    effective: int
    received_at: int | None
    role: str
    officer: int
    ref: str
    answers: str
    said: Mapping[str, object]


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
        rows=tuple(_inquiry(row) for row in rows[:limit]), after=None if more is None else _cursor(more)
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
        found &= Q(move=Move.BOTH) | Q(is_ours=True, move=Move.ASKER) | Q(is_ours=False, move=Move.ASKED)
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
        inquiry=_inquiry(row),
        items=tuple(_item(each) for each in Item.objects.filter(thread=row.key).order_by("n")),
        timers=tuple(_timer(each) for each in Timer.objects.filter(thread=row.key).order_by("place")),
        events=tuple(_event(each) for each in Event.objects.filter(thread=row.key).order_by("place")),
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


def str_place(row: Inquiry) -> str:
    """Return the place of an inquiry as people say it, such as ``A 112``."""
    return f"{row.letter} {row.index}"


def _inquiry(row: Inquiry) -> InquiryRow:
    return InquiryRow(
        link=row.link,
        inquiry=row.inquiry,
        is_ours=row.is_ours,
        place=str_place(row),
        ref=row.ref,
        their_ref=row.their_ref,
        batch_ref=row.batch_ref,
        batch_count=row.batch_count,
        item=row.item,
        urgency=row.urgency,
        title=row.title,
        authority=row.authority,
        verdict=row.verdict,
        count=row.count,
        states=row.states,
        is_open=row.is_open,
        is_closed=row.is_closed,
        move=Move(row.move),
        crossed=row.crossed,
        disputed=row.disputed,
        sent_at=row.sent_at,
        received_at=row.received_at,
        acknowledged_at=row.acknowledged_at,
        last_answer_at=row.last_answer_at,
        closed_at=row.closed_at,
        lapses_at=row.lapses_at,
        due_at=row.due_at,
        rated=row.rated,
        outcome=row.outcome,
    )


def _item(row: Item) -> ItemRow:
    return ItemRow(
        n=row.n,
        type=row.type,
        state=row.state,
        wants=tuple(row.wants),
        url=row.url,
        subject_kind=row.subject_kind,
        subject=row.subject,
        brand=row.brand,
        site_state=row.site_state,
        observed_at=row.observed_at,
        findings=tuple(row.findings),
        grounds=tuple(row.grounds),
        is_crossed=row.is_crossed,
        due_at=row.due_at,
    )


def _timer(row: Timer) -> TimerRow:
    return TimerRow(
        items=row.items,
        clock=row.clock,
        limit=row.limit,
        phase=Phase(row.phase),
        started_at=row.started_at,
        due_at=row.due_at,
        paused_since=row.paused_since,
        left=row.left,
        stopped_at=row.stopped_at,
        stopped_by=row.stopped_by,
        is_extended=row.is_extended,
        pauses=tuple((since, until) for since, until in row.pauses),
    )


def _event(row: Event) -> EventRow:
    return EventRow(
        place=f"{row.letter} {row.index}",
        letter=row.letter,
        index=row.index,
        statement=row.statement,
        kind=row.kind,
        verdict=row.verdict,
        effective=row.effective,
        received_at=row.received_at,
        role=row.role,
        officer=row.officer,
        ref=row.ref,
        answers=row.answers,
        said=row.said,
    )
