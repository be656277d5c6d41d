"""Who may see a draft, and on which link: the link is that of the address, whatever a form says."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.composer.queries.work import PURPOSE
from parley.drafts.actions import Hand
from parley.drafts.queries import DraftRow, UnknownDraftError, find_draft
from parley.ledger.readers import OpenLink, link_called, side_name

P = ParamSpec("P")
OnLink = Callable[Concatenate[PersonRequest, OpenLink, P], HttpResponse]
OnDraft = Callable[Concatenate[PersonRequest, OpenLink, DraftRow, P], HttpResponse]


def on_link(view: OnLink[P]) -> Callable[..., HttpResponse]:
    """Let `view` answer for officers alone, with the link that the address names."""

    @wraps(view)
    def answer(request: PersonRequest, /, link: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_act(request.officer.role):
            return render(request, "agencies/viewer.html", status=403)
        found = link_called(settings.HOME, link)
        if found is None:
            raise Http404
        return view(request, found, *args, **kwargs)

    return answer


def on_draft(view: OnDraft[P]) -> Callable[..., HttpResponse]:
    """Let `view` answer for officers alone, with the link and the draft that the address names."""

    @wraps(view)
    def answer(
        request: PersonRequest, link: OpenLink, /, number: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            row = find_draft(number)
        except UnknownDraftError as error:
            raise Http404 from error
        if row.purpose != PURPOSE:
            raise Http404
        if row.link != link.row.name:
            return _other_link(request, link, row)
        return view(request, link, row, *args, **kwargs)

    return on_link(answer)


def _other_link(request: PersonRequest, here: OpenLink, draft: DraftRow) -> HttpResponse:
    there = link_called(settings.HOME, draft.link)
    page = {
        "draft": draft,
        "here": side_name(here.row),
        "there": draft.link if there is None else side_name(there.row),
    }
    return render(request, "composer/other_link.html", page, status=404)


def page_of(request: PersonRequest) -> str:
    """Return which rendered page a form comes from; a page that does not say is one of its own."""
    said = request.GET.get("page") or request.POST.get("page") or ""
    return said if said.isalnum() and len(said) <= 32 else new_page()


def new_page() -> str:
    """Return a name for a page that is being rendered."""
    return uuid.uuid4().hex


def hand(request: PersonRequest) -> Hand:
    """Return who types, and on which page."""
    return Hand(officer=request.officer.number, session=page_of(request), now=request.now)


def base_of(request: PersonRequest) -> int:
    """Return the revision that the page knew; one that does not say knew nothing."""
    said = request.POST.get("base", "")
    return int(said) if said.isdecimal() and len(said) < 16 else 0
