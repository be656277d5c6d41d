"""What the record says as a watch is handed over: the right answers to the questions of whoever takes it.

open calls   every call that is open
due first    of ours, over calls and inquiries, what falls due next, or was due longest ago
degraded     lanes that do not carry just now, and phones where there are none
"""

from collections.abc import Iterable, Iterator
from typing import Final

from django.db import connections

from parley.gates.peer.courier import Standing
from parley.inquiries.queries import dues
from parley.node.opened import OpenCall
from parley.watch.policy import NO_PHONES, Handing

AHEAD_SECONDS: Final = 12 * 3600


def handing(
    calls: Iterable[OpenCall],
    *,
    node: str,
    couriers: Iterable[Standing],
    rings: bool,
    in_view: tuple[int, ...],
    now: int,
) -> Handing:
    """Return what is open, what falls due first within twelve hours, what is degraded, who has a screen."""
    calls = tuple(calls)
    until = now + AHEAD_SECONDS
    due = [each for each in (*_due_calls(calls, node), *_due_inquiries(until)) if each[0] < until]
    first = min((at for at, _place in due), default=None)
    lanes = tuple(each.link for each in couriers if each.error is not None)
    return Handing(
        calls=tuple(each.place for each in calls),
        due_first=tuple(dict.fromkeys(place for at, place in due if at == first)),
        due_at=first,
        degraded=lanes if rings else (*lanes, NO_PHONES),
        rings=rings,
        in_view=in_view,
    )


def _due_calls(calls: Iterable[OpenCall], node: str) -> Iterator[tuple[int, str]]:
    for each in calls:
        for alarm in each.call.bells[node].alarms:
            if alarm.debtor == node:
                yield alarm.since, each.place


def _due_inquiries(until: int) -> Iterator[tuple[int, str]]:
    try:
        ours, _theirs = dues(until=until)
    finally:
        # Core asks seldom, and must not hold the file open for it.
        connections.close_all()
    yield from ((row.due_at, row.inquiry.place) for row in ours.rows)
