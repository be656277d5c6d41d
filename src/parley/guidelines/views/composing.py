"""A new text: from the one that holds or from a draft, field by field and clause by clause; or from a file.

Nothing is said before the page has shown what would be changed. What cannot be a guideline is told by the
clause, and what was typed stays in the form.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.guidelines import actions
from parley.guidelines.forms import MAX_NOTE, SinceError, changed_text, limits_of, write_since
from parley.guidelines.queries import DraftRow, base_of, changes_of
from parley.guidelines.views.finding import drafted, opened
from parley.ledger.readers import OpenLink, side_name
from parley.ledger.reading import Reader
from parley.links.actions import By
from parley.links.actions.speaking import Hand, Record, Said, Target
from parley.links.views.together import Errors, attempted
from parley.protocol.breach import BreachError
from parley.protocol.guidelines.text import Guideline, read_guideline
from parley.protocol.strictjson import JsonValue
from parley.ui.words import is_chinese

DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the form begins with: a text, and the draft that it would replace, if there is one."""

    text: Guideline
    of: DraftRow | None


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: PersonRequest, link: str) -> HttpResponse:
    found, reader = opened(link)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    begun = _begun(request, reader, found)
    if request.method != "POST":
        return _page(request, reader, found, begun=begun)
    text = _typed(request, begun)
    if isinstance(text, list):
        return _page(request, reader, found, begun=begun, errors=text)
    if request.POST.get("do") != "say":
        return _page(request, reader, found, begun=begun, text=text)
    answer = _said(request, link, text, begun=begun)
    if isinstance(answer, list):
        return _page(request, reader, found, begun=begun, text=text, errors=answer)
    return HttpResponseRedirect(reverse("guidelines:list", kwargs={"link": link}))


def _begun(request: PersonRequest, reader: Reader, link: OpenLink) -> Begun:
    place = request.POST.get("of") or request.GET.get("of", "")
    if place:
        of = drafted(reader, link, place, now=request.now)
        if of.text is None:
            raise Http404
        return Begun(text=of.text, of=of)
    base = base_of(reader, link.row, now=request.now)
    if base is None:
        raise Http404
    return Begun(text=base.text, of=None)


def _typed(request: PersonRequest, begun: Begun) -> Guideline | Errors:
    file = request.FILES.get("file")
    kept = request.POST.get("kept", "")
    try:
        if file is not None:
            return read_guideline(file.read())
        if kept:
            return read_guideline(kept.encode())
        return changed_text(begun.text, request.POST.dict())
    except SinceError:
        return [("since", _("A time is written as 2026-11-02T09:10Z, with its zone."))]
    except BreachError as error:
        told = _("That is no guideline (Spec %(paragraph)s): %(reason)s.")
        return [("", told % {"paragraph": f"§{error.paragraph}", "reason": error.reason})]


def _said(request: PersonRequest, link: str, text: Guideline, *, begun: Begun) -> Said | Errors:
    note = _note(request.POST.get("note", "").strip())

    def run(by: By) -> Said:
        key = request.POST.get("key") or uuid.uuid4().hex
        hand = Hand(officer=by.officer, key=key[:64], now=by.now, door=Record(home=settings.HOME))
        if begun.of is None:
            return actions.propose(link, text, by=hand, note=note)
        return actions.amend(Target(link=link, statement=begun.of.statement), text, by=hand, note=note)

    return attempted(request, run)


def _note(text: str) -> Mapping[str, JsonValue] | None:
    if not text:
        return None
    return {"lang": "zh-Hans" if is_chinese() else "en", "text": text[:MAX_NOTE]}


def _page(
    request: PersonRequest,
    reader: Reader,
    link: OpenLink,
    *,
    begun: Begun,
    text: Guideline | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    base = base_of(reader, link.row, now=request.now)
    typed = request.POST.dict()
    page = {
        "row": link.row,
        "side": side_name(link.row),
        "of": begun.of,
        "since": typed.get("since") or write_since(_later(request.now)),
        "limits": [
            (each.path, typed.get(f"field:{each.path}", each.value)) for each in limits_of(begun.text)
        ],
        "articles": [_article(n, begun.text, typed) for n in range(1, len(begun.text.articles) + 1)],
        "note": typed.get("note", ""),
        "key": typed.get("key") or uuid.uuid4().hex,
        "preview": None if text is None or base is None else changes_of(base.text, text),
        "kept": "" if text is None else text.raw.decode(),
        "digest": "" if text is None else text.digest,
        "errors": errors or [],
    }
    return render(request, "guidelines/new.html", page, status=422 if errors else 200)


def _later(now: int) -> int:
    day = 86_400
    return (now // day + DAYS_AHEAD) * day


def _article(n: int, text: Guideline, typed: Mapping[str, str]) -> Mapping[str, object]:
    article = text.articles[n - 1]
    words = [(f"{n}.{m}", clause.en, clause.zh) for m, clause in enumerate(article.clauses, start=1)]
    return {
        "number": n,
        "en": article.heading.en,
        "zh": article.heading.zh,
        "clauses": [
            (name, typed.get(f"en-{name}", en), typed.get(f"zh-{name}", zh))
            for name, en, zh in (*words, (f"{n}.new", "", ""))
        ],
    }
