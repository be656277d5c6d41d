"""Rows of a sheet to items of an inquiry: where the door for tables and the room of inquiries meet."""

from collections.abc import Iterable

from parley.gates.table.translate import Note, Result, Row, Site, Subject
from parley.inquiries.forms import compose, letter


def rows_of(rows: Iterable[Row]) -> tuple[compose.Row, ...]:
    """Return the rows that are ready, as items."""
    return tuple(
        compose.Row(number=row.number, item=_item(row.item), group=row.group)
        for row in rows
        if row.result is Result.OK and row.item is not None
    )


def _item(item: Site | Subject) -> letter.Site | letter.Subject:
    if isinstance(item, Subject):
        return letter.Subject(
            kind=item.kind.value,
            value=item.value,
            questions=tuple(question.value for question in item.questions),
            observed_at=item.observed_at,
            note=_note(item.note, item.notes),
        )
    extras = {
        "ip": item.ip,
        "hosting_provider": item.hosting_provider,
        "registrar": item.registrar,
        "victims": item.victims,
        "screenshot_sha256": item.screenshot,
    }
    return letter.Site(
        url=item.url,
        observed_at=item.observed_at,
        brand=letter.text_of(item.target_brand),
        legitimate_url=item.legitimate_url,
        state=item.state.value if item.state else "unknown",
        note=_note(item.note, item.notes),
        extras=tuple((name, value) for name, value in extras.items() if value is not None),
    )


def _note(note: str | None, others: Iterable[Note]) -> letter.Text | None:
    """Return the row's own note, and under it the cells that nobody else takes, each with its heading."""
    lines = [*([note] if note else []), *(f"{other.column}: {other.text}" for other in others)]
    return letter.text_of("\n".join(lines)) if lines else None
