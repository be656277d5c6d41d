"""Saying something in the dialogue: one way for every form, and what became of it.

    GET   the form                POST  the statement; then the page, or the form again with every word

The key in the form makes a repetition harmless: a double click, a reload, a second try after core went away
are one statement.
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.actions import outcomes
from parley.dialogue.actions.outcomes import EarlyError
from parley.dialogue.queries import CommitmentDossier, RoundDossier, StatementRow
from parley.dialogue.views.fields import Typed, shown_fields
from parley.dialogue.views.finding import SoonError, find_thread, opened_link
from parley.dialogue.views.verbs import (
    FORMS,
    PROMISE_FIELDS,
    ROUND_FIELDS,
    Command,
    promise_in,
    round_in,
    verb_name,
)
from parley.drafts.views import see
from parley.inquiries.views.showing.faults import ERRORS, Fault, fault_of
from parley.ledger.drafts import Appended
from parley.ledger.home import read_config
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.links.actions.speaking import Hand, Record, Target
from parley.protocol.act import read_id
from parley.ui.words import is_chinese

_KEY: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A form that was asked for: on which link, which fields, and where its page is."""

    link: OpenLink
    fields: tuple[str, ...]
    read: Callable[[Typed], Command]
    name: str
    dossier: CommitmentDossier | RoundDossier | None = None
    on: StatementRow | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def new_commitment(request: PersonRequest, link: str) -> HttpResponse:
    return _propose(request, link, fields=PROMISE_FIELDS, read=promise_in)


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: PersonRequest, link: str) -> HttpResponse:
    return _propose(request, link, fields=ROUND_FIELDS, read=round_in)


def _propose(
    request: PersonRequest,
    link: str,
    *,
    fields: tuple[str, ...],
    read: Callable[[Typed, str], Command],
) -> HttpResponse:
    found = opened_link(link)
    is_round = fields is ROUND_FIELDS
    asked = Asked(
        link=found,
        fields=fields,
        read=lambda typed: read(typed, link),
        name="round.proposed" if is_round else "commitment.proposed",
    )
    return _answered(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: PersonRequest, *, link: str, place: str, kind: str, on: str) -> HttpResponse:
    """Say something of the kind (``commitment-agreed``) of the statement `on` in the thread at `place`."""
    try:
        dossier = find_thread(link, place, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    name = kind.replace("-", ".", 1)
    target = next((each for each in dossier.statements if each.place.replace(" ", "-") == on), None)
    form = FORMS.get(name)
    if form is None or target is None:
        raise Http404
    meant = Target(link=link, statement=read_id(target.statement))
    asked = Asked(
        link=dossier.link,
        fields=form.fields,
        read=lambda typed: form.read(typed, meant),
        name=name,
        dossier=dossier,
        on=target,
    )
    return _answered(request, asked)


@require_POST
def release(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Make the list public now: the signer seals it, if it is time."""
    try:
        dossier = find_thread(link, place, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    meeting = dossier.round if isinstance(dossier, RoundDossier) else None
    frozen = None if meeting is None else meeting.outcome.agreed
    if meeting is None or frozen is None:
        raise Http404
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
    if request.method != "POST":
        return _form(request, asked)
    reader = reader_of(settings.HOME)
    assert reader is not None, "there is a link"
    typed = Typed(values=request.POST.dict(), reader=reader, link=asked.link.row.link, now=request.now)
    command = asked.read(typed)
    if typed.problems:
        return _form(request, asked, errors=typed.problems, status=422)
    said = written(request, command, side=side_name(asked.link.row))
    if isinstance(said, Fault):
        return _form(request, asked, fault=said, status=said.status)
    place = said.place.replace(" ", "-")
    if asked.dossier is not None:
        return see(f"{address_of(asked.dossier)}?saved={place}#{place}")
    where = {"link": asked.link.row.link, "place": place}
    page = "dialogue:round" if asked.name == "round.proposed" else "dialogue:commitment"
    return see(f"{reverse(page, kwargs=where)}?saved={place}")


def written(request: PersonRequest, command: Command, *, side: str) -> Appended | Fault:
    """Return the place of what was said, or why it was not."""
    key = request.POST.get("key", "")
    key = key if _KEY.fullmatch(key) else uuid.uuid4().hex
    hand = Hand(officer=request.officer, key=key, now=request.now, door=Record(home=settings.HOME))
    try:
        said = command(hand)
    except ERRORS as error:
        return fault_of(error, side=side)
    assert isinstance(said, Appended), "the door leads to the record"
    return said


def address_of(dossier: CommitmentDossier | RoundDossier) -> str:
    """Return the address of a thread's page."""
    where = {"link": dossier.row.link, "place": dossier.row.place_path}
    return reverse(_page_of(dossier), kwargs=where)


def _page_of(dossier: CommitmentDossier | RoundDossier | None) -> str:
    return "dialogue:round" if isinstance(dossier, RoundDossier) else "dialogue:commitment"


def parties_of(link: OpenLink) -> dict[str, str]:
    """Return the names of both parties, by their letters."""
    config = read_config(settings.HOME)
    own = config.name_zh if is_chinese() else config.name_en
    return {link.row.my_letter: own, link.row.their_letter: side_name(link.row)}


def _form(
    request: PersonRequest,
    asked: Asked,
    *,
    errors: list[tuple[str, str]] | None = None,
    fault: Fault | None = None,
    status: int = 200,
) -> HttpResponse:
    key = request.POST.get("key", "")
    # What a fault has burnt is said anew under another key; what is not known keeps its own.
    keeps = _KEY.fullmatch(key) and (fault is None or fault.status >= 500)
    page = {
        "asked": asked,
        "verb": "" if asked.dossier is None else verb_name(asked.name),
        "thread_page": _page_of(asked.dossier),
        "side": side_name(asked.link.row),
        # An address may propose what a form begins with, such as an item of the agenda.
        "fields": shown_fields(asked.fields, _begun(request), sides=parties_of(asked.link)),
        "errors": errors or [],
        "fault": fault,
        "key": key if keeps else uuid.uuid4().hex,
    }
    return render(request, "dialogue/say.html", page, status=status)


def _begun(request: PersonRequest) -> dict[str, str]:
    return (request.POST if request.method == "POST" else request.GET).dict()
