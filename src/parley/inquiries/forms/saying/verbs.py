"""What an officer can say about an inquiry, and what each form asks for: one table, pure data.

A verb is one kind of statement. `target` says which statement it answers: the inquiry itself,
one of theirs that waits for a reply, an answer of our own, or any. The fields stand in the
order of the form; the values that are read from them are the arguments of the action of the
same name. Who may say it and from which state is not told here but in `protocol` (`moves.MOVES`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.protocol.inquiries.codes import (
    Condition,
    Contention,
    Delay,
    Ground,
    Outcome,
    Postponement,
    Progress,
    Referral,
    Withdrawal,
)
from parley.protocol.inquiries.moves import MOVES, Move


class Shape(Enum):
    """What a field is on the page."""

    ITEMS = "items"
    CODE = "code"
    CODES = "codes"
    GROUNDS = "grounds"
    TIME = "time"
    CLOCK = "clock"
    LACKS = "lacks"
    SUPPLEMENT = "supplement"
    FINDINGS = "findings"
    SCORES = "scores"


class Target(Enum):
    """Which statement is answered."""

    INQUIRY = "inquiry"
    WAITING = "waiting"
    OWN = "own"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form. `table` names the words of its codes in `ui.words`."""

    name: str
    shape: Shape
    codes: type[Enum] | None = None
    table: str = "CODES"
    is_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A form. `key` is the single key that opens it from the page of the inquiry, "" if none does."""

    name: str
    kind: str
    fields: tuple[Field, ...] = ()
    target: Target = Target.INQUIRY
    key: str = ""
    needs_words: bool = False

    @property
    def move(self) -> Move:
        """Return who may say it, and from which states."""
        return MOVES[self.kind]

    def field(self, shape: Shape) -> Field | None:
        """Return the field of this shape, None if the form has none."""
        return next((field for field in self.fields if field.shape is shape), None)


_ITEMS: Final = Field(name="items", shape=Shape.ITEMS)
_FINDINGS: Final = Field(name="findings", shape=Shape.FINDINGS)


def _code(name: str, codes: type[Enum], *, table: str = "CODES") -> Field:
    return Field(name=name, shape=Shape.CODE, codes=codes, table=table)


_UNTIL: Final = Field(name="until", shape=Shape.TIME)

_VERBS: Final = (
    # The side that was asked.
    Verb(name="acknowledge", kind="inquiry.acknowledged", key="A"),
    Verb(name="admit", kind="inquiry.admitted", fields=(_ITEMS,), key="D"),
    Verb(
        name="return",
        kind="inquiry.returned",
        fields=(_ITEMS, Field(name="fields", shape=Shape.LACKS)),
        key="S",
    ),
    Verb(name="answer", kind="inquiry.answered", fields=(_FINDINGS,), key="R"),
    Verb(
        name="refuse",
        kind="inquiry.refused",
        fields=(Field(name="grounds", shape=Shape.GROUNDS, codes=Ground, table="GROUNDS"), _ITEMS),
        key="F",
    ),
    Verb(
        name="progress",
        kind="inquiry.progressed",
        fields=(_code("code", Progress), _ITEMS),
        key="U",
    ),
    Verb(
        name="extend",
        kind="inquiry.extended",
        fields=(Field(name="clock", shape=Shape.CLOCK), _UNTIL, _code("reason", Delay), _ITEMS),
        key="E",
    ),
    Verb(
        name="postpone",
        kind="inquiry.postponed",
        fields=(_code("ground", Postponement, table="GROUNDS"), _UNTIL, _ITEMS),
        key="T",
    ),
    Verb(
        name="condition",
        kind="inquiry.conditioned",
        fields=(
            Field(name="codes", shape=Shape.CODES, codes=Condition),
            Field(name="due", shape=Shape.TIME),
            _ITEMS,
        ),
        key="K",
    ),
    Verb(name="refer", kind="inquiry.referred", fields=(_code("to", Referral), _ITEMS), key="O"),
    Verb(
        name="correct",
        kind="inquiry.corrected",
        fields=(_FINDINGS, Field(name="grounds", shape=Shape.GROUNDS, codes=Ground, table="GROUNDS"), _ITEMS),
        target=Target.OWN,
    ),
    # The side that asked.
    Verb(
        name="supply",
        kind="inquiry.supplied",
        fields=(Field(name="fields", shape=Shape.SUPPLEMENT, is_needed=False),),
        target=Target.WAITING,
        key="C",
    ),
    Verb(name="undertake", kind="inquiry.undertaken", target=Target.WAITING),
    Verb(name="decline", kind="inquiry.declined", target=Target.WAITING),
    Verb(name="agree", kind="inquiry.agreed", target=Target.WAITING),
    Verb(name="refuse-time", kind="inquiry.time_refused", target=Target.WAITING),
    Verb(name="ask-status", kind="inquiry.status_asked", key="R"),
    Verb(name="rate", kind="inquiry.rated", fields=(Field(name="scores", shape=Shape.SCORES),)),
    Verb(name="notify-outcome", kind="inquiry.outcome_notified", fields=(_code("outcome", Outcome),)),
    Verb(name="close", kind="inquiry.closed", key="Z"),
    Verb(
        name="withdraw",
        kind="inquiry.withdrawn",
        fields=(_code("reason", Withdrawal), _ITEMS),
        key="W",
    ),
    # Either side.
    Verb(name="dispute", kind="inquiry.disputed", fields=(_code("ground", Contention),), target=Target.ANY),
)
VERBS: Final[Mapping[str, Verb]] = {verb.name: verb for verb in _VERBS}
