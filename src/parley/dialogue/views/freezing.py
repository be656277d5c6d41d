"""Freezing the outcome list: one officer prepares and signs, another signs the very same text.

freeze/    the list as it would be signed, both languages, and the instant; then the first signature
sign/N/    what was prepared, for the second officer, who gives his or her own secret; then what became of it
"""

import uuid
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.dialogue.actions import outcomes
from parley.dialogue.queries import RoundDossier
from parley.dialogue.views.fields import Typed, shown_fields, written
from parley.dialogue.views.finding import SoonError, find_thread, opened_link
from parley.dialogue.views.sheet import address_of, parties_of
from parley.drafts.views import see
from parley.ledger.dialogues import thread_of
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.links.actions import By
from parley.links.actions import signing as together_signing
from parley.links.actions.speaking import Hand, Target, Trial
from parley.links.queries.signing import Signing
from parley.links.views.cosigning import Room, cosign
from parley.links.views.together import Errors, together
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue.bodies import Frozen
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.outcome import OutcomeList
from parley.protocol.dialogue.release import Outcomes, digest_of

FROZEN: Final = "outcome.frozen"


@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: PersonRequest, link: str, place: str) -> HttpResponse:
    try:
        dossier = find_thread(link, place, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    if not isinstance(dossier, RoundDossier) or dossier.round is None:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    if FROZEN not in dossier.opening.may:
        # Others were quicker, or a clause was taken back meanwhile: the page of the round tells which.
        return see(f"{address_of(dossier)}?unfrozen=1#outcome")
    if request.method != "POST":
        return _freeze_page(request, dossier)
    return _pressed(request, dossier, dossier.round)


def _pressed(request: PersonRequest, dossier: RoundDossier, meeting: Round) -> HttpResponse:
    """Show what would be signed; or sign it, where that was shown already."""
    reader, link = reader_of(settings.HOME), dossier.row.link
    assert reader is not None, "there is a link"
    typed = Typed(values=request.POST.dict(), reader=reader, link=link, now=request.now)
    release = typed.needed_time("release")
    listed = meeting.outcome.outcomes(release)
    if typed.problems or listed is None:
        return _freeze_page(request, dossier, errors=typed.problems, status=422)
    if request.POST.get("digest") != id_text(digest_of(listed.text())):
        # Shown first, then signed: whoever signs has read these very bytes.
        return _freeze_page(request, dossier, listed=listed)
    on = Target(link=link, statement=meeting.opened.id)

    def prepare(by: By, secret: str) -> Signing | together_signing.Said:
        hand = Hand(officer=by.officer, key=uuid.uuid4().hex, now=by.now, door=Trial(home=settings.HOME))
        return outcomes.freeze(settings.HOME, on, listed, by=hand, secret=secret)

    answer = together(request, prepare)
    if isinstance(answer, list):
        return _freeze_page(request, dossier, listed=listed, errors=answer, status=422)
    if isinstance(answer, Signing):
        return see(reverse("dialogue:sign", kwargs={"link": link, "number": answer.number}))
    return see(f"{address_of(dossier)}#outcome")


def is_frozen(found: OutcomeList, said: Frozen) -> bool:
    """Return whether a side has frozen the list as it stands now."""
    listed = found.outcomes(said.release)
    return listed is not None and id_text(digest_of(listed.text())) == said.digest


def _freeze_page(
    request: PersonRequest,
    dossier: RoundDossier,
    *,
    listed: Outcomes | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    theirs = _theirs(dossier)
    page = {
        "row": dossier.row,
        "side": side_name(dossier.link.row),
        "is_another": theirs is not None
        and dossier.round is not None
        and not is_frozen(dossier.round.outcome, theirs),
        "fields": shown_fields(("release",), _typed(request, dossier), sides=parties_of(dossier.link)),
        "listed": listed,
        "digest": "" if listed is None else id_text(digest_of(listed.text())),
        "hex": "" if listed is None else digest_of(listed.text()).hex(),
        "errors": errors or [],
    }
    return render(request, "dialogue/freeze.html", page, status=status)


def _typed(request: PersonRequest, dossier: RoundDossier) -> dict[str, str]:
    """Return what was typed; at first the instant that the other side has signed, to the second."""
    theirs = _theirs(dossier)
    if request.method == "POST" or theirs is None:
        return request.POST.dict()
    return {"release": written(theirs.release)}


def _theirs(dossier: RoundDossier) -> Frozen | None:
    """Return what the other side has frozen last."""
    return None if dossier.round is None else dossier.round.outcome.frozen.get(dossier.link.row.peer)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    return cosign(request, _ROOM, link=link, number=number)


def _shown(request: PersonRequest, waits: Signing) -> Mapping[str, object]:  # noqa: ARG001 - as every room's
    listed, digest = _listed(opened_link(waits.draft.link), waits), str(waits.draft.d["digest"])
    is_as_shown = listed is not None and id_text(digest_of(listed.text())) == digest
    hexed = read_id(digest).hex()
    return {"listed": listed, "digest": digest, "hex": hexed, "is_as_shown": is_as_shown}


_ROOM: Final = Room(kind=FROZEN, sign="dialogue:sign", template="dialogue/sign.html", shown=_shown)


def _listed(link: OpenLink, found: Signing) -> Outcomes | None:
    """Return the list as it stands now, with the release that was prepared."""
    reader, release = reader_of(settings.HOME), found.draft.d.get("release")
    if reader is None or found.draft.re is None or not isinstance(release, int):
        return None
    meeting = thread_of(reader, link.row.link, found.draft.re)
    return meeting.outcome.outcomes(release) if isinstance(meeting, Round) else None
