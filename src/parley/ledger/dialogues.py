"""Commitments and rounds, read from the record: what both nodes come to.

What they mean is told in `protocol/dialogue/`. Here one thread after the other is read from one lane, so that
a page, a command and the other node come to the same. Source: Spec §17.5, §17.7, §17.8.
"""

from collections.abc import Iterator

from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.shelf import LookingShelf
from parley.protocol import threads
from parley.protocol.crossing import Eye
from parley.protocol.dialogue.bodies import COMMITMENT, ROUND
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.names import MAIN


def commitments(reader: Reader, link: str) -> Iterator[Commitment]:
    """Yield the commitments of both sides in the lane `main` that are in effect, each side's in its order."""
    yield from (eye for eye in _eyes(reader, link, COMMITMENT) if isinstance(eye, Commitment))


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


def _eyes(reader: Reader, link: str, opening: str) -> Iterator[Eye]:
    lanes = read_facts(reader.connection, reader.node, link=link)
    facts = next((each for each in lanes if each.lane == MAIN), None)
    if facts is None:
        return
    shelf = LookingShelf(reader.connection, facts.logs)
    for statement in reader.threads(facts.name, kinds=(opening,)):
        eye = threads.look(shelf, facts.sides, statement)
        if eye is not None:
            yield eye
