"""One review: its figures with the places behind each, what both sides signed and said, and our move.

What is typed as a comment is a draft of the house until it is said (`guidelines/views/keeping.py`).
"""

from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.guidelines.views import keeping
from parley.guidelines.views.keeping import Form, Keeping
from parley.ledger.readers import OpenLink, side_name
from parley.ledger.reading import Reader
from parley.links.actions import By
from parley.links.actions import Said as Signed
from parley.links.actions.speaking import Hand, Record, Said, Target
from parley.links.queries.signing import Signing
from parley.links.views.cosigning import waiting
from parley.links.views.together import Errors, attempted, together
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.review import actions
from parley.review.queries import ReviewRow, signatures_of
from parley.review.views.composing import note_in
from parley.review.views.figures import cut_text, figures_told
from parley.review.views.finding import Computed, computed, move_chip, opened, reviewed, stand_chip
from parley.review.views.signing import SIGNED
from parley.ui.slots import fills

PURPOSE: Final = "review.comment"


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, link: str, place: str) -> HttpResponse:
    found, reader = opened(link)
    row = reviewed(reader, found, place)
    form = _form(link, row, figure=request.GET.get("of", ""))
    if request.method != "POST":
        return _page(request, reader, found, row=row, typed=keeping.opened(request, form))
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    if request.POST.get("do") in {"agree", "sign"}:
        typed, answer = keeping.opened(request, form), _done(request, reader, found, row=row)
    else:
        pressed = keeping.pressed(request, form)
        if isinstance(pressed, HttpResponse):
            return pressed
        typed, answer = pressed, _commented(request, row, pressed, link=link)
    if isinstance(answer, list):
        return _page(request, reader, found, row=row, typed=typed, errors=answer)
    if isinstance(answer, Signing):
        where = {"link": link, "number": answer.number}
        return HttpResponseRedirect(reverse("review:sign", kwargs=where))
    return HttpResponseRedirect(reverse("review:page", kwargs={"link": link, "place": place}))


@require_POST
def save(request: PersonRequest, link: str, place: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    found, reader = opened(link)
    row = reviewed(reader, found, place)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    return keeping.autosaved(request, _form(link, row))


def _form(link: str, row: ReviewRow, *, figure: str = "") -> Form:
    return Form(
        link=link,
        purpose=PURPOSE,
        address=reverse("review:page", kwargs={"link": link, "place": row.slug}),
        first={"figure": figure, "note": ""},
        label=_label,
        about=id_text(row.statement),
    )


def _label(name: str) -> str:
    return {"figure": _("To which figure (empty: to all of them)")}.get(name, _("What our side says"))


def _done(
    request: PersonRequest, reader: Reader, link: OpenLink, *, row: ReviewRow
) -> Said | Signing | Signed | Errors:
    on = Target(link=link.row.name, statement=row.statement)
    found = computed(reader, link.row, row.cut)
    if isinstance(found, str):
        return [("", found)]
    if request.POST.get("do") == "agree":
        # The same press twice is the same statement.
        key = f"agree-{id_text(row.statement)}"
        return attempted(request, lambda by: actions.agree(reader, on, row.cut, by=_hand(by, key)))
    return together(
        request, lambda by, secret: actions.sign(settings.HOME, on, row.cut, by=by, secret=secret)
    )


def _commented(request: PersonRequest, row: ReviewRow, typed: Keeping, *, link: str) -> Said | Errors:
    if wrong := keeping.in_the_way(typed):
        return wrong
    words, figure = note_in(typed.values["note"]), typed.values["figure"].strip() or None
    if words is None:
        return [("note", _("Say something first."))]
    key, on = keeping.key_of(request), Target(link=link, statement=row.statement)
    keeping.before_saying(request, typed, key=key)
    try:
        said = attempted(request, lambda by: actions.comment(on, figure, words, by=_hand(by, key)))
    except BreachError:
        return [("figure", _("No figure is called so."))]
    if not isinstance(said, list):
        keeping.said(request, typed)
    return said


def _hand(by: By, key: str) -> Hand:
    return Hand(officer=by.officer, key=key, now=by.now, door=Record(home=settings.HOME))


def _page(
    request: PersonRequest,
    reader: Reader,
    link: OpenLink,
    *,
    row: ReviewRow,
    typed: Keeping,
    errors: Errors | None = None,
) -> HttpResponse:
    found, of = computed(reader, link.row, row.cut), request.GET.get("of", "")
    shown: dict[str, object] = {
        "row": link.row,
        "side": side_name(link.row),
        "each": row,
        "stand": stand_chip(row.stand),
        "move": move_chip(row.move),
        "cut": cut_text(row.cut),
        "trouble": found if isinstance(found, str) else "",
        **_beside(request, reader, link, row=row),
        "errors": errors or [],
        **_typed(request, link, row, typed=typed),
    }
    if isinstance(found, Computed):
        shown |= {
            "can_sign": row.can_sign(found.digest),
            "theirs_differs": row.theirs is not None and row.theirs != found.digest,
            **figures_told(reader, link, row.cut, found=found, of=of),
        }
    return render(request, "review/page.html", shown, status=422 if errors else 200)


def _beside(request: PersonRequest, reader: Reader, link: OpenLink, *, row: ReviewRow) -> dict[str, object]:
    """Return who signed, whose signature is missing, and what other rooms put beside the figures."""
    return {
        "waiting": waiting(request, link.row.name, kind=SIGNED, about=row.statement),
        "signatures": signatures_of(reader, link.row, row),
        "beside": fills("review", request, link=link.row.name, thread=id_text(row.statement)),
    }


def _typed(request: PersonRequest, link: OpenLink, row: ReviewRow, *, typed: Keeping) -> dict[str, object]:
    """Return what the form of a comment needs."""
    form, is_got = _form(link.row.name, row), request.method != "POST"
    return {
        "key": keeping.key_of(request),
        "keeping": typed,
        "draft": typed.draft,
        "conflicts": typed.conflicts,
        "open_drafts": keeping.open_drafts(form, but=typed.draft) if is_got else (),
        "save_url": reverse("review:save", kwargs={"link": link.row.name, "place": row.slug}),
        **{f"typed_{name}": text for name, text in typed.values.items()},
    }
