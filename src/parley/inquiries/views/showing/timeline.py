"""What both sides said, in three columns: who looks, the shared record, the other side.

Of a statement of one's own it is told what is proved of it: saved, at their node (a machine
signed for it), received (their node says so in its log). That a person acknowledged or admitted
it is never inferred: that is a statement of theirs, further down.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.inquiries.forms.letter import Remark, Text, read_remark
from parley.inquiries.forms.telling import (
    REPLIES,
    items_text,
    kind_text,
    said_text,
    signers_text,
    verdict_text,
)
from parley.inquiries.queries import EventRow
from parley.inquiries.views.finding import Found
from parley.inquiries.views.showing.eyes import Eyes
from parley.ledger.reading import EntryRow
from parley.links.queries.signatures import signers_of
from parley.protocol.act import id_text
from parley.protocol.voids import Verdict
from parley.ui import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One thing that is proved of a statement, at an instant if it has one; `chip` is its sign."""

    chip: str
    text: str
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of a person; `about` is what they are about, "" for the statement as a whole."""

    about: str
    said: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A statement of the thread. `without_effect` is "" if it has effect."""

    place: str
    is_own: bool
    kind: str
    said: str
    answers: str
    ref: str
    at: int
    who: str
    words: tuple[Words, ...]
    proof: Proof | None
    without_effect: str
    is_disputed: bool


def timeline(found: Found, events: Iterable[EventRow], eyes: Eyes) -> tuple[Line, ...]:
    """Return the lines of the inquiry in the order in which both sides tell it."""
    events = tuple(events)
    places = {event.statement: event.place for event in events}
    disputed = {
        event.answers for event in events if event.kind == "inquiry.disputed" and event.verdict == "valid"
    }
    entries = {id_text(row.statement): row for row in found.entries}
    return tuple(
        Line(
            place=event.place,
            is_own=eyes.is_own(event.letter),
            kind=kind_text(event.kind),
            said=said_text(event.kind, event.said),
            answers=places.get(event.answers, "") if event.kind in REPLIES else "",
            ref=event.ref,
            at=event.effective,
            who=_hand(found, event, entries, eyes=eyes),
            words=tuple(_words(found, entries.get(event.statement))),
            proof=_proof(found, event) if eyes.is_own(event.letter) else None,
            without_effect=verdict_text(_verdict(event, entries)),
            is_disputed=event.statement in disputed,
        )
        for event in events
    )


def _hand(found: Found, event: EventRow, entries: Mapping[str, EntryRow], *, eyes: Eyes) -> str:
    signed = signers_text(signers_of(found.reader, found.link, entries[event.statement]))
    return " · ".join(filter(None, (eyes.who(event), signed)))


def _verdict(event: EventRow, entries: Mapping[str, EntryRow]) -> Verdict:
    # The record tells the reason with its remark; the row may be a moment behind it.
    return entries[event.statement].verdict


def _proof(found: Found, event: EventRow) -> Proof:
    if event.received_at is not None:
        return Proof(chip="proved", text=_("received: their node says so"), at=event.received_at)
    if event.letter != found.link.my_letter or event.index < found.receipted:
        return Proof(chip="proved", text=_("at their node: a machine signed for it"))
    return Proof(chip="soon", text=_("saved, not yet at their node"))


def _words(found: Found, entry: EntryRow | None) -> Iterator[Words]:
    if entry is None or entry.kind == "inquiry.sent":
        return
    yield from words_of(read_remark(found.reader.body(found.link.name, entry.statement)))


def words_of(remark: Remark) -> Iterator[Words]:
    """Yield what a remark says: as a whole, by field, by item."""
    if remark.text is not None:
        yield Words(about="", said=remark.text)
    for item, field, text in remark.fields:
        name = words.label(field, words.FIELDS)
        yield Words(about=name if item is None else f"{items_text(str(item))} · {name}", said=text)
    for item, text in remark.notes:
        yield Words(about=items_text(str(item)), said=text)
