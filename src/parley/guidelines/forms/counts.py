"""Whole numbers: how many persons sign, minutes of the ladder, days between tests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from parley.guidelines.forms.faults import Fault, Wrong
from parley.guidelines.forms.paths import last, table_of
from parley.protocol.clauses import MAX_MINUTES, MAX_TEST_DAYS, LineTest
from parley.protocol.guidelines.text import Guideline
from parley.protocol.strictjson import JsonObject, read
from parley.protocol.terms import MAX_PERSONS, URGENCIES

COUNT: Final = "count:"
MAX_REPEAT: Final = 60
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that can be typed: its path, its bounds, and what stands there; "" where there is none."""

    path: str
    low: int
    high: int
    value: str
    can_be_empty: bool = True


def counts_of(text: Guideline) -> tuple[Count, ...]:
    """Return all numbers that can be typed, in the order of the terms."""
    terms = read(text.terms.text.encode())
    signed = (f"persons/{kind}" for kind in signed_kinds(text))
    found = [_count(terms, path, low=0, high=MAX_PERSONS) for path in signed]
    clauses = text.terms.hotline
    if clauses is None:
        return tuple(found)
    steps = (
        f"hotline/ladder/{step.rung.value}/after/{each}" for step in clauses.ladder for each in URGENCIES
    )
    tests = (f"hotline/tests/{test.value}" for test in LineTest)
    return (
        *found,
        *(_count(terms, path, low=0, high=MAX_MINUTES) for path in steps),
        _count(terms, "hotline/repeat", low=1, high=MAX_REPEAT, can_be_empty=False),
        *(_count(terms, path, low=1, high=MAX_TEST_DAYS) for path in tests),
    )


def signed_kinds(text: Guideline) -> tuple[str, ...]:
    """Return the kinds that persons sign, or would if there were a number: those that the terms name."""
    return tuple(dict.fromkeys((*text.terms.persons, *text.terms.roles)))


def count_fields(text: Guideline) -> Iterator[tuple[str, str]]:
    """Yield the fields of the form, each with what stands in it."""
    yield from ((f"{COUNT}{each.path}", each.value) for each in counts_of(text))


def put_counts(terms: JsonObject, base: Guideline, typed: Mapping[str, str]) -> Iterator[Wrong]:
    """Put into `terms` the numbers that were typed, and yield what is wrong with them."""
    for each in counts_of(base):
        name = f"{COUNT}{each.path}"
        text, table = typed[name].strip(), table_of(terms, each.path)
        number = read_count(text)
        if text == each.value:
            continue
        if not text and each.can_be_empty:
            del table[last(each.path)]
        elif number is None or not each.low <= number <= each.high:
            yield Wrong(field=name, fault=Fault.COUNT, text=text, low=each.low, high=each.high)
        else:
            table[last(each.path)] = number


def read_count(text: str) -> int | None:
    """Return the whole number that `text` states; None if it states none."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_one else None


def _count(terms: JsonObject, path: str, *, low: int, high: int, can_be_empty: bool = True) -> Count:
    found = table_of(terms, path).get(last(path))
    value = "" if found is None else str(found)
    return Count(path=path, low=low, high=high, value=value, can_be_empty=can_be_empty)
