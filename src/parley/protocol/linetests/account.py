"""The tests of a link as plain JSON: for the vectors, and for two nodes to compare.

Both sides compute it from the record and a cut, and from nothing else: no clock of the reader, no order of
arrival. What a side had after the cut is not in it. Source: Spec §13.8.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from parley.protocol.act import id_text
from parley.protocol.linetests.figures import Figure, figures
from parley.protocol.linetests.periods import Calendar, Period, periods
from parley.protocol.linetests.tickets import Known, Ticket, tickets
from parley.protocol.linetests.trials import Sign, Trial
from parley.protocol.strictjson import JsonObject, write


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known of the tests of a link at `cut`."""

    cut: int
    periods: tuple[Period, ...]
    tickets: tuple[Ticket, ...]
    figures: tuple[Figure, ...]


def history(trials: Sequence[Trial], signs: Sequence[Sign], calendar: Calendar, *, cut: int) -> History:
    """Return the periods, tickets and figures of a link, by what each tester had at `cut`."""
    found = periods(trials, calendar, cut=cut)
    known = Known(trials=trials, signs=signs, calendar=calendar, cut=cut)
    return History(cut=cut, periods=found, tickets=tickets(found, known), figures=figures(found, cut=cut))


def account(history: History) -> JsonObject:
    """Return the tests of a link, its keys always in the same order."""
    return {
        "cut": history.cut,
        "periods": [_period(each, cut=history.cut) for each in history.periods],
        "tickets": [_ticket(each) for each in history.tickets],
        "figures": [_figure(each) for each in history.figures],
    }


def digest(history: History) -> bytes:
    """Return the SHA-256 of the account in compact JSON: equal on both nodes if they hold the same record."""
    return hashlib.sha256(write(account(history))).digest()


def _period(period: Period, *, cut: int) -> JsonObject:
    trial = period.trial
    return {
        "test": period.test.value,
        "number": period.number,
        "begins": period.begins,
        "ends": period.ends,
        "turn": period.turn,
        "result": period.result.value,
        "id": None if trial is None else id_text(trial.id),
        "began": None if trial is None else trial.began,
        "reached": None if trial is None else _had(trial.reached, cut),
        "taken": None if trial is None else _had(trial.taken, cut),
        "answered": None if trial is None else _had(trial.answered, cut),
        "answered_there": None if trial is None else _had(trial.answered_there, cut),
    }


def _had(at: int | None, cut: int) -> int | None:
    return at if at is not None and at <= cut else None


def _ticket(ticket: Ticket) -> JsonObject:
    return {
        "name": ticket.name,
        "concerned": ticket.concerned,
        "causes": {node: [each.cause.value, each.at] for node, each in ticket.causes.items()},
        "mended_at": ticket.mended_at,
        "is_open": ticket.is_open,
        "line": [clue.value for clue in ticket.line],
        "people": [clue.value for clue in ticket.people],
    }


def _figure(figure: Figure) -> JsonObject:
    return {
        "test": figure.test.value,
        "ok": figure.ok,
        "late": figure.late,
        "failed": figure.failed,
        "not_held": figure.not_held,
        "taken": figure.taken,
        "answered": figure.answered,
    }
