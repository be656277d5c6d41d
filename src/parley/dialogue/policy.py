"""House rules about the dialogue, pure: who owes which word, and who of us may say something here.

Who may say what, and when, is decided in `protocol/dialogue/`. That a duty is late is a view at some now, and
nobody else's business; nothing here reads a table or a clock.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from parley.links.policy import Whose, whose
from parley.protocol.dialogue import bodies, meeting, outcome
from parley.protocol.dialogue import commitment as promises
from parley.protocol.dialogue.bodies import Amended, Clause, Plan, Standing
from parley.protocol.dialogue.commitment import Commitment, ConcernState, Word
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.offers import Made, Status


class Duty(StrEnum):
    """What a side owes."""

    ANSWER = "answer"
    """To say yes or no to an offer."""
    PERFORM = "perform"
    """To do what it promised, and to report on it."""
    JUDGE = "judge"
    """To say whether a report is so."""
    ANSWER_CONCERN = "answer_concern"
    SETTLE_CONCERN = "settle_concern"
    """To say whether the answer was enough."""
    FREEZE = "freeze"
    """To sign the same outcome list as the other side has signed."""
    RELEASE = "release"
    """To make the list public at the agreed instant, and not before."""
    CLOSE = "close"
    """To close the round, as the other side has."""


Owed: TypeAlias = Mapping[str, Mapping[str, int]]


def owed_in(thread: Commitment | Round, *, me: str) -> Owed:
    """Return by side what it owes in a thread, and how often: ``{"us":{"answer":1},"them":{}}``."""
    found = _in_commitment(thread) if isinstance(thread, Commitment) else _in_round(thread)
    counted = Counter(found)
    return {
        side.value: {
            duty.value: count
            for duty in Duty
            if (count := sum(counted[node, duty] for node in thread.nodes if whose(node, me=me) is side))
        }
        for side in Whose
    }


def _in_commitment(thread: Commitment) -> Iterator[tuple[str, Duty]]:
    yield from _answers(thread)
    if thread.state is promises.State.IN_FORCE:
        yield from (each for owner in thread.owners for each in _of_owner(thread, owner))
    for concern in thread.concerns.values():
        if concern.state is ConcernState.RAISED:
            yield thread.partner(concern.fact.writer), Duty.ANSWER_CONCERN
        if concern.state is ConcernState.ANSWERED:
            yield concern.fact.writer, Duty.SETTLE_CONCERN


def _of_owner(thread: Commitment, owner: str) -> Iterator[tuple[str, Duty]]:
    report = thread.reports.get(owner)
    if report is not None and report.word is Word.NONE:
        yield thread.partner(owner), Duty.JUDGE
    is_done = report is not None and report.said.standing is Standing.FULFILLED
    if not is_done or (report is not None and report.word is Word.DISPUTED):
        yield owner, Duty.PERFORM


def _answers(thread: Commitment | Round) -> Iterator[tuple[str, Duty]]:
    yield from ((thread.partner(each.fact.writer), Duty.ANSWER) for each in waiting(thread))


def _in_round(thread: Round) -> Iterator[tuple[str, Duty]]:
    if thread.state is not meeting.State.DECLINED:
        yield from _answers(thread)
    if thread.state is meeting.State.AGREED and thread.closed:
        yield from ((node, Duty.CLOSE) for node in thread.nodes if node not in thread.closed)
    yield from _in_outcome(thread)


def _in_outcome(thread: Round) -> Iterator[tuple[str, Duty]]:
    found = thread.outcome
    match found.state:
        case outcome.State.HALF_FROZEN:
            # Both may have signed, and not the same: then either signs what the other has.
            missing = [node for node in thread.nodes if node not in found.frozen] or list(thread.nodes)
            yield from ((node, Duty.FREEZE) for node in missing)
        case outcome.State.FROZEN | outcome.State.HALF_RELEASED:
            yield from ((node, Duty.RELEASE) for node in thread.nodes if node not in found.released)
        case _:
            pass


# ---- Offers that stand, and those that nobody is asked about any more


class Stand(StrEnum):
    """How an open offer stands that waits for nobody."""

    REPLACED = "replaced"
    """A newer one was made in its place, and waits itself or is what both want."""
    LAPSED = "lapsed"
    """What it belongs to is over, or its list is frozen: it can be answered no more."""


def waiting(thread: Commitment | Round) -> Iterator[Made]:
    """Yield the offers that wait for an answer, in no order."""
    gone = replaced(thread)
    yield from (each for each in thread.offers.made.values() if _waits(thread, each, gone=gone))


def stand_of(thread: Commitment | Round, offer: bytes, *, gone: frozenset[bytes]) -> str:
    """Return how an offer stands; `gone` are those of the thread that are `replaced`."""
    made = thread.offers.made[offer]
    if made.status is not Status.OPEN or _waits(thread, made, gone=gone):
        return made.status.value
    return (Stand.REPLACED if offer in gone else Stand.LAPSED).value


def replaced(thread: Commitment | Round) -> frozenset[bytes]:
    """Return the offers in whose place a newer one stands.

    That is one which both want and which holds, or one that waits and was made in its place. What was
    declined or taken back stands for nothing: then the older one waits again. What opens a thread is never
    replaced, since without a yes to it there is nothing.
    """
    agreed: dict[Hashable, int] = {}
    for each in thread.offers.made.values():
        if each.status is Status.AGREED:
            agreed[_row(each)] = max(each.depth, agreed.get(_row(each), 0))
    found: set[bytes] = set()
    for each in thread.offers.made.values():
        if each.depth < agreed.get(_row(each), 0):
            found.add(each.fact.id)
        elif each.status is Status.OPEN:
            found.update(_before(thread, each, found))
    return frozenset(found - {thread.opened.id})


def _before(thread: Commitment | Round, made: Made, found: set[bytes]) -> Iterator[bytes]:
    """Yield the offers in whose place one was made, the newest first, as far as they are not `found`."""
    each = made
    while each.depth:
        each = thread.offers.made[each.fact.re or b""]
        if each.fact.id in found:
            return
        yield each.fact.id


def _row(made: Made) -> Hashable:
    """Return what an offer is about: of those about the same, one holds."""
    match made.fact.said:
        case Clause() | Amended():
            return made.first
        case bodies.NextProposed() | bodies.Carried():
            return type(made.fact.said)
        case Plan():
            return Plan
        case _:
            return made.fact.id


def _waits(thread: Commitment | Round, made: Made, *, gone: frozenset[bytes]) -> bool:
    if made.status is not Status.OPEN or made.fact.id in gone:
        return False
    if isinstance(thread, Commitment):
        return made.fact is thread.opened or thread.state is promises.State.IN_FORCE
    if isinstance(made.fact.said, Clause | Amended):
        is_met = thread.state in {meeting.State.AGREED, meeting.State.CLOSED}
        return is_met and thread.outcome.agreed is None
    return not thread.is_over
