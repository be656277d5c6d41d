"""The list of a link: what both sides asked, filtered as the address says, and its batches at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.forms.telling import URGENCIES
from parley.inquiries.queries.batches import latest_batches
from parley.inquiries.queries.paging import MAX_COUNTED, Counts, Page, Sort, Spot, count_for, page_of
from parley.inquiries.queries.sheets import MAX_INQUIRIES
from parley.inquiries.views.asked import CLOSED, OPEN, OURS, SETTLED, THEIRS, Asked, asked_in
from parley.inquiries.views.lines import batch_line, lines_of
from parley.ledger.readers import OpenLink, link_called
from parley.links.queries.cursor import CursorError
from parley.protocol.inquiries.codes import State
from parley.protocol.terms import ITEMS
from parley.ui import words

# What is chosen by a link above the list, and by no select of the form.
_QUICK: Final = ("mine", "overdue", "standing", "batch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be chosen: a link of the row above the list, or a line of a select."""

    value: str
    text: str
    is_chosen: bool
    count: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """A select of the form: its parameter, its label, what can be chosen."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@require_safe
def space(_request: PersonRequest, link: str) -> HttpResponse:
    """Lead from the partner's space to its list."""
    opened_link(link)
    return HttpResponseRedirect(reverse("inquiries:list", kwargs={"link": link}))


@require_safe
def listing(request: PersonRequest, link: str) -> HttpResponse:
    opened_link(link)
    asked = asked_in(request.GET)
    page = page_at(asked, link=link, now=request.now)
    counts = count_for(link, now=request.now)
    return render(
        request,
        "inquiries/list.html",
        {
            "is_filtered": asked.is_filtered,
            "is_narrowed": bool(set(asked.given) - set(_QUICK)),
            "batch": asked.value("batch"),
            "hidden": [(name, value) for name in _QUICK if (value := asked.value(name))],
            "query": asked.address(),
            "inquiries_query": asked.address(of="inquiries"),
            "lines": lines_of(page.rows, link=link, now=request.now),
            "moves": moves_of(asked, page),
            "quick": _quick(asked, counts),
            "choosers": (*_choosers(asked), _orders(asked)),
            "order": _order(asked.sort),
            "batches": [batch_line(row) for row in latest_batches(link)],
            "limit": MAX_INQUIRIES,
        },
    )


def opened_link(name: str) -> OpenLink:
    """Return the link of this name.

    Raises:
        Http404: there is none.
    """
    found = link_called(settings.HOME, name)
    if found is None:
        raise Http404
    return found


def page_at(asked: Asked, *, link: str, now: int) -> Page:
    """Return the page that is asked for; the first one where the place in the list is none."""
    wanted = asked.filter(link)
    try:
        return page_of(wanted, sort=asked.sort, spot=asked.spot, now=now)
    except CursorError:
        return page_of(wanted, sort=asked.sort, spot=Spot(), now=now)


def moves_of(asked: Asked, page: Page) -> tuple[Choice, ...]:
    """Return the ways to the other pages of the list, as far as there are any."""
    moves = (
        ("before", _("First page"), asked.address() if page.before else ""),
        ("prev", _("Previous page"), asked.address(before=page.before) if page.before else ""),
        ("next", _("Next page"), asked.address(after=page.after) if page.after else ""),
        ("after", _("Last page"), asked.address(end="1") if page.after else ""),
    )
    return tuple(
        Choice(value=address, text=text, count=rel if rel in {"prev", "next"} else "", is_chosen=False)
        for rel, text, address in moves
        if address
    )


def _quick(asked: Asked, counts: Counts) -> tuple[Choice, ...]:
    """Return the lists that are looked at most, each with how many inquiries are in it."""
    # A step from one of these to another keeps the rest of the filter.
    others = {"mine": "", "overdue": "", "standing": "", "sort": ""}
    is_none = not (asked.value("mine") or asked.value("overdue") or asked.value("standing"))
    return (
        Choice(value=asked.address(**others), text=_("All"), is_chosen=is_none),
        *(
            Choice(
                value=asked.address(**{**others, name: value}),
                text=text,
                is_chosen=asked.value(name) == value,
                count=_counted(count),
            )
            for name, value, text, count in (
                ("mine", "1", _("Our move"), counts.my_move),
                ("overdue", "1", _("Overdue"), counts.overdue),
                ("standing", OPEN, _("Open"), counts.open),
            )
        ),
        Choice(
            value=asked.address(**{**others, "standing": SETTLED}),
            text=_("Settled"),
            is_chosen=asked.value("standing") == SETTLED,
        ),
        Choice(
            value=asked.address(**{**others, "standing": CLOSED}),
            text=_("Closed"),
            is_chosen=asked.value("standing") == CLOSED,
        ),
    )


def _counted(count: int) -> str:
    return f"{MAX_COUNTED - 1}+" if count >= MAX_COUNTED else str(count)


def _choosers(asked: Asked) -> tuple[Chooser, ...]:
    urgencies = ((code, f"{code} {words.label(code, URGENCIES)}") for code in URGENCIES)
    items = ((code, words.label(code, words.COOPERATION)) for code in ITEMS)
    states = ((state.value, words.label(state.value, words.STATES)) for state in State)
    return (
        _chooser(asked, "direction", _("Direction"), of=((OURS, _("we ask")), (THEIRS, _("they ask")))),
        _chooser(asked, "urgency", _("Urgency"), of=urgencies),
        _chooser(asked, "item", _("Agreed item"), of=items),
        _chooser(asked, "state", _("With an item that is"), of=states),
    )


def _chooser(asked: Asked, name: str, label: str, *, of: Iterable[tuple[str, str]]) -> Chooser:
    every = Choice(value="", text=_("any"), is_chosen=not asked.value(name))
    choices = (Choice(value=value, text=text, is_chosen=asked.value(name) == value) for value, text in of)
    return Chooser(name=name, label=label, choices=(every, *choices))


def _orders(asked: Asked) -> Chooser:
    found = (Choice(value=sort.value, text=_order(sort), is_chosen=sort is asked.sort) for sort in Sort)
    return Chooser(name="sort", label=_("Order"), choices=tuple(found))


def _order(sort: Sort) -> str:
    match sort:
        case Sort.NEWEST:
            return _("newest first")
        case Sort.OLDEST:
            return _("oldest first")
        case Sort.DUE:
            return _("first due first")
