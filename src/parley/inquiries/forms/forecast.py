"""What would be due, and when, if the other node had an inquiry now: a forecast, and called one.

Each clock runs on the calendar of the side that owes (Spec §8.6). What it would be on the other
side's calendar counts for nothing, and is shown beside it so that nobody plans by the wrong one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from parley.protocol.inquiries.codes import CLOCK_OF, Clock, Want
from parley.protocol.officetime import Limit, run_limit
from parley.protocol.terms import Terms

# The urgencies that do not count outside office hours.
_WAITING: Final = frozenset({"U2", "U3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A clock that would run: its limit, when it would be due, and when on the asker's own calendar."""

    clock: Clock
    limit: Limit
    due_at: int
    not_used: int

    @property
    def apart(self) -> int:
        """Return how many days lie between the two, rounded; 0 where they are the same."""
        return round(abs(self.due_at - self.not_used) / 86_400)


def forecast(
    terms: Terms, wants: Collection[Want], *, urgency: str, debtor: str, now: int
) -> tuple[Due, ...]:
    """Return the clocks that an inquiry for `wants` would start at the node `debtor`, in usual order."""
    clocks = {Clock.ACKNOWLEDGE, Clock.ADMIT} | {CLOCK_OF[want] for want in wants}
    asker = next(node for node in terms.nodes if node != debtor)
    found = []
    for clock in sorted(clocks, key=list(Clock).index):
        limit = terms.limit(clock.value, urgency)
        if limit is None:
            continue
        due_at, not_used = (_due(terms, limit, node, urgency=urgency, now=now) for node in (debtor, asker))
        if due_at is not None and not_used is not None:
            found.append(Due(clock=clock, limit=limit, due_at=due_at, not_used=not_used))
    return tuple(found)


def _due(terms: Terms, limit: Limit, node: str, *, urgency: str, now: int) -> int | None:
    waits = urgency in _WAITING
    return run_limit(limit, terms.calendars[node], start=now, pauses=(), waits=waits).due_at
