"""What can become of an entry, and the closed list of reasons for which an act is void.

Four words that are never mixed: *void* (a rule is broken, computed by whoever reads),
*unopened* (a fact written by the receiver), *unknown* (a kind outside the terms), and
*valid*. None of them stops a log: the entry is stored, receipted, counted and shown.
Source: Spec §6.5, §6.7, §6.8.
"""

from enum import Enum
from typing import Final

from msgspec import Struct


class Void(Enum):
    """Why an act is void. The first that applies, in this order, is the reason."""

    GRAMMAR = "grammar"
    OVERSIZE = "oversize"
    DUPLICATE_ACT = "duplicate-act"
    WRONG_LOG = "wrong-log"
    BAD_JSON = "bad-json"
    SCHEMA = "schema"
    NOT_ACTIVE = "not-active"
    NOT_WRITER = "not-writer"
    NO_TARGET = "no-target"
    WRONG_STATE = "wrong-state"
    SUSPENDED = "suspended"
    THRESHOLD = "threshold"


# Nothing more is to be found out about a statement that is void for one of these: its past is complete, and
# it is not even counted. It is not read again, so a thread that is stuffed with them stays cheap (Spec §6.5).
SPENT: Final = frozenset({Void.SCHEMA, Void.NOT_WRITER, Void.NO_TARGET, Void.OVERSIZE, Void.SUSPENDED})


class Outcome(Enum):
    """What became of an entry."""

    VALID = "valid"
    VOID = "void"
    UNOPENED = "unopened"
    UNKNOWN = "unknown"


class Verdict(Struct, frozen=True, kw_only=True):
    """An outcome, with the reason if it is void and a sentence for people if there is one."""

    outcome: Outcome
    reason: Void | None = None
    remark: str = ""

    @property
    def is_valid(self) -> bool:
        """Return whether the act has effect."""
        return self.outcome is Outcome.VALID

    @property
    def is_copy(self) -> bool:
        """Return whether an earlier entry of the log had the same act."""
        return self.reason is Void.DUPLICATE_ACT

    @property
    def text(self) -> str:
        """Return ``valid``, ``unopened``, ``unknown`` or ``void:<reason>``."""
        return self.outcome.value if self.reason is None else f"void:{self.reason.value}"


VALID = Verdict(outcome=Outcome.VALID)
UNOPENED = Verdict(outcome=Outcome.UNOPENED)
UNKNOWN = Verdict(outcome=Outcome.UNKNOWN)


def void(reason: Void, remark: str = "") -> Verdict:
    """Return the verdict that an act is void for `reason`."""
    return Verdict(outcome=Outcome.VOID, reason=reason, remark=remark)
