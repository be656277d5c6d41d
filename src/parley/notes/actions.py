"""Writing a note down: for our own people alone."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from parley.agencies.actions import note_act
from parley.drafts.actions import Hand, close
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
    """The inquiry or joint case that a note is about: its link and id, and how people call it (``A 112``).

    `room` is whose page shows it.
    """

    link: str
    inquiry: str
    place: str
    room: str = "inquiries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form that a note comes from: with the same `key` it is written once. `draft`: from which one."""

    key: str
    draft: int | None = None


def add_note(about: About, text: str, *, form: Form, by: Hand) -> None:
    """Write the note under the inquiry; its draft is closed then.

    Raises:
        EmptyNoteError, LongNoteError: nothing was written.
    """
    told = text.strip()
    if not told:
        raise EmptyNoteError
    if len(told) > LONGEST:
        raise LongNoteError(len(told))
    with transaction.atomic():
        if Note.objects.filter(key=form.key).exists():
            return
        Note.objects.create(
            key=form.key, link=about.link, inquiry=about.inquiry, officer_id=by.officer, at=by.now, text=told
        )
        note_act("note.added", officer=by.officer, subject=f"{about.link} {about.place}", now=by.now)
        if form.draft is not None:
            close(form.draft, outcome="kept", by=by)
