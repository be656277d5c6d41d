"""An offer in the reader's language, on pages and in a terminal: how far it is, and what waits."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from parley.inquiries.forms.telling import code_text, side_word
from parley.links.queries.timeline import Told
from parley.sharing.queries import ShareRow
from parley.ui import sharewords, words
from parley.ui.words import Labels


def state_text(row: ShareRow, *, now: int) -> str:
    """Return how far an offer is, and whether it has lapsed by now or was crossed."""
    if not row.state:
        return words.label(row.verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    marks = [words.label(row.state, sharewords.STATES)]
    marks += [_("has lapsed")] if row.is_expired(now) else []
    marks += [_("crossed")] if row.crossed else []
    return words.clauses(marks)


CODES: Final[Mapping[str, tuple[str, Labels]]] = {
    "sharing.declined": ("reason", sharewords.DECLININGS),
    "sharing.withdrawn": ("reason", sharewords.WITHDRAWINGS),
    "sharing.result_notified": ("result", sharewords.RESULTS),
    "sharing.release_asked": ("to", sharewords.AUDIENCES),
}
"""By the kind of a statement: the field of its act that says a code."""


def said_text(told: Told) -> str:
    """Return what a statement about an offer says in codes and numbers; "" where its kind says all."""
    match told.kind.removeprefix("sharing."):
        case "undertaken":
            named = told.d.get("conditions")
            return words.listed(filter(None, (code_text(each, words.CODES) for each in _list(named))))
        case "evaluated":
            found = told.d.get("source"), told.d.get("information")
            return "".join(str(each) for each in found) if told.is_valid else ""
        case "cleaned":
            counts = ((text, told.d.get(name)) for name, text in _cleaned())
            return words.clauses(words.said_of(text, str(n)) for text, n in counts if isinstance(n, int))
        case _:
            field, labels = CODES.get(told.kind, ("", {}))
            return code_text(told.d.get(field), labels)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _cleaned() -> Iterator[tuple[str, str]]:
    yield from ((name, words.label(name, sharewords.CLEANED)) for name in sharewords.CLEANED)


def counts_text(row: ShareRow) -> str:
    """Return how much of what is offered."""
    return words.listed(f"{n} {words.label(thing, sharewords.THINGS)}" for thing, n in row.counts)


def owed_lines(row: ShareRow) -> Iterator[str]:
    """Yield what waits for whom."""
    for wait in row.owed:
        yield words.said_of(side_word(wait.whose), words.label(wait.what.value, sharewords.OWINGS))
