"""The reviews of a link: who proposed which cut, who agreed, what was signed and said to it.

All is read from what decides for the whole link, of which there is little. Figures are never said: they are
computed (`kept.py`).
"""

from dataclasses import dataclass, replace

from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.signatures import Signature, signatures_in
from parley.protocol.agreements import reviews
from parley.protocol.places import addressed_place
from parley.protocol.review.bodies import CutProposed, ReviewSigned
from parley.protocol.review.standing import Comment, Review
from parley.protocol.strictjson import JsonObject
from parley.review.policy import Move, Stand, move_of, stand_of


class UnknownReviewError(Exception):
    """No review stands at this place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a side said to a figure, or to all of them (empty). `said_at` is Unix seconds."""

    place: str
    is_ours: bool
    said_at: int
    figure: str
    language: str
    text: str

    @property
    def slug(self) -> str:
        """Return its place as addresses have it."""
        return self.place.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One review. `ours` and `theirs` are the digests that were signed last, None while there is none."""

    statement: bytes
    place: str
    is_ours: bool
    said_at: int
    cut: CutProposed
    stand: Stand
    ours: str | None
    theirs: str | None
    note: Words
    comments: tuple[Words, ...] = ()
    """What was said to it; a list of reviews does not read them, for a side may say a great many."""

    @property
    def move(self) -> Move:
        """Return whose move it is."""
        return move_of(self.stand)

    @property
    def slug(self) -> str:
        """Return its place as addresses have it."""
        return self.place.replace(" ", "-")

    @property
    def can_agree(self) -> bool:
        """Return whether it waits for our agreement."""
        return self.stand is Stand.PROPOSED_BY_THEM

    def can_sign(self, digest: str) -> bool:
        """Return whether our persons can sign these figures now: the cut is agreed, and it is not done."""
        is_open = self.stand not in {Stand.PROPOSED_BY_US, Stand.PROPOSED_BY_THEM}
        return is_open and self.ours != digest


def all_reviews(reader: Reader, link: LinkRow) -> tuple[ReviewRow, ...]:
    """Return every review of a link, the newest first, without what was said to them."""
    found = [_row(reader, link, each) for each in _said(reader, link)]
    return tuple(sorted(found, key=lambda row: (row.said_at, row.place), reverse=True))


def _said(reader: Reader, link: LinkRow) -> tuple[Review, ...]:
    status = reader.status(link.name)
    past = {} if status is None else {link.me: status.my_size, link.peer: status.their_size}
    return reviews(reader.link_state(link.name), past)


def find_review(reader: Reader, link: LinkRow, place: str) -> ReviewRow:
    """Return the review that stands at `place`, as addresses have it, with what was said to it.

    Raises:
        UnknownReviewError: there is none.
    """
    where = addressed_place(place)
    found = None if where is None else reader.find(link.name, where.text)
    review = next((each for each in _said(reader, link) if each.id == found), None)
    if review is None:
        raise UnknownReviewError(place)
    comments = tuple(_words(reader, link, each) for each in review.comments)
    return replace(_row(reader, link, review), comments=comments)


def signatures_of(reader: Reader, link: LinkRow, row: ReviewRow) -> tuple[Signature, ...]:
    """Return the newest signature of each side under a review."""
    status, state = reader.status(link.name), reader.link_state(link.name)
    past = {} if status is None else {link.me: status.my_size, link.peer: status.their_size}
    said = (each for node, size in past.items() for each in state.of(ReviewSigned, node, size))
    newest = {each.writer: each.statement for each in said if each.re == row.statement}
    return signatures_in(reader, link, newest.values())


def _row(reader: Reader, link: LinkRow, review: Review) -> ReviewRow:
    is_ours = review.proposer == link.me
    ours, theirs = review.signed.get(link.me), review.signed.get(link.peer)
    note = _words(reader, link, Comment(id=review.id, writer=review.proposer, figure=None))
    return ReviewRow(
        statement=review.id,
        place=note.place,
        is_ours=is_ours,
        said_at=note.said_at,
        cut=review.said,
        stand=stand_of(is_ours=is_ours, is_agreed=review.is_agreed, ours=ours, theirs=theirs),
        ours=ours,
        theirs=theirs,
        note=note,
    )


def _words(reader: Reader, link: LinkRow, comment: Comment) -> Words:
    row = reader.row(link.name, comment.id)
    assert row is not None, "what the link has it has from a statement"
    language, text = _text(reader.body(link.name, comment.id))
    return Words(
        place=row.place,
        is_ours=comment.writer == link.me,
        said_at=row.effective,
        figure=comment.figure or "",
        language=language,
        text=text,
    )


def _text(body: JsonObject | None) -> tuple[str, str]:
    match body:
        case {"text": {"lang": str(language), "text": str(text)}}:
            return language, text
        case _:
            return "", ""
