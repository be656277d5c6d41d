"""One offer, folded and read when somebody looks: what it is, what was undertaken, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.ledger.casebook import share_at
from parley.ledger.readers import reader_of
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.timeline import Timeline, timeline
from parley.protocol.act import id_text, read_id
from parley.protocol.places import addressed_place
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.codes import Audience, State
from parley.protocol.sharing.passing import Passing, may_pass
from parley.sharing.forms.texts import Words, read_words
from parley.sharing.queries.listing import UnknownShareError, find_share
from parley.sharing.queries.rows import ShareRow
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A statement to which an offer says that it belongs; `place` is "" where none of that name is here."""

    statement: str
    place: str
    is_inquiry: bool

    @property
    def place_path(self) -> str:
        """Return the place as it stands in an address, such as ``A-3``."""
        return self.place.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that the page of one offer shows. `share` is the fold; None if the offer has no effect.

    `passing` says for each audience whether what was delivered may be passed on; empty before that.
    """

    link: LinkRow
    row: ShareRow
    share: Share | None
    about: tuple[Subject, ...]
    timeline: Timeline
    words: Mapping[str, Words]
    """By the id of a statement in the timeline."""
    passing: Mapping[Audience, Passing]
    now: int

    @property
    def is_expired(self) -> bool:
        """Return whether it has lapsed by now: a view, and never a fact."""
        return self.row.is_expired(self.now)

    @property
    def delivery(self) -> bytes | None:
        """Return the delivery, which what the receiver says of it answers."""
        return None if self.share is None or self.share.delivered is None else self.share.delivered.id


def share_page(home: Home, link: str, place: str, *, now: int) -> Dossier:
    """Return everything that the page of the offer at `place` (``A-3``) of `link` shows.

    Raises:
        UnknownShareError: there is no such link or statement, it is no offer, or its row is not written yet.
    """
    reader, where = reader_of(home), addressed_place(place)
    row = None if reader is None else reader.link(link)
    thread = None if reader is None or where is None else reader.find(link, where.text)
    if reader is None or row is None or thread is None:
        raise UnknownShareError(f"expected an offer at {place!r} of {link}, found none")
    return dossier_of(reader, row, thread, now=now)


def dossier_of(reader: Reader, link: LinkRow, thread: bytes, *, now: int) -> Dossier:
    """Return everything about the offer `thread`, read through `reader`.

    Raises:
        UnknownShareError: it is no offer, or its row is not written yet.
    """
    row = find_share(link.name, id_text(thread))
    share = share_at(reader, link.name, thread)
    told = timeline(reader, link, thread)
    is_here = share is not None and share.state is State.DELIVERED
    return Dossier(
        link=link,
        row=row,
        share=share,
        about=() if share is None else tuple(_subject(reader, link, each) for each in share.offer.about),
        timeline=told,
        words={each.statement: read_words(each.body) for each in told.statements},
        passing={each: may_pass(share, each) for each in Audience} if share and is_here else {},
        now=now,
    )


def _subject(reader: Reader, link: LinkRow, statement: str) -> Subject:
    row = reader.row(link.name, read_id(statement))
    # Nobody checked that it is an inquiry, or anything at all.
    is_inquiry = row is not None and row.kind == "inquiry.sent" and row.verdict.is_valid
    return Subject(statement=statement, place="" if row is None else row.place, is_inquiry=is_inquiry)
