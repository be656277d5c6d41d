"""Offers and answers: what both sides want is the AND of two statements, each by one writer.

    open ──▶ agreed                       the other side's answer, for good
      │  ╲
      │   ▶ declined ──▶ agreed           who declined may agree later
      ▼
    withdrawn                             by who made it, while it had not seen an answer that agrees

An offer that was agreed to and withdrawn by sides that did not know of each other is withdrawn: nobody is
bound by what it no longer wanted when the other wanted it. Who had seen the agreement withdraws no more,
and a node sees all that it says to have received. Source: Spec §17.1.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.crossing import Fact
from parley.protocol.dialogue.bodies import (
    Agreed,
    Amended,
    Clause,
    Declined,
    Offer,
    Replanned,
    RoundProposed,
    Withdrawn,
)

Answer = Agreed | Declined | Withdrawn
_IN_PLACE_OF: Final = frozenset({(Replanned, RoundProposed), (Amended, Clause)})


class Status(Enum):
    """How an offer stands."""

    OPEN = "open"
    DECLINED = "declined"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"


@dataclass(slots=True, kw_only=True)
class Made:
    """An offer, and what was said to it. `depth` is how many offers it replaces, one after another."""

    fact: Fact
    depth: int
    first: bytes
    agreed_at: int | None = None
    is_declined: bool = False
    is_withdrawn: bool = False

    @property
    def status(self) -> Status:
        """Return how it stands."""
        if self.is_withdrawn:
            return Status.WITHDRAWN
        if self.agreed_at is not None:
            return Status.AGREED
        return Status.DECLINED if self.is_declined else Status.OPEN

    @property
    def is_crossed(self) -> bool:
        """Return whether it was withdrawn and agreed to by sides that did not know of each other."""
        return self.is_withdrawn and self.agreed_at is not None


class Offers:
    """The offers of one thread. Mutable, and private to an eye."""

    def __init__(self) -> None:
        """Begin with none."""
        self.made: dict[bytes, Made] = {}
        self._facts: list[Fact] = []
        # By kind, those that are agreed; so a thread that is stuffed with offers stays cheap to judge.
        self._agreed: dict[type, set[bytes]] = {}
        self._counts = Counter[type]()

    def within(self, past: Mapping[str, int]) -> "Offers":
        """Return the offers as they stood in a past: for each side, so many entries of its log."""
        found = Offers()
        for fact in self._facts:
            if fact.index < past[fact.writer]:
                found.note(fact)
        return found

    def note(self, fact: Fact) -> None:
        """Take in an offer, or an answer to one."""
        if isinstance(fact.said, Offer | Agreed | Declined | Withdrawn):
            self._facts.append(fact)
        match fact.said:
            case Offer():
                before = self.made.get(fact.re or b"")
                chained = before is not None and replaces(fact, before.fact)
                self.made[fact.id] = Made(
                    fact=fact,
                    depth=before.depth + 1 if before is not None and chained else 0,
                    first=before.first if before is not None and chained else fact.id,
                )
                self._counts[type(fact.said)] += 1
            case Agreed() | Declined() | Withdrawn():
                self._answer(self.made[fact.re or b""], fact)
            case _:
                pass

    def _answer(self, made: Made, fact: Fact) -> None:
        agreed = self._agreed.setdefault(type(made.fact.said), set())
        match fact.said:
            case Agreed():
                made.agreed_at = fact.effective
            case Declined():
                made.is_declined = True
            case _:
                made.is_withdrawn = True
        if made.status is Status.AGREED:
            agreed.add(made.fact.id)
        else:
            agreed.discard(made.fact.id)

    def count(self, kind: type[Offer]) -> int:
        """Return how many offers of a kind were made."""
        return self._counts[kind]

    def agreed(self, *kinds: type[Offer]) -> list[Made]:
        """Return the offers of some kinds that are agreed, in no order."""
        return [self.made[each] for kind in kinds for each in self._agreed.get(kind, ())]

    def status(self, offer: bytes) -> Status:
        """Return how an offer of this thread stands."""
        return self.made[offer].status

    def may_answer(self, said: Answer, offer: bytes) -> bool:
        """Return whether the offer stands so that this can be said to it."""
        status = self.status(offer)
        return status is Status.OPEN or (status is Status.DECLINED and not isinstance(said, Declined))

    def of(self, kind: type[Offer]) -> list[Made]:
        """Return the offers of a kind, in the order of their ids."""
        return sorted(
            (made for made in self.made.values() if isinstance(made.fact.said, kind)),
            key=lambda made: made.fact.id,
        )


def replaces(fact: Fact, before: Fact) -> bool:
    """Return whether an offer is made in place of `before`: of the same page, about the same thing."""
    one, two = type(fact.said), type(before.said)
    return one is two or (one, two) in _IN_PLACE_OF


def holding(agreed: Iterable[Made]) -> Made | None:
    """Return of agreed offers that replace each other the one that holds: the last in its row.

    Of two that were made in place of the same one, and crossed, the one with the smaller id. So the
    order in which anything arrived decides nothing, and no date that a side gave does.
    """
    return min(agreed, key=lambda made: (-made.depth, made.fact.id), default=None)
