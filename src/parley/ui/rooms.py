"""The rooms beside inquiries and calls: what is dealt with in each, and the address at which it is read.

What a statement is about is told by the first word of its kind: a finding is read in its case, a concern
under its commitment, a clause in its round. Pages above all rooms, such as the desk and search, lead there.
"""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse

from parley.ui.words import Labels

ROOMS: Final[Labels] = {
    "guideline": ("guideline", "指导原则"),
    "review": ("review", "统计回顾"),
    "sharing": ("information offered", "主动提供的信息"),
    "case": ("joint case", "联合办理案件"),
    "commitment": ("commitment", "承诺"),
    "round": ("round", "对话"),
}
BEGINNINGS: Final = frozenset({"guideline.proposed", "guideline.amended", "review.cut_proposed"})
"""Each is a matter by itself, though it opens no thread; what else is said of a text or a review names it."""
_ALSO: Final[Mapping[str, str]] = {
    "finding": "case",
    "concern": "commitment",
    "outcome": "round",
    # Of the forms in which information is offered, whose drafts are called so.
    "share": "sharing",
}
_PAGES: Final[Mapping[str, str]] = {
    "guideline": "guidelines:draft",
    "review": "review:page",
    "sharing": "sharing:page",
    "case": "cases:page",
    "commitment": "dialogue:commitment",
    "round": "dialogue:round",
}

_FORMS: Final[Mapping[str, str]] = {
    "guideline": "guidelines:new",
    "review": "review:new",
    "sharing": "sharing:new",
    "case": "cases:new",
    "commitment": "dialogue:new_commitment",
    "round": "dialogue:new_round",
}


def room_of(kind: str | None) -> str:
    """Return the room of a statement of this kind, or of a draft for one; "" if it is in none of these."""
    first = (kind or "").partition(".")[0]
    room = _ALSO.get(first, first)
    return room if room in ROOMS else ""


def href_of(room: str, link: str, place: str) -> str:
    """Return the address of the page on which the matter stands that began at `place` (``A 3``)."""
    return reverse(_PAGES[room], kwargs={"link": link, "place": place.replace(" ", "-")})


def form_of(room: str, link: str) -> str:
    """Return the address of the form in which a matter is begun."""
    return reverse(_FORMS[room], kwargs={"link": link})
