"""What a desk asks of inquiries: what needs us now, what falls due next, and for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, Count, F, Min, Q, When

from parley.inquiries.models import Inquiry, Timer
from parley.inquiries.policy import Move
from parley.inquiries.queries.rows import InquiryRow, TimerRow, inquiry_of, timer_of
from parley.protocol.inquiries.clocks import Phase

MOST: Final = 200
"""So many inquiries at most are looked at for each side to find what falls due next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The inquiries that wait for a person of ours, worst first, and how many there are in all."""

    rows: tuple[InquiryRow, ...]
    count: int
    oldest_at: int | None
    """When the oldest of them was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """A clock that runs, and its inquiry."""

    inquiry: InquiryRow
    timer: TimerRow
    due_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """Clocks that run for one side, the first due first; `has_more` where not all were looked at."""

    rows: tuple[DueRow, ...]
    has_more: bool


def needing_us(*, now: int, limit: int) -> Needs:
    """Return what needs a person of ours: not acknowledged, overdue with us, or asked back.

    What is overdue stands first, then what falls due first; what has no limit of ours comes last,
    the oldest first.
    """
    waiting = Inquiry.objects.filter(_needs_us(now))
    found = waiting.aggregate(count=Count("pk"), oldest=Min("sent_at"))
    # The clock of an inquiry of ours is theirs: it does not say how urgent our reply is.
    ours_due = Case(When(is_ours=False, then=F("due_at")), default=None)
    rows = waiting.annotate(ours_due=ours_due).order_by(F("ours_due").asc(nulls_last=True), "sent_at")
    return Needs(
        rows=tuple(inquiry_of(row) for row in rows[:limit]), count=found["count"], oldest_at=found["oldest"]
    )


def next_owed(link: str, *, by_us: bool) -> InquiryRow | None:
    """Return the inquiry of `link` in which that side owes the next word, and whose time comes first.

    What has no time comes last, the oldest first; both nodes find the same one, told from either side.
    """
    theirs = Q(is_ours=True, move__in=[Move.ASKED, Move.BOTH]) | Q(
        is_ours=False, move__in=[Move.ASKER, Move.BOTH]
    )
    found = Inquiry.objects.filter(Q(is_my_move=True) if by_us else theirs, link=link, is_open=True)
    row = found.order_by(F("due_at").asc(nulls_last=True), "sent_at", "letter", "index").first()
    return None if row is None else inquiry_of(row)


def _needs_us(now: int) -> Q:
    theirs = Q(is_ours=False)
    asked_back = Q(is_ours=True, move__in=[Move.ASKER, Move.BOTH])
    return Q(is_open=True) & (
        (theirs & Q(acknowledged_at__isnull=True)) | (theirs & Q(due_at__lt=now)) | asked_back
    )


def dues(*, until: int) -> tuple[Dues, Dues]:
    """Return the clocks that are due before `until`: those that run for us, and those that run for them.

    What is overdue is among them. An inquiry of theirs runs for us.
    """
    found = [_due_inquiries(is_ours=is_ours, until=until) for is_ours in (False, True)]
    timers = _running({_key(row) for rows in found for row in rows}, until=until)
    ours, theirs = (_dues(rows, timers) for rows in found)
    return ours, theirs


def _due_inquiries(*, is_ours: bool, until: int) -> list[InquiryRow]:
    rows = Inquiry.objects.filter(is_open=True, is_ours=is_ours, due_at__lte=until).order_by("due_at")
    return [inquiry_of(row) for row in rows[:MOST]]


def _running(keys: Iterable[str], *, until: int) -> Mapping[str, list[TimerRow]]:
    wanted = Timer.objects.filter(thread__in=sorted(keys), phase=Phase.RUNNING.value, due_at__lte=until)
    found: dict[str, list[TimerRow]] = {}
    for row in wanted.order_by("due_at"):
        found.setdefault(row.thread, []).append(timer_of(row))
    return found


def _dues(rows: list[InquiryRow], timers: Mapping[str, list[TimerRow]]) -> Dues:
    found = [
        DueRow(inquiry=row, timer=timer, due_at=timer.due_at)
        for row in rows
        for timer in timers.get(_key(row), ())
        if timer.due_at is not None
    ]
    has_more = len(rows) == MOST
    # Beyond the last inquiry that was looked at, others may have clocks that are due before these.
    last = rows[-1].due_at if has_more else None
    shown = [each for each in found if last is None or each.due_at <= last]
    return Dues(rows=tuple(sorted(shown, key=lambda each: each.due_at)), has_more=has_more)


def inquiries_by_id(found: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], InquiryRow]:
    """Return the inquiries of these links and ids (43 characters), as far as the rows are written."""
    keys = sorted({f"{link}/{inquiry}" for link, inquiry in found})
    rows = Inquiry.objects.filter(key__in=keys)
    return {(row.link, row.inquiry): inquiry_of(row) for row in rows}


def _key(row: InquiryRow) -> str:
    return f"{row.link}/{row.inquiry}"
