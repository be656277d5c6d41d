"""A new review: a period is typed, and this node shows its figures at the largest cut that both hold."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.inquiries.forms.typed import TypedError, read_time
from parley.ledger.home import read_config
from parley.ledger.readers import OpenLink, side_name
from parley.ledger.reading import Reader
from parley.ledger.reviewing import newest_cut
from parley.links.actions import By
from parley.links.actions.speaking import Hand, Record, Said
from parley.links.views.together import Errors, attempted
from parley.protocol.breach import BreachError
from parley.protocol.review.bodies import CutProposed, read_said
from parley.protocol.strictjson import JsonValue
from parley.review import actions
from parley.review.views.contents import chosen_number, told
from parley.review.views.finding import Computed, computed, opened
from parley.ui.words import is_chinese

PERIOD: Final = 180 * 86_400
MAX_NOTE: Final = 4_000


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: PersonRequest, link: str) -> HttpResponse:
    found, reader = opened(link)
    typed = _typed(request)
    cut = _cut(request, reader, found, typed=typed)
    if isinstance(cut, list):
        return _page(request, reader, found, typed=typed, errors=cut)
    if request.method != "POST":
        return _page(request, reader, found, typed=typed, cut=cut)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    answer = _said(request, link, cut)
    if isinstance(answer, list):
        return _page(request, reader, found, typed=typed, cut=cut, errors=answer)
    return HttpResponseRedirect(reverse("review:list", kwargs={"link": link}))


def _typed(request: PersonRequest) -> Mapping[str, str]:
    fields = request.POST if request.method == "POST" else request.GET
    return {
        "since": fields.get("since") or _written(request.now - PERIOD),
        "until": fields.get("until") or _written(request.now),
    }


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")


def _cut(
    request: PersonRequest, reader: Reader, link: OpenLink, *, typed: Mapping[str, str]
) -> CutProposed | Errors:
    try:
        since, until = (read_time(typed[name], now=request.now) for name in ("since", "until"))
        cut = newest_cut(reader, link.row.name, since=since, until=until)
        if request.method != "POST":
            return cut
        # What is said is the cut that was shown, and not one that grew meanwhile.
        sizes = [each.split(":") for each in request.POST.get("cut", "").split()]
        lanes: list[JsonValue] = [
            {"lane": lane, "sizes": [int(n) for n in both.split("/")]} for lane, both in sizes
        ]
        said = read_said("review.cut_proposed", {"since": since, "until": until, "cut": lanes})
    except TypedError:
        return [("since", _("A time is written as 2026-11-02T09:10Z, with its zone."))]
    except (BreachError, ValueError):
        return [("since", _("That is no period, or no cut."))]
    assert isinstance(said, CutProposed), "read as one"
    return said


def _said(request: PersonRequest, link: str, cut: CutProposed) -> Said | Errors:
    key = request.POST.get("key") or uuid.uuid4().hex

    def run(by: By) -> Said:
        hand = Hand(officer=by.officer, key=key[:64], now=by.now, door=Record(home=settings.HOME))
        return actions.propose(link, cut, by=hand, note=note_of(request))

    return attempted(request, run)


def note_of(request: PersonRequest) -> actions.Words | None:
    """Return what was typed as a note, in the language of the page; None if nothing was."""
    text = request.POST.get("note", "").strip()
    return {"lang": "zh-Hans" if is_chinese() else "en", "text": text[:MAX_NOTE]} if text else None


def own_name() -> str:
    """Return what our side is called."""
    config = read_config(settings.HOME)
    return config.name_zh if is_chinese() else config.name_en


def _page(
    request: PersonRequest,
    reader: Reader,
    link: OpenLink,
    *,
    typed: Mapping[str, str],
    cut: CutProposed | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    found = None if cut is None else computed(reader, link.row, cut)
    of = request.GET.get("of", "")
    page: dict[str, object] = {
        "row": link.row,
        "side": side_name(link.row),
        "typed": typed,
        "key": uuid.uuid4().hex,
        "cut": "" if cut is None else " ".join(f"{e.lane}:{e.sizes[0]}/{e.sizes[1]}" for e in cut.cut),
        "trouble": found if isinstance(found, str) else "",
        "errors": errors or [],
    }
    if isinstance(found, Computed):
        page |= {
            "digest": found.digest,
            "chosen": chosen_number(found.shown, of) if of else None,
            **told(found.shown, link, own=own_name()),
        }
    return render(request, "review/new.html", page, status=422 if errors else 200)
