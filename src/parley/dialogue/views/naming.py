"""What a statement of the dialogue names beside the one that it answers: each leads to its page.

Evidence of a report, the call to which a concern was taken, the matter of an item of the agenda, the round
under which a commitment stands, the round before, the text of a guideline. What is nowhere on this link is
shown as such: it is a link without effect, and nobody checks that it exists (Spec §17.1.1).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parley.dialogue.queries import StatementRow
from parley.ledger.readers import link_called, reader_of
from parley.ledger.reading import EntryRow, Reader
from parley.protocol.act import read_id, short_id
from parley.protocol.guidelines.bodies import Drafted
from parley.ui import words
from parley.ui.rooms import BEGINNINGS, href_of, room_of

MOST: Final = 200
"""So many names of a thread are looked up, those of the newest statements: of evidence there is no end."""
_PAGES: Final[Mapping[str, str]] = {"inquiry": "inquiries:page", "call": "hotline:page"}
_FIELDS: Final = ("evidence", "of", "call", "round", "after", "guideline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One name: as what it is named, its place (`A 13`; of what is not here its short id), its page or ""."""

    label: str
    place: str
    href: str

    @property
    def text(self) -> str:
        """Return the name without a link, as a terminal shows it."""
        told = f"{self.label} {self.place}"
        return told if self.href else told + words.aside(_("not on this link"))


def named_by(link: str, rows: Sequence[StatementRow]) -> dict[str, tuple[Named, ...]]:
    """Return what these statements name, by their own ids, as far as they name anything."""
    reader = reader_of(settings.HOME)
    if reader is None:
        return {}
    left, found = MOST, {}
    for row in reversed(rows):
        wanted = tuple(_ids(row))[: max(left, 0)] if row.is_valid else ()
        left -= len(wanted)
        if wanted:
            found[row.statement] = tuple(_named(reader, link, each, field=field) for field, each in wanted)
    return found


def calls_in(link: str, calls: Collection[str]) -> tuple[Named, ...]:
    """Return these calls, to which a concern was taken, in the order of their names."""
    reader = reader_of(settings.HOME)
    if reader is None:
        return ()
    return tuple(_named(reader, link, each, field="call") for each in sorted(calls))


def _ids(row: StatementRow) -> Iterator[tuple[str, str]]:
    for field in _FIELDS:
        match row.said.get(field):
            case str(one):
                yield field, one
            case list(several):
                yield from ((field, each) for each in several if isinstance(each, str))
            case _:
                pass


def _named(reader: Reader, link: str, name: str, *, field: str) -> Named:
    statement = _draft(reader, link, name) if field == "guideline" else read_id(name)
    row = reader.row(link, statement)
    place = short_id(statement) if row is None else row.place
    return Named(label=_label(field), place=place, href="" if row is None else _href(reader, link, row))


def _draft(reader: Reader, link: str, text: str) -> bytes:
    """Return the first statement that put the text with this digest on the table; the digest if none did."""
    opened, status = link_called(settings.HOME, link), reader.status(link)
    if opened is None or status is None:
        return read_id(text)
    state = reader.link_state(link)
    sizes = {opened.row.me: status.my_size, opened.row.peer: status.their_size}
    drafts = (each for node, size in sizes.items() for each in state.of(Drafted, node, size))
    # The same text may be put there twice; the order is the same on both nodes.
    same = [each for each in drafts if isinstance(each.said, Drafted) and each.said.text == text]
    first = min(same, key=lambda each: (each.index, each.writer), default=None)
    return read_id(text) if first is None else first.statement


def _label(field: str) -> str:
    return {
        "evidence": _("shown by"),
        "of": _("about"),
        "call": _("in the call"),
        "round": _("under the round"),
        "after": _("after the round"),
        "guideline": _("the text of the guideline"),
    }[field]


def _href(reader: Reader, link: str, row: EntryRow) -> str:
    """Return the address of the page on which a statement is read, at its own line; else of its record."""
    opening = row if row.thread is None else reader.row(link, row.thread)
    kind = None if opening is None else opening.kind
    if opening is not None and kind is not None and (row.thread is not None or kind in BEGINNINGS):
        line = "" if opening.statement == row.statement else f"#{row.place.replace(' ', '-')}"
        if room := room_of(kind):
            return href_of(room, link, opening.place) + line
        if page := _PAGES.get(kind.partition(".")[0]):
            where = {"link": link, "place": opening.place.replace(" ", "-")}
            return reverse(page, kwargs=where) + line
    return reverse("links:statement", kwargs={"link": link, "place": row.place.replace(" ", "-")})
