"""Lists of commitments and rounds; reads only, and folds nothing. Overdue is a view at some `now`."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q

from parley.dialogue.models import Commitment, Round
from parley.dialogue.queries.rows import CommitmentRow, RoundRow, commitment_of, round_of

PAGE: Final = 50
MOST: Final = 1_000


class CursorError(Exception):
    """What was given as a place in the list is none."""


class UnknownThreadError(Exception):
    """There is no commitment or round of this id or at this place; its row may also not be written yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentPage:
    """Some commitments of a list, and the place after which the next ones stand (None: there are none)."""

    rows: tuple[CommitmentRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage:
    """Some rounds of a list, likewise."""

    rows: tuple[RoundRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which commitments are meant; None: whichever. `round` is that under which they stand now."""

    link: str | None = None
    is_open: bool | None = None
    is_overdue: bool = False
    round: str | None = None


def list_commitments(
    wanted: Wanted, *, now: int, after: str | None = None, limit: int = PAGE
) -> CommitmentPage:
    """Return commitments, newest first, from the place `after` on.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    found = Commitment.objects.filter(_condition(wanted, now=now), _behind(after))
    rows = list(found.order_by("-order", "-key")[: limit + 1])
    more = rows[limit - 1] if len(rows) > limit else None
    return CommitmentPage(
        rows=tuple(commitment_of(row) for row in rows[:limit]),
        after=None if more is None else f"{more.order}:{more.key}",
    )


def list_due(*, link: str | None = None, limit: int = MOST) -> tuple[CommitmentRow, ...]:
    """Return commitments that are proposed or in force, those that are due first, first."""
    found = Commitment.objects.filter(_condition(Wanted(link=link, is_open=True), now=0))
    rows = found.order_by(F("due").asc(nulls_last=True), "order", "key")[:limit]
    return tuple(commitment_of(row) for row in rows)


def count_commitments(wanted: Wanted, *, now: int) -> int:
    """Return how many commitments there are."""
    return Commitment.objects.filter(_condition(wanted, now=now)).count()


def find_commitment(link: str, statement: str) -> CommitmentRow:
    """Return the commitment with this id (43 characters).

    Raises:
        UnknownThreadError: there is none; its row may also not be written yet.
    """
    row = Commitment.objects.filter(key=f"{link}/{statement}").first()
    if row is None:
        raise UnknownThreadError(f"expected a commitment on {link}, found none with the id {statement!r}")
    return commitment_of(row)


def list_rounds(*, link: str | None = None, after: str | None = None, limit: int = PAGE) -> RoundPage:
    """Return rounds, newest first, from the place `after` on.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    found = Round.objects.filter(Q() if link is None else Q(link=link), _behind(after))
    rows = list(found.order_by("-order", "-key")[: limit + 1])
    more = rows[limit - 1] if len(rows) > limit else None
    return RoundPage(
        rows=tuple(round_of(row) for row in rows[:limit]),
        after=None if more is None else f"{more.order}:{more.key}",
    )


def find_round(link: str, statement: str) -> RoundRow:
    """Return the round with this id (43 characters).

    Raises:
        UnknownThreadError: there is none; its row may also not be written yet.
    """
    row = Round.objects.filter(key=f"{link}/{statement}").first()
    if row is None:
        raise UnknownThreadError(f"expected a round on {link}, found none with the id {statement!r}")
    return round_of(row)


def rounds_by_id(link: str, statements: Collection[str]) -> dict[str, RoundRow]:
    """Return the rounds with these ids, as far as their rows are written."""
    keys = [f"{link}/{each}" for each in statements]
    return {row.statement: round_of(row) for row in Round.objects.filter(key__in=keys)}


def _condition(wanted: Wanted, *, now: int) -> Q:
    found = Q() if wanted.link is None else Q(link=wanted.link)
    if wanted.is_open is not None:
        found &= Q(is_open=wanted.is_open)
    if wanted.is_overdue:
        found &= Q(state="in_force", due__lt=now)
    return found if wanted.round is None else found & Q(round=wanted.round)


def _behind(cursor: str | None) -> Q:
    if cursor is None:
        return Q()
    order, _colon, key = cursor.partition(":")
    if not (order.isascii() and order.isdecimal() and key):
        raise CursorError(f"expected a place in the list, found {cursor!r}")
    return Q(order__lt=int(order)) | Q(order=int(order), key__lt=key)
