"""House rules about the dialogue, pure: who owes which word, and who of us may say something here.

Who may say what, and when, is decided in `protocol/dialogue/`. That a duty is late is a view at some now, and
nobody else's business; nothing here reads a table or a clock.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from parley.hotline.policy import Whose, whose
from parley.protocol.dialogue import commitment as promises
from parley.protocol.dialogue import meeting, outcome
from parley.protocol.dialogue.bodies import Standing
from parley.protocol.dialogue.commitment import Commitment, ConcernState, Word
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.offers import Offers, Status


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
    """To sign the outcome list that the other side has signed."""
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
    if thread.state in {promises.State.PROPOSED, promises.State.IN_FORCE}:
        yield from _answers(thread, thread.offers)
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


def _answers(thread: Commitment | Round, offers: Offers) -> Iterator[tuple[str, Duty]]:
    open_ones = (each for each in offers.made.values() if each.status is Status.OPEN)
    yield from ((thread.partner(each.fact.writer), Duty.ANSWER) for each in open_ones)


def _in_round(thread: Round) -> Iterator[tuple[str, Duty]]:
    if not thread.is_over and thread.state is not meeting.State.DECLINED:
        yield from _answers(thread, thread.offers)
        if thread.state is meeting.State.AGREED and thread.closed:
            yield from ((node, Duty.CLOSE) for node in thread.nodes if node not in thread.closed)
    yield from _in_outcome(thread)


def _in_outcome(thread: Round) -> Iterator[tuple[str, Duty]]:
    found = thread.outcome
    match found.state:
        case outcome.State.HALF_FROZEN:
            yield from ((node, Duty.FREEZE) for node in thread.nodes if node not in found.frozen)
        case outcome.State.FROZEN | outcome.State.HALF_RELEASED:
            yield from ((node, Duty.RELEASE) for node in thread.nodes if node not in found.released)
        case _:
            pass
