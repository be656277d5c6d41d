"""Lists of commitments and rounds; reads only, and folds nothing. Overdue is a view at some `now`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, F, Q, When

from parley.dialogue.models import Commitment, Round
from parley.dialogue.queries.rows import CommitmentRow, RoundRow, commitment_of, round_of
from parley.links.queries.cursor import NEWEST_FIRST, behind, ended

PAGE: Final = 50
MOST: Final = 1_000
FOLLOWING: Final = 20
"""So many rounds are shown that were proposed to follow one."""


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
    found = Commitment.objects.filter(_condition(wanted, now=now), behind(after))
    rows, more = ended(found.order_by(*NEWEST_FIRST)[: limit + 1], limit=limit)
    return CommitmentPage(rows=tuple(commitment_of(row) for row in rows), after=more)


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


def list_rounds(
    *,
    link: str | None = None,
    states: Collection[str] = (),
    after: str | None = None,
    limit: int = PAGE,
) -> RoundPage:
    """Return rounds, newest first, from the place `after` on; with `states`, those that are so far.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    wanted = Q() if link is None else Q(link=link)
    if states:
        wanted &= Q(state__in=states)
    found = Round.objects.filter(wanted, behind(after))
    rows, more = ended(found.order_by(*NEWEST_FIRST)[: limit + 1], limit=limit)
    return RoundPage(rows=tuple(round_of(row) for row in rows), after=more)


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


def rounds_named(rows: Sequence[CommitmentRow]) -> dict[tuple[str, str], RoundRow]:
    """Return the rounds that these commitments name, by link and id, as far as their rows are written."""
    keys = {f"{row.link}/{each}" for row in rows for each in (row.first_round, row.round) if each}
    return {(row.link, row.statement): round_of(row) for row in Round.objects.filter(key__in=keys)}


def out_of_turn(rows: Sequence[RoundRow]) -> frozenset[tuple[str, str]]:
    """Return the rounds, by link and id, with the same host as the round before them: a view (§17.7.3)."""
    keys = {f"{row.link}/{row.after}" for row in rows if row.after}
    hosts = dict(Round.objects.filter(key__in=keys).values_list("key", "host"))
    return frozenset(
        (row.link, row.statement) for row in rows if hosts.get(f"{row.link}/{row.after}") == row.host.value
    )


def rounds_after(link: str, row: RoundRow) -> tuple[RoundRow, ...]:
    """Return what was proposed to follow a round, by its name or by the next number: what both want, first.

    Then what waits, ours before theirs: so many as the other side may propose, none of ours is pushed away.
    """
    standing = Case(
        When(state__in=("agreed", "closed"), then=0),
        When(state="proposed", is_ours=True, then=1),
        When(state="proposed", then=2),
        default=3,
    )
    follows = Q(after=row.statement) | Q(number=row.number + 1)
    found = Round.objects.filter(follows, link=link).order_by(standing, "-order", "-key")
    return tuple(round_of(each) for each in found[:FOLLOWING])


def _condition(wanted: Wanted, *, now: int) -> Q:
    found = Q() if wanted.link is None else Q(link=wanted.link)
    if wanted.is_open is not None:
        found &= Q(is_open=wanted.is_open)
    if wanted.is_overdue:
        found &= Q(state="in_force", due__lt=now)
    return found if wanted.round is None else found & Q(round=wanted.round)
