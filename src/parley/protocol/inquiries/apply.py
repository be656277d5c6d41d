"""The fold of one inquiry: two lists of facts in, one state out, the same on both nodes.

Facts are judged in causal order, each in its writer's own eye: what it had written before,
and what of the other side's it had seen. Whatever the order in which they reached this
node, the result is the same, and a void fact changes nothing. Source: Spec §6.4, §8.3, §8.4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.bodies import Finding, Sent
from parley.protocol.inquiries.clocks import Dial, Standing, Timer, inquiry_timers, item_timers, never
from parley.protocol.inquiries.codes import FINAL, Ground, State, Type, Want
from parley.protocol.inquiries.eye import Eye, Fact, Moves, Story
from parley.protocol.terms import Terms
from parley.protocol.voids import VALID, Verdict, Void, void

_Last = TypeVar("_Last", bound=bodies.Said)
_REMARKS: Final = {Void.OVERSIZE: "too many statements in one thread"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """One item as both sides see it. `crossed`: answered or refused while its withdrawal was on the way."""

    n: int
    type: Type
    wants: frozenset[Want]
    state: State
    crossed: bool
    findings: tuple[tuple[bytes, Finding], ...]
    grounds: tuple[Ground, ...]
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One inquiry as both sides see it; `asker` and `asked` are nodes."""

    id: bytes
    asker: str
    asked: str
    sent: Fact
    acknowledged_at: int | None
    closed_at: int | None
    items: tuple[ItemState, ...]
    timers: tuple[Timer, ...]
    # Returns, conditions, extensions and postponements that the asker has not replied to yet.
    waiting: tuple[Fact, ...]
    disputed: tuple[bytes, ...]
    rated: bodies.Rated | None
    outcome: bodies.OutcomeNotified | None
    last_answer_at: int | None

    @property
    def is_settled(self) -> bool:
        """Return whether no item is open any more."""
        return all(item.state in FINAL for item in self.items)


class Folded:
    """What became of each fact, and the state after them, which is put together when it is asked for.

    Whoever writes needs the verdicts alone, and whoever looks needs the state.
    """

    def __init__(self, verdicts: tuple[tuple[bytes, Verdict], ...], state: Callable[[], Inquiry]) -> None:
        """Keep the verdicts, and how the state is told."""
        self.verdicts = verdicts
        self._state = state
        self._inquiry: Inquiry | None = None

    @property
    def inquiry(self) -> Inquiry:
        """Return the state of the inquiry."""
        if self._inquiry is None:
            self._inquiry = self._state()
        return self._inquiry


class _Reader:
    """An eye that follows one side's writing, and sees of the other side what that side had seen."""

    def __init__(self, sent: Fact, own: Sequence[Fact]) -> None:
        self.eye = Eye(sent)
        self.own = own
        self.at = 0
        self.seen = 0
        self.accepted: list[tuple[Fact, Moves]] = []

    @property
    def next(self) -> Fact | None:
        return self.own[self.at] if self.at < len(self.own) else None

    def is_ready(self, other: "_Reader") -> bool:
        """Return whether all that the next fact had seen of `other` is judged."""
        fact, behind = self.next, other.next
        return fact is not None and (behind is None or behind.index >= fact.cut)

    def judge_next(self, other: "_Reader") -> tuple[Fact, Verdict, Moves]:
        fact = self.own[self.at]
        self.at += 1
        while self.seen < len(other.accepted) and other.accepted[self.seen][0].index < fact.cut:
            self.eye.add(*other.accepted[self.seen])
            self.seen += 1
        found = self.eye.judge(fact)
        if isinstance(found, Void):
            return fact, void(found, _REMARKS.get(found, "")), {}
        self.eye.add(fact, found)
        self.accepted.append((fact, found))
        return fact, VALID, found


def fold(
    sent: Fact,
    asker: Sequence[Fact],
    asked: Sequence[Fact],
    *,
    terms: Terms,
    other: str,
    standstill: Standing = never,
) -> Folded:
    """Return the state after `sent`, the asker's further facts and those of the asked node `other`.

    `standstill` tells when suspensions keep a clock standing. Both sequences are in the order of
    their writers' logs. The result does not depend on anything else: not on arrival, not on the
    reader, not on the reader's clock.
    """
    dial = partial(_dial, sent, terms=terms, other=other, standstill=standstill)
    if not asker and not asked:
        return Folded(((sent.id, VALID),), lambda: _inquiry(Eye(sent), dial(), other=other))
    whole = Eye(sent)
    ours, theirs = _Reader(sent, asker), _Reader(sent, asked)
    verdicts = [(sent.id, VALID)]
    while ours.next is not None or theirs.next is not None:
        # One of the two is always ready: a fact that had seen a later one would have to
        # contain a hash of its own hash.
        one, two = (ours, theirs) if ours.is_ready(theirs) else (theirs, ours)
        fact, verdict, moves = one.judge_next(two)
        verdicts.append((fact.id, verdict))
        if verdict.is_valid:
            whole.add(fact, moves)
    return Folded(tuple(verdicts), lambda: _inquiry(whole, dial(), other=other))


def allowed(
    sent: Fact, asker: Sequence[Fact], asked: Sequence[Fact], *, terms: Terms, draft: Fact, other: str
) -> Verdict:
    """Return what would become of `draft`, written after all the given facts were seen."""
    mine = draft.writer == sent.writer
    one, two = ([*asker, draft], asked) if mine else (asker, [*asked, draft])
    folded = fold(sent, one, two, terms=terms, other=other)
    return dict(folded.verdicts)[draft.id]


def _dial(sent: Fact, *, terms: Terms, other: str, standstill: Standing) -> Dial:
    assert isinstance(sent.said, Sent)
    return Dial(terms, debtor=other, urgency=sent.said.urgency, standstill=standstill)


def _inquiry(eye: Eye, dial: Dial, *, other: str) -> Inquiry:
    stories = {story: _item(eye, story, dial) for story in dict.fromkeys(eye.items)}
    answers = [effect.fact.effective for story in stories for effect in story.effects.values()]
    return Inquiry(
        id=eye.sent.id,
        asker=eye.sent.writer,
        asked=other,
        sent=eye.sent,
        acknowledged_at=eye.acknowledged.effective if eye.acknowledged else None,
        closed_at=eye.closed.effective if eye.closed else None,
        items=tuple(replace(stories[story], n=n) for n, story in enumerate(eye.items)),
        timers=inquiry_timers(eye, dial),
        waiting=_waiting(eye),
        disputed=_disputed(eye),
        rated=_last(eye, bodies.Rated),
        outcome=_last(eye, bodies.OutcomeNotified),
        last_answer_at=max(answers, default=None),
    )


def _item(eye: Eye, story: Story, dial: Dial) -> ItemState:
    state = eye.state(story)
    findings = [(key, each) for key, effect in story.effects.items() for each in effect.findings]
    return ItemState(
        n=0,
        type=story.type,
        wants=story.wants,
        state=state,
        crossed=story.withdrawn is not None and state is not State.WITHDRAWN,
        findings=tuple(findings),
        grounds=tuple(ground for effect in story.effects.values() for ground in effect.grounds),
        timers=item_timers(eye, story, dial),
    )


def _waiting(eye: Eye) -> tuple[Fact, ...]:
    wanted = (bodies.Returned, bodies.Conditioned, bodies.Extended, bodies.Postponed)
    facts = [
        fact
        for fact in eye.seen.values()
        if isinstance(fact.said, wanted)
        and fact.id not in eye.replies
        and any(eye.state(eye.items[n]) not in FINAL for n in eye.touched[fact.id])
    ]
    return tuple(sorted(facts, key=lambda fact: fact.index))


def _disputed(eye: Eye) -> tuple[bytes, ...]:
    return tuple(
        sorted({fact.re for fact in eye.seen.values() if fact.kind == "inquiry.disputed" and fact.re})
    )


def _last(eye: Eye, kind: type[_Last]) -> _Last | None:
    facts = [fact for fact in eye.seen.values() if isinstance(fact.said, kind)]
    last = max(facts, key=lambda fact: fact.index, default=None)
    return last.said if last is not None and isinstance(last.said, kind) else None
