"""The page of one joint case, the same on both sides: what waits, what each holds, what was said.

Beside what is shared stand our own notes and what is begun and not said yet, in boxes of what stays here.
"""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.cases.queries import Dossier
from parley.cases.views.finding import case_called
from parley.cases.views.showing.contents import contents
from parley.cases.views.showing.telling import state_text
from parley.cases.views.verbs import PURPOSE, moves, title_of
from parley.notes.queries import begun_of, notes_of
from parley.notes.views import form_of
from parley.sharing.views.begun import Begun, begun


@require_safe
def page(request: PersonRequest, link: str, place: str) -> HttpResponse:
    dossier = case_called(link, place, now=request.now)
    shown = contents(dossier, state=state_text(dossier.row))
    saved = request.GET.get("saved", "").replace("-", " ")
    is_officer = may_act(request.officer.role)
    return render(
        request,
        "cases/page.html",
        {
            "page": shown,
            "may_act": is_officer,
            "offers": tuple(moves(dossier)) if is_officer else (),
            "begun": tuple(_begun(dossier)) if is_officer else (),
            "saved": next((each for each in shown.lines if each.place == saved and each.is_ours), None),
            **_notes(request, dossier),
        },
    )


def _begun(dossier: Dossier) -> Iterator[Begun]:
    where = {"link": dossier.link.name, "place": dossier.row.place_path}

    def form(verb: str) -> tuple[str, str]:
        name = title_of(verb)
        return name, reverse("cases:say", kwargs={**where, "verb": verb}) if name else ""

    places = {each.statement: each.place_path for each in dossier.timeline.statements}
    yield from begun(dossier.link.name, PURPOSE, places=places, thread=dossier.row.case, form=form)


def _notes(request: PersonRequest, dossier: Dossier) -> dict[str, object]:
    """Return our own notes on the case; with ``?note=42`` the form goes on with that draft."""
    said = request.GET.get("note", "")
    number = int(said) if said.isdecimal() and len(said) < 16 else None
    link, case = dossier.link.name, dossier.row.case
    return {
        "notes": notes_of(link, case),
        "notes_link": link,
        "notes_place": dossier.row.place_path,
        **form_of(begun_of(link, case, number=number)),
    }
