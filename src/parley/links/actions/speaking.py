"""How an officer speaks to the other side: whose act it is, which door it goes through, and the journal.

A room builds what is to be said (`Draft`) and hands it to the door of the record. Whether the other
side's rules allow it is decided behind that door, in the state of the moment. Before and after, the
journal of the house says who did it: a row that has begun and not ended tells that the record must
be asked.

    the journal    inquiry.answered:begun   inquiry.answered:saved   inquiry.answered:refused
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from parley.agencies.actions import note_act
from parley.agencies.queries import OfficerRow
from parley.ledger import append, enclosing
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.protocol.act import id_text, short_id
from parley.protocol.strictjson import JsonValue
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A statement that would be valid now. It was not written, and nothing was sent."""

    draft: Draft


Said: TypeAlias = Appended | Tried


class Door(Protocol):
    """Where statements go: into the record, or only as far as its door."""

    def pass_on(self, drafts: Sequence[Draft], *, by: "Hand") -> Sequence[Appended | Tried | RefusedError]:
        """Return what became of each draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record itself, with the journal before and after.

    `keeps_notes`: whoever says it lets its files wait no more by itself, once it has written down what
    became of it. `write` is the way to the one writer; core itself knows a shorter one.
    """

    home: Home
    keeps_notes: bool = False
    write: Callable[[Home, Sequence[Draft]], Sequence[Appended | RefusedError]] = append.append

    def pass_on(self, drafts: Sequence[Draft], *, by: "Hand") -> Sequence[Appended | Tried | RefusedError]:
        """Write the drafts, each on its own, and return their places or why they were refused."""
        for draft in drafts:
            _note(draft, "begun", by=by)
        outcomes = self.write(self.home, drafts)
        for draft, outcome in zip(drafts, outcomes, strict=True):
            if isinstance(outcome, RefusedError):
                _note(draft, "refused", by=by)
            else:
                _note(draft, "saved", by=by, statement=id_text(outcome.statement))
                for each in () if self.keeps_notes else draft.files:
                    enclosing.drop(self.home, each.hash)
        return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A rehearsal: the record says what it would say, and keeps nothing."""

    home: Home

    def pass_on(self, drafts: Sequence[Draft], *, by: "Hand") -> Sequence[Appended | Tried | RefusedError]:  # noqa: ARG002 - a door
        """Return which drafts would be valid."""
        return [self._try(draft) for draft in drafts]

    def _try(self, draft: Draft) -> Tried | RefusedError:
        verdict = append.check(self.home, draft)
        if verdict.is_valid:
            return Tried(draft=draft)
        return RefusedError(verdict.reason.value if verdict.reason else verdict.text, verdict.remark)


def _note(draft: Draft, stage: str, *, by: "Hand", statement: str = "") -> None:
    about = f"{draft.link} {short_id(draft.re)}" if draft.re else draft.link
    note_act(
        f"{draft.kind}:{stage}",
        officer=by.officer.number,
        subject=f"{about} {draft.ref or ''}".strip(),
        now=by.now,
        statement=statement,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Whose act it is. `key` makes a repetition harmless: the same key is the same statement."""

    officer: OfficerRow
    key: str
    now: int
    door: Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The statement that an act answers: an inquiry or a call, or one in its thread."""

    link: str
    statement: bytes


def draft_of(
    kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, body: Mapping[str, JsonValue] | None
) -> Draft:
    """Return the statement of `kind` that `by` would say of `on`; b"" there begins something."""
    return Draft(
        id=by.key,
        link=on.link,
        kind=kind,
        d=d,
        re=on.statement or None,
        role=by.officer.role.value,
        officer=by.officer.number,
        body=body,
    )


def pass_on(draft: Draft, *, by: Hand) -> Said:
    """Hand one statement to the door of `by`, and return what became of it.

    Raises:
        RefusedError: it would be void. Nothing was written.
    """
    (outcome,) = by.door.pass_on([draft], by=by)
    if isinstance(outcome, RefusedError):
        raise outcome
    return outcome
