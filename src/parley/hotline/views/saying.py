"""Saying something in a call: one way for every form, and what became of it.

    GET   the form, with what a draft has
    POST  do=save   keep it and say nothing      settle:5:mine   choose between two texts
          put_away  a draft that will not be said   language     the same form in the other language
          else      the statement; then the page of the call, or the form again with every word

Every button saves first what was typed (`keeping`). The key in the form makes a repetition harmless: a
double click, a reload, a second try after core went away are one statement.
"""

import re
import uuid
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.drafts.views import (
    LANGUAGE,
    SAID,
    bind,
    close,
    is_repeated,
    new_page,
    put_away,
    see,
    settle,
    switched,
)
from parley.hotline.queries import Dossier
from parley.hotline.views.finding import SoonError, find_call
from parley.hotline.views.keeping import (
    Keeping,
    autosaved,
    kept,
    opened,
    origin,
    others,
    renewed,
)
from parley.hotline.views.sheet import Sheet, page_of_form
from parley.hotline.views.showing.contents import contents
from parley.hotline.views.showing.faults import changed_fault, fault_of, too_much_fault
from parley.hotline.views.verbs import VERBS, Command
from parley.inquiries.forms.saying.desk import Problem
from parley.inquiries.views.showing.faults import ERRORS, Fault
from parley.ledger.drafts import Appended
from parley.links.actions.speaking import Hand, Record

_KEY: Final = re.compile(r"[0-9a-f]{32}")
_GIVEN: Final = ("sort", "on", "at", "to", "ending", "next_word")
"""What the address of a form may propose."""


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    sheet = sheet_of(request, link, place, verb=verb)
    if isinstance(sheet, HttpResponse):
        return sheet
    if request.method == "POST":
        return _pressed(request, sheet)
    first = {name: value for name in _GIVEN if (value := request.GET.get(name))}
    return show_form(request, sheet, opened(request, sheet.form, first=first))


@require_POST
def save(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    sheet = sheet_of(request, link, place, verb=verb)
    return sheet if isinstance(sheet, HttpResponse) else autosaved(request, sheet.form)


def sheet_of(request: PersonRequest, link: str, place: str, *, verb: str) -> Sheet | HttpResponse:
    """Return the form, or the page that says why there is none.

    Raises:
        Http404: there is no such call, or no such form.
    """
    if verb not in VERBS:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    try:
        return Sheet(dossier=find_call(link, place, now=request.now), verb=verb, now=request.now)
    except SoonError:
        return render(request, "hotline/soon.html", {"place": place}, status=503)


def key_in(request: PersonRequest) -> str:
    """Return the key of a form; one that brings none is a statement of its own."""
    key = request.POST.get("key", "")
    return key if _KEY.fullmatch(key) else uuid.uuid4().hex


def _pressed(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    """Do what a button says, after everything that was typed is saved."""
    if number := request.POST.get("put_away"):
        put_away(number, among=others(sheet.form), request=request)
        return see(page_address(sheet))
    if is_repeated(request, origin(request, sheet.form)):
        return _said(request, sheet, Keeping(page=new_page(), form=request.POST))
    found = kept(request, sheet.form)
    if found.problem:
        return show_form(request, sheet, found, fault=too_much_fault(found.problem), status=413)
    if LANGUAGE in request.POST:
        return switched(request, to=form_address(sheet, found))
    verb, _colon, which = request.POST.get("do", "").partition(":")
    if verb == "settle":
        settle(found.draft, which, request=request)
    if verb:
        return see(form_address(sheet, found))
    if found.others:
        return show_form(request, sheet, found, fault=changed_fault(found.others[0]), status=409)
    return _said(request, sheet, found)


def _said(request: PersonRequest, sheet: Sheet, found: Keeping) -> HttpResponse:
    key = key_in(request)
    command, problems = sheet.read(request.POST, key=key)
    if command is None:
        return show_form(request, sheet, found, problems=problems, status=422)
    bind(found.draft, key, request=request)
    said = written(request, command, key=key, side=sheet.side)
    if isinstance(said, Fault):
        return show_form(request, sheet, found, fault=said, status=said.status)
    close(found.draft, outcome=SAID, request=request)
    return see(f"{page_address(sheet)}?saved={said.place.replace(' ', '-')}#turn")


def written(request: PersonRequest, command: Command, *, key: str, side: str) -> Appended | Fault:
    """Return the place of what was said, or why it was not."""
    hand = Hand(officer=request.officer, key=key, now=request.now, door=Record(home=settings.HOME))
    try:
        said = command(hand)
    except ERRORS as error:
        return fault_of(error, side=side)
    assert isinstance(said, Appended)
    return said


def page_address(sheet: Sheet) -> str:
    """Return the address of the call of a form."""
    return page_address_of(sheet.dossier)


def page_address_of(dossier: Dossier) -> str:
    """Return the address of a call."""
    row = dossier.row
    return reverse("hotline:page", kwargs={"link": row.link, "place": row.place_path})


def form_address(sheet: Sheet, found: Keeping) -> str:
    """Return the address of the form, going on with its draft."""
    row = sheet.dossier.row
    where = {"link": row.link, "place": row.place_path, "verb": sheet.verb}
    form = reverse("hotline:say", kwargs=where)
    return form if found.draft is None else f"{form}?draft={found.draft.number}"


def show_form(
    request: PersonRequest,
    sheet: Sheet,
    found: Keeping,
    *,
    problems: Sequence[Problem] = (),
    fault: Fault | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of the form, under the five fields of its call."""
    if fault is not None and fault.status == 409:
        found = renewed(found)
    page = page_of_form(sheet, found, request, problems=problems) | {
        "page": contents(sheet.dossier, None),
        "fault": fault,
        "open_drafts": others(sheet.form, but=found.draft) if request.method == "GET" else (),
    }
    return render(request, "hotline/say.html", page, status=status)
