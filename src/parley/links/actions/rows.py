"""Rows of tables in `view.db` that are computed from the record: written where they differ, and only there.

A projection computes all rows of a thread whole. A row that is the same is not written again, so the same
record gives the same rows in whatever steps it was read, and a rebuild writes nothing where nothing changed.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

from django.db import models

DATABASE: Final = "view"

Row = TypeVar("Row", bound=models.Model)


def told(model: type[Row]) -> "models.QuerySet[Row]":
    """Return the rows of `model` as this database has them."""
    return models.QuerySet(model=model, using=DATABASE)


def replace_rows(model: type[Row], rows: Sequence[Row], *, key: str, column: str) -> None:
    """Have just these of the rows in which `column` is `key`; write none that is there already."""
    names = [each.attname for each in model._meta.concrete_fields]
    found = {each.pk: each for each in told(model).filter(**{column: key})}
    gone = found.keys() - {row.pk for row in rows}
    if gone:
        told(model).filter(pk__in=gone).delete()
    for row in rows:
        before = found.get(row.pk)
        if before is None or any(getattr(row, name) != getattr(before, name) for name in names):
            row.save(using=DATABASE, force_insert=before is None, force_update=before is not None)
