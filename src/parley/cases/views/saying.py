"""Saying something in a case: its forms, and what is told of what stands in the way."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest, streamed
from parley.agencies.policy import may_act
from parley.cases.forms.texts import LongWordsError, MissingWordsError
from parley.cases.queries import Dossier
from parley.cases.views.fields import FORMS, At, form_of, proposal_form
from parley.cases.views.finding import case_called
from parley.cases.views.findings import PartialAlternativeError, first_of, grounds_of
from parley.cases.views.showing.contents import contents
from parley.cases.views.showing.telling import in_language, state_text
from parley.cases.views.verbs import PURPOSE, Move, moves, title_of
from parley.ledger.enclosing import TooManyFilesError
from parley.ledger.readers import link_called, side_name
from parley.links.actions.speaking import Target
from parley.protocol.act import read_id
from parley.sharing.views.form import Own
from parley.sharing.views.keeping import Sheet, autosaved
from parley.sharing.views.talking import talked
from parley.sharing.views.uploading import uploaded
from parley.ui import words

OWN: Final[Own] = {
    MissingWordsError: lambda error: (
        error.field.replace(".", "_"),
        _("Words are missing here: both languages are needed.")
        if "." in error.field
        else _("Words are missing here."),
    ),
    LongWordsError: lambda error: (
        error.field.replace(".", "_"),
        _("A text has %(found)d characters, of at most %(most)d.")
        % {"found": error.found, "most": error.most},
    ),
    PartialAlternativeError: lambda error: (
        f"alternative_{error.number}_step",
        _("An alternative says what it is, how likely it is held to be, and why."),
    ),
    TooManyFilesError: lambda error: (
        "files-title",
        _("%(n)d files are too many for one statement.") % {"n": error.found},
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    sheet = sheet_of(request, link, place, verb=verb)
    return sheet if isinstance(sheet, HttpResponse) else talked(request, sheet)


@require_POST
def save(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    sheet = sheet_of(request, link, place, verb=verb)
    return sheet if isinstance(sheet, HttpResponse) else autosaved(request, sheet)


@csrf_exempt  # The token is checked by `uploaded`, after the file has a place to go to.
@streamed
@require_POST
def add_file(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    return uploaded(request, link, find=lambda: sheet_of(request, link, place, verb=verb))


def sheet_of(request: PersonRequest, link: str, place: str, *, verb: str) -> Sheet | HttpResponse:
    """Return the form, or the page that says why there is none.

    Raises:
        Http404: there is no such case, no such form, or nothing of what it answers.
    """
    dossier = case_called(link, place, now=request.now)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    on = request.GET.get("on") or request.POST.get("on", "")
    named = next((each for each in dossier.timeline.statements if each.place_path == on), None)
    if verb not in FORMS or dossier.case is None or (on and named is None):
        raise Http404
    offered = next((each for each in moves(dossier) if (each.verb, each.on) == (verb, on)), None)
    about = dossier.row.case if named is None else named.statement
    case = Target(link=link, statement=read_id(dossier.row.case))
    first = first_of(dossier, verb, on)
    at = At(case=case, on=Target(link=link, statement=read_id(about)), grounds=grounds_of(dossier, first))
    where = {"link": link, "place": place}
    return Sheet(
        form=form_of(offered or Move(verb=verb, text=title_of(verb), on=on), at),
        link=link,
        purpose=f"{PURPOSE}{verb}",
        about=about,
        address=reverse("cases:say", kwargs={**where, "verb": verb}),
        query=f"on={on}" if on else "",
        back_href=reverse("cases:page", kwargs=where),
        back_text=dossier.row.place,
        heading=_heading(dossier, on),
        told=tuple(_told(dossier, on)),
        side=side_name(dossier.link),
        own=OWN,
        first=first,
        is_offered=offered is not None,
    )


def _heading(dossier: Dossier, on: str) -> str:
    title = in_language(dossier.row.title)
    return f"{title} · {on.replace('-', ' ')}" if on else title


def _told(dossier: Dossier, on: str) -> Iterator[tuple[str, str]]:
    """Yield what the version of a finding says that is answered or revised; nothing of anything else."""
    shown = contents(dossier, state=state_text(dossier.row))
    versions = (each for finding in shown.findings for each in finding.versions)
    version = next((each for each in versions if each.place.replace(" ", "-") == on), None)
    if version is None:
        return
    yield "en", version.statement.en
    yield "zh-Hans", version.statement.zh
    codes = (_("Responsibility"), version.responsibility), (_("Likelihood"), version.likelihood)
    told = (words.said_of(*each) for each in (*codes, (_("Confidence"), version.confidence)) if each[1])
    yield "", words.clauses(told)


# ---- Proposing a case


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: PersonRequest, link: str) -> HttpResponse:
    sheet = proposal_of(request, link)
    return sheet if isinstance(sheet, HttpResponse) else talked(request, sheet)


@require_POST
def save_proposal(request: PersonRequest, link: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    sheet = proposal_of(request, link)
    return sheet if isinstance(sheet, HttpResponse) else autosaved(request, sheet)


def proposal_of(request: PersonRequest, link: str) -> Sheet | HttpResponse:
    """Return the form that proposes a case on `link`, or the page that says why there is none.

    Raises:
        Http404: there is no such link, or it is not open.
    """
    found = link_called(settings.HOME, link)
    if found is None or found.terms is None:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    return Sheet(
        form=proposal_form(link, tuple(sorted(found.terms.items))),
        link=link,
        purpose=f"{PURPOSE}propose",
        address=reverse("cases:new", kwargs={"link": link}),
        back_href=f"{reverse('cases:list')}?link={link}",
        back_text=_("Joint cases"),
        side=side_name(found.row),
        own=OWN,
    )
