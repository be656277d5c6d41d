"""Offers and joint cases, read from the record, by all of it or at a cut; and the Status Report.

What they come to is told in `protocol/sharing/` and `protocol/cases/`. Here one thread after the other is
read from one lane, so that a page, a command and the other node come to the same bytes. Source: Spec §14.4,
§15.6, §15.8.
"""

from collections.abc import Iterator, Mapping

from parley.ledger.links import read_facts
from parley.ledger.reading import Reader
from parley.ledger.shelf import LookingShelf
from parley.ledger.standing import LinkFacts
from parley.protocol import threads
from parley.protocol.cases.apply import Case, case
from parley.protocol.cases.bodies import OPENING as PROPOSED
from parley.protocol.cases.eye import CaseEye
from parley.protocol.cases.report import status_report
from parley.protocol.crossing import Eye
from parley.protocol.names import MAIN, parse_origin
from parley.protocol.sharing.apply import Share, ShareEye
from parley.protocol.sharing.bodies import OPENING as OFFERED

Cut = Mapping[str, int]
"""For each of the two nodes, how many entries of its line are looked at."""


def shares(reader: Reader, link: str) -> Iterator[Share]:
    """Yield the offers of both sides in a lane that are in effect, each side's in the order of its log."""
    yield from (eye.share() for eye in _eyes(reader, link, OFFERED) if isinstance(eye, ShareEye))


def cases(reader: Reader, link: str, *, cut: Cut | None = None) -> Iterator[Case]:
    """Yield the joint cases of a lane that are in effect, by everything or at a cut."""
    yield from (case(eye) for eye in _eyes(reader, link, PROPOSED, cut=cut) if isinstance(eye, CaseEye))


def newest_report_cut(reader: Reader, link: str) -> Cut:
    """Return the largest cut of a lane that both nodes hold, as far as this one knows.

    Of our log that is what the other node has signed for, of theirs all that is here.
    """
    facts = _lane(reader, link)
    status = None if facts is None else reader.status(facts.name)
    if facts is None or status is None:
        return {}
    return {facts.me: status.my_receipted, facts.peer: status.their_size}


def report(reader: Reader, link: str, cut: Cut) -> bytes:
    """Return the Status Report of a lane at `cut`: the same bytes on both nodes once both hold it."""
    facts = _lane(reader, link)
    channel = "" if facts is None else parse_origin(facts.sides.one.origin).channel.text
    return status_report(cases(reader, link, cut=cut), channel=channel, cut=cut)


def share_at(reader: Reader, link: str, thread: bytes) -> Share | None:
    """Return the offer that `thread` opened, in whatever lane; None if it opened none that is in effect."""
    eye = _eye_at(reader, link, thread)
    return eye.share() if isinstance(eye, ShareEye) else None


def case_at(reader: Reader, link: str, thread: bytes) -> Case | None:
    """Return the joint case that `thread` opened, in whatever lane; None if it opened none in effect."""
    eye = _eye_at(reader, link, thread)
    return case(eye) if isinstance(eye, CaseEye) else None


def _eye_at(reader: Reader, link: str, thread: bytes) -> Eye | None:
    lane = reader.lane_of(link, thread)
    lanes = read_facts(reader.connection, reader.node, link=link)
    facts = next((facts for facts in lanes if facts.name == lane), None)
    if facts is None:
        return None
    return threads.look(LookingShelf(reader.connection, facts.logs), facts.sides, thread)


def _lane(reader: Reader, link: str) -> LinkFacts | None:
    lanes = read_facts(reader.connection, reader.node, link=link)
    return next((facts for facts in lanes if facts.lane == MAIN), None)


def _eyes(reader: Reader, link: str, opening: str, *, cut: Cut | None = None) -> Iterator[Eye]:
    facts = _lane(reader, link)
    if facts is None:
        return
    shelf = LookingShelf(reader.connection, facts.logs)
    for statement in reader.threads(facts.name, kinds=(opening,)):
        eye = threads.look(shelf, facts.sides, statement, cut=cut)
        if eye is not None:
            yield eye
