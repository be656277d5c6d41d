"""One text on the table: what it changes, what it would have done, all of it, and what we can do about it."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.guidelines import actions
from parley.guidelines.forms import SinceError, read_since, write_since
from parley.guidelines.queries import DraftRow, articles_of, base_of, changes_of, effects, signatures_of
from parley.guidelines.views.finding import drafted, opened
from parley.guidelines.views.listing import line_of
from parley.guidelines.views.signing import SIGNED
from parley.ledger.drafts import Appended
from parley.ledger.readers import OpenLink, side_name
from parley.ledger.reading import Reader
from parley.ledger.reviewing import NotHeldError
from parley.links.actions import By
from parley.links.actions import Said as Spoken
from parley.links.actions.speaking import Hand, Record, Said, Target
from parley.links.queries.signatures import Signature
from parley.links.queries.signing import Signing
from parley.links.views.cosigning import waiting
from parley.links.views.together import Errors, attempted, together
from parley.protocol.act import id_text
from parley.protocol.cuts import CutError
from parley.protocol.guidelines.text import Guideline

PERIOD: Final = 180 * 86_400
"""So far back a text is tried, if nobody says otherwise: from one round to the next."""


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found, reader = opened(link)
    row = drafted(reader, found, place, now=request.now)
    if request.method != "POST":
        return _page(request, reader, found, row=row)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    on = Target(link=link, statement=row.statement)
    answer = _withdrawn(request, on) if request.POST.get("do") == "withdraw" else _signed(request, on)
    if isinstance(answer, list):
        return _page(request, reader, found, row=row, errors=answer)
    if isinstance(answer, Signing):
        where = {"link": link, "number": answer.number}
        return HttpResponseRedirect(reverse("guidelines:sign", kwargs=where))
    return HttpResponseRedirect(reverse("guidelines:draft", kwargs={"link": link, "place": place}))


@require_safe
def download(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Answer with the bytes of a text, which are what its digest names."""
    found, reader = opened(link)
    row = drafted(reader, found, place, now=request.now)
    if row.text is None:
        raise Http404
    answer = HttpResponse(row.text.raw, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="guideline-{link}-{place}.json"'
    return answer


def _signed(request: PersonRequest, on: Target) -> Signing | Spoken | Errors:
    def run(by: By, secret: str) -> Signing | Spoken | Errors:
        try:
            return actions.sign(settings.HOME, on, by=by, secret=secret)
        except actions.UnreadableTextError:
            return [("", _("The text that this draft names is not here: nobody can sign it."))]

    return together(request, run)


def _withdrawn(request: PersonRequest, on: Target) -> Said | Errors:
    # The same press twice is the same statement.
    key = f"withdraw-{id_text(on.statement)}"

    def run(by: By) -> Said:
        hand = Hand(officer=by.officer, key=key, now=by.now, door=Record(home=settings.HOME))
        return actions.withdraw(on, by=hand)

    answer = attempted(request, run)
    assert isinstance(answer, Appended | list), "the door is the record"
    return answer


def _page(
    request: PersonRequest, reader: Reader, link: OpenLink, *, row: DraftRow, errors: Errors | None = None
) -> HttpResponse:
    base = base_of(reader, link.row, now=request.now)
    is_held = base is not None and base.place == row.place
    page = {
        "line": line_of(row),
        "each": row,
        "row": link.row,
        "side": side_name(link.row),
        "base": base,
        "is_held": is_held,
        "changes": changes_of(base.text, row.text) if base and row.text and not is_held else None,
        "articles": () if row.text is None else articles_of(row.text),
        "waiting": waiting(request, link.row.name, kind=SIGNED, about=row.statement),
        "signatures": _signatures(reader, link, row),
        "errors": errors or [],
        **(_tried(request, reader, link, text=row.text) if row.text else {}),
    }
    return render(request, "guidelines/draft.html", page, status=422 if errors else 200)


def _signatures(reader: Reader, link: OpenLink, row: DraftRow) -> tuple[Signature, ...]:
    return () if row.text is None else signatures_of(reader, link.row, row.text)


def _tried(
    request: PersonRequest, reader: Reader, link: OpenLink, *, text: Guideline
) -> Mapping[str, object]:
    """Return what the text would have done to the period that is asked for."""
    typed = {
        "since": request.GET.get("since") or write_since(request.now - PERIOD),
        "until": request.GET.get("until") or write_since(request.now),
    }
    try:
        since, until = read_since(typed["since"]), read_since(typed["until"])
        found = effects(reader, link.row, text, since=since, until=until)
    except SinceError:
        return {"typed": typed, "trouble": _("A time is written as 2026-11-02T09:10Z, with its zone.")}
    except (CutError, NotHeldError):
        return {"typed": typed, "trouble": _("What both nodes hold cannot be looked at together yet.")}
    return {"typed": typed, "effects": found, "trouble": ""}
