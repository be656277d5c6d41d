"""What is known of batches: at a glance from the row that is kept for each, and counted out for one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from parley.inquiries.models import Batch, Inquiry, Item
from parley.protocol.inquiries.codes import FINAL

LATEST: Final = 10
MAX_GROUPS: Final = 100
"""Of how many brands a page tells the figures; whoever names a thousand gets the table instead."""
_FINAL: Final = frozenset(state.value for state in FINAL)


class UnknownBatchError(Exception):
    """No inquiry of this batch is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the items of a group stand. `name` is a brand or a kind of item; counts are items."""

    name: str
    total: int
    answered: int
    refused: int
    withdrawn: int
    overdue: int = 0

    @property
    def open(self) -> int:
        """Return how many still wait for a side."""
        return self.total - self.answered - self.refused - self.withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch as lists show it: who sent it, how many of its inquiries are here, how its items stand."""

    link: str
    is_ours: bool
    ref: str
    announced: int
    inquiries: int
    items: Tally

    @property
    def missing(self) -> int:
        """Return how many inquiries were announced and are not here."""
        return max(self.announced - self.inquiries, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFigures:
    """A batch, and its items counted out per brand and per kind of item (`""`: none was named)."""

    batch: BatchRow
    brands: tuple[Tally, ...]
    kinds: tuple[Tally, ...]
    more_brands: int
    """How many brands are not among them."""
    has_other: bool
    """Whether the other side has a batch of the same number."""

    @property
    def overdue(self) -> int:
        """Return how many of its items are overdue."""
        return sum(kind.overdue for kind in self.kinds)


def latest_batches(link: str, *, limit: int = LATEST) -> tuple[BatchRow, ...]:
    """Return the batches of `link` in which something was sent last, the newest first."""
    return tuple(_batch(row) for row in Batch.objects.filter(link=link).order_by("-order")[:limit])


def show_batch(link: str, ref: str, *, is_ours: bool | None, now: int) -> BatchFigures:
    """Return what is known of a batch. If `is_ours` is None, ours is meant rather than theirs.

    Raises:
        UnknownBatchError: nothing of it is here.
    """
    found = {row.is_ours: row for row in Batch.objects.filter(link=link, ref=ref, key__in=_keys(link, ref))}
    row = found.get(True, found.get(False)) if is_ours is None else found.get(is_ours)
    if row is None:
        raise UnknownBatchError(f"expected a batch on {link}, found none with the number {ref!r}")
    counted = _counted(row, now=now)
    brands = _sums((brand, tally) for brand, _kind, tally in counted)
    return BatchFigures(
        batch=_batch(row),
        brands=brands[:MAX_GROUPS],
        kinds=_sums((kind, tally) for _brand, kind, tally in counted),
        more_brands=len(brands[MAX_GROUPS:]),
        has_other=len(found) > 1,
    )


def _keys(link: str, ref: str) -> tuple[str, ...]:
    return tuple(f"{link}/{letter}/{ref}" for letter in "AB")


def _counted(batch: Batch, *, now: int) -> list[tuple[str, str, Tally]]:
    threads = Inquiry.objects.filter(link=batch.link, batch_ref=batch.ref, is_ours=batch.is_ours)
    found = (
        Item.objects.filter(thread__in=threads.values("key"))
        .values_list("brand", "type")
        .annotate(
            total=Count("key"),
            **{state: Count("key", filter=Q(state=state)) for state in sorted(_FINAL)},
            overdue=Count("key", filter=Q(due_at__lt=now)),
        )
    )
    return [
        (
            brand,
            kind,
            Tally(
                name="", total=total, answered=answered, refused=refused, withdrawn=withdrawn, overdue=overdue
            ),
        )
        for brand, kind, total, answered, refused, withdrawn, overdue in found
    ]


def _sums(parts: Iterable[tuple[str, Tally]]) -> tuple[Tally, ...]:
    """Return one tally for each name, the largest first."""
    groups: dict[str, list[Tally]] = {}
    for name, tally in parts:
        groups.setdefault(name, []).append(tally)
    sums = (
        Tally(
            name=name,
            total=sum(each.total for each in group),
            answered=sum(each.answered for each in group),
            refused=sum(each.refused for each in group),
            withdrawn=sum(each.withdrawn for each in group),
            overdue=sum(each.overdue for each in group),
        )
        for name, group in groups.items()
    )
    return tuple(sorted(sums, key=lambda tally: (-tally.total, tally.name)))


def _batch(row: Batch) -> BatchRow:
    return BatchRow(
        link=row.link,
        is_ours=row.is_ours,
        ref=row.ref,
        announced=row.announced,
        inquiries=row.inquiries,
        items=Tally(
            name=row.ref,
            total=row.items,
            answered=row.answered,
            refused=row.refused,
            withdrawn=row.withdrawn,
        ),
    )
