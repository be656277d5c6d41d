"""What a page shows of our own notes, and of those that are being typed; reads only."""

from dataclasses import dataclass
from typing import Final

from parley.drafts.queries import Conflict, DraftRow, list_drafts, show_draft
from parley.notes.models import Note

PURPOSE: Final = "note"
FIELD: Final = "note"
"""The one field of a note, in its form and in its draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note, with the name of who wrote it; `at` is unix seconds."""

    number: int
    officer: str
    at: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The notes about an inquiry that are being typed: the one that the form goes on with, and the others."""

    draft: DraftRow | None = None
    text: str = ""
    conflicts: tuple[Conflict, ...] = ()
    others: tuple[DraftRow, ...] = ()


def notes_of(link: str, inquiry: str) -> tuple[NoteRow, ...]:
    """Return the notes about the inquiry with this id, oldest first."""
    found = Note.objects.filter(link=link, inquiry=inquiry).select_related("officer").order_by("number")
    return tuple(
        NoteRow(number=row.number, officer=row.officer.name, at=row.at, text=row.text) for row in found
    )


def begun_of(link: str, inquiry: str, *, number: int | None = None) -> Begun:
    """Return the notes that are being typed about the inquiry; the form goes on with draft `number`."""
    drafts = list_drafts(link, purpose=PURPOSE, about=inquiry)
    chosen = next((each for each in drafts if each.number == number), None)
    if chosen is None:
        return Begun(others=drafts)
    shown = show_draft(chosen.number)
    return Begun(
        draft=chosen,
        text=shown.values.get(FIELD, ""),
        conflicts=shown.conflicts,
        others=tuple(each for each in drafts if each.number != chosen.number),
    )
