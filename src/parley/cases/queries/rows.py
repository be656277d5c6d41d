"""A joint case and a finding as lists show them, and how they are read out of the tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from parley.cases.forms.texts import Both
from parley.cases.models import Case, Finding
from parley.cases.policy import Owing
from parley.links.policy import Whose


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What a side is waited for: about which statement (its id), and until when, where that is agreed."""

    whose: Whose
    what: Owing
    of: str
    due: int | None

    def is_late(self, now: int) -> bool:
        """Return whether it is late at `now`: a view, and never a fact."""
        return self.due is not None and self.due < now


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A joint case as lists show it. Instants are unix seconds by the clock of the side that spoke."""

    link: str
    case: str
    """The id of its proposal, 43 characters of base64url."""
    place: str
    """Such as ``A 3``."""
    is_ours: bool
    ref: str
    verdict: str
    items: tuple[str, ...]
    title: Both
    text: str
    text_language: str
    state: str
    is_open: bool
    proposed_at: int
    joined_at: int | None
    owed: tuple[Wait, ...]
    starts: tuple[int, ...]
    """When both sides begin a task together, for each that holds and is not done."""
    notes: int
    leads: int
    evidence: int
    tasks: int
    tasks_done: int
    findings: int
    endings: "dict[Whose, str]"
    last_word_at: int
    last_word_by: Whose

    @property
    def place_path(self) -> str:
        """Return the place as it stands in an address, such as ``A-3``."""
        return self.place.replace(" ", "-")

    @property
    def owing(self) -> tuple[Whose, ...]:
        """Return which sides are waited for, ours first."""
        return tuple(each for each in Whose if any(wait.whose is each for wait in self.owed))

    @property
    def is_my_move(self) -> bool:
        """Return whether our side is waited for."""
        return Whose.US in self.owing


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """The current version of a finding, as lists show it."""

    finding: str
    is_ours: bool
    number: int
    versions: int
    current: str
    statement: Both
    responsibility: str
    likelihood: str
    confidence: str
    standing: str
    speech: str
    given_at: int
    current_at: int


def case_of(row: Case) -> CaseRow:
    """Return the case of a row of the table."""
    return CaseRow(
        link=row.link,
        case=row.case,
        place=f"{row.letter} {row.index}",
        is_ours=row.is_ours,
        ref=row.ref,
        verdict=row.verdict,
        items=tuple(row.items),
        title=Both(en=row.title_en, zh=row.title_zh),
        text=row.text,
        text_language=row.text_language,
        state=row.state,
        is_open=row.is_open,
        proposed_at=row.proposed_at,
        joined_at=row.joined_at,
        owed=_waits(row.owed),
        starts=tuple(at for _task, at in row.starts),
        notes=row.notes,
        leads=row.leads,
        evidence=row.evidence,
        tasks=row.tasks,
        tasks_done=row.tasks_done,
        findings=row.findings,
        endings={Whose(side): ending for side, ending in row.endings.items()},
        last_word_at=row.last_word_at,
        last_word_by=Whose(row.last_word_by),
    )


def _waits(rows: Sequence[tuple[str, str, str, int | None]]) -> tuple[Wait, ...]:
    return tuple(Wait(whose=Whose(whose), what=Owing(what), of=of, due=due) for whose, what, of, due in rows)


def finding_of(row: Finding) -> FindingRow:
    """Return the finding of a row of the table."""
    return FindingRow(
        finding=row.key.rpartition("/")[2],
        is_ours=row.is_ours,
        number=row.number,
        versions=row.versions,
        current=row.current,
        statement=Both(en=row.statement_en, zh=row.statement_zh),
        responsibility=row.responsibility,
        likelihood=row.likelihood,
        confidence=row.confidence,
        standing=row.standing,
        speech=row.speech,
        given_at=row.given_at,
        current_at=row.current_at,
    )
