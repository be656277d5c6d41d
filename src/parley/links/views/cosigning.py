"""The page on which one more officer signs what was prepared: alike in every room that has such a page.

    GET     what exactly is signed, who signed so far, and the line of the next person
    POST    do=sign       one more line; the last one says it
            do=put_away   nothing is said
    then    the same address tells what became of it and leads on, whoever still has the page

A room adds what it shows of its own text (`Room.shown`) in its own frame (`Room.template`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.agencies.queries import list_officers
from parley.drafts.queries import UnknownDraftError
from parley.ledger.readers import reader_of, side_name
from parley.ledger.reading import EntryRow
from parley.links import actions
from parley.links.queries.signing import Ended, Signing, ended, persons_wanted, signing, signings
from parley.links.views.asserting import asking, payloads_in
from parley.links.views.links import chosen
from parley.links.views.together import Errors, by_of, together
from parley.ui import rooms


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Which statements a page of this sort is for, and what its room adds.

    `kind` is theirs, and names what they are about (`ui/rooms.py`); `sign` is the name of the page's address,
    by `link` and `number`. `shown` returns what the template needs beside what is alike, or raises Http404.
    """

    kind: str
    sign: str
    template: str
    shown: Callable[[PersonRequest, Signing], Mapping[str, object]]


def cosign(request: PersonRequest, room: Room, *, link: str, number: int) -> HttpResponse:
    """Answer for the page of draft `number`: look, sign as one more person, or put it away.

    Raises:
        Http404: nothing of this kind was ever prepared on `link` in a draft of this number.
    """
    waits = prepared(link, number, kinds={room.kind})
    here = HttpResponseRedirect(reverse(room.sign, kwargs={"link": link, "number": number}))
    if isinstance(waits, Ended):
        return over(request, waits, onward=_matter(waits.prepared))
    if request.method != "POST":
        return _page(request, room, waits)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    if request.POST.get("do") == "put_away":
        actions.put_away(number, by=by_of(request))
        return HttpResponseRedirect(_matter(waits))
    answer = one_more(request, number)
    if isinstance(answer, list):
        # Another officer was quicker: what became of it says more than what stood in the way.
        is_over = isinstance(prepared(link, number), Ended)
        return here if is_over else _page(request, room, waits, errors=answer)
    return here if isinstance(answer, Signing) else HttpResponseRedirect(_matter(waits))


def prepared(link: str, number: int, *, kinds: Iterable[str] = ()) -> Signing | Ended:
    """Return what was prepared on `link` in this draft, or what became of it. Empty `kinds`: of any kind.

    Raises:
        Http404: nothing was.
    """
    try:
        found = _either(number)
    except UnknownDraftError as error:
        raise Http404 from error
    draft = found.prepared.draft if isinstance(found, Ended) else found.draft
    if draft.link != link or (kinds and draft.kind not in kinds):
        raise Http404
    return found


def one_more(request: PersonRequest, number: int) -> Signing | actions.Said | Errors:
    """Sign as this person, by secret or by what the authenticator gave; or tell what stood in the way."""
    payloads = payloads_in(request)

    def run(by: actions.By, secret: str) -> Signing | actions.Said:
        pen = actions.Pen(secret=secret, payloads=payloads)
        return actions.sign_prepared(settings.HOME, number, by=by, pen=pen)

    return together(request, run, by_passkey=bool(payloads))


def over(request: PersonRequest, found: Ended, *, onward: str) -> HttpResponse:
    """Answer with what became of what was prepared, a late press too; `onward` is where one goes on."""
    if request.method == "POST":
        return HttpResponseRedirect(request.path)
    waits, row = found.prepared, chosen(found.prepared.draft.link).row
    page = {
        "row": row,
        "side": side_name(row),
        "ended": found,
        "signed_by": names_of(waits.persons),
        "onward_href": onward,
    }
    return render(request, "links/signed.html", page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for another officer of ours: the names of those who signed it, and how many are missing.

    `is_mine`: the reader of the page is one of them.
    """

    waits: Signing
    signed_by: Sequence[str]
    missing: int
    is_mine: bool


def waiting(request: PersonRequest, link: str, *, kind: str, about: bytes) -> tuple[Waiting, ...]:
    """Return the statements of this kind about `about` that wait for another officer, the oldest first."""
    found = (each for each in signings(link) if (each.draft.kind, each.draft.re) == (kind, about))
    return tuple(
        Waiting(
            waits=each,
            signed_by=names_of(each.persons),
            missing=max(0, persons_wanted(settings.HOME, each.draft) - len(each.persons)),
            is_mine=request.officer.number in each.persons,
        )
        for each in found
    )


def names_of(persons: Iterable[int]) -> list[str]:
    """Return what these officers are called."""
    names = {each.number: each.name for each in list_officers()}
    return [names.get(person, str(person)) for person in persons]


def _either(number: int) -> Signing | Ended:
    try:
        return signing(number)
    except UnknownDraftError:
        return ended(number)


def _row(link: str, statement: bytes | None) -> EntryRow | None:
    reader = reader_of(settings.HOME)
    return None if reader is None or statement is None else reader.row(link, statement)


def _matter(waits: Signing) -> str:
    """Return the address of what the statement is about."""
    about = _row(waits.draft.link, waits.draft.re)
    if about is None:
        raise Http404
    return rooms.href_of(rooms.room_of(waits.draft.kind), waits.draft.link, about.place)


def _page(
    request: PersonRequest, room: Room, waits: Signing, *, errors: Errors | None = None
) -> HttpResponse:
    row = chosen(waits.draft.link).row
    page = {
        "row": row,
        "side": side_name(row),
        "waits": waits,
        "signed_by": names_of(waits.persons),
        "has_signed": request.officer.number in waits.persons,
        "is_enough": len(waits.persons) >= persons_wanted(settings.HOME, waits.draft),
        "asking": asking(request, waits),
        "errors": errors or [],
        **room.shown(request, waits),
    }
    return render(request, room.template, page, status=422 if errors else 200)
