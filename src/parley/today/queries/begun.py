"""What was begun in the rooms beside inquiries and calls, and is not said yet: it stays here.

A form keeps what is typed under a purpose that begins with the word of its room. One about a matter goes on
from the page of that matter; one that begins a matter, from its own form.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from parley.drafts.queries import DraftRow
from parley.ledger.reading import Reader
from parley.protocol.act import read_id
from parley.protocol.breach import BreachError
from parley.today.queries.rooms import Matter, matter_of
from parley.ui import rooms, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A form that was begun in a room, and where it goes on; `matter` is None if it begins one."""

    draft: DraftRow
    room: str
    matter: Matter | None

    @property
    def room_word(self) -> str:
        """Return what it is about, in the reader's language."""
        return words.label(self.room, rooms.ROOMS)

    @property
    def href(self) -> str:
        """Return the address at which it goes on."""
        if self.matter is not None:
            return self.matter.href
        return f"{rooms.form_of(self.room, self.draft.link)}?draft={self.draft.number}"


def begun_in(
    reader: Reader, drafts: Iterable[DraftRow], *, known: Mapping[tuple[str, str], Matter]
) -> Iterator[Begun]:
    """Yield those of these drafts that are of a room beside inquiries and calls, in their order."""
    for draft in drafts:
        if room := rooms.room_of(draft.purpose):
            yield Begun(draft=draft, room=room, matter=_matter(reader, draft, known=known))


def _matter(reader: Reader, draft: DraftRow, *, known: Mapping[tuple[str, str], Matter]) -> Matter | None:
    try:
        row = reader.row(draft.link, read_id(draft.about)) if draft.about else None
    except BreachError:
        return None
    return None if row is None else matter_of(reader, draft.link, row, known=known)
