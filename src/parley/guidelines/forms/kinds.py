"""Kinds that persons sign from now on: rows that are free, each for one kind of statement.

kind:0               review.commented; nothing: the row is free
kind:0/persons       2
kind:0/head          1: who is enrolled as head may sign it
"""

from collections.abc import Iterator, Mapping
from typing import Final

from parley.guidelines.forms.choices import SIGNING, TICKED
from parley.guidelines.forms.counts import read_count, signed_kinds
from parley.guidelines.forms.faults import Fault, Wrong
from parley.guidelines.forms.paths import table_of
from parley.protocol.guidelines.text import Guideline
from parley.protocol.strictjson import JsonObject
from parley.protocol.terms import MAX_PERSONS, SIGNED_AS_EVER

FREE: Final = 2
"""So many rows stand free: one kind more and another; whoever needs more proposes twice, or a file."""


def free_kinds(text: Guideline) -> tuple[str, ...]:
    """Return the kinds of which a row may be added, sorted."""
    return tuple(sorted(text.terms.kinds.keys() - SIGNED_AS_EVER - set(signed_kinds(text))))


def kind_fields(_text: Guideline) -> Iterator[tuple[str, str]]:
    """Yield the fields of the form; all of them are empty."""
    for n in range(FREE):
        yield from ((name, "") for name in (f"kind:{n}", f"kind:{n}/persons"))
        yield from ((f"kind:{n}/{role}", "") for role in SIGNING)


def put_kinds(terms: JsonObject, base: Guideline, typed: Mapping[str, str]) -> Iterator[Wrong]:
    """Put into `terms` the kinds that were added, and yield what is wrong with them."""
    free = set(free_kinds(base))
    for n in range(FREE):
        kind, persons = typed[f"kind:{n}"].strip(), typed[f"kind:{n}/persons"].strip()
        number = read_count(persons)
        if not kind and not persons:
            continue
        if kind not in free:
            yield Wrong(field=f"kind:{n}", fault=Fault.KIND, text=kind)
        elif number is None or not 1 <= number <= MAX_PERSONS:
            field = f"kind:{n}/persons"
            yield Wrong(field=field, fault=Fault.COUNT, text=persons, low=1, high=MAX_PERSONS)
        else:
            free.discard(kind)
            table_of(terms, "persons/")[kind] = number
            if roles := [role for role in SIGNING if typed[f"kind:{n}/{role}"] == TICKED]:
                table_of(terms, "roles/")[kind] = list(roles)
