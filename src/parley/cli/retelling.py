"""Telling every row of `view.db` anew, and comparing it with the row that was there.

The same record must give the same rows, in whatever steps it came in; so a row that differs
is a fault of a projection, or somebody wrote into the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from parley.ledger.rebuild import Difference
from parley.node.projector import VIEW, Projector

# Where the file stands, not what it says.
_NOT_TOLD = frozenset({"django_migrations", "watermark"})
# How an index of words lies on the disk depends on the steps in which it grew; what it finds does not.
_SHADOWS = "SELECT name FROM pragma_table_list WHERE type IN ('shadow', 'virtual')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """How many rows there are, and those that differ."""

    rows: int
    differences: tuple[Difference, ...]


def retell(projectors: Sequence[Projector], *, keep: bool) -> Retelling:
    """Tell all rows anew and return what differed; without `keep`, everything is put back."""
    # What was not told yet is late, not different.
    for projector in projectors:
        projector.catch_up()
    with transaction.atomic(using=VIEW):
        before = _dump()
        for projector in projectors:
            projector.empty()
            projector.catch_up()
        after = _dump()
        if not keep:
            transaction.set_rollback(True, using=VIEW)
    return Retelling(rows=len(before), differences=tuple(_differences(before, after)))


def _dump() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    introspection = connections[VIEW].introspection
    with connections[VIEW].cursor() as cursor:
        cursor.execute(_SHADOWS)
        untold = _NOT_TOLD | {name for (name,) in cursor.fetchall()}
        for table in sorted(set(introspection.table_names(cursor)) - untold):
            key = introspection.get_primary_key_column(cursor, table)
            cursor.execute(f'SELECT "{key}", * FROM "{table}"')  # noqa: S608 - names that the database gave
            found |= {(table, row[0]): tuple(row[1:]) for row in cursor.fetchall()}
    return found


def _differences(
    before: Mapping[tuple[Any, ...], tuple[Any, ...]], after: Mapping[tuple[Any, ...], tuple[Any, ...]]
) -> Iterator[Difference]:
    for place in sorted(before.keys() | after.keys(), key=repr):
        if before.get(place) != after.get(place):
            yield Difference(table=place[0], key=place[1:], kept=before.get(place), folded=after.get(place))
