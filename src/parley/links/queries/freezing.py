"""What a suspension would stop now, before anybody signs it: inquiries, and their clocks."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from parley.ledger.lanes import lane_of
from parley.ledger.reading import LinkRow, Reader
from parley.protocol.inquiries.apply import Inquiry
from parley.protocol.inquiries.bodies import Sent
from parley.protocol.inquiries.clocks import Phase, Timer
from parley.protocol.places import Place
from parley.protocol.suspension import Scope, runs_on, scopes_over

LOOKED_AT: Final = 500
DUE_SHOWN: Final = 10
_GOING: Final = frozenset({Phase.RUNNING, Phase.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StillDue:
    """A clock that runs on all the same: of which inquiry, and when it is due."""

    place: str
    clock: str
    due_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """What a suspension would stop. `clocks` are those that would stand still, by how many they are.

    `is_partial`: there are more inquiries than were looked at; the newest ones were.
    """

    inquiries: int
    clocks: tuple[tuple[str, int], ...]
    due: tuple[StillDue, ...]
    due_more: int
    is_partial: bool


def freeze(reader: Reader, link: LinkRow, scope: Scope) -> Freeze:
    """Return what stopping `scope` on the link would stop."""
    terms = reader.terms(link.name)
    opens = () if terms is None else terms.open_while_suspended
    threads = [
        (lane_of(name), each) for name in reader.lane_names(link.name) for each in reader.threads(name)
    ]
    covered = 0
    stopped: Counter[str] = Counter()
    due: list[StillDue] = []
    for lane, thread in threads[-LOOKED_AT:]:
        found = reader.thread(link.name, thread)
        if found is None or not _is_covered(found.inquiry, scope):
            continue
        covered += 1
        sent = found.inquiry.sent.said
        assert isinstance(sent, Sent)
        for timer in found.inquiry.timers:
            if timer.phase not in _GOING:
                continue
            if not runs_on(timer.clock, sent, opens=opens, lane=lane):
                stopped[timer.clock.value] += 1
            elif timer.due_at is not None:
                due.append(_still_due(found.inquiry, timer, link, lane=lane))
    due.sort(key=lambda each: each.due_at)
    return Freeze(
        inquiries=covered,
        clocks=tuple(sorted(stopped.items())),
        due=tuple(due[:DUE_SHOWN]),
        due_more=max(0, len(due) - DUE_SHOWN),
        is_partial=len(threads) > LOOKED_AT,
    )


def _is_covered(inquiry: Inquiry, scope: Scope) -> bool:
    sent = inquiry.sent.said
    assert isinstance(sent, Sent)
    is_open = inquiry.closed_at is None and not inquiry.is_settled
    return is_open and scope in scopes_over("inquiry.sent", sent.item)


def _still_due(inquiry: Inquiry, timer: Timer, link: LinkRow, *, lane: str) -> StillDue:
    letter = link.my_letter if inquiry.sent.writer == link.me else link.their_letter
    place = Place(letter=letter, index=inquiry.sent.index, lane=lane)
    return StillDue(place=place.text, clock=timer.clock.value, due_at=timer.due_at or 0)
