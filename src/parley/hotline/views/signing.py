"""A call to a principal's office that was prepared: what exactly would be signed, and who signs next."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.agencies.queries import list_officers
from parley.drafts.queries import UnknownDraftError
from parley.drafts.views import see
from parley.hotline.actions import PRINCIPAL_OPENED
from parley.hotline.forms.five import five_of
from parley.hotline.forms.texts import read_body
from parley.hotline.views.finding import opened_link
from parley.hotline.views.showing.coded import Line, both, lines
from parley.hotline.views.showing.contents import Head
from parley.inquiries.forms.letter import Text
from parley.ledger.drafts import Appended
from parley.ledger.readers import links_of, side_name
from parley.links.actions import By, Pen
from parley.links.actions import signing as together_signing
from parley.links.queries.signing import Signing, signing, signings
from parley.links.views.asserting import Asking, asking, payloads_in
from parley.links.views.together import Errors, by_of, together
from parley.protocol.hotline.bodies import PrincipalOpened, read_said
from parley.ui import callwords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A call that waits for a signature, as its pages show it."""

    waits: Signing
    link: str
    side: str
    head: Head
    lines: tuple[Line, ...]
    text: Text | None
    authority: str
    signed_by: tuple[str, ...]


def prepared(found: Signing, *, side: str) -> Prepared:
    """Return what was prepared, as they will see it.

    Raises:
        Http404: it is no call.
    """
    draft = found.draft
    if draft.kind != PRINCIPAL_OPENED:
        raise Http404
    said, body = read_said(draft.kind, draft.d), read_body(draft.body)
    assert isinstance(said, PrincipalOpened)
    names = {each.number: each.name for each in list_officers()}
    return Prepared(
        waits=found,
        link=draft.link,
        side=side,
        head=Head(
            nature=said.nature.value,
            nature_word=both(said.nature.value, callwords.NATURES),
            urgency=said.urgency,
            precedence=both(said.urgency, words.URGENCIES),
            level=words.label(said.to.value, callwords.LEVELS),
            state="",
            why=words.label(said.scope, callwords.SCOPE) if said.scope else "",
            is_over=False,
            is_one_sided=False,
        ),
        lines=lines(five_of(said.fields, named=body.object)),
        text=body.text,
        authority="" if body.authority is None else body.authority.text,
        signed_by=tuple(names.get(person, str(person)) for person in found.persons),
    )


def all_prepared() -> tuple[Prepared, ...]:
    """Return every call that waits for a signature, on whichever link, the oldest first."""
    return tuple(
        prepared(each, side=side_name(link.row))
        for link in links_of(settings.HOME)
        for each in signings(link.row.link)
        if each.draft.kind == PRINCIPAL_OPENED
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PersonRequest, link: str, number: int) -> HttpResponse:
    row = opened_link(link).row
    try:
        found = signing(number)
    except UnknownDraftError as error:
        raise Http404 from error
    if found.draft.link != link:
        raise Http404
    shown = prepared(found, side=side_name(row))
    if request.method != "POST":
        return _page(request, shown)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    is_phone = request.POST.get("from") == "phone"
    if request.POST.get("do") == "put_away":
        together_signing.put_away(number, by=by_of(request))
        return see(reverse("hotline:phone") if is_phone else f"{reverse('hotline:list')}?link={link}")
    answer = _signed(request, number)
    if isinstance(answer, list):
        return _page(request, shown, errors=answer, status=422, is_phone=is_phone)
    if isinstance(answer, Appended) and not is_phone:
        where = {"link": link, "place": answer.place.replace(" ", "-")}
        return see(f"{reverse('hotline:page', kwargs=where)}?saved={where['place']}")
    if is_phone:
        return see(reverse("hotline:phone"))
    return see(reverse("hotline:sign", kwargs={"link": link, "number": number}))


def _signed(request: PersonRequest, number: int) -> Signing | together_signing.Said | Errors:
    payloads = payloads_in(request)

    def run(by: By, secret: str) -> Signing | together_signing.Said:
        pen = Pen(secret=secret, payloads=payloads)
        return together_signing.sign_prepared(settings.HOME, number, by=by, pen=pen)

    return together(request, run, by_passkey=bool(payloads))


def _page(
    request: PersonRequest,
    shown: Prepared,
    *,
    errors: Errors | None = None,
    status: int = 200,
    is_phone: bool = False,
) -> HttpResponse:
    page = {
        "page": shown,
        "errors": errors or [],
        "may_act": may_act(request.officer.role),
        "has_signed": request.officer.number in shown.waits.persons,
        "asking": asking_of(request, shown),
    }
    return render(
        request, "hotline/phone_sign.html" if is_phone else "hotline/sign.html", page, status=status
    )


def asking_of(request: PersonRequest, shown: Prepared) -> Asking | None:
    """Return what this person's authenticator is asked; None without one."""
    return asking(request, shown.waits)
