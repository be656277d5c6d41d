"""What is still to be done until a round is concluded, step by step, and who can bring each further.

    statistics   a review proposed since the round before it, signed by both with one digest
    texts        every clause and amendment that was offered is answered
    list         the outcome list is frozen by both
    delegation   both have said who comes
    release      both have made the list public at its time

Nothing of this is written down: it is what the record says at this moment. Source: screens §3.6.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from parley.dialogue.policy import waiting
from parley.dialogue.queries.agenda import round_before
from parley.dialogue.queries.dossier import RoundDossier
from parley.ledger.reading import Reader
from parley.links.policy import Whose, whose
from parley.protocol.dialogue.bodies import Amended, Clause
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.outcome import State
from parley.review.policy import Move, Stand
from parley.review.queries import ReviewRow, all_reviews

_MOVERS = {
    Move.US: (Whose.US,),
    Move.THEM: (Whose.THEM,),
    Move.BOTH: (Whose.US, Whose.THEM),
    Move.NOBODY: (),
}


class Step(StrEnum):
    """One step on the way to a concluded round."""

    STATISTICS = "statistics"
    TEXTS = "texts"
    LIST = "list"
    DELEGATION = "delegation"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A step, whether it is done, and who can bring it further now: nobody where it only waits for its time.

    `due` is when it is to be done, where a time is agreed. `review` is the place of the review it is about.
    """

    step: Step
    is_done: bool
    movers: tuple[Whose, ...] = ()
    due: int | None = None
    open_offers: int = 0
    review: str = ""


def tasks_of(dossier: RoundDossier, *, reader: Reader) -> tuple[Task, ...]:
    """Return the steps of a round, in the order in which they are usually taken; none if it has no effect."""
    meeting, me = dossier.round, dossier.link.row.me
    if meeting is None:
        return ()
    since = round_before(dossier)
    reviews = [each for each in all_reviews(reader, dossier.link.row) if each.said_at >= since]
    return (
        _statistics(reviews, begins=dossier.row.begins, is_over=meeting.is_over),
        _texts(meeting, me=me),
        _list(meeting, me=me),
        _delegation(meeting, me=me, begins=dossier.row.begins),
        _release(meeting, me=me, now=dossier.now),
    )


def _step(step: Step, missing: Iterable[str], *, me: str, due: int | None = None) -> Task:
    found = {whose(node, me=me) for node in missing}
    return Task(step=step, is_done=not found, movers=tuple(each for each in Whose if each in found), due=due)


def _statistics(reviews: Iterable[ReviewRow], *, begins: int, is_over: bool) -> Task:
    found = list(reviews)
    joint = next((each for each in found if each.stand is Stand.JOINT), None)
    newest = joint or next(iter(found), None)
    if joint is None and is_over:
        # What was not signed for a round is not asked of anybody once that is over.
        return Task(step=Step.STATISTICS, is_done=False, review="" if newest is None else newest.slug)
    if newest is None:
        return Task(step=Step.STATISTICS, is_done=False, movers=(Whose.US, Whose.THEM), due=begins)
    return Task(
        step=Step.STATISTICS,
        is_done=joint is not None,
        movers=_MOVERS[newest.move],
        due=begins,
        review=newest.slug,
    )


def _texts(meeting: Round, *, me: str) -> Task:
    is_frozen = meeting.outcome.agreed is not None
    waiting = list(_unanswered(meeting))
    found = {whose(node, me=me) for node in waiting}
    return Task(
        step=Step.TEXTS,
        is_done=not waiting and (is_frozen or bool(meeting.outcome.clauses)),
        movers=tuple(each for each in Whose if each in found),
        open_offers=len(waiting),
    )


def _unanswered(meeting: Round) -> Iterator[str]:
    """Yield who has to answer each offer of a clause or an amendment that is open."""
    for made in waiting(meeting):
        if isinstance(made.fact.said, Clause | Amended):
            yield meeting.partner(made.fact.writer)


def _delegation(meeting: Round, *, me: str, begins: int) -> Task:
    missing = [node for node in meeting.nodes if node not in meeting.delegations]
    if missing and meeting.is_over:
        # Of a round that is over nobody says any more who comes.
        return Task(step=Step.DELEGATION, is_done=False)
    return _step(Step.DELEGATION, missing, me=me, due=begins)


def _list(meeting: Round, *, me: str) -> Task:
    outcome = meeting.outcome
    if outcome.agreed is not None:
        return Task(step=Step.LIST, is_done=True)
    # Whose bytes differ has signed, too: whoever comes last signs what the other side has.
    missing = [node for node in meeting.nodes if node not in outcome.frozen] or list(meeting.nodes)
    return _step(Step.LIST, missing, me=me)


def _release(meeting: Round, *, me: str, now: int) -> Task:
    frozen, state = meeting.outcome.agreed, meeting.outcome.state
    if frozen is None:
        return Task(step=Step.RELEASE, is_done=False)
    missing = [node for node in meeting.nodes if node not in meeting.outcome.released]
    if now < frozen.release:
        return Task(step=Step.RELEASE, is_done=state is State.RELEASED, due=frozen.release)
    return _step(Step.RELEASE, missing, me=me, due=frozen.release)
