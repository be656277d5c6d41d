"""Our own translation of what was said in a call: kept here, shown beside the original, never sent.

The original counts (Spec §12.1.5). A translation is a draft of the house that is never said: it is saved
while it is typed, with who typed it, and a colleague may better it. One draft holds those of one call, a
field for each statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.drafts import actions as drafts
from parley.drafts.actions import ClosedError, LimitError
from parley.drafts.queries import Origin, UnknownDraftError, list_drafts, show_draft
from parley.drafts.views import answer_of, hand, new_page, origin_of, refusal_of, see
from parley.hotline.queries import Dossier, StatementRow
from parley.hotline.views.finding import SoonError, find_call

PURPOSE: Final = "translation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Words of ours for what was said in a statement, and who put them down last."""

    text: str
    by: str
    at: int


def translations(dossier: Dossier) -> Mapping[str, Translation]:
    """Return our translations in this call, by the id of the statement."""
    found = list_drafts(dossier.row.link, purpose=PURPOSE, about=dossier.row.call)
    # Two who began at once made two; what was put down last counts.
    return {
        name: Translation(text=text, by=draft.saved_by, at=draft.saved_at)
        for draft in reversed(found)
        for name, text in show_draft(draft.number).values.items()
        if text.strip()
    }


def translation_box(request: PersonRequest, dossier: Dossier) -> dict[str, object]:
    """Return the form to translate a statement of theirs: ``?text=B-hot-5``, or the text that holds."""
    row = _wanted(request, dossier)
    if row is None or not may_act(request.officer.role):
        return {}
    found = list_drafts(dossier.row.link, purpose=PURPOSE, about=dossier.row.call)
    shown = show_draft(found[0].number) if found else None
    return {
        "box": {
            "row": row,
            "value": "" if shown is None else shown.values.get(row.statement, ""),
            "draft": None if shown is None else shown.draft,
            "page": new_page(),
        }
    }


def _wanted(request: PersonRequest, dossier: Dossier) -> StatementRow | None:
    theirs = [each for each in dossier.statements if each.whose.value == "them" and each.text is not None]
    place = request.GET.get("text", "").replace("-", " ") or dossier.text.place
    return next((each for each in theirs if each.place == place), None)


@require_POST
def translate(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Keep a translation, from the button of its form."""
    dossier = _dossier(link, place, request)
    try:
        drafts.keep_all(_origin(request, dossier), _typed(request, dossier), by=hand(request))
    except UnknownDraftError as error:
        raise Http404 from error
    except (LimitError, ClosedError):
        return render(request, "hotline/soon.html", {"place": place}, status=413)
    page = reverse("hotline:page", kwargs={"link": link, "place": place})
    return see(f"{page}#original")


@require_POST
def save(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    dossier = _dossier(link, place, request)
    try:
        done = drafts.keep(_origin(request, dossier), _typed(request, dossier), by=hand(request))
    except UnknownDraftError as error:
        raise Http404 from error
    except (LimitError, ClosedError) as error:
        return refusal_of(error, label=lambda _field: _("Our translation"))
    ids = {each.statement for each in dossier.statements}
    return answer_of(done, is_field=lambda name: name in ids)


def _dossier(link: str, place: str, request: PersonRequest) -> Dossier:
    try:
        return find_call(link, place, now=request.now)
    except SoonError as error:
        raise Http404 from error


def _typed(request: PersonRequest, dossier: Dossier) -> dict[str, str]:
    ids = {each.statement for each in dossier.statements}
    return {
        name: text.replace("\r\n", "\n")
        for name, text in request.POST.items()
        if name in ids and isinstance(text, str)
    }


def _origin(request: PersonRequest, dossier: Dossier) -> Origin:
    return origin_of(request, link=dossier.row.link, purpose=PURPOSE, about=dossier.row.call)
