"""The page of what was found. A number, a place or an id leads straight to what is called so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.inquiries.queries.names import Called, called
from parley.inquiries.queries.paging import rows_of
from parley.inquiries.queries.rows import InquiryRow
from parley.ledger.readers import OpenLink, links_of, reader_of, side_name
from parley.search.forms import MAX_QUERY, Piece
from parley.search.queries import Hit, search, standing
from parley.ui import pieces, words

# What a text is: the words of the form in which it was asked, and a few more.
_TEXTS: Final[words.Labels] = {
    **words.FIELDS,
    "authority": ("authority", "请求机关"),
    "case": ("case number", "案件编号"),
    "batch": ("batch", "批次"),
    "ref": ("number", "文号"),
    "note": ("note", "备注"),
    "host": ("host name", "域名"),
    "legitimate_url": ("genuine site", "真实网站"),
    "extra": ("technical detail", "技术信息"),
    "said": ("statement", "声明"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An inquiry that was found: its row, on which link, and where in it the words stand."""

    row: InquiryRow
    side: str
    where: str
    items: SafeString
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of several things that are called as was typed."""

    href: str
    text: str
    side: str


@require_safe
def results(request: PersonRequest) -> HttpResponse:
    typed = request.GET.get("q", "").strip()[:MAX_QUERY]
    links = links_of(settings.HOME)
    chosen = next((link.row.name for link in links if link.row.name == request.GET.get("link")), None)
    named = called(typed, links=[chosen] if chosen else [link.row.name for link in links])
    found = search(typed, link=chosen)
    # A partner may give an inquiry any number: one that is a plain word must not hide what was looked for.
    if len(named) == 1 and (not found.hits or any(sign.isdecimal() for sign in typed)):
        return HttpResponseRedirect(_address(named[0]))
    return render(
        request,
        "search/results.html",
        {
            "typed": typed,
            "links": [(link.row.name, side_name(link.row), link.row.name == chosen) for link in links],
            "candidates": _candidates(named, links),
            "results": _results(found.hits, links),
            "has_more": found.has_more,
            "reach": _reach(),
        },
    )


def _results(hits: Sequence[Hit], links: Iterable[OpenLink]) -> tuple[Result, ...]:
    rows = rows_of(hit.key for hit in hits)
    sides = {link.row.name: side_name(link.row) for link in links}
    return tuple(
        Result(
            row=rows[hit.key],
            side=sides[hit.link],
            where=_where(hit),
            items=_items(rows[hit.key]),
            pieces=hit.pieces,
        )
        for hit in hits
        # A row may be told a moment later than it is found, or the other way round.
        if hit.key in rows and hit.link in sides
    )


def _where(hit: Hit) -> str:
    parts = [hit.place] if hit.place else []
    parts += [_("item %(n)d") % {"n": hit.n}] if hit.n is not None else []
    return words.said_of(" · ".join([*parts, words.label(hit.what, _TEXTS)]), "")


def _items(row: InquiryRow) -> SafeString:
    counted = ngettext("%(count)d item", "%(count)d items", row.count) % {"count": row.count}
    return format_html(words.said_of("{}", "{}"), counted, pieces.state_counts(row.states))


def _candidates(named: Iterable[Called], links: Iterable[OpenLink]) -> tuple[Candidate, ...]:
    sides = {link.row.name: side_name(link.row) for link in links}
    return tuple(
        Candidate(
            href=_address(each),
            text=each.place or _("Batch %(ref)s") % {"ref": each.batch},
            side=sides[each.link],
        )
        for each in named
    )


def _address(named: Called) -> str:
    if named.batch:
        address = reverse("inquiries:batch", kwargs={"link": named.link, "ref": named.batch})
        return address if named.is_ours else f"{address}?from=theirs"
    place = named.place.replace(" ", "-")
    return reverse("inquiries:page", kwargs={"link": named.link, "place": place})


def _reach() -> str:
    """Return how far search has read of the record."""
    reader = reader_of(settings.HOME)
    if reader is None:
        return ""
    at = standing(reader)
    if not at.behind:
        return _("Search is up to date.")
    behind = ngettext(
        "Search is %(count)d change behind the record.",
        "Search is %(count)d changes behind the record.",
        at.behind,
    ) % {"count": at.behind}
    return f"{behind} " + _("It has read up to change %(told)d of %(last)d.") % {
        "told": at.told,
        "last": at.last,
    }
