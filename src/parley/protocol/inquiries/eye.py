"""An eye: what is known of one inquiry once some of both sides' statements are seen.

Each half is written by one side alone, and each side's statements are added in the order
of its own log; so an eye depends on *which* statements it has seen and never on how the
two logs were interleaved. That is why both nodes compute the same state (Spec §6.4, §8.4).

A statement's moves are resolved once, in the eye of its writer, and then added unchanged
to every other eye: "all" means all the items that its writer could move when it spoke.

Items to which the same was said share one *story*, so that a statement about five thousand
items costs little more than one about a single item.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import Final

from parley.protocol.act import By
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.bodies import Finding, OnItems, Said, Sent
from parley.protocol.inquiries.codes import FINAL, SETTLES, FindingCode, Ground, State, Type, Want
from parley.protocol.inquiries.moves import MOVES, REPLIES, Writer, answers, next_state
from parley.protocol.voids import Void

# What one writer may say in one thread: far beyond honest use, and it bounds what a partner
# can make a thread cost (Spec §6.5, oversize). A statement weighs eight and the items it names.
WEIGHT_OF_ONE: Final = 8
WEIGHT_PER_ITEM: Final = 64
WEIGHT_FREE: Final = 8_192
# Answers and refusals that one item can have; a correction replaces one, and adds none.
MAX_EFFECTS: Final = 64

# What ends a pause that the asked side began, if it is of that kind.
_REPLY_ENDS: Final[Mapping[State, frozenset[str]]] = {
    State.RETURNED: frozenset({"inquiry.supplied"}),
    State.CONDITIONED: frozenset({"inquiry.undertaken", "inquiry.declined"}),
    State.POSTPONED: frozenset({"inquiry.time_refused"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A statement as the fold sees it.

    `index` is its place in the log of `writer`, `cut` how many entries of the other log are
    in its past, `effective` its time by its writer's clock, and `received_at` the effective
    time of the other side's first entry that had seen it (None: not yet). It `is_stopped` if
    its writer had seen a suspension under which it comes. Spec §6.4, §7.7.
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
    ref: str | None
    is_stopped: bool = False


# The items that enter a state by a statement; under None those that stay where they are.
Moves = Mapping[State | None, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Status:
    """A state that the asked side put an item into, by which statement, and what it was before."""

    state: State
    fact: Fact
    before: "Status | None"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """An extension that was told, and the one before."""

    fact: Fact
    before: "Told | None"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effect:
    """What an answer or refusal does to one item; a correction replaces it.

    `first` is the answer or refusal itself, `fact` the newest correction of it or the same.
    `has_status`: findings were once among it, so that a status says "partly answered".
    """

    first: Fact
    fact: Fact
    settled: Mapping[Want, Fact]
    findings: tuple[Finding, ...] = ()
    grounds: tuple[Ground, ...] = ()
    refused: Fact | None = None
    has_status: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Story:
    """What was said about an item: the asked side's marks first, then the asker's one.

    `status` and `told` are the newest of a chain, so that a mark costs the same however many
    there are. A story never changes; `known` is its state, once somebody asked.
    """

    type: Type
    wants: frozenset[Want]
    status: Status | None = None
    told: Told | None = None
    effects: Mapping[bytes, Effect] = field(default_factory=lambda: MappingProxyType({}))
    withdrawn: Fact | None = None
    known: State | None = None

    @property
    def statuses(self) -> Iterator[Status]:
        """Return the statuses, the newest first."""
        status = self.status
        while status is not None:
            yield status
            status = status.before

    @property
    def extensions(self) -> Sequence[Fact]:
        """Return the extensions, the first one first."""
        found = []
        told = self.told
        while told is not None:
            found.append(told.fact)
            told = told.before
        return found[::-1]

    @property
    def refused(self) -> Fact | None:
        """Return the statement that refused the item, if one stands."""
        refusals = (effect.refused for effect in self.effects.values())
        return next((fact for fact in refusals if fact and self._is_in_time(fact)), None)

    def settled(self) -> dict[Want, Fact]:
        """Return the wants that are settled, each with the first statement that did."""
        found: dict[Want, Fact] = {}
        for effect in self.effects.values():
            for want, fact in effect.settled.items():
                if self._is_in_time(fact) and (want not in found or fact.index < found[want].index):
                    found[want] = fact
        return found

    def _is_in_time(self, fact: Fact) -> bool:
        # Only a correction can come after the withdrawal was seen. It mends what was said
        # before, but the item does not become answered or refused by it (Spec §8.4).
        return self.withdrawn is None or fact.cut <= self.withdrawn.index


class Eye:
    """One inquiry as seen so far. Mutable, and private to a fold."""

    def __init__(self, sent: Fact) -> None:
        """Begin with the inquiry itself, which every eye of the thread has seen."""
        assert isinstance(sent.said, Sent)
        self.sent = sent
        self.seen: dict[bytes, Fact] = {sent.id: sent}
        self.touched: dict[bytes, Sequence[int]] = {}
        self.replies: dict[bytes, Fact] = {}
        self.acknowledged: Fact | None = None
        self.closed: Fact | None = None
        self.weight = 0
        self.items: list[Story] = []
        for group in sent.said.groups:
            story = Story(type=group.type, wants=frozenset(group.wants))
            self.items += [story] * group.count

    def state(self, story: Story) -> State:
        """Return where an item with this story stands.

        Facts are never removed by concurrent facts (Spec §8.4): a final answer or refusal
        stands although a withdrawal crossed it; else the withdrawal holds; else the last
        of the asked side's own status acts that no reply has undone.
        """
        if story.known is None:
            story.known = self._state(story)
        return story.known

    def _state(self, story: Story) -> State:
        if story.refused is not None:
            return State.REFUSED
        if story.wants <= story.settled().keys():
            return State.ANSWERED
        if story.withdrawn is not None:
            return State.WITHDRAWN
        return next((each.state for each in story.statuses if self._is_live(story, each)), State.SENT)

    def _is_live(self, story: Story, status: Status) -> bool:
        if status.state is State.PARTLY_ANSWERED:
            return any(effect.findings for effect in story.effects.values())
        reply = self.replies.get(status.fact.id)
        return reply is None or reply.kind not in _REPLY_ENDS.get(status.state, frozenset())

    @property
    def is_settled(self) -> bool:
        """Return whether no item is open."""
        return all(self.state(story) in FINAL for story in set(self.items))

    def judge(self, fact: Fact) -> Void | Moves:
        """Return why `fact` is void in this eye, its writer's, or what it moves.

        Whether there is a target at all comes first: who could not open it cannot tell the
        thread, and so neither the writer nor the weight. Spec §6.5, §8.3.
        """
        target = self.seen.get(fact.re) if fact.re else None
        if target is None or fact.is_stopped:
            return Void.NO_TARGET if target is None else Void.SUSPENDED
        move = MOVES[fact.kind]
        asker = fact.writer == self.sent.writer
        if move.writer is not Writer.EITHER and asker != (move.writer is Writer.ASKER):
            return Void.NOT_WRITER
        if target.kind not in answers(fact.kind):
            return Void.NO_TARGET
        named, listed = self._named(fact, target)
        if named and named[-1] >= len(self.items):
            return Void.NO_TARGET
        if not self._bears(fact, len(named)):
            return Void.OVERSIZE
        if fact.kind in REPLIES and target.id in self.replies:
            return Void.WRONG_STATE
        if fact.kind == "inquiry.closed":
            return Void.WRONG_STATE if self.closed is not None or not self.is_settled else {}
        return self._judge_items(fact, named, listed=listed)

    def _bears(self, fact: Fact, named: int) -> bool:
        """Count what a statement of this eye's writer costs; return whether the thread bears it.

        What is void for the writer or the target costs nothing to judge, and must not count:
        whether a target could be opened is known to one side earlier than to the other.
        """
        findings = fact.said.findings if isinstance(fact.said, bodies.Answered | bodies.Corrected) else ()
        weight = WEIGHT_OF_ONE + max(named, sum(len(finding.items) for finding in findings))
        if self.weight + weight > WEIGHT_PER_ITEM * len(self.items) + WEIGHT_FREE:
            return False
        self.weight += weight
        return True

    def _judge_items(self, fact: Fact, named: Sequence[int], *, listed: bool) -> Void | Moves:
        moves: dict[State | None, list[int]] = {}
        places: dict[Story, list[int] | None] = {}
        for n in named:
            story = self.items[n]
            if story not in places:
                cell = next_state(fact.kind, self.state(story))
                enters = cell if isinstance(cell, State) else None
                places[story] = None if cell is None else moves.setdefault(enters, [])
            place = places[story]
            if place is not None:
                place.append(n)
            elif listed:
                return Void.WRONG_STATE
        adds = fact.kind in {"inquiry.answered", "inquiry.refused"}
        if adds and any(len(story.effects) >= MAX_EFFECTS for story, place in places.items() if place):
            return Void.OVERSIZE
        return moves or Void.WRONG_STATE

    def _named(self, fact: Fact, target: Fact) -> tuple[Sequence[int], bool]:
        """Return the items that `fact` is about, rising, and whether it lists them.

        Of listed items each must be allowed, of others one.
        """
        said = fact.said
        if isinstance(said, bodies.Answered):
            return sorted({n for finding in said.findings for n in finding.items}), True
        if isinstance(said, OnItems) and not isinstance(said.items, str):
            reach = self.touched.get(target.id)
            # An item that the corrected statement was not about does not exist for its correction.
            beyond = reach is not None and not set(said.items) <= set(reach)
            return ((len(self.items),) if beyond else said.items), True
        if target.id in self.touched and fact.kind != "inquiry.disputed":
            return self.touched[target.id], False
        return range(len(self.items)), False

    def add(self, fact: Fact, moves: Moves) -> None:
        """Write down a valid `fact` and what it moved, as `judge` resolved it."""
        self.seen[fact.id] = fact
        if MOVES[fact.kind].acknowledges and self.acknowledged is None:
            self.acknowledged = fact
        if fact.kind in REPLIES and fact.re:
            self._reply(fact, fact.re)
        elif fact.kind == "inquiry.closed":
            self.closed = fact
        elif isinstance(fact.said, bodies.Answered | bodies.Refused | bodies.Corrected):
            self._settle(fact, moves)
        elif isinstance(fact.said, bodies.Withdrawn):
            self._withdraw(fact, moves)
        elif MOVES[fact.kind].writer is Writer.ASKED:
            self._move(fact, moves)

    def _reply(self, fact: Fact, target: bytes) -> None:
        self.replies[target] = fact
        for n in self.touched[target]:
            self.items[n].known = None

    def _move(self, fact: Fact, moves: Moves) -> None:
        if fact.kind not in {"inquiry.progressed", "inquiry.acknowledged"}:
            self.touched[fact.id] = _all(moves)
        extends = isinstance(fact.said, bodies.Extended)
        for state, items in moves.items():
            after: dict[Story, Story] = {}
            for n in items:
                story = self.items[n]
                if story not in after:
                    after[story] = _moved(story, fact, state, extends=extends)
                self.items[n] = after[story]

    def _withdraw(self, fact: Fact, moves: Moves) -> None:
        after: dict[Story, Story] = {}
        for n in _all(moves):
            story = self.items[n]
            if story not in after:
                after[story] = replace(story, withdrawn=story.withdrawn or fact, known=None)
            self.items[n] = after[story]

    def _settle(self, fact: Fact, moves: Moves) -> None:
        self.touched[fact.id] = named = _all(moves)
        findings, found = _findings(fact.said), _found(fact.said)
        after: dict[tuple[Story, tuple[int, ...]], Story] = {}
        for n in named:
            key = (self.items[n], found.get(n, ()))
            if key not in after:
                after[key] = _settled(key[0], fact, tuple(findings[place] for place in key[1]))
            self.items[n] = after[key]


def _all(moves: Moves) -> Sequence[int]:
    rows = list(moves.values())
    return rows[0] if len(rows) == 1 else sorted(chain.from_iterable(rows))


def _moved(story: Story, fact: Fact, state: State | None, *, extends: bool) -> Story:
    return Story(
        type=story.type,
        wants=story.wants,
        status=story.status if state is None else Status(state=state, fact=fact, before=story.status),
        told=Told(fact=fact, before=story.told) if extends else story.told,
        effects=story.effects,
        withdrawn=story.withdrawn,
        known=story.known if state is None else None,
    )


def _findings(said: Said) -> tuple[Finding, ...]:
    return said.findings if isinstance(said, bodies.Answered | bodies.Corrected) else ()


def _found(said: Said) -> dict[int, tuple[int, ...]]:
    """Return which of the findings are about each item."""
    found: dict[int, tuple[int, ...]] = {}
    for place, finding in enumerate(_findings(said)):
        for n in finding.items:
            found[n] = (*found.get(n, ()), place)
    return found


def _settled(story: Story, fact: Fact, findings: tuple[Finding, ...]) -> Story:
    before = story.effects[fact.re] if isinstance(fact.said, bodies.Corrected) and fact.re else None
    effect = _effect(fact, findings) if before is None else _corrected(before, fact, findings)
    status = story.status
    if findings and (before is None or not before.has_status):
        status = Status(state=State.PARTLY_ANSWERED, fact=fact, before=status)
    effects = MappingProxyType({**story.effects, effect.first.id: effect})
    return replace(story, status=status, effects=effects, known=None)


def _effect(fact: Fact, findings: tuple[Finding, ...]) -> Effect:
    said = fact.said
    grounds = said.grounds if isinstance(said, bodies.Refused | bodies.Corrected) else ()
    settled = {want: fact for finding in findings for want in SETTLES[FindingCode(finding.code)]}
    return Effect(
        first=fact,
        fact=fact,
        settled=settled,
        findings=findings,
        grounds=tuple(grounds),
        refused=fact if grounds else None,
        has_status=bool(findings),
    )


def _corrected(before: Effect, fact: Fact, findings: tuple[Finding, ...]) -> Effect:
    """Return the effect that replaces `before`: what was settled and still is, keeps its time."""
    after = _effect(fact, findings)
    return replace(
        after,
        first=before.first,
        settled={want: before.settled.get(want, by) for want, by in after.settled.items()},
        refused=before.refused if after.refused and before.refused else after.refused,
        has_status=before.has_status or after.has_status,
    )
