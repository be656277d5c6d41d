"""The tries at one provider: a few at a time, each in a thread of its own, and none of them for ever.

    waiting ──▶ under way ──▶ an answer
       │             └──────▶ the deadline: given up; the thread may hang on, and is counted as stuck
       └── the deadline: the provider is busy

A provider that hangs holds up nobody but those who wait for it, and these no longer than its deadline.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Final

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.errand import Errand
from parley.gates.pager.providers import send
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Provider

MAX_STUCK: Final = 16
"""So many threads may hang at one provider before no more are started."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """An errand at a provider, until a second that only counts; `number` is that of its row."""

    errand: Errand
    until: float
    number: int = 0
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A try came back; `lane` is the name of its provider."""

    lane: str
    tried: Try
    answer: Answer


class Lane:
    """One provider. Only the pager's own thread calls it; what comes back goes to `tell`."""

    def __init__(
        self,
        name: str,
        provider: Provider,
        *,
        tell: Callable[[Ended], None],
        hand_over: Callable[[Attempt, Provider], Answer] = send,
    ) -> None:
        self.name = name
        self.seconds = provider.seconds
        self._provider = provider
        self._tell = tell
        self._hand_over = hand_over
        self._waiting: deque[Try] = deque()
        self._running: dict[int, Try] = {}
        self._stuck = 0

    @property
    def next_end(self) -> float | None:
        """The second at which the first deadline is over."""
        ends = [each.until for each in self._running.values()]
        # Those that wait came one after the other, and each may wait for as long.
        ends += [self._waiting[0].until] if self._waiting else []
        return min(ends, default=None)

    @property
    def has_room(self) -> bool:
        """Whether a try that waits may begin."""
        is_free = len(self._running) < self._provider.at_once and self._stuck < MAX_STUCK
        return is_free and bool(self._waiting)

    def queue(self, errand: Errand, *, now: float) -> None:
        """Let `errand` wait for its turn here."""
        self._waiting.append(Try(errand=errand, until=now + self.seconds))

    def take(self) -> Try:
        """Return the try whose turn it is."""
        return self._waiting.popleft()

    def begin(self, tried: Try) -> None:
        """Begin a try that was written down, in a thread of its own."""
        self._running[id(tried)] = tried
        Thread(target=self._run, args=(tried,), name=f"ring-{self.name}", daemon=True).start()

    def came_back(self, tried: Try) -> bool:
        """Note that a try came back; return whether it was still waited for."""
        if self._running.pop(id(tried), None) is not None:
            return True
        self._stuck -= 1
        return False

    def overdue(self, now: float) -> Iterator[tuple[Try, Answer]]:
        """Yield every try whose deadline is over, given up, and what is to be said of it."""
        while self._waiting and self._waiting[0].until <= now:
            yield self._waiting.popleft(), Answer(outcome=Outcome.FAILED, said="the provider is busy")
        for tried in [each for each in self._running.values() if each.until <= now]:
            yield tried, self._give_up(tried, f"no answer in {self.seconds:g} s")

    def drop(self, key: str) -> Iterator[tuple[Try, Answer]]:
        """Forget what waits for ring `key`, and yield what was under way, given up."""
        self._waiting = deque(each for each in self._waiting if each.errand.ring.key != key)
        for tried in [each for each in self._running.values() if each.errand.ring.key == key]:
            yield tried, self._give_up(tried, "nobody wants it any more")

    def stop(self) -> None:
        """Give up everything; the rows stay as they are, as after any stop."""
        self._waiting.clear()
        for tried in tuple(self._running.values()):
            self._give_up(tried, "")

    def _give_up(self, tried: Try, said: str) -> Answer:
        del self._running[id(tried)]
        self._stuck += 1
        assert tried.attempt is not None
        may_have_left = tried.attempt.give_up()
        return Answer(outcome=Outcome.UNKNOWN if may_have_left else Outcome.FAILED, said=said)

    def _run(self, tried: Try) -> None:
        attempt = tried.attempt
        assert attempt is not None
        try:
            answer = self._hand_over(attempt, self._provider)
        except Exception as error:  # noqa: BLE001 - a gate: whatever a foreign machine brings about is an answer
            outcome = Outcome.UNKNOWN if attempt.is_committed else Outcome.FAILED
            answer = Answer(outcome=outcome, said=f"{type(error).__name__}: {error}")
        if attempt.to and attempt.to in answer.said:
            # Servers like to repeat the address; the row is to hold none.
            answer = Answer(outcome=answer.outcome, said=answer.said.replace(attempt.to, "…"))
        _log.info("ring by %s: %s", self.name, answer.outcome.value)
        self._tell(Ended(lane=self.name, tried=tried, answer=answer))
