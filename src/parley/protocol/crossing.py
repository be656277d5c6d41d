"""What two sides say in one thread while neither knows what the other has just said.

Each statement is judged in the *eye* of its writer: what that side had said before in the thread, and what
of the other's it had seen. Then it is added for good, and no statement removes another. So the result is a
function of which statements there are, and never of the order in which they arrived.

    Fact     a statement as the fold sees it
    Eye      what is known of a thread once some of both sides' statements are seen; each page has its own
    fold     two lists of facts in, a verdict for each and the eye that has seen everything out

What a page then makes of that last eye is its own. The pages of inquiries and calls, which also have
clocks and bells, fold by themselves. Source: Spec §8.4, §14.4, §15.6.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct

from parley.protocol.act import By
from parley.protocol.voids import VALID, Verdict, Void, void

# What one side may say in one thread: far beyond honest use, and it bounds what a thread can cost.
MAX_STATEMENTS: Final = 1_024


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the statements of all these pages share: the `d` of an act, read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A statement as the fold sees it.

    `index` is its place in the log of `writer`, `cut` how many entries of the other log are in its past,
    `effective` its time by its writer's clock. It `is_stopped` if its writer had seen a suspension of it.
    """

    id: bytes
    writer: str
    index: int
    cut: int
    effective: int
    kind: str
    re: bytes | None
    said: Said
    by: By
    ref: str | None = None
    is_stopped: bool = False


class Eye(Protocol):
    """One thread as seen so far. Mutable, and private to a fold; each page says who may do what, and when."""

    opened: Fact
    other: str
    seen: dict[bytes, Fact]
    _counts: dict[str, int]

    def __init__(self, opened: Fact, other: str) -> None:
        """Begin with what opened the thread; `other` is the side that did not."""
        self.opened, self.other = opened, other
        self.seen = {}
        self._counts = {opened.writer: 0, other: 0}
        self.add(opened)

    def partner(self, node: str) -> str:
        """Return the side that is not `node`."""
        return self.other if node == self.opened.writer else self.opened.writer

    def add(self, fact: Fact) -> None:
        """Write down a valid `fact`."""
        self.seen[fact.id] = fact
        self.note(fact)

    def judge(self, fact: Fact) -> Void | None:
        """Return why `fact` is void in this eye, its writer's; None if it is valid.

        Whether there is a target at all comes first: who could not open it cannot tell the thread, and so
        neither who the writer is in it, nor how much was said.
        """
        target = self.seen.get(fact.re or b"")
        if target is None or fact.is_stopped:
            return Void.NO_TARGET if target is None else Void.SUSPENDED
        if not self.may_write(fact):
            return Void.NOT_WRITER
        if not self.fits(fact, target):
            return Void.NO_TARGET
        if self._counts[fact.writer] >= MAX_STATEMENTS:
            return Void.OVERSIZE
        self._counts[fact.writer] += 1
        return None if self.may_now(fact, target) else Void.WRONG_STATE

    def note(self, fact: Fact) -> None:
        """Take in what a valid `fact` changes."""

    def may_write(self, fact: Fact) -> bool:
        """Return whether its writer may say this kind of what it names, which this eye has seen."""

    def fits(self, fact: Fact, target: Fact) -> bool:
        """Return whether `target` is what the kind answers, and all else that it names is there."""

    def may_now(self, fact: Fact, target: Fact) -> bool:
        """Return whether the thread stands so, in this eye, that it can be said."""


E = TypeVar("E", bound=Eye)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Generic[E]):
    """What became of each fact, in the order in which they were judged, and the eye that has seen all."""

    verdicts: tuple[tuple[bytes, Verdict], ...]
    eye: E


class _Reader(Generic[E]):
    """One side: what it wrote, and the eye in which that is judged."""

    def __init__(self, eye: E, own: Sequence[Fact]) -> None:
        self.eye, self.own = eye, own
        self.at = self.heard = 0
        self.accepted: list[Fact] = []

    @property
    def next(self) -> Fact | None:
        return self.own[self.at] if self.at < len(self.own) else None

    def is_ready(self, partner: "_Reader[E]") -> bool:
        """Return whether all that the next fact had seen of `partner` is judged."""
        fact, behind = self.next, partner.next
        return fact is not None and (behind is None or behind.index >= fact.cut)

    def judge_next(self, partner: "_Reader[E]") -> tuple[Fact, Void | None]:
        fact = self.own[self.at]
        self.at += 1
        while self.heard < len(partner.accepted) and partner.accepted[self.heard].index < fact.cut:
            self.eye.add(partner.accepted[self.heard])
            self.heard += 1
        found = self.eye.judge(fact)
        if found is None:
            self.eye.add(fact)
            self.accepted.append(fact)
        return fact, found


def fold(opened: Fact, others: Sequence[Fact], *, other: str, begin: Callable[[Fact, str], E]) -> Told[E]:
    """Return the verdicts on all facts of a thread, and the eye that has seen those that are valid.

    `others` are the facts after `opened`, those of one writer in the order of its log; `other` is the side
    that did not open the thread, and `begin` makes an eye of the page.
    """
    ours, theirs = (
        _Reader(begin(opened, other), [fact for fact in others if fact.writer == node])
        for node in (opened.writer, other)
    )
    whole, verdicts = begin(opened, other), [(opened.id, VALID)]
    while ours.next is not None or theirs.next is not None:
        # One of the two is always ready: a fact that had seen a later one would have to contain a hash of
        # its own hash.
        one, two = (ours, theirs) if ours.is_ready(theirs) else (theirs, ours)
        fact, found = one.judge_next(two)
        verdicts.append((fact.id, VALID if found is None else void(found)))
        if found is None:
            whole.add(fact)
    return Told(verdicts=tuple(verdicts), eye=whole)
