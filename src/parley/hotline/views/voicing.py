"""A decision by voice: a principal who has no screen decides, and two officers who heard it put it down.

    GET   what is read aloud, and the form
    POST  do=take      the principal's office has the call
          do=decline   it does not take part; why is in the words

One officer reads the five fields aloud and writes what was decided; both give their own secrets, and nothing
is said before both are right. What is said is an ordinary statement of our node at the principal's rung
(Spec §6.2.4, §12.3.5): its words begin with who heard it, in both languages, so that nobody takes it for what
the principal signed. Both names stand in the journal. Source: screens §3.5.
"""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.actions import WaitError, WrongSecretError, recognise_officer
from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow
from parley.drafts.views import see
from parley.hotline import actions
from parley.hotline.actions import Voiced
from parley.hotline.forms.texts import TooLongError
from parley.hotline.forms.voicing import Deed, voiced_text
from parley.hotline.policy import voice_rungs
from parley.hotline.queries import Dossier
from parley.hotline.views.finding import SoonError, find_call
from parley.hotline.views.saying import key_in, page_address_of, written
from parley.hotline.views.showing.contents import contents
from parley.inquiries.views.showing.faults import Fault
from parley.ledger.readers import side_name
from parley.links.actions.speaking import Target
from parley.protocol.act import read_id
from parley.protocol.clauses import Rung
from parley.protocol.hotline.length import MAX_LENGTH
from parley.ui import callwords, words

Errors = list[tuple[str, str]]
"""The field to which each leads, and what is wrong."""


def rungs_of_principals(dossier: Dossier) -> tuple[Rung, ...]:
    """Return the rungs of principals of ours that a call rings now, the highest first."""
    return voice_rungs(dossier.call, me=dossier.link.row.me, now=dossier.now)


@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: PersonRequest, link: str, place: str) -> HttpResponse:
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    try:
        dossier = find_call(link, place, now=request.now)
    except SoonError:
        return render(request, "hotline/soon.html", {"place": place}, status=503)
    if request.method != "POST":
        return _page(request, dossier)
    errors: Errors = []
    voiced = _voiced(request, dossier, errors)
    if voiced is None:
        return _page(request, dossier, errors=errors, status=422)
    on = Target(link=dossier.row.link, statement=read_id(dossier.opening.statement))
    said = written(
        request,
        lambda by: actions.put_down(on, voiced, by=by),
        key=key_in(request),
        side=side_name(dossier.link.row),
    )
    if isinstance(said, Fault):
        return _page(
            request, dossier, errors=[("", f"{said.what} {said.safe} {said.do}")], status=said.status
        )
    return see(f"{page_address_of(dossier)}?saved={said.place.replace(' ', '-')}#turn")


def _voiced(request: PersonRequest, dossier: Dossier, errors: Errors) -> Voiced | None:
    """Return what was heard; None, with what is wrong in `errors`."""
    posted, now = request.POST, request.now
    rung = next((each for each in rungs_of_principals(dossier) if each.value == posted.get("rung", "")), None)
    if rung is None:
        errors.append(("rung", _("That office is not rung for this call now. Look at the call again.")))
    deed = next((each for each in Deed if each.value == posted.get("do", "")), None)
    if deed is None:
        errors.append(("", _("Choose what was decided.")))
    heard = posted.get("words", "").replace("\r\n", "\n").strip()
    if not heard:
        errors.append(("words", _("Write what was decided, as it was said.")))
    if errors or rung is None or deed is None:
        return None
    second = _second(request, errors, now=now)
    if second is None:
        return None
    try:
        text = voiced_text(heard, heard_by=(request.officer.number, second.number))
    except TooLongError:
        errors.append(
            ("words", _("Too long: the whole text has a length of at most %(most)d.") % {"most": MAX_LENGTH})
        )
        return None
    return Voiced(rung=rung, deed=deed, text=text, second=second)


def _second(request: PersonRequest, errors: Errors, *, now: int) -> OfficerRow | None:
    """Return the other officer who heard it, once both showed by their secrets that they are there."""
    posted = request.POST
    persons = (
        ("secret", request.officer.name, posted.get("secret", "")),
        ("second_secret", posted.get("second_name", "").strip(), posted.get("second_secret", "")),
    )
    found = [each for each in (_shown(errors, person, now=now) for person in persons) if each is not None]
    if errors or len(found) != len(persons):
        return None
    second = found[1]
    if second.number == request.officer.number:
        errors.append(("second_name", _("Two persons must have heard it: name another officer.")))
    elif not may_act(second.role):
        errors.append(("second_name", _("A viewer may look, not act.")))
    return None if errors else second


def _shown(errors: Errors, person: tuple[str, str, str], *, now: int) -> OfficerRow | None:
    """Return the officer whose name and secret these are, with the field of the secret before them."""
    field, name, secret = person
    try:
        return recognise_officer(name, secret=secret, now=now)
    except WrongSecretError:
        errors.append((field, _("A name and a secret do not belong together.")))
    except WaitError as error:
        errors.append((field, _("Wait %(seconds)d seconds, then try again.") % {"seconds": error.seconds}))
    return None


def _page(
    request: PersonRequest, dossier: Dossier, *, errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    shown = contents(dossier, None)
    page: Mapping[str, object] = {
        "page": shown,
        "row": dossier.row,
        "rungs": [
            (each.value, words.label(each.value, callwords.RUNGS)) for each in rungs_of_principals(dossier)
        ],
        "typed": {name: request.POST.get(name, "") for name in ("rung", "words", "second_name")},
        "key": key_in(request),
        "errors": errors or [],
        "wrong": {anchor for anchor, _text in errors or []},
        "translated": (),
    }
    return render(request, "hotline/voice.html", page, status=status)
