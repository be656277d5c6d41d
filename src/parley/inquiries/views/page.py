"""The page of one inquiry: what both sides said of it, how each item stands, what can be said now."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.agencies.queries import HoldRow, holds
from parley.drafts.queries import DraftRow, list_begun
from parley.inquiries.forms.saying.keeping import PURPOSE
from parley.inquiries.forms.saying.offers import offers
from parley.inquiries.forms.saying.verbs import VERBS, Shape, Verb
from parley.inquiries.forms.saying.wording import verb_name
from parley.inquiries.views.finding import Found, find_inquiry
from parley.inquiries.views.sheet import spoken_in
from parley.inquiries.views.showing.contents import contents
from parley.inquiries.views.showing.enclosed import file_lines
from parley.inquiries.views.showing.eyes import our_eyes
from parley.inquiries.views.showing.items import Choice, Sort
from parley.inquiries.views.showing.reply import is_answered
from parley.inquiries.views.showing.timeline import Line
from parley.notes.queries import Begun, begun_of, notes_of
from parley.notes.views import form_of
from parley.protocol.act import id_text
from parley.protocol.inquiries.moves import Writer
from parley.ui.slots import fills


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A verb that can be said now. `is_for_items`: about those that are ticked in the table."""

    verb: Verb
    name: str
    is_for_items: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunForm:
    """Something that was begun and is not said yet, and where its form is."""

    draft: DraftRow
    name: str
    draft_href: str


@require_safe
def page(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found = find_inquiry(link, place)
    if found.dossier is None:
        return render(request, "inquiries/soon.html", {"found": found})
    shown = contents(found, our_eyes(found), choice_of(request), now=request.now)
    is_officer = may_act(request.officer.role)
    return render(
        request,
        "inquiries/page.html",
        {
            "page": shown,
            "page_files": file_lines(found),
            "hold": _hold(found),
            "has_answer": is_answered(found),
            "beside": fills("inquiry", request, link=found.link.name, thread=id_text(found.thread)),
            **_saved(request, found, shown.lines),
            "offers": tuple(_offers(found)) if is_officer else (),
            "begun": tuple(_begun(found)) if is_officer else (),
            "may_act": is_officer,
            "key": uuid.uuid4().hex,
            "notes": notes_of(link, id_text(found.thread)),
            "notes_link": link,
            "notes_place": place,
            **form_of(_notes_begun(request, found)),
        },
    )


def _hold(found: Found) -> HoldRow | None:
    """Return the legal hold on the inquiry, if there is one: it stays here, and nobody else learns of it."""
    thread = id_text(found.thread)
    return next((each for each in holds() if (each.link, each.statement) == (found.link.name, thread)), None)


def _begun(found: Found) -> Iterable[BegunForm]:
    for draft in list_begun(found.link.name, purposes=PURPOSE, about=id_text(found.thread)):
        verb = draft.purpose.removeprefix(PURPOSE)
        if verb in VERBS:
            place = {"link": found.link.name, "place": found.place, "verb": verb}
            href = f"{reverse('inquiries:say', kwargs=place)}?draft={draft.number}"
            yield BegunForm(draft=draft, name=verb_name(verb), draft_href=href)


def _notes_begun(request: PersonRequest, found: Found) -> Begun:
    """Return the notes that are being typed; with ``?note=42`` the form goes on with that one."""
    said = request.GET.get("note", "")
    number = int(said) if said.isdecimal() and len(said) < 16 else None
    return begun_of(found.link.name, id_text(found.thread), number=number)


def choice_of(request: PersonRequest) -> Choice:
    """Return how the address of the page wants the items.

    Raises:
        Http404: it asks for what there is not.
    """
    sort, begin = request.GET.get("sort", Sort.NUMBER.value), request.GET.get("from", "0")
    if sort not in {each.value for each in Sort} or not (begin.isdecimal() and len(begin) <= 4):
        raise Http404
    return Choice(sort=Sort(sort), is_open=request.GET.get("show") == "open", begin=int(begin))


def _saved(request: PersonRequest, found: Found, lines: Iterable[Line]) -> dict[str, object]:
    """Return the statement that was just said, by what is proved of it; its place, if no row tells yet."""
    place = request.GET.get("saved", "").replace("-", " ")
    line = next((line for line in lines if line.place == place and line.is_own), None)
    is_there = any(row.place == place and row.letter == found.link.my_letter for row in found.entries)
    return {"saved": line, "saved_place": place if is_there else ""}


def _offers(found: Found) -> Iterable[Offer]:
    """Yield what can be said now. It is judged by the record itself, never by rows that may lag behind it."""
    state = None if found.terms is None else found.state
    if state is None:
        return
    for verb in offers(state, found.link.me, spoken_in(found)):
        is_for_items = any(field.shape in {Shape.ITEMS, Shape.FINDINGS} for field in verb.fields)
        # A dispute is about a statement, and so it stands there, in the timeline.
        if verb.move.writer is not Writer.EITHER:
            yield Offer(verb=verb, name=verb_name(verb.name), is_for_items=is_for_items)
