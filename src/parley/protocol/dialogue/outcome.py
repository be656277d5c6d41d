"""The outcome list of a round: clause by clause, frozen by both, made public by both.

    kind                      writer            re                        when
    outcome.clause_proposed   both              the round                 it is agreed, the list not frozen
    outcome.amended           both              a clause, or as amended   likewise
    outcome.agreed            not the offerer   either of these two       likewise, and open or declined
    outcome.declined          not the offerer   either of these two       likewise, and open
    outcome.withdrawn         the offerer       either of these two       likewise, and open or declined
    outcome.frozen            both              the round                 likewise, the digest is the list's
    outcome.released          both              the round                 the list is frozen, and it is time

The list is the clauses that both want, as both last wanted them. It is frozen once the newest word of each
side freezes the same bytes, with the same release in them. Then nothing more is said but ``released``, and
that not before the release by the writer's own time: so the seal of both cannot be earlier than either's.
Source: Spec §17.8, §17.9.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.act import id_text
from parley.protocol.crossing import Fact
from parley.protocol.dialogue.bodies import Amended, Clause, Frozen, Released, RoundProposed
from parley.protocol.dialogue.offers import Made, Offers, holding
from parley.protocol.dialogue.release import MAX_CLAUSES, Outcomes, digest_of

# How often one side can freeze a list: each time all of it is hashed.
MAX_FROZEN: Final = 64


class State(Enum):
    """How far a list is."""

    DRAFTED = "drafted"
    HALF_FROZEN = "half_frozen"
    FROZEN = "frozen"
    HALF_RELEASED = "half_released"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A clause as both last wanted it: `id` names the clause, `version` the statement with its words."""

    id: bytes
    version: bytes
    said: Clause | Amended


class OutcomeList:
    """The outcome list of one round as seen so far. Mutable, and private to an eye."""

    def __init__(self, opened: Fact, nodes: tuple[str, str], offers: Offers) -> None:
        """Begin with no clause; the clauses are among the `offers` of the round."""
        assert isinstance(opened.said, RoundProposed)
        self.round, self.number = opened.id, opened.said.number
        self.nodes, self.offers = nodes, offers
        self.frozen: dict[str, Frozen] = {}
        self.freezings: dict[str, Fact] = {}
        self.freezes = dict.fromkeys(nodes, 0)
        self.released: dict[str, Fact] = {}

    @property
    def clauses(self) -> tuple[Standing, ...]:
        """Return the clauses that both want now, in their order: by place, then by id."""
        return _standing(self.offers)

    def outcomes(self, release: int) -> Outcomes | None:
        """Return the list as it would be made public at `release`, None if there is nothing in it."""
        return self._listed(self.clauses, release)

    @property
    def public(self) -> Outcomes | None:
        """Return the list that both have frozen, as both saw it when they did; None if there is none.

        What crossed the freezing is not in it: it is the list in the past of either side's statement.
        """
        frozen = self.agreed
        if frozen is None:
            return None
        fact = self.freezings[self.nodes[0]]
        past = {fact.writer: fact.index, self.nodes[1]: fact.cut}
        return self._listed(_standing(self.offers.within(past)), frozen.release)

    def _listed(self, clauses: Sequence[Standing], release: int) -> Outcomes | None:
        texts = tuple(text for each in clauses if (text := each.said.both) is not None)
        if not 0 < len(texts) <= MAX_CLAUSES:
            return None
        return Outcomes(
            nodes=self.nodes, round=self.round, number=self.number, release=release, clauses=texts
        )

    @property
    def agreed(self) -> Frozen | None:
        """Return what both sides have frozen: the newest word of each, if it is the same."""
        one, two = (self.frozen.get(node) for node in self.nodes)
        return one if one == two else None

    @property
    def state(self) -> State:
        """Return how far the list is."""
        frozen = self.agreed
        if frozen is None:
            return State.HALF_FROZEN if self.frozen else State.DRAFTED
        done = [fact for fact in self.released.values() if _is_of(fact, frozen)]
        return (State.FROZEN, State.HALF_RELEASED, State.RELEASED)[len(done)]

    def note(self, fact: Fact) -> None:
        """Take in what a valid `fact` changes; offers and answers are taken in beside it."""
        match fact.said:
            case Frozen():
                self.frozen[fact.writer], self.freezings[fact.writer] = fact.said, fact
                self.freezes[fact.writer] += 1
            case Released():
                self.released[fact.writer] = fact
            case _:
                pass

    def may_offer(self, said: Clause | Amended) -> bool:
        """Return whether there is room for one more clause."""
        return isinstance(said, Amended) or self.offers.count(Clause) < MAX_CLAUSES

    def may_freeze(self, fact: Fact, said: Frozen) -> bool:
        """Return whether the writer may freeze this: the list that it sees, to be released later."""
        if self.frozen.get(fact.writer) == said or said.release <= fact.effective:
            return False
        found = self.outcomes(said.release) if self.freezes[fact.writer] < MAX_FROZEN else None
        return found is not None and id_text(digest_of(found.text())) == said.digest

    def may_release(self, fact: Fact) -> bool:
        """Return whether the writer may make this public: both froze it, and it is time by its own clock."""
        frozen = self.agreed
        if frozen is None or fact.writer in self.released or fact.effective < frozen.release:
            return False
        return _is_of(fact, frozen)


def _standing(offers: Offers) -> tuple[Standing, ...]:
    rows: dict[bytes, list[Made]] = {}
    for made in offers.agreed(Clause, Amended):
        rows.setdefault(made.first, []).append(made)
    found = ((first, holding(row)) for first, row in rows.items())
    standing = [
        Standing(id=first, version=made.fact.id, said=made.fact.said)
        for first, made in found
        if made is not None and isinstance(made.fact.said, Clause | Amended)
    ]
    present = (each for each in standing if each.said.clause is not None)
    return tuple(sorted(present, key=lambda each: (each.said.place, each.id)))


def _is_of(fact: Fact, frozen: Frozen) -> bool:
    said = fact.said
    assert isinstance(said, Released)
    return said.digest == frozen.digest and said.release == frozen.release
