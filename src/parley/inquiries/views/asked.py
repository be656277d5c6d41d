"""Which list somebody asks for: the filter, the order and the place as they stand in an address.

Everything stays in the address, so that a list can be kept, sent to a colleague, and gone back
to. What no list knows is as if it were not asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.http import urlencode

from parley.inquiries.queries.listing import Filter
from parley.inquiries.queries.paging import Sort, Spot
from parley.protocol.inquiries.codes import State
from parley.protocol.terms import ITEMS
from parley.ui.words import URGENCIES

OURS: Final = "ours"
THEIRS: Final = "theirs"
OPEN: Final = "open"
SETTLED: Final = "settled"
CLOSED: Final = "closed"

_STANDINGS: Final[Mapping[str, tuple[bool | None, bool | None]]] = {
    OPEN: (True, None),
    SETTLED: (False, False),
    CLOSED: (None, True),
}
_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "direction": frozenset({OURS, THEIRS}),
    "mine": frozenset({"1"}),
    "overdue": frozenset({"1"}),
    "standing": frozenset(_STANDINGS),
    "urgency": frozenset(URGENCIES),
    "item": frozenset(ITEMS),
    "state": frozenset(state.value for state in State),
    "sort": frozenset(sort.value for sort in Sort),
}
MAX_BATCH: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parameters of a list that were given and are known; a place in it apart.

    `kept` are those that stand in the address of its pages.
    """

    given: Mapping[str, str]
    spot: Spot
    kept: Mapping[str, str]

    def value(self, name: str) -> str:
        """Return what was given as `name`, empty if nothing."""
        return self.given.get(name, "")

    @property
    def sort(self) -> Sort:
        """Return the order: what is overdue stands with the longest overdue first."""
        if self.value("overdue") and not self.value("sort"):
            return Sort.DUE
        return Sort(self.value("sort") or Sort.NEWEST)

    @property
    def is_filtered(self) -> bool:
        """Return whether anything but the order was asked for."""
        return bool(set(self.given) - {"sort"})

    def filter(self, link: str) -> Filter:
        """Return the filter on `link`."""
        is_open, is_closed = _STANDINGS.get(self.value("standing"), (None, None))
        return Filter(
            link=link,
            is_ours={OURS: True, THEIRS: False}.get(self.value("direction")),
            is_open=is_open,
            is_closed=is_closed,
            my_move=bool(self.value("mine")),
            overdue=bool(self.value("overdue")),
            batch=self.value("batch") or None,
            urgency=self.value("urgency") or None,
            item=self.value("item") or None,
            state=self.value("state") or None,
        )

    def address(self, **changes: str) -> str:
        """Return the query of the same list with `changes`; an empty value takes one away."""
        wanted = {name: value for name, value in {**self.kept, **changes}.items() if value}
        return f"?{urlencode(wanted)}"


def asked_in(query: QueryDict) -> Asked:
    """Return which list `query` asks for."""
    given = {name: value for name, known in _KNOWN.items() if (value := query.get(name, "")) in known}
    if 0 < len(batch := query.get("batch", "")) <= MAX_BATCH:
        given["batch"] = batch
    return Asked(given=given, spot=spot_in(query), kept=given)


def spot_in(query: QueryDict) -> Spot:
    """Return the place in a list that `query` names."""
    return Spot(
        after=query.get("after") or None,
        before=query.get("before") or None,
        is_end=query.get("end") == "1",
    )
