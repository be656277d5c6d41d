"""Which inquiry people mean by what they say on the telephone: a place, a short id, a registry number.

    A 112 or a-112   a place in a log (`protocol/places.py`); that of an answer means the inquiry it answers
    k7mf3qzd         the first eight characters of an id, as base32
    2026-0417        the number that either side gave it, or to a batch

A number may look like one of the others: whatever is called so is found.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from parley.inquiries.models import Batch, Event, Inquiry
from parley.inquiries.queries.rows import str_place
from parley.protocol.act import read_id, short_id
from parley.protocol.places import heard_place, mark

MAX_NAME: Final = 64
MAX_CALLED: Final = 20
_SHORT: Final = re.compile(r"[a-z2-7]{8}", re.IGNORECASE)
_FULL: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An inquiry that is called so, or, with `batch`, a batch."""

    link: str
    place: str = ""
    batch: str = ""
    is_ours: bool = True


def called(name: str, *, links: Iterable[str]) -> tuple[Called, ...]:
    """Return what people call `name` on these links: no more than `MAX_CALLED` inquiries or batches."""
    spoken = unicodedata.normalize("NFKC", name).strip()
    wanted = tuple(links)
    if not spoken or len(spoken) > MAX_NAME:
        return ()
    rows = {
        row.key: row
        for condition in _conditions(spoken, wanted)
        for row in Inquiry.objects.filter(condition)[:MAX_CALLED]
        if row.link in wanted and _is_called(row, spoken)
    }
    if rows:
        newest = sorted(rows.values(), key=lambda row: row.order, reverse=True)
        return tuple(Called(link=row.link, place=str_place(row), is_ours=row.is_ours) for row in newest)
    keys = [f"{link}/{letter}/{spoken}" for link in wanted for letter in "AB"]
    batches = Batch.objects.filter(key__in=keys).order_by("-order")[:MAX_CALLED]
    return tuple(Called(link=row.link, batch=row.ref, is_ours=row.is_ours) for row in batches)


def _conditions(spoken: str, links: Iterable[str]) -> Iterator[Q]:
    """Yield what to look for, one index each."""
    yield Q(ref=spoken)
    yield Q(their_ref=spoken)
    if place := heard_place(spoken):
        keys = [f"{link}/{mark(place.letter, place.lane)}/{place.index}" for link in links]
        yield Q(key__in=Event.objects.filter(key__in=keys).values("thread"))
    if _FULL.fullmatch(spoken):
        yield Q(inquiry=spoken)
    if _SHORT.fullmatch(spoken):
        first = base64.b32decode(spoken.upper())
        # Six characters of base64 are 36 of the 40 bits that were said; `_is_called` looks at all.
        start = base64.urlsafe_b64encode(first).decode()[:6]
        yield Q(inquiry__gte=start, inquiry__lt=start + "~")


def _is_called(row: Inquiry, spoken: str) -> bool:
    if _SHORT.fullmatch(spoken) is None or spoken in {row.ref, row.their_ref}:
        return True
    return short_id(read_id(row.inquiry)) == spoken.lower()
