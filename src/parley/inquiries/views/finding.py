"""From an address to an inquiry: the link, the thread in the record, its rows, and its state there."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import Http404

from parley.guidelines.queries import Governing, governing
from parley.inquiries.forms.letter import Letter, read_letter
from parley.inquiries.queries import Dossier, UnknownInquiryError, show_inquiry
from parley.ledger.readers import link_called, reader_of
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.inquiries.apply import Inquiry
from parley.protocol.officetime import Calendar
from parley.protocol.places import addressed_place
from parley.protocol.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Found:
    """An inquiry on a link, as the record of this node has it. `place` is ``A-112``."""

    reader: Reader
    link: LinkRow
    terms: Terms | None
    thread: bytes
    place: str

    @property
    def is_ours(self) -> bool:
        """Return whether our side asked."""
        return self.place[0] == self.link.my_letter

    @cached_property
    def lane(self) -> str:
        """Return the name of the link in the lane in which the thread lives."""
        return self.reader.lane_of(self.link.name, self.thread)

    @cached_property
    def dossier(self) -> Dossier | None:
        """Return the rows; None in the moment in which they are not written yet."""
        try:
            return show_inquiry(self.link.name, id_text(self.thread))
        except UnknownInquiryError:
            return None

    @cached_property
    def letter(self) -> Letter:
        """Return what the inquiry says in words."""
        return read_letter(self.reader.body(self.link.name, self.thread))

    @cached_property
    def entries(self) -> tuple[EntryRow, ...]:
        """Return every statement of the thread, with what each writer had seen."""
        return self.reader.rows(self.link.name, thread=self.thread)

    @cached_property
    def state(self) -> Inquiry | None:
        """Return the state by which is judged what may be said now; None if the inquiry is without effect."""
        folded = self.reader.thread(self.link.name, self.thread)
        return None if folded is None else folded.inquiry

    @cached_property
    def governing(self) -> Governing | None:
        """Return the guideline by which its clocks run; None if those are the terms of the opening."""
        return governing(self.reader, self.link, self.thread)

    @cached_property
    def receipted(self) -> int:
        """Return how many of our entries the other node has signed for."""
        status = self.reader.status(self.lane)
        return 0 if status is None else status.my_receipted

    def calendar(self, node: str) -> Calendar | None:
        """Return the office time of `node`, as both sides signed it."""
        return None if self.terms is None else self.terms.calendars.get(node)

    @property
    def asked(self) -> str:
        """Return the node that owes the answer."""
        return self.link.peer if self.is_ours else self.link.me


def find_inquiry(link: str, place: str) -> Found:
    """Return the inquiry that stands at `place` (``A-112``) of `link`.

    Raises:
        Http404: there is no such link, no such statement, or it opens no inquiry.
    """
    opened, reader = link_called(settings.HOME, link), reader_of(settings.HOME)
    where = addressed_place(place)
    if opened is None or reader is None or where is None:
        raise Http404
    thread = reader.find(link, where.text)
    row = None if thread is None else reader.row(link, thread)
    if thread is None or row is None or row.kind != "inquiry.sent":
        raise Http404
    return Found(reader=reader, link=opened.row, terms=opened.terms, thread=thread, place=place)


def statement_at(found: Found, place: str) -> bytes | None:
    """Return the statement of the thread that stands at `place`, None if none does."""
    wanted = addressed_place(place)
    if wanted is None:
        return None
    return next((row.statement for row in found.entries if row.place == wanted.text), None)
