"""An eye: what is known of one call once some of both sides' statements are seen, and who may then say what.

Each side's statements are added in the order of its own log, so an eye depends on *which* statements it
has seen and never on how the two logs were interleaved. A statement is judged in the eye of its writer;
no clock has a say. Where an eye belongs to a side it also keeps when that side had what it has seen, by
that side's own clock: that is for `bell.py`, and decides no verdict. Source: Spec §12.7.

    kind              writer     re                                       once
    call.taken        both       the opening                              –
    call.read_back    called     the opening, a clarification with fields  the call is taken
                      both       a minute
    call.said         both       any statement of the call                by the called side: it is taken
    call.minuted      both       the opening                              it is taken
    call.closed       both       the opening                              –  (answered: it is taken)

A message calls for a principal's rung only in a call that was opened so high, or after that rung took it.
A clarification stays with the nature of the call.
Nothing but a closing is said once both have closed. A closing *stands* while its writer has said nothing
after it, and the other side no word that it had not seen.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from parley.protocol.act import By
from parley.protocol.clauses import Clauses, Rung
from parley.protocol.hotline.bodies import Closed, Fields, Message, Minuted, Opening, ReadBack, Said, Taken
from parley.protocol.hotline.codes import BY_CALLED, BY_CALLER, Ending, Field, nature_of
from parley.protocol.voids import Void

# What one side may say in one call: far beyond honest use, and it bounds what a call can cost.
MAX_STATEMENTS: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A statement as the fold sees it.

    `index` is its place in the log of `writer`, `cut` how many entries of the other log are in its
    past, `effective` its time by its writer's clock, and `received_at` when the other side had it,
    by that side's (None: not yet). It `is_stopped` if its writer had seen what suspends the hotline.
    """

    id: bytes
    writer: str
    index: int
    effective: int
    cut: int
    received_at: int | None
    kind: str
    re: bytes | None
    said: Said
    by: By
    is_stopped: bool = False

    @property
    def is_word(self) -> bool:
        """Return whether the other side is spoken to: an opening, a message, a minute."""
        return isinstance(self.said, Opening | Message | Minuted)

    @property
    def fields(self) -> Fields | None:
        """Return the five fields, if this is a text that has them."""
        return self.said.fields if isinstance(self.said, Opening | Message) else None


@dataclass(slots=True, kw_only=True)
class Voice:
    """What one side has said, as far as an eye has seen it, each with the instant `at` which it had it."""

    count: int = 0
    last: Fact | None = None
    last_at: int = 0
    taken_at: int | None = None
    taken_again_at: int = 0
    word: Fact | None = None
    word_at: int = 0
    words: list[int] = field(default_factory=list)
    words_at: list[int] = field(default_factory=list)
    closed: Fact | None = None
    closed_at: int = 0
    # The texts that this side has read back rightly, and when; the rungs at which it took the call.
    read: dict[bytes, int] = field(default_factory=dict)
    rungs: set[Rung] = field(default_factory=set)

    def add(self, fact: Fact, at: int) -> None:
        """Write down what this side said."""
        self.last, self.last_at = fact, at
        if isinstance(fact.said, Taken):
            self.taken_at, self.taken_again_at = at if self.taken_at is None else self.taken_at, at
            self.rungs.add(fact.said.rung)
        elif isinstance(fact.said, Closed):
            self.closed, self.closed_at = fact, at
        elif fact.is_word:
            self.word, self.word_at = fact, at
            self.words.append(fact.index)
            self.words_at.append(at)

    def first_word(self, since: int) -> int | None:
        """Return when the first word at or after the place `since` in the log was had."""
        place = bisect_left(self.words, since)
        return self.words_at[place] if place < len(self.words) else None


class Eye:
    """One call as seen so far. Mutable, and private to a fold."""

    def __init__(self, opened: Fact, *, called: str, clauses: Clauses, at: int = 0) -> None:
        """Begin with the opening, seen at the instant `at`."""
        assert isinstance(opened.said, Opening)
        self.opened, self.opening = opened, opened.said
        self.caller, self.called, self.clauses = opened.writer, called, clauses
        self.voices: Mapping[str, Voice] = {self.caller: Voice(), called: Voice()}
        self.seen: dict[bytes, Fact] = {}
        # The text that holds: the opening, or the caller's newest clarification of the fields.
        self.text, self.text_at = opened, at
        self.add(opened, at)

    def other(self, node: str) -> str:
        """Return the side that is not `node`."""
        return self.called if node == self.caller else self.caller

    def stands(self, node: str) -> bool:
        """Return whether the closing of `node` holds."""
        voice, other = self.voices[node], self.voices[self.other(node)]
        return (
            voice.closed is not None
            and voice.last is voice.closed
            and other.first_word(voice.closed.cut) is None
        )

    @property
    def is_closed(self) -> bool:
        """Return whether both have closed."""
        return self.stands(self.caller) and self.stands(self.called)

    @property
    def is_taken(self) -> bool:
        """Return whether the called side has ever taken the call."""
        return self.voices[self.called].taken_at is not None

    def add(self, fact: Fact, at: int) -> None:
        """Write down a valid `fact`."""
        self.seen[fact.id] = fact
        voice = self.voices[fact.writer]
        voice.add(fact, at)
        if isinstance(fact.said, Message) and fact.said.fields is not None:
            self.text, self.text_at = fact, at
        if isinstance(fact.said, ReadBack) and fact.re and not self.misses(fact):
            voice.read.setdefault(fact.re, at)

    def misses(self, fact: Fact) -> frozenset[Field]:
        """Return what a reading back, of a text that this eye has seen, got wrong."""
        assert isinstance(fact.said, ReadBack)
        target = self.seen[fact.re or b""]
        if isinstance(target.said, Minuted):
            return frozenset({Field.LINES}) if target.said.lines != fact.said.lines else frozenset()
        assert target.fields is not None
        assert fact.said.fields is not None
        return target.fields.misses(fact.said.fields)

    def judge(self, fact: Fact) -> Void | None:
        """Return why `fact` is void in this eye, its writer's; None if it is valid.

        Whether there is a target at all comes first: who could not open it cannot tell the call, and
        so neither who the writer is in it, nor how much was said.
        """
        target = self.seen.get(fact.re) if fact.re else None
        if target is None or fact.is_stopped:
            return Void.NO_TARGET if target is None else Void.SUSPENDED
        if not self._may_write(fact, target):
            return Void.NOT_WRITER
        if not self._fits(fact, target):
            return Void.NO_TARGET
        # A drill that turned real, or the other way round, could be mistaken for what it was (§12.1.3).
        if fact.fields is not None and nature_of(fact.fields.what) is not self.opening.nature:
            return Void.SCHEMA
        voice = self.voices[fact.writer]
        if voice.count >= MAX_STATEMENTS:
            return Void.OVERSIZE
        voice.count += 1
        if isinstance(fact.said, Message) and fact.said.to and not self._may_ring(fact, fact.said.to):
            return Void.THRESHOLD
        return None if self._may_now(fact) else Void.WRONG_STATE

    def _may_write(self, fact: Fact, target: Fact) -> bool:
        by_caller = fact.writer == self.caller
        match fact.said:
            case ReadBack():
                return target.fields is None or not by_caller
            case Message():
                return fact.said.fields is None or by_caller
            case Closed():
                return fact.said.ending not in (BY_CALLED if by_caller else BY_CALLER)
            case _:
                return True

    def _fits(self, fact: Fact, target: Fact) -> bool:
        match fact.said:
            case Taken():
                return target is self.opened and self.clauses.step(fact.said.rung) is not None
            case ReadBack():
                minute = isinstance(target.said, Minuted) and fact.said.lines is not None
                return minute or (target.fields is not None and fact.said.fields is not None)
            case Message():
                return fact.said.to is None or self.clauses.step(fact.said.to) is not None
            case _:
                return target is self.opened

    def _may_ring(self, fact: Fact, rung: Rung) -> bool:
        """Return whether a message may call for a rung of the other side.

        One person alone has no principal rung: a call to them has more signatures. A principal that took
        the call is in it, and can be called for again.
        """
        step = self.clauses.step(rung)
        assert step is not None, "a rung of this ladder"
        reached = rung in self.voices[self.other(fact.writer)].rungs
        return reached or not step.level.is_principal or step.level.rank <= self.opening.level.rank

    def _may_now(self, fact: Fact) -> bool:
        if isinstance(fact.said, Closed):
            return self._may_close(fact, fact.said)
        if self.is_closed or isinstance(fact.said, Minuted):
            return self.is_taken and not self.is_closed
        return isinstance(fact.said, Taken) or self.is_taken or fact.writer == self.caller

    def _may_close(self, fact: Fact, said: Closed) -> bool:
        before = self.voices[fact.writer].closed
        if before is not None and before.said == said and self.stands(fact.writer):
            return False
        match said.ending:
            case Ending.ANSWERED:
                return self.is_taken
            case Ending.NOT_REACHED:
                return not self.is_taken
            case _:
                return True
