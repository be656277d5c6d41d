"""Freezing the outcome list: one officer prepares and signs, another signs the very same text.

freeze/    the list as it would be signed, both languages, and the instant; then the first signature
sign/N/    what was prepared, for the second officer, who gives his or her own secret
"""

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.agencies.queries import list_officers
from parley.dialogue.actions import outcomes
from parley.dialogue.queries import RoundDossier
from parley.dialogue.views.fields import Typed, shown_fields
from parley.dialogue.views.finding import SoonError, find_thread, opened_link
from parley.dialogue.views.sheet import address_of, parties_of
from parley.drafts.queries import UnknownDraftError
from parley.drafts.views import see
from parley.ledger.dialogues import thread_of
from parley.ledger.drafts import Appended
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.links.actions import By, Pen
from parley.links.actions import signing as together_signing
from parley.links.actions.speaking import Hand, Target, Trial
from parley.links.queries.signing import Signing, signing
from parley.links.views.asserting import asking, payloads_in
from parley.links.views.together import Errors, by_of, together
from parley.protocol.act import id_text
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import Outcomes, digest_of

FROZEN = "outcome.frozen"


@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: PersonRequest, link: str, place: str) -> HttpResponse:
    try:
        dossier = find_thread(link, place, now=request.now)
    except SoonError:
        return render(request, "dialogue/soon.html", {"place": place}, status=503)
    if not isinstance(dossier, RoundDossier) or FROZEN not in dossier.opening.may or dossier.round is None:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    if request.method != "POST":
        return _freeze_page(request, dossier)
    reader = reader_of(settings.HOME)
    assert reader is not None, "there is a link"
    typed = Typed(values=request.POST.dict(), reader=reader, link=link, now=request.now)
    release = typed.needed_time("release")
    listed = dossier.round.outcome.outcomes(release)
    if typed.problems or listed is None:
        return _freeze_page(request, dossier, errors=typed.problems, status=422)
    if request.POST.get("digest") != id_text(digest_of(listed.text())):
        # Shown first, then signed: whoever signs has read these very bytes.
        return _freeze_page(request, dossier, listed=listed)
    on = Target(link=link, statement=dossier.round.opened.id)

    def prepare(by: By, secret: str) -> Signing | together_signing.Said:
        hand = Hand(officer=by.officer, key=uuid.uuid4().hex, now=by.now, door=Trial(home=settings.HOME))
        return outcomes.freeze(settings.HOME, on, listed, by=hand, secret=secret)

    answer = together(request, prepare)
    if isinstance(answer, list):
        return _freeze_page(request, dossier, listed=listed, errors=answer, status=422)
    if isinstance(answer, Signing):
        return see(reverse("dialogue:sign", kwargs={"link": link, "number": answer.number}))
    return see(f"{address_of(dossier)}#outcome")


def _freeze_page(
    request: PersonRequest,
    dossier: RoundDossier,
    *,
    listed: Outcomes | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        "row": dossier.row,
        "side": side_name(dossier.link.row),
        "fields": shown_fields(("release",), request.POST.dict(), sides=parties_of(dossier.link)),
        "listed": listed,
        "digest": "" if listed is None else id_text(digest_of(listed.text())),
        "errors": errors or [],
    }
    return render(request, "dialogue/freeze.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    found, opened = _prepared(link, number), opened_link(link)
    if request.method != "POST":
        return _sign_page(request, opened, found)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    if request.POST.get("do") == "put_away":
        together_signing.put_away(number, by=by_of(request))
        return see(reverse("dialogue:rounds"))
    payloads = payloads_in(request)

    def run(by: By, secret: str) -> Signing | together_signing.Said:
        return together_signing.sign_prepared(
            settings.HOME, number, by=by, pen=Pen(secret=secret, payloads=payloads)
        )

    answer = together(request, run, by_passkey=bool(payloads))
    if isinstance(answer, list):
        return _sign_page(request, opened, found, errors=answer, status=422)
    if isinstance(answer, Appended):
        return see(reverse("dialogue:rounds"))
    return see(reverse("dialogue:sign", kwargs={"link": link, "number": number}))


def _prepared(link: str, number: int) -> Signing:
    try:
        found = signing(number)
    except UnknownDraftError as error:
        raise Http404 from error
    if found.draft.link != link or found.draft.kind != FROZEN:
        raise Http404
    return found


def _sign_page(
    request: PersonRequest,
    link: OpenLink,
    found: Signing,
    *,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    names = {each.number: each.name for each in list_officers()}
    listed = _listed(link, found)
    digest = str(found.draft.d["digest"])
    page = {
        "row": link.row,
        "side": side_name(link.row),
        "waits": found,
        "signed_by": [names.get(person, str(person)) for person in found.persons],
        "has_signed": request.officer.number in found.persons,
        "listed": listed,
        "digest": digest,
        "is_as_shown": listed is not None and id_text(digest_of(listed.text())) == digest,
        "may_act": may_act(request.officer.role),
        "asking": asking(request, found),
        "errors": errors or [],
    }
    return render(request, "dialogue/sign.html", page, status=status)


def _listed(link: OpenLink, found: Signing) -> Outcomes | None:
    """Return the list as it stands now, with the release that was prepared."""
    reader, release = reader_of(settings.HOME), found.draft.d.get("release")
    if reader is None or found.draft.re is None or not isinstance(release, int):
        return None
    meeting = thread_of(reader, link.row.link, found.draft.re)
    return meeting.outcome.outcomes(release) if isinstance(meeting, Round) else None
