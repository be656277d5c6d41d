"""What a suspension does in the thread of an inquiry: which statements it stops, and which clocks when.

A statement is stopped by what its writer had seen; that is settled once, like every verdict. A
clock stands still in the times of its debtor: from its own suspension, or from when it had the
other side's, to its own resumption, or to when it had the other side's. So both nodes compute the
same due times, and none of it is a verdict. Source: Spec §7.7, §8.6; rules H4, H17.
"""

import dataclasses
from collections.abc import Mapping
from typing import Final

from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.bodies import Sent
from parley.protocol.inquiries.codes import Clock
from parley.protocol.inquiries.eye import Fact
from parley.protocol.links import LinkState, Said
from parley.protocol.officetime import Pauses
from parley.protocol.shelf import Shelf
from parley.protocol.suspension import runs_on, scopes_over, stays_open
from parley.protocol.terms import Terms

# What suspends one kind of the page suspends them all.
_ANY: Final = "inquiry.sent"


def is_stopped(
    state: LinkState, kind: str, said: bodies.Said, *, sent: Sent, past: Mapping[str, int], at: int, lane: str
) -> bool:
    """Return whether a suspension in `past` stops what is said at `at` in the thread of `sent`."""
    stopped = state.stopped(past)
    if not stopped or stopped.isdisjoint(scopes_over(kind, sent.item)):
        return False
    terms = state.terms(past, at=at)
    return terms is None or not stays_open(said, sent, opens=terms.open_while_suspended, lane=lane)


def with_stop(state: LinkState, fact: Fact, *, sent: Fact, other: str, lane: str) -> Fact:
    """Return `fact`, marked if its writer, whose partner is `other`, had seen what stops it."""
    assert isinstance(sent.said, Sent)
    past = {fact.writer: fact.index, other: fact.cut}
    at = fact.effective
    stops = is_stopped(state, fact.kind, fact.said, sent=sent.said, past=past, at=at, lane=lane)
    return dataclasses.replace(fact, is_stopped=True) if stops else fact


class Standstill:
    """When the clocks of inquiries stand still, by what a shelf holds."""

    def __init__(self, shelf: Shelf, *, lane: str) -> None:
        """Look at `shelf`, that of `lane`, whenever it is asked."""
        self._shelf = shelf
        self._lane = lane
        # What was found for an item of cooperation and a debtor, and by which state and cut.
        self._known: dict[tuple[str, str], tuple[LinkState, int, Pauses]] = {}

    def pauses(self, sent: Fact, clock: Clock, *, debtor: str, terms: Terms) -> Pauses:
        """Return when `clock` stands still, as instants of the debtor, rising; they may overlap."""
        assert isinstance(sent.said, Sent)
        state = self._shelf.link()
        opens = terms.open_while_suspended
        if not state.is_ever_stopped or runs_on(clock, sent.said, opens=opens, lane=self._lane):
            return ()
        cut = self._shelf.tip(debtor).cut
        known = self._known.get((sent.said.item, debtor))
        if known is None or known[0] is not state or known[1] != cut:
            known = state, cut, self._spans(state, sent.said.item, debtor)
            self._known[sent.said.item, debtor] = known
        return known[2]

    def _spans(self, state: LinkState, item: str, debtor: str) -> Pauses:
        spans = []
        for suspended, lifted in state.suspensions(scopes_over(_ANY, item)):
            since = self._instant(suspended, debtor)
            until = None if lifted is None else self._instant(lifted, debtor)
            if since is not None and (until is None or until > since):
                spans.append((since, until))
        return tuple(sorted(spans, key=lambda span: span[0]))

    def _instant(self, said: Said, debtor: str) -> int | None:
        """Return when the debtor said it, or had it; None if it has it not yet."""
        row = self._shelf.row(said.statement, writer=said.writer)
        assert row is not None, "what is in force is on the shelf"
        return row.effective if said.writer == debtor else row.received_at
