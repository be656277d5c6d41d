"""The page of what was found. A number, a place or an id leads straight to what is called so."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from parley.hotline.queries import CallRow, calls_by_key
from parley.hotline.queries import called as called_calls
from parley.inquiries.queries.names import Called, called
from parley.inquiries.queries.paging import rows_of
from parley.inquiries.queries.rows import InquiryRow
from parley.ledger.calling import MATTERS, AmbiguousError
from parley.ledger.readers import OpenLink, links_of, reader_of, side_name
from parley.ledger.reading import Reader
from parley.protocol.act import read_id
from parley.protocol.places import heard_place
from parley.search.forms import MAX_QUERY, SUPERSEDED, Piece
from parley.search.queries import Hit, search, standing
from parley.ui import callwords, pieces, rooms, words

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
    "object": ("object", "对象"),
    "line": ("minute", "纪要"),
    "why": ("why it is offered", "提供原因"),
    "conditions": ("conditions", "使用条件"),
    "task": ("task", "任务"),
    "finding": ("finding", "结论"),
    SUPERSEDED: ("superseded finding", "已被取代的结论"),
    "measure": ("measure of performance", "履行标准"),
    "clause": ("clause", "条款"),
    "number": ("number", "编号"),
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
class CallResult:
    """A call that was found, likewise."""

    row: CallRow
    side: str
    what: str
    where: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Where what was found is dealt with, in a room beside inquiries and calls."""

    room: str
    href: str
    place: str
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterResult:
    """What another room deals with, likewise; `room` is the word for it."""

    room: str
    href: str
    place: str
    title: str
    side: str
    where: str
    pieces: tuple[Piece, ...]
    is_superseded: bool


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
    names = [chosen] if chosen else [link.row.name for link in links]
    is_superseded = request.GET.get("superseded") == "1"
    found = search(typed, link=chosen, is_superseded=is_superseded)
    inquiries = rows_of(hit.key for hit in found.hits)
    others = [hit for hit in found.hits if hit.key not in inquiries]
    matters = _matters(others, links)
    named = _named(typed, names)
    # A partner may give an inquiry any number: one that is a plain word must not hide what was looked for.
    if len(named) == 1 and (not found.hits or any(sign.isdecimal() for sign in typed)):
        return HttpResponseRedirect(named[0].href)
    return render(
        request,
        "search/results.html",
        {
            "typed": typed,
            "links": [(link.row.name, side_name(link.row), link.row.name == chosen) for link in links],
            "is_superseded": is_superseded,
            "candidates": _candidates(named, links),
            "results": _results(found.hits, inquiries, links),
            "calls": _call_results([hit for hit in others if hit.key not in matters], links),
            "matters": tuple(_matter_result(hit, matters[hit.key]) for hit in others if hit.key in matters),
            "has_more": found.has_more,
            "reach": _reach(),
        },
    )


def _results(
    hits: Sequence[Hit], rows: Mapping[str, InquiryRow], links: Iterable[OpenLink]
) -> tuple[Result, ...]:
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


def _call_results(hits: Sequence[Hit], links: Iterable[OpenLink]) -> tuple[CallResult, ...]:
    rows = calls_by_key(hit.key for hit in hits) if hits else {}
    sides = {link.row.name: side_name(link.row) for link in links}
    return tuple(
        CallResult(
            row=rows[hit.key],
            side=sides[hit.link],
            what=words.label(rows[hit.key].what, callwords.WHATS),
            where=_where(hit),
            pieces=hit.pieces,
        )
        for hit in hits
        if hit.key in rows and hit.link in sides
    )


def _matters(hits: Sequence[Hit], links: Iterable[OpenLink]) -> dict[str, Matter]:
    """Return by key what other rooms deal with among these hits, as the record has it."""
    reader = reader_of(settings.HOME)
    sides = {link.row.name: side_name(link.row) for link in links}
    found: dict[str, Matter] = {}
    for hit in hits:
        statement = read_id(hit.inquiry)
        row = None if reader is None or hit.link not in sides else reader.row(hit.link, statement)
        if row is not None and (room := rooms.room_of(row.kind)):
            href = rooms.href_of(room, hit.link, row.place)
            found[hit.key] = Matter(room=room, href=href, place=row.place, side=sides[hit.link])
    return found


def _matter_result(hit: Hit, matter: Matter) -> MatterResult:
    return MatterResult(
        room=words.label(matter.room, rooms.ROOMS),
        href=matter.href,
        place=matter.place,
        title=_title(hit),
        side=matter.side,
        where=_where(hit),
        pieces=hit.pieces,
        is_superseded=hit.is_superseded,
    )


def _title(hit: Hit) -> str:
    """Return the title in the reader's language; one that has one language is told in that."""
    return (hit.titles[-1] if words.is_chinese() else hit.titles[0]) if hit.titles else ""


def _where(hit: Hit) -> str:
    parts = [hit.place] if hit.place else []
    parts += [_("item %(n)d") % {"n": hit.n}] if hit.n is not None else []
    return words.said_of(" · ".join([*parts, words.label(hit.what, _TEXTS)]), "")


def _items(row: InquiryRow) -> SafeString:
    counted = ngettext("%(count)d item", "%(count)d items", row.count) % {"count": row.count}
    return format_html(words.said_of("{}", "{}"), counted, pieces.state_counts(row.states))


def _named(typed: str, names: Sequence[str]) -> tuple[Candidate, ...]:
    """Return all that is called as was typed: by place, by id, or by the number that a side gave it."""
    found = (
        *map(_inquiry, called(typed, links=names)),
        *map(_call, called_calls(typed, links=names)),
        *_matters_called(typed, names),
    )
    return tuple({each.href: each for each in found}.values())


def _matters_called(typed: str, names: Iterable[str]) -> Iterator[Candidate]:
    """Yield what the statement is about that is called so, where that is a matter of another room."""
    reader, place = reader_of(settings.HOME), heard_place(typed)
    for link in names if reader is not None and typed else ():
        assert reader is not None, "it was looked at"
        begun = _begun(reader, link, place.text if place else unicodedata.normalize("NFKC", typed))
        first = None if begun is None else reader.row(link, begun)
        if first is not None and (room := rooms.room_of(first.kind)):
            text = f"{words.label(room, rooms.ROOMS)} {first.place}"
            yield Candidate(href=rooms.href_of(room, link, first.place), text=text, side=link)


def _begun(reader: Reader, link: str, name: str) -> bytes | None:
    """Return the statement that began what the one called `name` is about; None if it is not one alone."""
    try:
        # Inquiries and calls were found by their numbers, of which `view.db` has an index.
        statement = reader.find(link, name, numbered=MATTERS)
    except AmbiguousError:
        return None
    row = None if statement is None else reader.row(link, statement)
    if row is None or row.act is None or row.thread is not None or row.kind in rooms.BEGINNINGS:
        return statement if row is None else row.thread or row.statement
    return row.act.re


def _candidates(named: Iterable[Candidate], links: Iterable[OpenLink]) -> tuple[Candidate, ...]:
    sides = {link.row.name: side_name(link.row) for link in links}
    return tuple(replace(each, side=sides[each.side]) for each in named)


def _inquiry(named: Called) -> Candidate:
    """Return the inquiry or batch that is called so; its side is still the name of the link."""
    if named.batch:
        address = reverse("inquiries:batch", kwargs={"link": named.link, "ref": named.batch})
        href = address if named.is_ours else f"{address}?from=theirs"
        return Candidate(href=href, text=_("Batch %(ref)s") % {"ref": named.batch}, side=named.link)
    place = named.place.replace(" ", "-")
    href = reverse("inquiries:page", kwargs={"link": named.link, "place": place})
    return Candidate(href=href, text=named.place, side=named.link)


def _call(row: CallRow) -> Candidate:
    href = reverse("hotline:page", kwargs={"link": row.link, "place": row.place_path})
    return Candidate(href=href, text=row.place, side=row.link)


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
