"""Lists of codes, each with a box: what is agreed of it, and what the house knows besides.

    items                   the items of cooperation
    required/phishing_site  what an inquiry says of this type of item; nothing ticked: nothing is required
    open_while_suspended    what a suspension leaves open
    roles/link.suspended    who may sign it; nothing ticked: whoever is enrolled
    hotline/scope …         clauses of the hotline

A list keeps its order; what is added stands behind it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from parley.guidelines.forms.counts import signed_kinds
from parley.guidelines.forms.faults import Fault, Wrong
from parley.guidelines.forms.paths import last, table_of
from parley.protocol import clauses
from parley.protocol.guidelines.text import Guideline
from parley.protocol.inquiries.codes import Type
from parley.protocol.strictjson import JsonObject, JsonValue, read
from parley.protocol.terms import ITEMS, REQUIRED, STAYS_OPEN

TICK: Final = "tick:"
TICKED: Final = "1"
SIGNING: Final = ("desk", "head", "principal")
"""In which roles persons are enrolled."""
_ASKED: Final = tuple(dict.fromkeys(field for fields in REQUIRED.values() for field in fields))


class Bare(Enum):
    """What it means that nothing of a list is ticked."""

    WRONG = "wrong"
    NO_ROW = "no_row"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A list of codes: its path, all that can be ticked, and what is."""

    path: str
    codes: tuple[str, ...]
    ticked: tuple[str, ...]
    bare: Bare = Bare.WRONG

    def name(self, code: str) -> str:
        """Return the name of the box of a code."""
        return f"{TICK}{self.path}/{code}"


def choices_of(text: Guideline) -> tuple[Choice, ...]:
    """Return all lists that can be ticked, in the order of the form."""
    terms = read(text.terms.text.encode())
    types = dict.fromkeys((*text.terms.required, *(each.value for each in Type)))
    hotline = (("scope", clauses.SCOPE), ("goals", clauses.GOALS), ("procedures", clauses.PROCEDURES))
    has_hotline = text.terms.hotline is not None
    return (
        _choice(terms, "items", ITEMS),
        *(_choice(terms, f"required/{each}", _ASKED, bare=Bare.NO_ROW) for each in types),
        *(_choice(terms, f"hotline/{name}", codes) for name, codes in hotline if has_hotline),
        _choice(terms, "open_while_suspended", STAYS_OPEN, bare=Bare.EMPTY),
        *(_choice(terms, f"roles/{kind}", SIGNING, bare=Bare.NO_ROW) for kind in signed_kinds(text)),
    )


def choice_fields(text: Guideline) -> Iterator[tuple[str, str]]:
    """Yield the fields of the form, each with what stands in it."""
    for choice in choices_of(text):
        yield from ((choice.name(code), TICKED if code in choice.ticked else "") for code in choice.codes)


def put_choices(terms: JsonObject, base: Guideline, typed: Mapping[str, str]) -> Iterator[Wrong]:
    """Put into `terms` the lists that were ticked, and yield what is wrong with them."""
    for choice in choices_of(base):
        is_in = {code: typed[choice.name(code)] == TICKED for code in choice.codes}
        stays = [code for code in choice.ticked if is_in[code]]
        codes = [*stays, *(code for code in choice.codes if is_in[code] and code not in choice.ticked)]
        if codes == list(choice.ticked):
            continue
        if not codes and choice.bare is Bare.WRONG:
            yield Wrong(field=f"{TICK}{choice.path}", fault=Fault.NOTHING_TICKED)
            continue
        table, key = table_of(terms, choice.path), last(choice.path)
        table[key] = list(codes)
        if not codes and choice.bare is Bare.NO_ROW:
            del table[key]
    if not terms["required"]:
        yield Wrong(field=f"{TICK}required/{next(iter(base.terms.required))}", fault=Fault.NOTHING_TICKED)


def _choice(terms: JsonObject, path: str, known: tuple[str, ...], *, bare: Bare = Bare.WRONG) -> Choice:
    ticked = _codes(table_of(terms, path).get(last(path)))
    return Choice(path=path, codes=tuple(dict.fromkeys((*known, *ticked))), ticked=ticked, bare=bare)


def _codes(value: JsonValue) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
