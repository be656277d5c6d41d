"""The fold of one call: two lists of facts in, one state out, the same on both nodes.

Facts are judged in causal order, each in its writer's own eye: what it had written before, and what of
the other side's it had seen. Whatever the order in which they reached this node, the result is the same,
and a void fact changes nothing. A fact has one writer; what holds jointly is the AND of two facts: a
joint start, a minute, the end. Source: Spec §12.7, §12.8.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from parley.protocol.clauses import Clauses, Level, Rung
from parley.protocol.hotline.bell import Bell, Listener, next_word, owed
from parley.protocol.hotline.bodies import Closed, Fields, Message, Minuted, ReadBack, Taken
from parley.protocol.hotline.codes import Field, Sort, State
from parley.protocol.hotline.eye import Eye, Fact
from parley.protocol.voids import VALID, Verdict, Void, void

# After so many wrong readings of one text it is read aloud.
MAX_TRIES: Final = 3
_REMARKS: Final = {
    Void.OVERSIZE: "too many statements in one call",
    Void.SCHEMA: "a call stays what it was opened as: real, service or test",
}
NOWHERE: Final[Mapping[str, Sequence[int]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Who took the call: a rung of one side, by the role and number its node gave.

    `received_at` is when the other side had that, by its own clock.
    """

    id: bytes
    node: str
    rung: Rung
    role: str
    n: int
    at: int
    received_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading back of the text `of`, and the fields that it got wrong: none, if it is right.

    `received_at` is when the other side had it, by its own clock.
    """

    id: bytes
    of: bytes
    node: str
    at: int
    received_at: int | None
    misses: frozenset[Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message: the `number`-th of its side. `crossed`: neither writer had seen what the other said.

    `to` is the rung that it rings. `promised`: until when its writer promised the next word, and `kept`
    whether it came by then; None while it has not come.
    """

    id: bytes
    node: str
    number: int
    sort: Sort
    at: int
    received_at: int | None
    crossed: bool
    to: Rung | None
    promised: int | None
    kept: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as both sides see it. `fields` are those that hold, `text` the statement that put them so.

    `reached` is the highest level of the called side that took the call. `endings` is the newest
    closing of each side that has one, and `stands` says for whom it holds. `owing` are the sides
    that have the next move. It `is_stopped` while the hotline is suspended: then nobody is rung.
    """

    id: bytes
    caller: str
    called: str
    opened: Fact
    state: State
    fields: Fields
    text: bytes
    takings: tuple[Taking, ...]
    reached: Level | None
    readings: tuple[Reading, ...]
    messages: tuple[Spoken, ...]
    minutes: tuple[tuple[bytes, bool], ...]
    joint_starts: tuple[int, ...]
    endings: Mapping[str, Fact]
    stands: frozenset[str]
    owing: frozenset[str]
    bells: Mapping[str, Bell]
    is_stopped: bool = False

    @property
    def needs_voice(self) -> bool:
        """Return whether the text that holds was read back wrongly too often."""
        tries = [each.misses for each in self.readings if each.of == self.text]
        return len(tries) >= MAX_TRIES and all(tries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What became of each fact, and the state after them."""

    verdicts: tuple[tuple[bytes, Verdict], ...]
    call: Call


class _Reader:
    """A listener that follows one side's writing, and hears of the other side what that side had seen."""

    def __init__(self, listener: Listener, own: Sequence[Fact], *, void_at: Sequence[int]) -> None:
        self.listener = listener
        self.own = own
        self.void_at = void_at
        self.counted = 0
        self.at = 0
        self.heard = 0
        self.accepted: list[Fact] = []

    @property
    def next(self) -> Fact | None:
        return self.own[self.at] if self.at < len(self.own) else None

    def is_ready(self, other: "_Reader") -> bool:
        """Return whether all that the next fact had seen of `other` is judged."""
        fact, behind = self.next, other.next
        return fact is not None and (behind is None or behind.index >= fact.cut)

    def hear(self, other: "_Reader", cut: int) -> None:
        """Hear what `other` said validly at places below `cut`, as far as this side has it."""
        while self.heard < len(other.accepted):
            fact = other.accepted[self.heard]
            if fact.index >= cut or fact.received_at is None:
                return
            self.listener.hear(fact, fact.received_at)
            self.heard += 1

    def judge_next(self, other: "_Reader") -> tuple[Fact, Void | None]:
        fact = self.own[self.at]
        self.at += 1
        self.hear(other, fact.cut)
        # What was found void before counts as said, and is not read again.
        before = bisect_left(self.void_at, fact.index)
        self.listener.eye.voices[fact.writer].count += before - self.counted
        self.counted = before
        found = self.listener.eye.judge(fact)
        if found is None:
            self.listener.hear(fact, fact.effective)
            self.accepted.append(fact)
        return fact, found


def fold(
    opened: Fact,
    caller: Sequence[Fact],
    called: Sequence[Fact],
    *,
    clauses: Clauses,
    node: str,
    void_at: Mapping[str, Sequence[int]] = NOWHERE,
) -> Folded:
    """Return the state after `opened`, the caller's further facts, and those of the called side, `node`.

    Both sequences are in the order of their writers' logs. `void_at` says where, in the log of each,
    further statements of this call stand that count and are known to be void. The result does not depend
    on anything else: not on arrival, not on the reader, not on the reader's clock.
    """
    whole = Eye(opened, called=node, clauses=clauses, at=opened.effective)
    ours, theirs = (
        _Reader(
            Listener(Eye(opened, called=node, clauses=clauses, at=at or 0), side),
            own,
            void_at=void_at.get(side, ()),
        )
        for side, own, at in (
            (opened.writer, caller, opened.effective),
            (node, called, opened.received_at),
        )
    )
    verdicts = [(opened.id, VALID)]
    for fact, found in _judged(ours, theirs):
        verdicts.append((fact.id, VALID if found is None else void(found, _REMARKS.get(found, ""))))
        if found is None:
            whole.add(fact, fact.effective)
    return Folded(verdicts=tuple(verdicts), call=_call(whole, ours, theirs))


def _judged(ours: _Reader, theirs: _Reader) -> Iterator[tuple[Fact, Void | None]]:
    while ours.next is not None or theirs.next is not None:
        # One of the two is always ready: a fact that had seen a later one would have to
        # contain a hash of its own hash.
        one, two = (ours, theirs) if ours.is_ready(theirs) else (theirs, ours)
        yield one.judge_next(two)


def _bells(eye: Eye, ours: _Reader, theirs: _Reader) -> Mapping[str, Bell]:
    for one, two in ((ours, theirs), (theirs, ours)):
        if two.accepted:
            one.hear(two, two.accepted[-1].index + 1)
    bells = {each.listener.node: each.listener.bell() for each in (ours, theirs)}
    if eye.opened.received_at is None:
        # Nobody there has it yet, so nobody there can be rung.
        bells[eye.called] = replace(bells[eye.called], alarms=(), pressed=())
    return bells


def _call(eye: Eye, ours: _Reader, theirs: _Reader) -> Call:
    facts = (*ours.accepted, *theirs.accepted)
    nodes = (eye.caller, eye.called)
    takings = tuple(_taking(fact, fact.said) for fact in facts if isinstance(fact.said, Taken))
    text = eye.text.fields
    assert text is not None, "the text that holds has fields"
    return Call(
        id=eye.opened.id,
        caller=eye.caller,
        called=eye.called,
        opened=eye.opened,
        state=_state(eye),
        fields=text,
        text=eye.text.id,
        takings=takings,
        reached=_reached(eye, takings),
        readings=tuple(_reading(fact, eye) for fact in facts if isinstance(fact.said, ReadBack)),
        messages=(*_messages(ours.accepted, theirs.accepted), *_messages(theirs.accepted, ours.accepted)),
        minutes=tuple(
            (fact.id, all(fact.id in eye.voices[node].read for node in nodes))
            for fact in facts
            if isinstance(fact.said, Minuted)
        ),
        joint_starts=tuple(sorted({at for fact in facts if (at := _joint_start(fact, eye)) is not None})),
        endings={node: last for node in nodes if (last := eye.voices[node].closed) is not None},
        stands=frozenset(node for node in nodes if eye.stands(node)),
        owing=frozenset(node for node in nodes if owed(eye, node) is not None),
        bells=_bells(eye, ours, theirs),
    )


def _state(eye: Eye) -> State:
    if eye.is_closed:
        return State.CLOSED
    if eye.stands(eye.caller) or eye.stands(eye.called):
        return State.HALF_CLOSED
    if eye.text.id in eye.voices[eye.called].read:
        return State.READ_BACK
    return State.TAKEN if eye.is_taken else State.OPENED


def _taking(fact: Fact, said: Taken) -> Taking:
    by = fact.by
    return Taking(
        id=fact.id,
        node=fact.writer,
        rung=said.rung,
        role=by.role,
        n=by.n,
        at=fact.effective,
        received_at=fact.received_at,
    )


def _reached(eye: Eye, takings: Sequence[Taking]) -> Level | None:
    rungs = {taking.rung for taking in takings if taking.node == eye.called}
    levels = [step.level for step in eye.clauses.ladder if step.rung in rungs]
    return levels[-1] if levels else None


def _reading(fact: Fact, eye: Eye) -> Reading:
    misses = eye.misses(fact)
    return Reading(
        id=fact.id,
        of=fact.re or b"",
        node=fact.writer,
        at=fact.effective,
        received_at=fact.received_at,
        misses=misses,
    )


def _joint_start(fact: Fact, eye: Eye) -> int | None:
    """Return the instant on which both settle by this message: the one named it, the other says the same."""
    asked = eye.seen[fact.re or b""]
    said, before = fact.said, asked.said
    if not isinstance(said, Message) or not isinstance(before, Message) or asked.writer == fact.writer:
        return None
    starts = said.sort is Sort.JOINT_START and before.sort is Sort.JOINT_START
    return said.at if starts and said.at == before.at else None


def _messages(own: Sequence[Fact], other: Sequence[Fact]) -> Iterator[Spoken]:
    """Yield the messages of one side, with what became of their promises, and whether they crossed others."""
    theirs = [fact for fact in other if isinstance(fact.said, Message)]
    words = [fact for fact in own if fact.is_word or isinstance(fact.said, Closed)]
    number = 0
    for word, after in zip(words, (*words[1:], None), strict=False):
        if isinstance(word.said, Message):
            number += 1
            promised = next_word(word)
            kept = None if promised is None or after is None else after.effective <= promised
            yield Spoken(
                id=word.id,
                node=word.writer,
                number=number,
                sort=word.said.sort,
                at=word.effective,
                received_at=word.received_at,
                crossed=_crosses(word, theirs),
                to=word.said.to,
                promised=promised,
                kept=kept,
            )


def _crosses(fact: Fact, others: Sequence[Fact]) -> bool:
    # Of those that it had not seen, the first had seen the least.
    place = bisect_left(others, fact.cut, key=lambda other: other.index)
    return place < len(others) and others[place].cut <= fact.index
