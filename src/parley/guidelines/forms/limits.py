"""Limits of time: of the clocks by urgency, of what is owed in a call, and until an inquiry lapses."""

from collections.abc import Iterator, Mapping
from typing import Final

from parley.guidelines.forms.faults import Fault, Wrong
from parley.guidelines.forms.paths import last, table_of
from parley.protocol.breach import BreachError
from parley.protocol.guidelines.fields import leaves
from parley.protocol.guidelines.text import Guideline
from parley.protocol.officetime import read_limit
from parley.protocol.strictjson import JsonObject, read
from parley.protocol.terms import URGENCIES

LIMIT: Final = "field:"
_CALLS: Final = ("hotline/limits/", "hotline/close")


def limits_of(text: Guideline) -> Mapping[str, str]:
    """Return by its path every limit that can be typed; "" for an urgency for which a clock does not run."""
    terms = read(text.terms.text.encode())
    there = {path: value for path, value in leaves(terms) if isinstance(value, str)}
    clocks = [f"clocks/{clock}/{urgency}" for clock in text.terms.clocks for urgency in URGENCIES]
    calls = [path for path in there if path.startswith(_CALLS)]
    return {path: there.get(path, "") for path in (*clocks, "lapse", *calls)}


def limit_fields(text: Guideline) -> Iterator[tuple[str, str]]:
    """Yield the fields of the form, each with what stands in it."""
    yield from ((f"{LIMIT}{path}", value) for path, value in limits_of(text).items())


def put_limits(terms: JsonObject, base: Guideline, typed: Mapping[str, str]) -> Iterator[Wrong]:
    """Put into `terms` the limits that were typed, and yield what is wrong with them."""
    for path, before in limits_of(base).items():
        text = typed[f"{LIMIT}{path}"].strip()
        if text == before:
            continue
        if fault := _fault(path, text):
            yield Wrong(field=f"{LIMIT}{path}", fault=fault, text=text)
            continue
        table_of(terms, path)[last(path)] = text
    yield from _sorted(terms, base)


def _fault(path: str, text: str) -> Fault | None:
    is_call, is_clock = path.startswith(_CALLS), path.startswith("clocks/")
    if is_clock and not text:
        return None
    try:
        limit = read_limit(text)
    except BreachError:
        return Fault.HOTLINE_LIMIT if is_call else Fault.LIMIT
    return Fault.HOTLINE_LIMIT if is_call and limit.seconds is None else None


def _sorted(terms: JsonObject, base: Guideline) -> Iterator[Wrong]:
    """Leave out what does not run, and put the urgencies in their order; a clock has at least one."""
    for clock in base.terms.clocks:
        table = table_of(terms, f"clocks/{clock}/")
        found: JsonObject = {urgency: table[urgency] for urgency in URGENCIES if table.get(urgency)}
        if not found:
            yield Wrong(field=f"{LIMIT}clocks/{clock}/{URGENCIES[0]}", fault=Fault.NO_LIMIT)
        if found != table or set(found) != set(base.terms.clocks[clock]):
            table_of(terms, f"clocks/{clock}")[clock] = found
