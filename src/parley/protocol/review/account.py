"""The figures of a review as plain JSON, and their digest: what both nodes print, and both sides sign.

Everything is written in one order, and every number is a list of places, or a count with a hash over them.
Source: Spec §18.6.
"""

import hashlib
from collections.abc import Mapping, Sequence

from parley.protocol.act import id_text
from parley.protocol.inquiries.codes import Clock
from parley.protocol.linetests.figures import Figure
from parley.protocol.review.calling import CallPart
from parley.protocol.review.figures import Figures
from parley.protocol.review.numbers import duration_written, written
from parley.protocol.review.tally import SCORES, By, Part, Timing
from parley.protocol.strictjson import JsonObject, JsonValue, write

VERSION = "parley/review/1"
# Of 64 items of cooperation in both directions, every clock and every state.
MAX_VALUES = 1_000_000
WORDS = ("met", "missed", "running", "overdue", "paused", "not_started", "ended", "extended")
HIGHEST = 3


def account(figures: Figures) -> JsonObject:
    """Return all figures, their keys always in the same order."""
    cut = figures.cut
    return {
        "review": VERSION,
        "nodes": [*figures.nodes],
        "since": cut.since,
        "until": cut.until,
        "cut": [{"lane": each.lane, "sizes": [*each.sizes]} for each in cut.cut],
        "inquiries": [
            {"asked": asked, "by": by.value, "of": of or None, **_part(part)}
            for (asked, by, of), part in figures.parts.items()
        ],
        "disputed": [
            place
            for (_asked, by, _of), part in figures.parts.items()
            if by is By.ALL
            for place in part.marks["disputed"]
        ],
        "calls": [
            {"caller": caller, "urgency": urgency or None, **_calls(part)}
            for (caller, urgency), part in figures.calls.parts.items()
        ],
        "service_calls": _numbers(figures.calls.services),
        "test_calls": _numbers(figures.calls.tests),
        "tests": [_test(each) for each in figures.tests],
    }


def raw(figures: Figures) -> bytes:
    """Return the account as bytes: compact JSON, the same on both nodes."""
    return write(account(figures), max_values=MAX_VALUES)


def digest(figures: Figures) -> str:
    """Return the SHA-256 of the account, written as an id: what the persons of both sides sign."""
    return id_text(hashlib.sha256(raw(figures)).digest())


def _numbers(table: Mapping[str, Sequence[str]]) -> JsonObject:
    """Return the numbers of a table by their words, sorted; a word that nothing has is left out."""
    return {word: written(table[word]) for word in sorted(table) if table[word]}


def _part(part: Part) -> JsonObject:
    scores: JsonObject = {
        score: [written(part.scores.get((score, height), ())) for height in range(HIGHEST + 1)]
        for score in SCORES
    }
    return {
        "inquiries": written(part.inquiries),
        **_numbers(part.marks),
        "items": written(part.items),
        "states": _numbers(part.states),
        "findings": _numbers(part.findings),
        "grounds": _numbers(part.grounds),
        "scores": scores if part.marks["rated"] else None,
        "clocks": {clock.value: _timing(part.timings[clock]) for clock in Clock if clock in part.timings},
    }


def _timing(timing: Timing) -> JsonValue:
    counted = {word: written(timing.places[word]) for word in WORDS if timing.places.get(word)}
    return {**counted, **duration_written(timing.durations)}


def _calls(part: CallPart) -> JsonObject:
    return {
        "calls": written(part.calls),
        **_numbers(part.marks),
        "endings": _numbers(part.endings),
        "taking": duration_written(part.taking),
    }


def _test(figure: Figure) -> JsonObject:
    return {
        "test": figure.test.value,
        "ok": figure.ok,
        "late": figure.late,
        "failed": figure.failed,
        "not_held": figure.not_held,
        "taken": figure.taken,
        "answered": figure.answered,
    }
