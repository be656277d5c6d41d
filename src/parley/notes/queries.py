"""What a page shows of our own notes; reads only."""

from dataclasses import dataclass

from parley.notes.models import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note, with the name of who wrote it; `at` is unix seconds."""

    number: int
    officer: str
    at: int
    text: str


def notes_of(link: str, inquiry: str) -> tuple[NoteRow, ...]:
    """Return the notes about the inquiry with this id, oldest first."""
    found = Note.objects.filter(link=link, inquiry=inquiry).select_related("officer").order_by("number")
    return tuple(
        NoteRow(number=row.number, officer=row.officer.name, at=row.at, text=row.text) for row in found
    )
