"""Commitments and rounds, read from the record: what both nodes come to.

What they mean is told in `protocol/dialogue/`. Here one thread after the other is read from one lane, so that
a page, a command and the other node come to the same. Source: Spec §17.5, §17.7, §17.8.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.shelf import LookingShelf
from parley.protocol import threads
from parley.protocol.crossing import Eye, Fact
from parley.protocol.dialogue.bodies import COMMITMENT, ROUND, Released
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import Outcomes, join
from parley.protocol.names import MAIN
from parley.protocol.notation import MAX_NUMBER


def commitments(reader: Reader, link: str, *, cut: Mapping[str, int] | None = None) -> Iterator[Commitment]:
    """Yield the commitments of both sides in the lane `main` that are in effect, each side's in its order.

    With a `cut`, how many entries of each node are looked at, they are as they were by these.
    """
    yield from (eye for eye in _eyes(reader, link, COMMITMENT, cut=cut) if isinstance(eye, Commitment))


def rounds(reader: Reader, link: str) -> Iterator[Round]:
    """Yield the rounds in the lane `main` that are in effect, each side's in the order of its log."""
    yield from (eye for eye in _eyes(reader, link, ROUND) if isinstance(eye, Round))


def thread_of(reader: Reader, link: str, opening: bytes) -> Commitment | Round | None:
    """Return the commitment or round that `opening` opened, in whichever lane; None if without effect."""
    name = reader.lane_of(link, opening)
    lanes = read_facts(reader.connection, reader.node, link=link)
    facts = next((each for each in lanes if each.name == name), None)
    if facts is None:
        return None
    eye = threads.look(LookingShelf(reader.connection, facts.logs), facts.sides, opening)
    return eye if isinstance(eye, Commitment | Round) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A list that is public: its bytes, the seals by node, and by node the card that each was made with.

    Nothing else is needed to check it (Spec §17.10.4). `cards` are those of both parties, whoever released.
    """

    outcomes: Outcomes
    text: bytes
    seals: Mapping[str, bytes]
    cards: Mapping[str, bytes]

    @property
    def note(self) -> bytes:
        """Return one note with the lines of all who released."""
        return reduce(join, (seal for _node, seal in sorted(self.seals.items())))


def publication(reader: Reader, link: str, meeting: Round) -> Publication | None:
    """Return what is public of the outcome list of a round of `link`, None while nobody has released it."""
    outcomes, released = meeting.outcome.public, meeting.outcome.released
    lanes = read_facts(reader.connection, reader.node, link=link)
    name = reader.lane_of(link, meeting.opened.id)
    facts = next((each for each in lanes if each.name == name), None)
    if outcomes is None or facts is None or not released:
        return None
    state = reader.link_state(name)
    cards = {}
    for node in meeting.nodes:
        paired = facts.sides.of(node).card_hash
        # Of who has not released, the newest: by its digits people know it all the same.
        size = released[node].index if node in released else MAX_NUMBER
        cards[node] = _card(reader, state.card_hash(node, size, paired=paired))
    return Publication(
        outcomes=outcomes,
        text=outcomes.text(),
        seals={node: _seal(fact) for node, fact in sorted(released.items())},
        cards=cards,
    )


def _card(reader: Reader, digest: bytes) -> bytes:
    (note,) = reader.connection.execute("SELECT note FROM card WHERE hash = ?", (digest,)).fetchone()
    return bytes(note)


def _seal(fact: Fact) -> bytes:
    assert isinstance(fact.said, Released)
    return base64.b64decode(fact.said.note)


def _eyes(reader: Reader, link: str, opening: str, *, cut: Mapping[str, int] | None = None) -> Iterator[Eye]:
    lanes = read_facts(reader.connection, reader.node, link=link)
    facts = next((each for each in lanes if each.lane == MAIN), None)
    if facts is None:
        return
    shelf = LookingShelf(reader.connection, facts.logs)
    for statement in reader.threads(facts.name, kinds=(opening,)):
        eye = threads.look(shelf, facts.sides, statement, cut=cut)
        if eye is not None:
            yield eye
