"""What the rooms beside inquiries and calls hold, read from one side's record.

Commitments, offers of information, joint cases, reviews and rounds, each as the fold has it. Nothing here
knows what anybody clicked: a walker in the pages and the story leave the same statements.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from parley.demo.country import LINK
from parley.ledger.casebook import case_at, share_at
from parley.ledger.dialogues import thread_of
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.protocol.agreements import reviews
from parley.protocol.cases import codes as cases
from parley.protocol.cases.apply import Case
from parley.protocol.cases.bodies import OPENING as PROPOSED
from parley.protocol.crossing import Fact
from parley.protocol.dialogue import commitment, meeting
from parley.protocol.dialogue.bodies import COMMITMENT, ROUND
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.review.standing import Review
from parley.protocol.sharing import codes as sharing
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.bodies import OPENING as OFFERED

_GONE: Final = frozenset(
    {commitment.State.DECLINED, commitment.State.WITHDRAWN, commitment.State.DROPPED}
    | {meeting.State.DECLINED, meeting.State.WITHDRAWN}
    | {sharing.State.DECLINED, sharing.State.WITHDRAWN, cases.State.DECLINED}
)
_READS: Final[Mapping[str, Callable[[Reader, str, bytes], Any]]] = {
    COMMITMENT: thread_of,
    ROUND: thread_of,
    OFFERED: share_at,
    PROPOSED: case_at,
}

Memo = dict[bytes, tuple[tuple[EntryRow, ...], Any]]
"""By thread: the rows that were folded last, and what they came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What was neither declined nor taken back, A's first. Of a review also its place, such as ``A-112``."""

    commitments: tuple[Commitment, ...] = ()
    shares: tuple[Share, ...] = ()
    cases: tuple[Case, ...] = ()
    rounds: tuple[Round, ...] = ()
    reviews: tuple[tuple[str, Review], ...] = ()

    @property
    def share(self) -> Share | None:
        """Return the offer that the story is about."""
        return next(iter(self.shares), None)

    @property
    def case(self) -> Case | None:
        """Return the joint case that the story is about."""
        return next(iter(self.cases), None)

    @property
    def round(self) -> Round | None:
        """Return the round that the story is about."""
        return next(iter(self.rounds), None)

    @property
    def review(self) -> tuple[str, Review] | None:
        """Return the review that the story is about: one that both signed, or the first; and its place."""
        joint = [each for each in self.reviews if each[1].joint is not None]
        return next(iter((*joint, *self.reviews)), None)

    @property
    def binding(self) -> tuple[Commitment, ...]:
        """Return the commitments that both sides want."""
        states = {commitment.State.IN_FORCE, commitment.State.FULFILLED}
        return tuple(each for each in self.commitments if each.state in states)


def read_rooms(reader: Reader, link: LinkRow, *, memo: Memo) -> Rooms:
    """Return what the rooms hold; a thread in which nothing came since `memo` was written is not folded."""
    return Rooms(
        commitments=tuple(_threads(reader, COMMITMENT, memo)),
        shares=tuple(_threads(reader, OFFERED, memo)),
        cases=tuple(
            each for each in _threads(reader, PROPOSED, memo) if each.declined is None or each.joined
        ),
        rounds=tuple(_threads(reader, ROUND, memo)),
        reviews=tuple(_reviews(reader, link)),
    )


def _reviews(reader: Reader, link: LinkRow) -> Iterator[tuple[str, Review]]:
    status = reader.status(LINK)
    past = {} if status is None else {link.me: status.my_size, link.peer: status.their_size}
    for review in reviews(reader.link_state(LINK), past):
        row = reader.row(LINK, review.id)
        if row is not None:
            yield row.place.replace(" ", "-"), review


def folded(reader: Reader, thread: bytes, *, memo: Memo, fold: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `fold` gives
    """Return what `fold` makes of a thread, or what it made of the very same rows before."""
    rows = reader.rows(LINK, thread=thread)
    known = memo.get(thread)
    if known is None or known[0] != rows:
        memo[thread] = known = (rows, fold())
    return known[1]


def _threads(reader: Reader, opening: str, memo: Memo) -> Iterator[Any]:
    read = _READS[opening]
    rows = [reader.row(LINK, thread) for thread in reader.threads(LINK, kinds=(opening,))]
    # A node has its own log first; here both sides have the same order.
    for row in sorted(
        (each for each in rows if each is not None), key=lambda each: (each.letter, each.index)
    ):
        thread = row.statement
        found = folded(reader, thread, memo=memo, fold=partial(read, reader, LINK, thread))
        if found is not None and found.state not in _GONE:
            yield found


def spot(fact: Fact) -> str:
    """Return where a statement in lane main stands, as people say it: ``A-112``."""
    return f"{fact.writer[:1].upper()}-{fact.index}"
