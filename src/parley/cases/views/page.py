"""The page of one joint case, the same on both sides: what waits, what each holds, what was said."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.cases.queries import Dossier, UnknownCaseError, case_page
from parley.cases.views.showing.contents import contents
from parley.cases.views.showing.telling import state_text
from parley.cases.views.verbs import moves


@require_safe
def page(request: PersonRequest, link: str, place: str) -> HttpResponse:
    dossier = case_called(link, place, now=request.now)
    shown = contents(dossier, state=state_text(dossier.row))
    saved = request.GET.get("saved", "").replace("-", " ")
    return render(
        request,
        "cases/page.html",
        {
            "page": shown,
            "may_act": may_act(request.officer.role),
            "offers": tuple(moves(dossier)) if may_act(request.officer.role) else (),
            "saved": next((each for each in shown.lines if each.place == saved and each.is_ours), None),
        },
    )


def case_called(link: str, place: str, *, now: int) -> Dossier:
    """Return the case at `place` (``A-3``) of `link`.

    Raises:
        Http404: there is none, or its row is not written yet.
    """
    try:
        return case_page(settings.HOME, link, place, now=now)
    except UnknownCaseError as error:
        raise Http404 from error
