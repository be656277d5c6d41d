"""Writing a note down: for our own people alone."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from parley.agencies.actions import note_act
from parley.notes.models import Note

LONGEST: Final = 20_000


class EmptyNoteError(Exception):
    """There is nothing in the note."""


class LongNoteError(Exception):
    """The note has `count` characters, more than `LONGEST`."""

    def __init__(self, count: int) -> None:
        super().__init__(f"expected at most {LONGEST} characters, found {count}")
        self.count = count


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The inquiry that a note is about: its link and its id, and how people call it (``A 112``)."""

    link: str
    inquiry: str
    place: str


def add_note(about: About, text: str, *, officer: int, key: str, now: int) -> None:
    """Write the note of `officer` (a number) under the inquiry; with the same `key` it is written once.

    Raises:
        EmptyNoteError, LongNoteError: nothing was written.
    """
    told = text.strip()
    if not told:
        raise EmptyNoteError
    if len(told) > LONGEST:
        raise LongNoteError(len(told))
    with transaction.atomic():
        if Note.objects.filter(key=key).exists():
            return
        Note.objects.create(
            key=key, link=about.link, inquiry=about.inquiry, officer_id=officer, at=now, text=told
        )
        note_act("note.added", officer=officer, subject=f"{about.link} {about.place}", now=now)
