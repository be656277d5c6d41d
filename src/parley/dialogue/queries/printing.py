"""What is printed of an outcome list: what both froze, where and when they met, and the commitments by then.

All of it is told from what either side's freezing had seen, so two nodes that hold the freezing print the
same. The words of commitments stand beside it: who has destroyed them prints a dash. Source: Spec §17.8.5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parley.dialogue.forms.texts import read_told
from parley.ledger.dialogues import commitments
from parley.ledger.reading import LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import CommitmentProposed, Delegated, Plan, Replanned, RoundProposed
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.commitment import Commitment, State
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.offers import holding
from parley.protocol.dialogue.release import Outcomes, digest_of

_PROMISED = frozenset({State.IN_FORCE, State.FULFILLED, State.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Where and when both sides met, by the plan that held. `text` is None where its words are not here."""

    host: str
    """The node that received the other."""
    begins: int
    ends: int
    text: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """The newest report of a node on a commitment, and the other's word on it, as codes."""

    node: str
    standing: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A commitment as it stood when the list was frozen. `text` is None where its words are not here."""

    place: str
    owners: tuple[str, ...]
    """The nodes that owe it."""
    due: int | None
    state: str
    reports: tuple[Reporting, ...]
    text: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """A frozen list, the meeting that it comes from, and the commitments of its link."""

    link: LinkRow
    outcomes: Outcomes
    digest: str
    met: Met
    chairs: Mapping[str, str]
    """The role of the co-chair of each node that said who comes."""
    earlier: tuple[Earlier, ...]


def printable(reader: Reader, link: LinkRow, meeting: Round) -> Printable | None:
    """Return what is printed of the list of a round of `link`, None until both have frozen the same."""
    outcomes = meeting.outcome.public
    if outcomes is None:
        return None
    one, other = meeting.nodes
    fact = meeting.outcome.freezings[one]
    past = {one: fact.index, other: fact.cut}
    return Printable(
        link=link,
        outcomes=outcomes,
        digest=id_text(digest_of(outcomes.text())),
        met=_met(reader, link, meeting, past=past),
        chairs=_chairs(meeting, past),
        earlier=tuple(_earlier(reader, link, past)),
    )


def _met(reader: Reader, link: LinkRow, meeting: Round, *, past: Mapping[str, int]) -> Met:
    held = holding(meeting.offers.within(past).agreed(RoundProposed, Replanned))
    assert held is not None, "only the list of a round that both want is frozen"
    said = held.fact.said
    assert isinstance(said, Plan)
    return Met(
        host=meeting.nodes["AB".index(said.host)],
        begins=said.begins,
        ends=said.ends,
        text=_text(reader, link, held.fact.id, named=said.text),
    )


def _chairs(meeting: Round, past: Mapping[str, int]) -> Mapping[str, str]:
    """Return the co-chair of each node that named a delegation: of several the newest counts (§17.6.1)."""
    facts = sorted(meeting.seen.values(), key=lambda fact: fact.index)
    named = (fact for fact in facts if fact.index < past[fact.writer])
    return {fact.writer: fact.said.chair for fact in named if isinstance(fact.said, Delegated)}


def _earlier(reader: Reader, link: LinkRow, past: Mapping[str, int]) -> Iterator[Earlier]:
    found = commitments(reader, link.name, cut=past)
    # A node has threads in the order in which they came; a paper that both sign has party A's first.
    for each in sorted(found, key=lambda each: (each.opened.writer, each.opened.index)):
        if each.state in _PROMISED:
            yield _told(reader, link, each)


def _told(reader: Reader, link: LinkRow, found: Commitment) -> Earlier:
    said, row = found.opened.said, reader.row(link.name, found.opened.id)
    assert isinstance(said, CommitmentProposed)
    assert row is not None, "what was folded stands in the record"
    return Earlier(
        place=row.place,
        owners=tuple(sorted(found.owners)),
        due=found.standing.due,
        state=found.state.value,
        reports=tuple(
            Reporting(node=node, standing=report.said.standing.value, word=report.word.value)
            for node, report in sorted(found.reports.items())
        ),
        text=_text(reader, link, found.opened.id, named=said.text),
    )


def _text(reader: Reader, link: LinkRow, statement: bytes, *, named: str) -> Text | None:
    told = read_told(reader.body(link.name, statement), named=named)
    return told.text() if told.is_true else None
