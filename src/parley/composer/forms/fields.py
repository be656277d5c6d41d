"""The fields of a draft of inquiries: their names on the page and in the house are the same.

paste                     the text in the box, until it becomes rows
type                      what the lines are: phishing_site or information
all.zone .brand .time     for rows that say nothing themselves
row.4                     the row as it came in; row.4.url .brand .time … what somebody made of it
row.4.out .mask .keep .again   "1": left out, masked, taken as it stands, asked again
gone                      rows that others took the place of, as 1-20,24
item urgency want.preserve purpose …   what is asked, one form for all rows
files                     hashes of the files that go along, one a line; no page writes it by itself
source.1 source.1.0       what came in: from where, and its text in pieces
sending sending.1.0 outcome.1.0        what was sent, exactly, and what became of it
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from parley.protocol.inquiries.codes import Type, Want

COVER: Final = (
    "item",
    "urgency",
    "urgency_reason",
    "purpose",
    "legal_basis",
    "facts",
    "title",
    "authority",
    "case",
    "tlp",
    "batch",
    "grouping",
)
CELLS: Final = ("url", "brand", "time", "zone", "state", "note", "group", "subject", "kind", "questions")
MARKS: Final = ("out", "mask", "keep", "again")
_ROW: Final = re.compile(rf"row\.([1-9][0-9]{{0,5}})\.({'|'.join((*CELLS, *MARKS))})", re.ASCII)
_OTHERS: Final = frozenset(
    {"paste", "type", "all.zone", "all.brand", "all.time", "all.questions", *COVER}
    | {f"want.{want.value}" for want in Want}
)


def posted(form: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return the fields that a page brings; what is no field of a draft is left out.

    A box to tick brings an empty value beside its own, so that it is brought unticked, too.
    Browsers write line ends in two ways; one of them is kept.
    """
    return {
        name: next(filter(None, values), "").replace("\r\n", "\n").replace("\r", "\n")
        for name, values in form
        if is_field(name)
    }


def is_field(name: str) -> bool:
    """Return whether a page may write the field `name`."""
    return name in _OTHERS or _ROW.fullmatch(name) is not None


def row_of(name: str) -> tuple[int, str] | None:
    """Return the number of the row and the name of its cell or mark; None for other fields."""
    found = _ROW.fullmatch(name)
    return None if found is None else (int(found[1]), found[2])


def wants_of(values: Mapping[str, str]) -> tuple[Want, ...]:
    """Return what is ticked."""
    return tuple(want for want in Want if values.get(f"want.{want.value}"))


def type_of(values: Mapping[str, str]) -> Type:
    """Return what the lines are; phishing sites unless somebody said otherwise."""
    return Type.INFORMATION if values.get("type") == Type.INFORMATION.value else Type.PHISHING_SITE
