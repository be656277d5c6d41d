"""Saying something in the dialogue: one way for every form, and what became of it.

    GET   the form, with what a draft has, or with what the address proposes
    POST  do=save   keep it and say nothing      settle:5:mine   choose between two texts
          do=drop:… the form without this file
          put_away  a draft that will not be said   language     the same form in the other language
          else      the statement; then the page, or the form again with every word

Every button saves first what was typed (`keeping.py`). The key in the form makes a repetition harmless: a
double click, a reload, a second try after core went away are one statement.
"""

import re
import uuid
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.actions import outcomes
from parley.dialogue.actions.outcomes import EarlyError
from parley.dialogue.views.fields import Typed
from parley.dialogue.views.finding import SoonError, find_frozen
from parley.dialogue.views.keeping import kept, opened
from parley.dialogue.views.sheet import (
    COMMITMENT,
    ROUND,
    Asked,
    address_of,
    form_page,
    going_on,
    proposing,
    saying,
)
from parley.dialogue.views.uploading import without_paper
from parley.dialogue.views.verbs import Command
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
from parley.hotline.views.keeping import Keeping, autosaved, origin, others
from parley.hotline.views.showing.faults import changed_fault, too_much_fault
from parley.inquiries.views.showing.faults import ERRORS, Fault, fault_of
from parley.ledger.drafts import Appended
from parley.ledger.readers import reader_of, side_name
from parley.links.actions.speaking import Hand, Record, Target

_KEY: Final = re.compile(r"[0-9a-f]{32}")


@require_http_methods(["GET", "HEAD", "POST"])
def new_commitment(request: PersonRequest, link: str) -> HttpResponse:
    return _answered(request, proposing(link, name=COMMITMENT))


@require_POST
def save_commitment(request: PersonRequest, link: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    return autosaved(request, proposing(link, name=COMMITMENT).form)


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: PersonRequest, link: str) -> HttpResponse:
    return _answered(request, proposing(link, name=ROUND))


@require_POST
def save_round(request: PersonRequest, link: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    return autosaved(request, proposing(link, name=ROUND).form)


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: PersonRequest, *, link: str, place: str, kind: str, on: str) -> HttpResponse:
    """Say something of the kind (``commitment-agreed``) of the statement `on` in the thread at `place`."""
    try:
        asked = saying(link, place, kind=kind, on=on, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    return _answered(request, asked)


@require_POST
def save(request: PersonRequest, *, link: str, place: str, kind: str, on: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    try:
        asked = saying(link, place, kind=kind, on=on, now=request.now)
    except SoonError:
        return HttpResponse(status=503)
    return autosaved(request, asked.form)


@require_POST
def release(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Make the list public now: the signer seals it, if it is time."""
    try:
        dossier, meeting, frozen = find_frozen(link, place, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    if dossier.link.row.me in meeting.outcome.released:
        # A colleague was quicker: the page tells that it is released, which is what was wanted.
        return see(f"{address_of(dossier)}#outcome")
    on = Target(link=link, statement=meeting.opened.id)
    try:
        said = written(
            request, lambda hand: outcomes.release(on, frozen, by=hand), side=side_name(dossier.link.row)
        )
    except EarlyError:
        return see(f"{address_of(dossier)}?early=1#outcome")
    if isinstance(said, Fault):
        return render(
            request, "dialogue/cannot.html", {"fault": said, "row": dossier.row}, status=said.status
        )
    return see(f"{address_of(dossier)}?saved={said.place.replace(' ', '-')}#outcome")


def _answered(request: PersonRequest, asked: Asked) -> HttpResponse:
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    if request.method == "POST":
        return _pressed(request, asked)
    return form_page(request, asked, opened(request, asked.form, fields=asked.fields, begins=asked.begins))


def _pressed(request: PersonRequest, asked: Asked) -> HttpResponse:
    """Do what a button says, after everything that was typed is saved."""
    if number := request.POST.get("put_away"):
        put_away(number, among=others(asked.form), request=request)
        return see(asked.href)
    if is_repeated(request, origin(request, asked.form)):
        return _said(request, asked, Keeping(page=new_page(), form=request.POST))
    verb, _colon, which = request.POST.get("do", "").partition(":")
    found = without_paper(request, asked, which) if verb == "drop" else kept(request, asked.form)
    if found.problem:
        return form_page(request, asked, found, fault=too_much_fault(found.problem), status=413)
    if LANGUAGE in request.POST:
        return switched(request, to=going_on(asked, found))
    if verb == "settle":
        settle(found.draft, which, request=request)
    if verb:
        return see(going_on(asked, found))
    if found.others:
        fault = changed_fault(found.others[0])
        return form_page(request, asked, found, fault=fault, status=fault.status)
    return _said(request, asked, found)


def _said(request: PersonRequest, asked: Asked, found: Keeping) -> HttpResponse:
    reader = reader_of(settings.HOME)
    assert reader is not None, "there is a link"
    typed = Typed(values=request.POST.dict(), reader=reader, link=asked.link.row.link, now=request.now)
    command = asked.read(typed)
    if typed.problems:
        return form_page(request, asked, found, errors=typed.problems, status=422)
    key = _key_in(request)
    bind(found.draft, key, request=request)
    said = written(request, command, side=asked.side, key=key)
    if isinstance(said, Fault):
        return form_page(request, asked, found, fault=said, status=said.status)
    close(found.draft, outcome=SAID, request=request)
    return _onwards(asked, said)


def _onwards(asked: Asked, said: Appended) -> HttpResponse:
    place = said.place.replace(" ", "-")
    if asked.dossier is not None:
        return see(f"{address_of(asked.dossier)}?saved={place}#{place}")
    where = {"link": asked.link.row.link, "place": place}
    page = "dialogue:round" if asked.name == ROUND else "dialogue:commitment"
    return see(f"{reverse(page, kwargs=where)}?saved={place}")


def written(
    request: PersonRequest, command: Command, *, side: str, key: str | None = None
) -> Appended | Fault:
    """Return the place of what was said under `key`, that of the form if None, or why it was not."""
    hand = Hand(
        officer=request.officer,
        key=key or _key_in(request),
        now=request.now,
        door=Record(home=settings.HOME),
    )
    try:
        said = command(hand)
    except ERRORS as error:
        return fault_of(error, side=side)
    assert isinstance(said, Appended), "the door leads to the record"
    return said


def _key_in(request: PersonRequest) -> str:
    """Return the key of a form; one that brings none is a statement of its own."""
    key = request.POST.get("key", "")
    return key if _KEY.fullmatch(key) else uuid.uuid4().hex
