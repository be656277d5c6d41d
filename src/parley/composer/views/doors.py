"""Who may see a draft, and on which link: the link is that of the address, whatever a form says."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.composer.queries.work import PURPOSE
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
