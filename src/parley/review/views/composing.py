"""A new review: a period is typed, and this node shows its figures at the largest cut that both hold.

What is typed to it is a draft of the house until it is said (`guidelines/views/keeping.py`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.guidelines.views import keeping
from parley.inquiries.forms.typed import TypedError, read_time
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
from parley.review.views.figures import cut_text, figures_told
from parley.review.views.finding import Computed, computed, opened
from parley.ui.words import is_chinese

PURPOSE: Final = "review.cut"
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
    kept = keeping.pressed(request, _form(link, typed))
    if isinstance(kept, HttpResponse):
        return kept
    answer = keeping.in_the_way(kept) or _said(request, link, cut, kept=kept)
    if isinstance(answer, list):
        return _page(request, reader, found, typed=typed, cut=cut, kept=kept, errors=answer)
    keeping.said(request, kept)
    return HttpResponseRedirect(reverse("review:list", kwargs={"link": link}))


@require_POST
def save_note(request: PersonRequest, link: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    opened(link)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    return keeping.autosaved(request, _form(link, _typed(request)))


def _form(link: str, typed: Mapping[str, str]) -> keeping.Form:
    page = reverse("review:new", kwargs={"link": link})
    return keeping.Form(
        link=link,
        purpose=PURPOSE,
        address=f"{page}?{urlencode(typed)}",
        first={"note": ""},
        label=lambda _name: _("What you say to it (may be empty)"),
    )


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


def _said(request: PersonRequest, link: str, cut: CutProposed, *, kept: keeping.Keeping) -> Said | Errors:
    key = keeping.key_of(request)
    keeping.before_saying(request, kept, key=key)

    def run(by: By) -> Said:
        hand = Hand(officer=by.officer, key=key, now=by.now, door=Record(home=settings.HOME))
        return actions.propose(link, cut, by=hand, note=note_in(kept.values["note"]))

    return attempted(request, run)


def note_in(text: str) -> actions.Words | None:
    """Return what was typed as a note, in the language of the page; None if nothing was."""
    words = text.strip()[:MAX_NOTE]
    return {"lang": "zh-Hans" if is_chinese() else "en", "text": words} if words else None


def _page(
    request: PersonRequest,
    reader: Reader,
    link: OpenLink,
    *,
    typed: Mapping[str, str],
    cut: CutProposed | None = None,
    kept: keeping.Keeping | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    found = None if cut is None else computed(reader, link.row, cut)
    form, is_got = _form(link.row.name, typed), request.method != "POST"
    kept = kept or keeping.opened(request, form)
    page: dict[str, object] = {
        "row": link.row,
        "side": side_name(link.row),
        "typed": typed,
        "key": keeping.key_of(request),
        "keeping": kept,
        "draft": kept.draft,
        "conflicts": kept.conflicts,
        "open_drafts": keeping.open_drafts(form, but=kept.draft) if is_got else (),
        "open_name": f"{urlencode(typed)}&draft",
        "cut": "" if cut is None else cut_text(cut),
        "trouble": found if isinstance(found, str) else "",
        "errors": errors or [],
    }
    if isinstance(found, Computed):
        assert cut is not None, "computed at it"
        page |= figures_told(reader, link, cut, found=found, of=request.GET.get("of", ""))
    return render(request, "review/new.html", page, status=422 if errors else 200)
