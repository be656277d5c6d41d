"""What the page of one call is made of: plain values, folded and read when somebody looks."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.hotline.forms.comparing import Nearness
from parley.hotline.forms.five import FiveFields
from parley.hotline.policy import Stand
from parley.hotline.queries.rows import CallRow
from parley.inquiries.forms.letter import Text
from parley.inquiries.queries import EventRow, InquiryRow
from parley.ledger.readers import OpenLink
from parley.links.policy import Whose
from parley.protocol.hotline.apply import Call

__all__ = ["Dossier", "InquirySummary", "LadderRow", "Nearness", "ReadingRow", "StatementRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """What somebody read back, and what of it is wrong. `misses` are the names of fields, in their order.

    `near` says of each miss that can be compared how near it came; nothing where the words are gone.
    """

    of: str
    """The place of the text or minute that was read."""
    misses: tuple[str, ...]
    fields: FiveFields | None
    lines: tuple[str, ...]
    near: Mapping[str, Nearness]

    @property
    def is_right(self) -> bool:
        """Return whether nothing was read wrongly."""
        return not self.misses


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One statement of a call, as the page shows it, in the order in which it was judged.

    What does not belong to its kind is None, "" or empty. `said` is the `d` of its act as it stands.
    """

    place: str
    statement: str
    whose: Whose
    kind: str
    verdict: str
    """``valid``, or why it is without effect: ``void:wrong-state``."""
    said: Mapping[str, object]
    role: str
    officer: int
    signers: tuple[int, ...]
    """The numbers of the officers who signed it with keys of their own; none where it is without effect."""
    ref: str
    answers: str
    """The place of the statement that it answers."""
    effective: int
    received_at: int | None
    """When the other side says that it had it."""
    is_at_their_node: bool
    """For ours: whether their receipt covers it. What they said is here, and so at both."""
    text: Text | None
    fields: FiveFields | None
    """The five fields of an opening or a clarification, the object in words."""
    is_marked_truly: bool | None
    """Whether the words of the body give the marks of the act; None where there is nothing to compare."""
    has_words: bool
    """Whether its body can be opened here; not if it said nothing in words, or they were destroyed."""
    number: int | None
    """Messages are numbered for each side, from 1."""
    sort: str
    crossed: bool
    promised: int | None
    kept: bool | None
    reading: ReadingRow | None
    lines: tuple[str, ...]
    """The lines of a minute."""
    present: tuple[str, ...]
    holds: bool | None
    """Of a minute: whether both read it back rightly."""

    @property
    def is_valid(self) -> bool:
        """Return whether it has effect."""
        return self.verdict == "valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRow:
    """A rung of one side, by the full ladder: how it stands at some now, and since or from when.

    `at` is when it was rung first, is to be rung, or took the call, by `stand`; None if it is quiet.
    `minutes` is after how much silence it is rung in a call of this urgency; None: not by silence. `again_at`
    is when a rung that took the call is rung anew if nobody speaks: taking it does not end what is owed.
    """

    rung: str
    level: str
    minutes: int | None
    stand: Stand
    at: int | None
    cause: str
    strokes: int
    again_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InquirySummary:
    """The inquiry that a call cites, with what happened in it last, newest first."""

    inquiry: InquiryRow
    last: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that the page of one call shows. `call` is the fold; None if the opening is without effect.

    `text` is the statement whose five fields hold: what is read back. `ladders` are ours and theirs, by
    each side's own clock; empty where nobody can be rung. `may` are the kinds that our side can say now.
    """

    link: OpenLink
    row: CallRow
    call: Call | None
    opening: StatementRow
    text: StatementRow
    statements: tuple[StatementRow, ...]
    unshown: int
    """So many more statements of the other side, all without effect, are not among these."""
    ladders: Mapping[Whose, tuple[LadderRow, ...]]
    inquiry: InquirySummary | None
    is_stopped: bool
    now: int
