"""The page of one offer, the same on both sides: what it is, under which conditions, what was said of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.telling import effect_text, hand_text, kind_text
from parley.ledger.enclosing import Kept
from parley.ledger.sealed import all_sealed
from parley.links.queries.timeline import Told
from parley.protocol.act import id_text
from parley.sharing.forms.texts import Words
from parley.sharing.policy import content_of
from parley.sharing.queries import Dossier
from parley.sharing.views.begun import Begun, begun
from parley.sharing.views.delivered import files_delivered, handling
from parley.sharing.views.finding import share_called
from parley.sharing.views.listing import moves_of
from parley.sharing.views.showing.telling import counts_text, said_text, state_text
from parley.sharing.views.verbs import PURPOSE, moves, title_of
from parley.ui import sharewords, words
from parley.ui.slots import fills


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A statement about an offer, in words."""

    place: str
    is_ours: bool
    kind: str
    who: str
    at: int
    is_at_their_node: bool
    without_effect: str
    said: str
    """What its codes and numbers say, such as the conditions that were undertaken."""
    texts: tuple[Text, ...]


@require_safe
def page(request: PersonRequest, link: str, place: str) -> HttpResponse:
    dossier = share_called(link, place, now=request.now)
    row = dossier.row
    lines = [_line(dossier, each) for each in dossier.timeline.statements]
    saved = request.GET.get("saved", "").replace("-", " ")
    shown = {
        "dossier": dossier,
        "row": row,
        "what": words.label(row.what, sharewords.CLASSES),
        "counts": counts_text(row),
        "expects": words.label(row.expects, sharewords.EXPECTS),
        "conditions": words.labelled(row.conditions, words.CODES),
        "state": state_text(row, now=request.now),
        "moves": moves_of(row),
        "offers": tuple(moves(dossier)) if may_act(request.officer.role) else (),
        "beside": fills("share", request, link=row.link, thread=row.share),
        "begun": tuple(_begun(dossier)) if may_act(request.officer.role) else (),
        "result": words.label(row.result, sharewords.RESULTS),
        "cleaned": [(words.label(name, sharewords.CLEANED), n) for name, n in row.cleaned.items()],
        "passing": [
            (words.label(to.value, sharewords.AUDIENCES), words.label(found.value, sharewords.PASSINGS))
            for to, found in dossier.passing.items()
        ],
        "sealed": _sealed(dossier),
        "files": files_delivered(dossier),
        "handling": handling(dossier),
        "lines": lines,
        "may_act": may_act(request.officer.role),
        "saved": next((each for each in lines if each.place == saved and each.is_ours), None),
    }
    return render(request, "sharing/page.html", shown)


def _begun(dossier: Dossier) -> Iterator[Begun]:
    where = {"link": dossier.link.name, "place": dossier.row.place_path}

    def form(verb: str) -> tuple[str, str]:
        name = title_of(verb)
        return name, reverse("sharing:say", kwargs={**where, "verb": verb}) if name else ""

    places = {each.statement: each.place_path for each in dossier.timeline.statements}
    yield from begun(dossier.link.name, PURPOSE, places=places, thread=dossier.row.share, form=form)


def _sealed(dossier: Dossier) -> tuple[Kept, ...]:
    """Return those of its files that lie sealed here and were not sent."""
    if dossier.share is None or not dossier.row.is_ours:
        return ()
    content = content_of(dossier.share.offer)
    lying = all_sealed(settings.HOME, dossier.link.name)
    return tuple(each for each in lying if id_text(each.hash) in content)


def _line(dossier: Dossier, told: Told) -> Line:
    found = dossier.words.get(told.statement, Words())
    texts = (found.title, found.why, found.conditions, found.text)
    return Line(
        place=told.place,
        is_ours=told.is_ours,
        kind=kind_text(told.kind),
        who=hand_text(told.role, told.officer, told.signers),
        at=told.effective,
        is_at_their_node=told.is_at_their_node,
        without_effect=effect_text(told.verdict),
        said=said_text(told),
        texts=tuple(each for each in texts if each is not None),
    )
