"""What is printed of an outcome list: the list that both froze, and the commitments as they stood by then.

All of it is told from what either side's freezing had seen, so two nodes that hold the freezing print the
same. The words of commitments stand beside it: who has destroyed them prints a dash. Source: Spec §17.8.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from parley.dialogue.forms.texts import read_told
from parley.ledger.dialogues import commitments
from parley.ledger.reading import LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import CommitmentProposed
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.commitment import Commitment, State
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import Outcomes, digest_of

_PROMISED = frozenset({State.IN_FORCE, State.FULFILLED, State.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A commitment as it stood when the list was frozen. `text` is None where its words are not here."""

    place: str
    owners: tuple[str, ...]
    """The nodes that owe it."""
    due: int | None
    state: str
    text: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """A frozen list, and the commitments of its link."""

    link: LinkRow
    outcomes: Outcomes
    digest: str
    earlier: tuple[Earlier, ...]


def printable(reader: Reader, link: LinkRow, meeting: Round) -> Printable | None:
    """Return what is printed of the list of a round of `link`, None until both have frozen the same."""
    outcomes = meeting.outcome.public
    if outcomes is None:
        return None
    return Printable(
        link=link,
        outcomes=outcomes,
        digest=id_text(digest_of(outcomes.text())),
        earlier=tuple(_earlier(reader, link, meeting)),
    )


def _earlier(reader: Reader, link: LinkRow, meeting: Round) -> Iterator[Earlier]:
    one, other = meeting.nodes
    fact = meeting.outcome.freezings[one]
    for found in commitments(reader, link.name, cut={one: fact.index, other: fact.cut}):
        if found.state in _PROMISED:
            yield _told(reader, link, found)


def _told(reader: Reader, link: LinkRow, found: Commitment) -> Earlier:
    said, row = found.opened.said, reader.row(link.name, found.opened.id)
    assert isinstance(said, CommitmentProposed)
    assert row is not None, "what was folded stands in the record"
    told = read_told(reader.body(link.name, found.opened.id), named=said.text)
    return Earlier(
        place=row.place,
        owners=tuple(sorted(found.owners)),
        due=found.standing.due,
        state=found.state.value,
        text=told.text() if told.is_true else None,
    )
