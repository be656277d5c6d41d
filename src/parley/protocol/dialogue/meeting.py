"""A round of the dialogue: where and when, who comes, what is on the agenda, what was decided.

    kind                   writer            re                         when
    round.proposed         either            –                          –
    round.replanned        both              the round, or a replanning it is not over
    round.item_proposed    both              the round                  it is not over
    round.group_reported   both              the round                  it is not over
    round.decided          both              the round                  it is agreed
    round.next_proposed    both              the round, or another next it is agreed
    round.agreed           not the offerer   any of these six           it is not over; open or declined
    round.declined         not the offerer   any of these six           it is not over; open
    round.withdrawn        the offerer       any of these six           it is not over; open or declined
    round.delegated        both              the round                  it is not over
    round.stated           both              the round, or an item      it is not over
    round.closed           both              the round                  it is agreed; not closed by the writer

*Over* is a round that was declined, withdrawn, or closed by both. Its outcome list (`outcome.py`) is in the
same thread, and outlives its close. That the place alternates is what a reader is told, and voids nothing.
Source: Spec §17.6, §17.7.
"""

from enum import Enum
from typing import Final

from parley.protocol.crossing import Eye, Fact
from parley.protocol.dialogue.bodies import (
    Agreed,
    Amended,
    Clause,
    Decided,
    Declined,
    Delegated,
    Frozen,
    ItemProposed,
    NextProposed,
    Offer,
    Plan,
    Released,
    Replanned,
    RoundClosed,
    RoundProposed,
    Stated,
    Withdrawn,
)
from parley.protocol.dialogue.offers import Offers, Status, holding
from parley.protocol.dialogue.outcome import OutcomeList

_CLAUSES: Final = (Clause, Amended)


class State(Enum):
    """How far a round is, by the word of both."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    CLOSED = "closed"


class Round(Eye):
    """One round as seen so far."""

    def __init__(self, opened: Fact, other: str) -> None:
        """Begin with its proposal."""
        assert isinstance(opened.said, RoundProposed)
        self.proposed = opened.said
        first, second = sorted((opened.writer, other))
        self.nodes = (first, second)
        self.offers = Offers()
        self.outcome = OutcomeList(opened, self.nodes, self.offers)
        self.delegations: dict[str, Delegated] = {}
        self.stated: dict[str, list[Fact]] = {node: [] for node in self.nodes}
        self.closed: set[str] = set()
        super().__init__(opened, other)

    @property
    def state(self) -> State:
        """Return how far it is."""
        status = self.offers.status(self.opened.id)
        if status is not Status.AGREED:
            return State.PROPOSED if status is Status.OPEN else State(status.value)
        return State.CLOSED if len(self.closed) == 2 else State.AGREED

    @property
    def is_over(self) -> bool:
        """Return whether nothing more is said of it but its outcomes. Who declined may still agree."""
        return self.state in {State.WITHDRAWN, State.CLOSED}

    @property
    def plan(self) -> Plan:
        """Return where and when it is: as both last wanted it, or as it was proposed."""
        found = holding(self.offers.agreed(RoundProposed, Replanned))
        said = self.proposed if found is None else found.fact.said
        assert isinstance(said, Plan)
        return said

    @property
    def next(self) -> NextProposed | None:
        """Return where and when the next round is, once both want it so."""
        found = holding(self.offers.agreed(NextProposed))
        said = None if found is None else found.fact.said
        assert said is None or isinstance(said, NextProposed)
        return said

    def note(self, fact: Fact) -> None:
        """Take in what a valid `fact` changes."""
        self.offers.note(fact)
        self.outcome.note(fact)
        match fact.said:
            case Delegated():
                self.delegations[fact.writer] = fact.said
            case Stated():
                self.stated[fact.writer].append(fact)
            case RoundClosed():
                self.closed.add(fact.writer)
            case _:
                pass

    def may_write(self, fact: Fact) -> bool:
        """Return whether its writer may say this kind of what it names."""
        is_own = self.seen[fact.re or b""].writer == fact.writer
        match fact.said:
            case Agreed() | Declined():
                return not is_own
            case Withdrawn():
                return is_own
            case _:
                return True

    def fits(self, fact: Fact, target: Fact) -> bool:
        """Return whether `target` is what the kind answers."""
        match fact.said:
            case Agreed() | Declined() | Withdrawn():
                return isinstance(target.said, Offer) and _page(fact) == _page(target)
            case Replanned():
                return target is self.opened or isinstance(target.said, Replanned)
            case NextProposed():
                return target is self.opened or isinstance(target.said, NextProposed)
            case Stated():
                return target is self.opened or isinstance(target.said, ItemProposed)
            case Amended():
                return isinstance(target.said, Clause | Amended)
            case _:
                return target is self.opened

    def may_now(self, fact: Fact, target: Fact) -> bool:
        """Return whether the round stands so that this can be said."""
        if isinstance(fact.said, Frozen | Released | Clause | Amended) or isinstance(target.said, _CLAUSES):
            return self._may_conclude(fact, target)
        match fact.said:
            case Agreed() | Declined() | Withdrawn():
                return not self.is_over and self.offers.may_answer(fact.said, target.id)
            case Decided() | NextProposed():
                return self.state is State.AGREED
            case RoundClosed():
                return self.state is State.AGREED and fact.writer not in self.closed
            case _:
                return self.state in {State.PROPOSED, State.AGREED}

    def _may_conclude(self, fact: Fact, target: Fact) -> bool:
        """Return whether the outcome list stands so that this can be said."""
        if self.state not in {State.AGREED, State.CLOSED}:
            return False
        if isinstance(fact.said, Released):
            return self.outcome.may_release(fact)
        if self.outcome.agreed is not None:
            return False
        match fact.said:
            case Frozen():
                return self.outcome.may_freeze(fact, fact.said)
            case Agreed() | Declined() | Withdrawn():
                return self.offers.may_answer(fact.said, target.id)
            case Clause() | Amended():
                return self.outcome.may_offer(fact.said)
            case _:
                return False


def alternates(before: RoundProposed, host: str) -> bool:
    """Return whether a round at `host`, A or B, is in turn after the one before it."""
    return before.host != host


def _page(fact: Fact) -> str:
    return fact.kind.partition(".")[0]
