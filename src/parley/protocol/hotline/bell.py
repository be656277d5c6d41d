"""Who owes whom a word in a call, and from when on somebody is rung for it, on each side by its own clock.

While a call is open somebody always owes something: the called side to take it, then to read it back,
then whoever was spoken to last and has promised nothing further. What is owed is *due* at an instant;
from then on the debtor's side is rung, and the other side too, so that both know of the silence.

    owes         missing                                                   rings at the debtor  at the other
    a taking     from when it had the opening, or a word after its closing  at once              a limit later
    a reading    `read_back` after it took the call, or had the text        at once              at once
    a word       from when it promised it, at most `next_word` later;       at once              at once
                 else `word` after it had the other's

A taking buys the debtor `read_back` more, and never silences the other side; whatever the other side
says itself buys it `word`. A principal's rung that rang goes on ringing until that rung itself takes the
call, or the call has an end. All of this is a function of the statements and the side's own times of
them: nothing here looks at a clock. Source: Spec §12.9.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from parley.protocol.clauses import Clauses, Owing, Rung
from parley.protocol.hotline.bodies import Closed, Message, Taken
from parley.protocol.hotline.eye import Eye, Fact


class Cause(Enum):
    """Why somebody is rung: what is owed, or that a rung was called for by itself."""

    TAKE = "take"
    READ_BACK = "read_back"
    WORD = "word"
    OWN_RUNG = "own_rung"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What one side owes: since when it counts as missing, and, with what its takings bought, `due_at`."""

    cause: Cause
    missing_at: int
    due_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """From `since` on the ladder is climbed, for what `debtor` owes."""

    cause: Cause
    debtor: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """What is to ring on one side, by its own clock. `pressed` rungs ring until they take the call."""

    node: str
    urgency: str
    clauses: Clauses
    alarms: tuple[Alarm, ...]
    pressed: tuple[tuple[Rung, int], ...]


def owed(eye: Eye, node: str) -> Debt | None:
    """Return what `node` owes, as this eye sees it, in the times of this eye; None if nothing."""
    voice, other = eye.voices[node], eye.voices[eye.other(node)]
    if eye.stands(node):
        return _put_off(eye, node)
    if eye.stands(eye.other(node)):
        return None
    if voice.closed is not None and voice.last is voice.closed:
        # It has left the call, and was spoken to since, or before it could know of it.
        since = other.first_word(voice.closed.cut)
        assert since is not None, "a closing that does not stand"
        return Debt(cause=Cause.TAKE, missing_at=since, due_at=since)
    if node == eye.called and voice.taken_at is None:
        since = other.words_at[0]
        return Debt(cause=Cause.TAKE, missing_at=since, due_at=since)
    return _reading(eye, node) or _word(eye, node)


def _put_off(eye: Eye, node: str) -> Debt | None:
    """Return that a side which deferred the call, or will call back, owes a word then; unless all is over."""
    voice = eye.voices[node]
    assert voice.closed is not None
    assert isinstance(voice.closed.said, Closed)
    if voice.closed.said.at is None or eye.is_closed:
        return None
    at = max(voice.closed.said.at, voice.closed_at)
    return _debt(eye, node, Cause.WORD, missing_at=at)


def _reading(eye: Eye, node: str) -> Debt | None:
    voice = eye.voices[node]
    if node != eye.called or eye.text.id in voice.read:
        return None
    assert voice.taken_at is not None
    missing_at = max(voice.taken_at, eye.text_at) + _limit(eye, Owing.READ_BACK)
    return _debt(eye, node, Cause.READ_BACK, missing_at=missing_at)


def _word(eye: Eye, node: str) -> Debt | None:
    voice, other = eye.voices[node], eye.voices[eye.other(node)]
    promised = next_word(voice.word)
    if promised is not None:
        latest = voice.word_at + _limit(eye, Owing.NEXT_WORD)
        return _debt(eye, node, Cause.WORD, missing_at=min(max(promised, voice.word_at), latest))
    cut = 0 if voice.word is None else voice.word.cut
    if other.word is None or other.word.index < cut or next_word(other.word) is not None:
        return None
    since = max(other.word_at, voice.read.get(eye.text.id, 0))
    return _debt(eye, node, Cause.WORD, missing_at=since + _limit(eye, Owing.WORD))


def next_word(word: Fact | None) -> int | None:
    """Return when the next word was promised with this one; None if it was not."""
    return word.said.next_word if word is not None and isinstance(word.said, Message) else None


def _limit(eye: Eye, owing: Owing) -> int:
    return eye.clauses.limit(owing, eye.opening.urgency)


def _debt(eye: Eye, node: str, cause: Cause, *, missing_at: int) -> Debt:
    bought = eye.voices[node].taken_again_at + _limit(eye, Owing.READ_BACK)
    taken = eye.voices[node].taken_at is not None
    return Debt(cause=cause, missing_at=missing_at, due_at=max(missing_at, bought) if taken else missing_at)


def _alarms(eye: Eye, node: str) -> Iterator[Alarm]:
    """Yield from when `node` is rung, for what it owes itself and for what it is owed."""
    own, theirs = owed(eye, node), owed(eye, eye.other(node))
    if own is not None:
        yield Alarm(cause=own.cause, debtor=node, since=own.due_at)
    if theirs is not None:
        late = _limit(eye, Owing.READ_BACK) if theirs.cause is Cause.TAKE else 0
        since = _bought(eye, node, theirs.missing_at + late)
        yield Alarm(cause=theirs.cause, debtor=eye.other(node), since=since)


def _bought(eye: Eye, node: str, since: int) -> int:
    """Return since when `node` is rung for the other's silence: from `since`, or later if it spoke of it."""
    voice, other = eye.voices[node], eye.voices[eye.other(node)]
    turns = [fact.index for fact in (other.word, other.closed) if fact is not None]
    heard = voice.last is not None and all(index < voice.last.cut for index in turns)
    return voice.last_at + _limit(eye, Owing.WORD) if heard and voice.last_at >= since else since


class Listener:
    """One side of a call, as it writes and hears, one statement after another. Mutable, private to a fold."""

    def __init__(self, eye: Eye, node: str) -> None:
        """Begin with the opening, which `eye`, that of `node`, has seen."""
        self.eye, self.node = eye, node
        self.pressed: dict[Rung, int] = {}
        opening = eye.opening
        if node == eye.called and opening.level.is_principal:
            self.pressed[eye.clauses.office(opening.level)] = eye.text_at

    def hear(self, fact: Fact, at: int) -> None:
        """Take the next statement, which this side said, or had, at the instant `at` by its own clock."""
        self._climb(at)
        self.eye.add(fact, at)
        said = fact.said
        if fact.writer == self.node:
            self._spoke(said.rung if isinstance(said, Taken) else None)
        elif isinstance(said, Message) and said.to is not None:
            self.pressed.setdefault(said.to, at)
        # What one side has closed rings nobody for his own sake any more.
        if self.eye.stands(self.eye.called) or self.eye.stands(self.eye.caller):
            self.pressed.clear()

    def _climb(self, now: int) -> None:
        """Write down the principals' rungs that were reached by `now`: only they themselves can end that."""
        for alarm in _alarms(self.eye, self.node):
            for step, after in self.eye.clauses.climb(self.eye.opening.urgency):
                if step.level.is_principal and alarm.since + after <= now:
                    self.pressed.setdefault(step.rung, alarm.since + after)

    def _spoke(self, rung: Rung | None) -> None:
        # Whoever speaks for the side is there: the desk's own rungs need no other word.
        for each in [*self.pressed]:
            step = self.eye.clauses.step(each)
            if each is rung or step is None or not step.level.is_principal:
                del self.pressed[each]

    def bell(self) -> Bell:
        """Return what is to ring on this side, by all that it has said and had."""
        return Bell(
            node=self.node,
            urgency=self.eye.opening.urgency,
            clauses=self.eye.clauses,
            alarms=tuple(_alarms(self.eye, self.node)),
            pressed=tuple(
                (step.rung, self.pressed[step.rung])
                for step in self.eye.clauses.ladder
                if step.rung in self.pressed
            ),
        )
