"""Concerns of all commitments, as the record has them; only commitments that have some are folded."""

from collections.abc import Iterator
from dataclasses import dataclass

from parley.dialogue.models import Commitment as CommitmentRow
from parley.ledger.dialogues import thread_of
from parley.ledger.reading import Reader
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue.commitment import Commitment, ConcernState


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRow:
    """A concern: `place` is its own, `commitment_place` that of what it is about, such as ``A 3``."""

    link: str
    statement: str
    place: str
    is_ours: bool
    state: str
    raised_at: int
    calls: tuple[str, ...]
    commitment: str
    commitment_place: str

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for a side."""
        return self.state != ConcernState.SETTLED.value


def list_concerns(reader: Reader, *, link: str | None) -> tuple[ConcernRow, ...]:
    """Return every concern of `link`, or of all links, the newest first."""
    concerned = CommitmentRow.objects.exclude(concerns={})
    if link is not None:
        concerned = concerned.filter(link=link)
    found = [row for each in concerned for row in _concerns(reader, each)]
    return tuple(sorted(found, key=lambda row: (row.raised_at, row.statement), reverse=True))


def _concerns(reader: Reader, row: CommitmentRow) -> Iterator[ConcernRow]:
    folded = thread_of(reader, row.link, read_id(row.statement))
    if not isinstance(folded, Commitment):
        return
    for statement, concern in folded.concerns.items():
        entry = reader.row(row.link, statement)
        if entry is None:
            continue
        yield ConcernRow(
            link=row.link,
            statement=id_text(statement),
            place=entry.place,
            is_ours=entry.writer == reader.node,
            state=concern.state.value,
            raised_at=entry.effective,
            calls=tuple(sorted(concern.calls)),
            commitment=row.statement,
            commitment_place=f"{row.letter} {row.index}",
        )
