"""A commitment: proposed, agreed, reported on, and fulfilled only when the other side says so too.

    kind                    writer              re                            when
    commitment.proposed     either              –                             –
    commitment.carried      both                the commitment, or a carrying it is in force
    commitment.dropped      both                the commitment                it is in force
    commitment.agreed       not the offerer     any of these three            open or declined
    commitment.declined     not the offerer     any of these three            open
    commitment.withdrawn    the offerer         any of these three            open or declined
    commitment.reported     an owner            the commitment                it is in force
    commitment.confirmed    not the reporter    the newest report of a side   it is in force
    commitment.disputed     not the reporter    the newest report of a side   it is in force
    concern.raised          both                the commitment                it was agreed, and not dropped
    concern.answered        not the raiser      a concern                     not settled
    concern.escalated       both                a concern                     not settled
    concern.settled         the raiser          a concern                     not settled

It keeps its id, that of its proposal, whatever round it is carried to. Overdue is a view at some now,
and never written. Source: Spec §17.4, §17.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from parley.protocol.crossing import Eye, Fact
from parley.protocol.dialogue.bodies import (
    Agreed,
    Carried,
    CommitmentProposed,
    ConcernAnswered,
    ConcernRaised,
    ConcernSettled,
    Confirmed,
    Declined,
    Disputed,
    Dropped,
    Escalated,
    Offer,
    Reported,
    Standing,
    Withdrawn,
)
from parley.protocol.dialogue.offers import Offers, Status, holding

_ABOUT_REPORT = (Confirmed, Disputed)
_ABOUT_CONCERN = (ConcernAnswered, Escalated, ConcernSettled)


class State(Enum):
    """How a commitment stands, by the word of both."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    IN_FORCE = "in_force"
    FULFILLED = "fulfilled"
    DROPPED = "dropped"


class Word(Enum):
    """What the other side says of a report."""

    NONE = "none"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class ConcernState(Enum):
    """How a concern stands."""

    RAISED = "raised"
    ANSWERED = "answered"
    SETTLED = "settled"


@dataclass(slots=True, kw_only=True)
class Report:
    """The newest report of one side, and the other side's newest word on it."""

    fact: Fact
    said: Reported
    word: Word = Word.NONE


@dataclass(slots=True, kw_only=True)
class Concern:
    """A concern, and what came of it; `calls` are those to which it was taken."""

    fact: Fact
    is_answered: bool = False
    is_settled: bool = False
    calls: set[str] = field(default_factory=set)

    @property
    def state(self) -> ConcernState:
        """Return how it stands."""
        if self.is_settled:
            return ConcernState.SETTLED
        return ConcernState.ANSWERED if self.is_answered else ConcernState.RAISED


class Commitment(Eye):
    """One commitment as seen so far."""

    def __init__(self, opened: Fact, other: str) -> None:
        """Begin with its proposal."""
        assert isinstance(opened.said, CommitmentProposed)
        self.proposed = opened.said
        self.nodes = tuple(sorted((opened.writer, other)))
        self.offers = Offers()
        self.reports: dict[str, Report] = {}
        self.concerns: dict[bytes, Concern] = {}
        super().__init__(opened, other)

    @property
    def owners(self) -> tuple[str, ...]:
        """Return the nodes that are to do it."""
        return tuple(
            node for node, letter in zip(self.nodes, "AB", strict=True) if letter in self.proposed.owners
        )

    @property
    def state(self) -> State:
        """Return how it stands."""
        status = self.offers.status(self.opened.id)
        if status is not Status.AGREED:
            return State.PROPOSED if status is Status.OPEN else State(status.value)
        if all(self._is_done(node) for node in self.owners):
            return State.FULFILLED
        return State.DROPPED if self.offers.agreed(Dropped) else State.IN_FORCE

    @property
    def standing(self) -> CommitmentProposed | Carried:
        """Return what says for which round it is, and when it is due."""
        carried = holding(self.offers.agreed(Carried))
        found = self.proposed if carried is None else carried.fact.said
        assert isinstance(found, CommitmentProposed | Carried)
        return found

    def is_overdue(self, now: int) -> bool:
        """Return whether it is in force and its time is over: a view, which a report does not change."""
        due = self.standing.due
        return self.state is State.IN_FORCE and due is not None and due < now

    def _is_done(self, node: str) -> bool:
        report = self.reports.get(node)
        return (
            report is not None
            and report.said.standing is Standing.FULFILLED
            and report.word is Word.CONFIRMED
        )

    def note(self, fact: Fact) -> None:
        """Take in what a valid `fact` changes."""
        self.offers.note(fact)
        match fact.said:
            case Reported():
                self.reports[fact.writer] = Report(fact=fact, said=fact.said)
            case Confirmed() | Disputed():
                report = self.reports.get(self.partner(fact.writer))
                # A word that crossed a newer report is about one that counts no more.
                if report is not None and report.fact.id == fact.re:
                    report.word = Word.CONFIRMED if isinstance(fact.said, Confirmed) else Word.DISPUTED
            case ConcernRaised():
                self.concerns[fact.id] = Concern(fact=fact)
            case ConcernAnswered():
                self.concerns[fact.re or b""].is_answered = True
            case Escalated():
                self.concerns[fact.re or b""].calls.add(fact.said.call)
            case ConcernSettled():
                self.concerns[fact.re or b""].is_settled = True
            case _:
                pass

    def may_write(self, fact: Fact) -> bool:
        """Return whether its writer may say this kind of what it names."""
        is_own = self.seen[fact.re or b""].writer == fact.writer
        match fact.said:
            case Agreed() | Declined() | Confirmed() | Disputed() | ConcernAnswered():
                return not is_own
            case Withdrawn() | ConcernSettled():
                return is_own
            case Reported():
                return fact.writer in self.owners
            case _:
                return True

    def fits(self, fact: Fact, target: Fact) -> bool:
        """Return whether `target` is what the kind answers."""
        match fact.said:
            case Agreed() | Declined() | Withdrawn():
                return isinstance(target.said, Offer)
            case Carried():
                return target is self.opened or isinstance(target.said, Carried)
            case Confirmed() | Disputed():
                return isinstance(target.said, Reported)
            case ConcernAnswered() | Escalated() | ConcernSettled():
                return isinstance(target.said, ConcernRaised)
            case _:
                return target is self.opened

    def may_now(self, fact: Fact, target: Fact) -> bool:
        """Return whether the commitment stands so that this can be said."""
        match fact.said:
            case Agreed() | Declined() | Withdrawn():
                is_proposal = target is self.opened
                return (is_proposal or self.state is State.IN_FORCE) and self.offers.may_answer(
                    fact.said, target.id
                )
            case Confirmed() | Disputed():
                return self._may_judge(fact, target)
            case ConcernRaised():
                return self.state in {State.IN_FORCE, State.FULFILLED}
            case ConcernAnswered() | Escalated() | ConcernSettled():
                return not self.concerns[target.id].is_settled
            case _:
                return self.state is State.IN_FORCE

    def _may_judge(self, fact: Fact, target: Fact) -> bool:
        report = self.reports[target.writer]
        word = Word.CONFIRMED if isinstance(fact.said, Confirmed) else Word.DISPUTED
        return self.state is State.IN_FORCE and report.fact is target and report.word is not word


def by_node(reports: Mapping[str, Report], nodes: tuple[str, ...]) -> dict[str, Report]:
    """Return the newest report of each side that made one, party A first."""
    return {node: reports[node] for node in nodes if node in reports}
