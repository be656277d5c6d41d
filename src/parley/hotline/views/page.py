"""The page of one call, the same on both sides: what is asked, who is rung, what was said, what is next."""

import uuid

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.guidelines.queries import governing
from parley.hotline.queries import Dossier
from parley.hotline.views.finding import SoonError, find_call, standing_of
from parley.hotline.views.keeping import opened
from parley.hotline.views.sheet import Sheet, page_of_form
from parley.hotline.views.showing.contents import CallShown, contents
from parley.hotline.views.taking import rungs_for
from parley.hotline.views.translating import translation_box, translations
from parley.hotline.views.voicing import rungs_of_principals
from parley.ledger.readers import reader_of
from parley.links.policy import Whose
from parley.protocol.act import read_id
from parley.ui import callwords, words
from parley.ui.slots import fills

FORM_OF = {"read_back": "read-back", "say": "message"}
"""Which form comes next, by whose turn it is."""


@require_safe
def page(request: PersonRequest, link: str, place: str) -> HttpResponse:
    try:
        dossier = find_call(link, place, now=request.now)
    except SoonError:
        return render(request, "hotline/soon.html", {"place": place})
    standing = standing_of(link, now=request.now) if _is_silent(dossier) else None
    shown = contents(dossier, standing)
    is_officer = may_act(request.officer.role)
    return render(
        request,
        "hotline/page.html",
        {
            "page": shown,
            "may_act": is_officer,
            "beside": fills("call", request, link=dossier.row.link, thread=dossier.row.call),
            "translated": tuple(translations(dossier).items()),
            **_governed(dossier),
            **_saved(request, shown),
            **(_turn(request, dossier, shown) if is_officer else {}),
            **translation_box(request, dossier),
        },
    )


def _is_silent(dossier: Dossier) -> bool:
    owed = dossier.row.owed.get(Whose.THEM)
    return owed is not None and owed.cause == "take" and owed.since <= dossier.now


def _governed(dossier: Dossier) -> dict[str, object]:
    """Return the guideline by whose limits the call runs, and its clauses that say them."""
    reader = reader_of(settings.HOME)
    assert reader is not None, "the call was read from it"
    found = governing(reader, dossier.link.row, read_id(dossier.row.call))
    return {"governing": found, "limit_clauses": () if found is None else found.clauses("hotline/limits")}


def _saved(request: PersonRequest, shown: CallShown) -> dict[str, object]:
    """Return the statement that was just said, by what is proved of it."""
    place = request.GET.get("saved", "").replace("-", " ")
    return {"saved": next((line for line in shown.said if line.place == place and line.is_own), None)}


def _turn(request: PersonRequest, dossier: Dossier, shown: CallShown) -> dict[str, object]:
    """Return the form that comes next for our side, and at which rungs this officer may take the call."""
    rungs = rungs_for(dossier, officer=request.officer.number, now=request.now)
    found: dict[str, object] = {
        "take_rungs": [(each.value, words.label(each.value, callwords.RUNGS)) for each in rungs],
        "take_key": uuid.uuid4().hex,
        "rings_principals": bool(rungs_of_principals(dossier)),
    }
    verb = FORM_OF.get(shown.turn)
    if verb is None:
        return found
    sheet = Sheet(dossier=dossier, verb=verb, now=request.now)
    return found | page_of_form(sheet, opened(request, sheet.form), request)
