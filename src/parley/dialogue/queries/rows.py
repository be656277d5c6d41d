"""Commitments and rounds as lists show them: plain values. Instants are unix seconds of who spoke."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.dialogue.models import Commitment, Round, Thread
from parley.dialogue.policy import Duty
from parley.links.policy import Whose
from parley.protocol.act import read_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """What a commitment and a round have alike. `statement` is the id of its proposal, 43 characters."""

    link: str
    statement: str
    place: str
    """Such as ``A 112``."""
    is_ours: bool
    ref: str
    verdict: str
    state: str
    is_open: bool
    proposed_at: int
    received_at: int | None
    owed: Mapping[Whose, Mapping[Duty, int]]
    last_word_at: int
    last_word_by: Whose

    @property
    def place_path(self) -> str:
        """Return the place as it stands in an address, such as ``A-112``."""
        return self.place.replace(" ", "-")

    @property
    def owing(self) -> tuple[Whose, ...]:
        """Return which sides owe something, ours first."""
        return tuple(each for each in Whose if self.owed.get(each))

    @property
    def is_my_move(self) -> bool:
        """Return whether our side owes something."""
        return bool(self.owed.get(Whose.US))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """The newest report of a side, and the other side's word on it."""

    standing: str
    word: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentRow(ThreadRow):
    """A commitment. Its texts are "" where they were destroyed or could not be read."""

    text_en: str
    text_zh: str
    measure_en: str
    measure_zh: str
    is_true: bool | None
    """Whether the words are those that the act names; None if they are not here."""
    owners: tuple[Whose, ...]
    due: int | None
    first_due: int | None
    round: str
    first_round: str
    reports: Mapping[Whose, ReportRow]
    concerns: Mapping[str, int]

    @property
    def is_carried(self) -> bool:
        """Return whether it goes on under another round, or with another time, than it was proposed."""
        return (self.due, self.round) != (self.first_due, self.first_round)

    def is_overdue(self, now: int) -> bool:
        """Return whether it is in force and its time is over: a view (Spec §17.5.3)."""
        return self.state == "in_force" and self.due is not None and self.due < now


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow(ThreadRow):
    """A round, with its plan as it holds."""

    number: int
    after: str
    host: Whose
    begins: int
    ends: int
    place_en: str
    place_zh: str
    is_true: bool | None
    items: int
    next_host: str
    next_begins: int | None
    outcome: str
    clauses: int
    release: int | None
    digest: str

    @property
    def hex(self) -> str:
        """Return the digest of the list as the page shows it that checks a list, "" if it is not frozen."""
        return read_id(self.digest).hex() if self.digest else ""


def commitment_of(row: Commitment) -> CommitmentRow:
    """Return the commitment of a row of the table."""
    return CommitmentRow(
        **_shared(row),  # type: ignore[arg-type]  # each under its name
        text_en=row.text_en,
        text_zh=row.text_zh,
        measure_en=row.measure_en,
        measure_zh=row.measure_zh,
        is_true=row.is_true,
        owners=tuple(Whose(each) for each in row.owners),
        due=row.due,
        first_due=row.first_due,
        round=row.round,
        first_round=row.first_round,
        reports={Whose(side): ReportRow(**report) for side, report in row.reports.items()},
        concerns=row.concerns,
    )


def round_of(row: Round) -> RoundRow:
    """Return the round of a row of the table."""
    return RoundRow(
        **_shared(row),  # type: ignore[arg-type]  # each under its name
        number=row.number,
        after=row.after,
        host=Whose(row.host),
        begins=row.begins,
        ends=row.ends,
        place_en=row.place_en,
        place_zh=row.place_zh,
        is_true=row.is_true,
        items=row.items,
        next_host=row.next_host,
        next_begins=row.next_begins,
        outcome=row.outcome,
        clauses=row.clauses,
        release=row.release,
        digest=row.digest,
    )


def _shared(row: Thread) -> dict[str, object]:
    return {
        "link": row.link,
        "statement": row.statement,
        "place": f"{row.letter} {row.index}",
        "is_ours": row.is_ours,
        "ref": row.ref,
        "verdict": row.verdict,
        "state": row.state,
        "is_open": row.is_open,
        "proposed_at": row.proposed_at,
        "received_at": row.received_at,
        "owed": {
            Whose(side): {Duty(duty): count for duty, count in duties.items()}
            for side, duties in row.owed.items()
        },
        "last_word_at": row.last_word_at,
        "last_word_by": Whose(row.last_word_by),
    }
