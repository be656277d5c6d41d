"""The record to rows: what is counted of one inquiry, written into `view.db`. Sole writer of this table."""

from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import connections, models

from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.inquiries.apply import Folded
from parley.protocol.review.counted import count
from parley.review.models import Kept

DATABASE: Final = "view"
_NEVER: Final = -1
_NAMES: Final = tuple(column.attname for column in Kept._meta.concrete_fields)
_COLUMNS: Final = ", ".join(f'"{name}"' for name in _NAMES)


def project(  # noqa: PLR0917 - the projector calls every projection like this
    reader: Reader, link: LinkRow, thread: bytes, folded: Folded | None
) -> None:
    """Write the row of the inquiry that `thread` opened; none if it opened none, or one without effect."""
    key = f"{link.name}/{id_text(thread)}"
    first = None if folded is None else reader.row(link.name, thread)
    row = None
    if first is not None and folded is not None and first.kind == "inquiry.sent":
        row = _row(reader, link, first, folded=folded)
    _replace(key, row)


def empty() -> None:
    """Delete every row."""
    _objects().all().delete()


def _objects() -> "models.QuerySet[Kept]":
    return models.QuerySet(model=Kept, using=DATABASE)


def _replace(key: str, row: Kept | None) -> None:
    # Written for every statement about an inquiry: the text of a query costs more than its work.
    with connections[DATABASE].cursor() as cursor:
        if row is None:
            cursor.execute("DELETE FROM review_kept WHERE key = %s", [key])
            return
        marks = ", ".join("%s" for _name in _NAMES)
        sql = f"INSERT OR REPLACE INTO review_kept ({_COLUMNS}) VALUES ({marks})"  # noqa: S608 - our own names
        cursor.execute(sql, [getattr(row, name) for name in _NAMES])


def _row(reader: Reader, link: LinkRow, first: EntryRow, *, folded: Folded) -> Kept:
    said = [row for row in reader.rows(link.name, thread=first.statement) if row.verdict.is_valid]
    received = [row for row in said if row.received_at is not None]
    was_returned = any(row.kind == "inquiry.returned" for row in said)
    # Of what is kept nothing depends on the clock of a cut: so any instant will do.
    counted = count(first.place, folded.inquiry, at=first.effective, was_returned=was_returned)
    return Kept(
        key=f"{link.name}/{id_text(first.statement)}",
        link=link.name,
        inquiry=id_text(first.statement),
        lane=first.lane,
        letter=first.letter,
        index=first.index,
        begun=first.effective if first.received_at is None else first.received_at,
        said_a=_last(said, "A"),
        said_b=_last(said, "B"),
        received_a=_last(received, "A"),
        received_b=_last(received, "B"),
        counted=msgspec.msgpack.encode(counted) if counted.is_final else None,
    )


def _last(rows: Sequence[EntryRow], letter: str) -> int:
    return max((row.index for row in rows if row.letter == letter), default=_NEVER)
