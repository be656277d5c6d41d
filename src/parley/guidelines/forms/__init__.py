"""What is typed into the form of a text: another day, other fields, other clauses; or a whole file.

    since                        2027-01-01T00:00Z
    field:clocks/status/U0       2h; nothing: that clock does not run
    count:persons/link.resumed   a whole number; nothing: nobody signs, a rung is not climbed to
    tick:items/trade_secrets     1: the code is in the list of that path
    zone:A, changes:A            +08:00; and 2027-03-28T01:00Z +09:00, one a line
    week:A/0/since …             2027-01-01; hours: 09:00-12:00, 13:00-17:00; rest/6: 1, no work on Sundays
    days:A/closed, …/made_up     2027-10-04, or 2027-10-01..2027-10-07, one a line
    kind:0, kind:0/head          one more kind that persons sign, and a role that may
    en-4.2, zh-4.2               the words of clause 4.2; both empty: it is left out
    en-4.new, zh-4.new           one more clause at the end of article 4

What nobody changed stays as it is, byte for byte. What is left (the other names of tables, the concordance,
the kinds and their versions) comes as a file, as `parley guideline write` writes one. Whether the whole is a
guideline is decided by `protocol/guidelines/text.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from parley.guidelines.forms.calendars import calendar_fields, put_calendars
from parley.guidelines.forms.choices import choice_fields, put_choices
from parley.guidelines.forms.clauses import clause_fields, typed_articles
from parley.guidelines.forms.counts import count_fields, put_counts
from parley.guidelines.forms.faults import Fault, TypedError, Wrong
from parley.guidelines.forms.instants import SinceError, read_since, write_since
from parley.guidelines.forms.kinds import kind_fields, put_kinds
from parley.guidelines.forms.limits import limit_fields, put_limits
from parley.protocol.guidelines.text import Concordance, Guideline, compose
from parley.protocol.strictjson import JsonObject, read, write

__all__ = ["MAX_NOTE", "SinceError", "TypedError", "changed_text", "fields_of", "read_since", "write_since"]

MAX_NOTE: Final = 4_000
MAX_TOLD: Final = 20
_FIELDS: Final = (limit_fields, count_fields, choice_fields, calendar_fields, kind_fields, clause_fields)
_PUTS: Final = (put_limits, put_counts, put_choices, put_calendars, put_kinds)


def fields_of(base: Guideline) -> Mapping[str, str]:
    """Return the names of all fields of the form of `base` but its day, each with what stands in it."""
    return {name: value for fields in _FIELDS for name, value in fields(base)}


def changed_text(base: Guideline, typed: Mapping[str, str]) -> Guideline:
    """Return `base` with what was typed.

    Raises:
        TypedError: fields hold what cannot stand there, each told with its line.
        BreachError: the whole is no guideline, naming what is wrong.
    """
    values = {**fields_of(base), **typed}
    terms = read(base.terms.text.encode())
    wrong = [each for put in _PUTS for each in put(terms, base, values)]
    since = _since(values.get("since", ""))
    if isinstance(since, Wrong):
        raise TypedError(_shortened((since, *wrong)))
    if wrong:
        raise TypedError(_shortened(wrong))
    return compose(
        write(terms).decode(),
        since=since,
        title=base.title,
        articles=tuple(typed_articles(base, values)),
        offences=dict(_offences(base, terms)),
    )


def _shortened(wrong: Iterable[Wrong]) -> tuple[Wrong, ...]:
    # Whoever pasted a wrong column needs no thousand lines to see it.
    return tuple(replace(each, text=each.text[:40]) for each in islice(wrong, MAX_TOLD))


def _since(text: str) -> int | Wrong:
    try:
        return read_since(text)
    except SinceError as error:
        return Wrong(field="since", fault=Fault.SINCE, text=error.text)


def _offences(base: Guideline, terms: JsonObject) -> Iterator[tuple[str, Concordance]]:
    # What the laws call an item goes with the item.
    items = terms["items"]
    assert isinstance(items, list), "the items are a list"
    yield from ((code, each) for code, each in base.offences.items() if code in items)
