"""The concerns under a commitment: who raised each, in which words, and how far it is.

How a concern stands is what the fold says; to which call it was taken is shown beside that, since a concern
that went to the hotline may still be open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.dialogue.queries import CommitmentDossier, RoundDossier, StatementRow
from parley.dialogue.views.naming import Named, calls_in
from parley.protocol.act import id_text
from parley.protocol.dialogue.commitment import Concern
from parley.ui import dialoguewords, words

MOST: Final = 50
"""So many concerns of a commitment are shown above what was said, the newest; all of them stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernLine:
    """A concern as the page shows it; `calls` are those to which it was taken."""

    row: StatementRow
    state: str
    is_settled: bool
    calls: tuple[Named, ...]


def concerns_of(dossier: CommitmentDossier) -> tuple[ConcernLine, ...]:
    """Return the concerns of a commitment, in the order in which they were raised."""
    folded = _folded(dossier)
    rows = sorted((each for each in dossier.statements if each.statement in folded), key=_order)
    return tuple(_line(each, folded[each.statement], link=dossier.row.link) for each in rows[-MOST:])


def concern_states(dossier: CommitmentDossier | RoundDossier) -> dict[str, str]:
    """Return how each concern of a thread stands, in words, by the id of its statement."""
    return {statement: _state(concern) for statement, concern in _folded(dossier).items()}


def _folded(dossier: CommitmentDossier | RoundDossier) -> Mapping[str, Concern]:
    folded = dossier.commitment if isinstance(dossier, CommitmentDossier) else None
    return {} if folded is None else {id_text(each): found for each, found in folded.concerns.items()}


def _line(row: StatementRow, concern: Concern, *, link: str) -> ConcernLine:
    return ConcernLine(
        row=row,
        state=_state(concern),
        is_settled=concern.is_settled,
        calls=calls_in(link, concern.calls),
    )


def _state(concern: Concern) -> str:
    return words.label(concern.state.value, dialoguewords.CONCERN_STATES)


def _order(row: StatementRow) -> tuple[int, int, str]:
    return row.said_order
