"""The rows of inquiries as pages and commands see them, and how they are read out of the tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.inquiries.models import Event, Inquiry, Item, Timer
from parley.inquiries.policy import Move
from parley.protocol.inquiries.clocks import Phase


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


def str_place(row: Inquiry) -> str:
    """Return the place of an inquiry as people say it, such as ``A 112``."""
    return f"{row.letter} {row.index}"


def inquiry_of(row: Inquiry) -> InquiryRow:
    """Return the inquiry of a row of the table."""
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


def item_of(row: Item) -> ItemRow:
    """Return the item of a row of the table."""
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


def timer_of(row: Timer) -> TimerRow:
    """Return the clock of a row of the table."""
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


def event_of(row: Event) -> EventRow:
    """Return the statement of a row of the table."""
    return EventRow(
        place=f"{row.letter} {row.index}",
        letter=row.letter[0],
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
