"""Who may say what about an inquiry, from which state of an item, and where it goes: one table.

The page does not know which side it plays. A move is judged in the writer's own past
(Spec §6.4); what a state is, given what both have said, is computed in `apply.py`.
Source: Spec §8.3; the picture in docs/protocol is drawn from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from parley.protocol.inquiries.codes import FINAL, OPEN, State


class Writer(Enum):
    """Which side may write a kind."""

    ASKER = "asker"
    ASKED = "asked"
    EITHER = "either"


STAY: Final = "stay"
SETTLE: Final = "settle"
RETURN: Final = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One row. `cells` has a state for every state from which the move is allowed, and no other.

    A cell is the state that the item enters, or a word: `STAY`, it stays where it is;
    `SETTLE`, the findings decide; `RETURN`, it goes back to where it was before.
    `answers` are the kinds that `re` may name: an inquiry, or a statement in its thread.
    """

    writer: Writer
    cells: Mapping[State, State | str]
    answers: frozenset[str] = frozenset({"inquiry.sent"})
    # Whether `received` must follow it, since the fold asks when the other side had it (Spec §6.6).
    clocked: bool = False
    # Whether a person at the asked side thereby shows to have seen the inquiry.
    acknowledges: bool = False


def _cells(states: "frozenset[State] | set[State]", to: State | str) -> Mapping[State, State | str]:
    return MappingProxyType(dict.fromkeys(sorted(states, key=lambda state: state.value), to))


_S, _K, _A, _X = State.SENT, State.ACKNOWLEDGED, State.ADMITTED, State.IN_EXECUTION
_R, _C, _P, _F, _Y = (
    State.RETURNED,
    State.CONDITIONED,
    State.POSTPONED,
    State.REFERRED,
    State.PARTLY_ANSWERED,
)
_EVERY: Final = frozenset(State)
# Statements that are about the inquiry as a whole carry no items: they are allowed when any
# item is in one of these states.
_TALKED: Final = frozenset({_Y, State.ANSWERED, State.REFUSED})

MOVES: Final[Mapping[str, Move]] = MappingProxyType(
    {
        # The asked side moves an item on.
        "inquiry.acknowledged": Move(writer=Writer.ASKED, cells=_cells({_S}, _K), acknowledges=True),
        "inquiry.admitted": Move(
            writer=Writer.ASKED, cells=_cells({_S, _K, _R, _P, _F}, _A), acknowledges=True
        ),
        "inquiry.returned": Move(writer=Writer.ASKED, cells=_cells(OPEN - {_C}, _R), acknowledges=True),
        "inquiry.progressed": Move(
            writer=Writer.ASKED,
            cells=MappingProxyType({**_cells(OPEN, STAY), **_cells({_A, _X, _P, _F}, _X)}),
            answers=frozenset({"inquiry.sent", "inquiry.status_asked"}),
            acknowledges=True,
        ),
        "inquiry.referred": Move(
            writer=Writer.ASKED, cells=_cells({_S, _K, _A, _X, _R, _P}, _F), acknowledges=True
        ),
        "inquiry.conditioned": Move(writer=Writer.ASKED, cells=_cells(OPEN - {_R}, _C), acknowledges=True),
        "inquiry.postponed": Move(writer=Writer.ASKED, cells=_cells(OPEN - {_R, _C}, _P), acknowledges=True),
        "inquiry.extended": Move(writer=Writer.ASKED, cells=_cells(OPEN, STAY), acknowledges=True),
        "inquiry.answered": Move(writer=Writer.ASKED, cells=_cells(OPEN, SETTLE), acknowledges=True),
        "inquiry.refused": Move(writer=Writer.ASKED, cells=_cells(OPEN, State.REFUSED), acknowledges=True),
        # A correction repairs an own statement, whatever became of the item since.
        "inquiry.corrected": Move(
            writer=Writer.ASKED,
            cells=_cells(_EVERY, SETTLE),
            answers=frozenset({"inquiry.answered", "inquiry.refused"}),
            acknowledges=True,
        ),
        # The asker replies to one of those statements, and to each once.
        "inquiry.supplied": Move(
            writer=Writer.ASKER,
            cells=_cells(OPEN, RETURN),
            answers=frozenset({"inquiry.returned"}),
            clocked=True,
        ),
        "inquiry.undertaken": Move(
            writer=Writer.ASKER,
            cells=_cells(OPEN, RETURN),
            answers=frozenset({"inquiry.conditioned"}),
            clocked=True,
        ),
        "inquiry.declined": Move(
            writer=Writer.ASKER,
            cells=_cells(OPEN, RETURN),
            answers=frozenset({"inquiry.conditioned"}),
            clocked=True,
        ),
        "inquiry.agreed": Move(
            writer=Writer.ASKER,
            cells=_cells(OPEN, STAY),
            answers=frozenset({"inquiry.extended", "inquiry.postponed"}),
            clocked=True,
        ),
        "inquiry.time_refused": Move(
            writer=Writer.ASKER,
            cells=_cells(OPEN, RETURN),
            answers=frozenset({"inquiry.extended", "inquiry.postponed"}),
            clocked=True,
        ),
        # The asker about the inquiry.
        "inquiry.status_asked": Move(writer=Writer.ASKER, cells=_cells(OPEN, STAY), clocked=True),
        "inquiry.withdrawn": Move(writer=Writer.ASKER, cells=_cells(OPEN, State.WITHDRAWN), clocked=True),
        "inquiry.rated": Move(writer=Writer.ASKER, cells=_cells(_TALKED, STAY)),
        "inquiry.outcome_notified": Move(writer=Writer.ASKER, cells=_cells(_EVERY, STAY)),
        "inquiry.closed": Move(writer=Writer.ASKER, cells=_cells(FINAL, STAY)),
        # Either side contests a statement. It stands all the same.
        "inquiry.disputed": Move(writer=Writer.EITHER, cells=_cells(_EVERY, STAY)),
    }
)

# A dispute may be about any statement of the thread.
ANY_STATEMENT: Final = frozenset({"inquiry.sent", *MOVES})
REPLIES: Final = frozenset(
    {
        "inquiry.supplied",
        "inquiry.undertaken",
        "inquiry.declined",
        "inquiry.agreed",
        "inquiry.time_refused",
    }
)


def answers(kind: str) -> frozenset[str]:
    """Return the kinds of statement that an act of `kind` may name in `re`."""
    return ANY_STATEMENT if kind == "inquiry.disputed" else MOVES[kind].answers


def next_state(kind: str, state: State) -> State | str | None:
    """Return the cell for `kind` in the row of `state`, or None where the move is void."""
    return MOVES[kind].cells.get(state)
