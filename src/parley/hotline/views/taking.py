"""Taking a call: one key, one statement. It names the rung at which a person of ours has it now.

    POST /calls/<link>/<place>/take/    answers 303 to the page of the call, or 204 to a script

Pressed twice it says once: while nothing rings here, whoever took it has taken it, and two presses at one
moment are the same statement. Taking does not end responsibility: what is not read back rings again, and is
then taken again.
"""

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest
from parley.drafts.views import see
from parley.hotline import actions
from parley.hotline.queries import Dossier
from parley.hotline.views.finding import SoonError, find_call
from parley.hotline.views.showing.faults import fault_of
from parley.inquiries.views.showing.faults import ERRORS
from parley.ledger.drafts import Appended
from parley.ledger.readers import side_name
from parley.links.actions.speaking import Hand, Record, Target
from parley.protocol.act import id_text, read_id
from parley.protocol.clauses import Rung
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.ladder import ringing
from parley.watch import queries as watch
from parley.watch.policy import Post, on_watch

RUNG_OF: Final = {
    Post.DESK: Rung.DUTY_DESK,
    Post.SECOND: Rung.SECOND_OFFICER,
    Post.DIRECTOR: Rung.DIRECTOR,
    Post.VICE_MINISTER: Rung.VICE_MINISTER,
    Post.MINISTER: Rung.MINISTER,
}
"""At which rung whoever holds a post takes a call."""


def rungs_for(dossier: Dossier, *, officer: int, now: int) -> tuple[Rung, ...]:
    """Return the rungs of our ladder at which this officer may take the call, the likeliest first.

    Whoever is on watch at a post takes it there; every officer may at the desk. At a principal's rung
    somebody takes it who holds that post now, or anybody where the roster names nobody for it.
    """
    call = dossier.call
    return () if call is None else rungs_in(call, dossier.link.row.me, officer=officer, now=now)


def rungs_in(call: Call, me: str, *, officer: int, now: int) -> tuple[Rung, ...]:
    """Return the same of a call that is folded and no more, with our node `me`."""
    steps = call.bells[me].clauses.ladder
    duties = on_watch(watch.roster(now), now)
    own = {RUNG_OF[duty.post] for duty in duties if duty.person == officer}
    held = {RUNG_OF[duty.post] for duty in duties}
    may = [step.rung for step in steps if not step.level.is_principal or step.rung in own]
    may += [step.rung for step in steps if step.level.is_principal and step.rung not in held]
    return tuple(sorted(dict.fromkeys(may), key=lambda rung: (rung not in own, list(Rung).index(rung))))


def rungs_held(officer: int, now: int) -> frozenset[str]:
    """Return the rungs at which the roster has this officer now: what he or she takes by one key."""
    duties = on_watch(watch.roster(now), now)
    return frozenset(RUNG_OF[duty.post].value for duty in duties if duty.person == officer)


@require_POST
def take(request: PersonRequest, link: str, place: str) -> HttpResponse:
    try:
        dossier = find_call(link, place, now=request.now)
    except SoonError:
        return render(request, "hotline/soon.html", {"place": place}, status=503)
    offered = rungs_for(dossier, officer=request.officer.number, now=request.now)
    wanted = request.POST.get("rung", "")
    rung = next((each for each in offered if wanted in {"", each.value}), None)
    try:
        taken_at = _taken_already(request, dossier, rung) or _take(request, dossier, rung or Rung.DUTY_DESK)
    except ERRORS as error:
        fault = fault_of(error, side=side_name(dossier.link.row))
        return _cannot(request, dossier, fault)
    if _is_script(request):
        return HttpResponse(status=204)
    if request.POST.get("from") == "phone":
        return see(reverse("hotline:phone"))
    page = reverse("hotline:page", kwargs={"link": link, "place": place})
    return see(f"{page}?saved={taken_at.replace(' ', '-')}#turn")


def _taken_already(request: PersonRequest, dossier: Dossier, rung: Rung | None) -> str:
    """Return where this person took the call at this rung, if nothing rings here since; else ""."""
    call, me = dossier.call, dossier.link.row.me
    if call is None or ringing(call, me, request.now):
        return ""
    own = (id_text(each.id) for each in call.takings if each.node == me and each.rung is rung)
    places = {
        each.statement: each.place for each in dossier.statements if each.officer == request.officer.number
    }
    return next((places[each] for each in own if each in places), "")


def _take(request: PersonRequest, dossier: Dossier, rung: Rung) -> str:
    takings = 0 if dossier.call is None else len(dossier.call.takings)
    about = f"{dossier.row.call} {takings} {request.officer.number} {rung.value}"
    key = salted_hmac("parley.hotline.take", about, algorithm="sha256").hexdigest()[:32]
    hand = Hand(officer=request.officer, key=key, now=request.now, door=Record(home=settings.HOME))
    on = Target(link=dossier.row.link, statement=read_id(dossier.opening.statement))
    said = actions.take(on, rung, by=hand)
    assert isinstance(said, Appended)
    return said.place


def _cannot(request: PersonRequest, dossier: Dossier, fault: object) -> HttpResponse:
    if _is_script(request):
        return HttpResponse(status=409)
    page = {"fault": fault, "row": dossier.row, "verb": "take"}
    return render(request, "hotline/cannot.html", page, status=409)


def _is_script(request: PersonRequest) -> bool:
    return request.headers.get("Sec-Fetch-Mode") not in {None, "navigate"}
