"""What the pages with a draft share: who types on which page, how it is saved, what becomes of it.

page   the name of one rendered page: two tabs of one person are two
base   the newest revision of the draft that this page was told of
draft  the number of the draft, where the form goes on with one
stroke which of the page's requests this is: the browser may have given an older one up half way
"""

import uuid
from collections.abc import Callable, Iterable

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse

from parley.agencies.middleware import PersonRequest
from parley.agencies.views import set_language
from parley.drafts import actions
from parley.drafts.actions import ClosedError, Hand, Kept, LimitError
from parley.drafts.forms import Naming, said_of_closed, said_of_limit, shown_time
from parley.drafts.queries import DraftRow, Origin, UnknownDraftError, draft_of, find_draft, values_of

LANGUAGE = "language"
"""The field of the buttons that save, and then switch the language."""
KEY = "key"
"""The field of a draft under which what it became was said."""
SAID = "said"
PUT_AWAY = "put_away"


def page_of(request: PersonRequest) -> str:
    """Return which rendered page a form comes from; a page that does not say is one of its own."""
    said = request.GET.get("page") or request.POST.get("page") or ""
    return said if said.isalnum() and len(said) <= 32 else new_page()


def new_page() -> str:
    """Return a name for a page that is being rendered."""
    return uuid.uuid4().hex


def hand(request: PersonRequest) -> Hand:
    """Return who types, and on which page."""
    stroke = _figure(request.POST.get("stroke", "")) or 0
    return Hand(officer=request.officer.number, session=page_of(request), now=request.now, stroke=stroke)


def base_of(request: PersonRequest) -> int:
    """Return the revision that the page knew; one that does not say knew nothing."""
    return _figure(request.POST.get("base", "")) or 0


def number_of(request: PersonRequest) -> int | None:
    """Return the draft that the form goes on with; None if it names none."""
    return _figure(request.GET.get("draft") or request.POST.get("draft") or "")


def origin_of(request: PersonRequest, *, link: str, purpose: str, about: str) -> Origin:
    """Return the form that a request comes from."""
    return Origin(link=link, purpose=purpose, about=about, number=number_of(request), base=base_of(request))


def answer_of(kept: Kept, *, is_field: Callable[[str], bool]) -> JsonResponse:
    """Return what `ui/autosave.js` is told: the revision, and what others changed of fields of the page."""
    saved_at, outcome = find_draft(kept.number).saved_at, kept.outcome
    conflicts = [(each.field, each.theirs, each.by, each.at) for each in outcome.conflicts]
    changed = [(each.field, each.value, each.by, each.at) for each in outcome.changed]
    return JsonResponse(
        {
            "revision": outcome.revision,
            "saved_at": saved_at,
            "shown": shown_time(saved_at),
            "number": kept.number,
            "conflicts": [
                {"field": field, "theirs": theirs, "by": by, "at": shown_time(at)}
                for field, theirs, by, at in (*conflicts, *changed)
                if is_field(field)
            ],
        }
    )


def refusal_of(error: LimitError | ClosedError, *, label: Naming) -> JsonResponse:
    """Return why what a page brought by itself was not saved."""
    if isinstance(error, LimitError):
        return JsonResponse({"reason": said_of_limit(error, label=label)}, status=413)
    return JsonResponse({"reason": said_of_closed(error.number)}, status=422)


def switched(request: PersonRequest, *, to: str) -> HttpResponse:
    """Switch to the language whose button was pressed, and go on at the address `to` of this node."""
    answer = set_language(request)
    answer.headers["Location"] = to
    return answer


def see(address: str) -> HttpResponse:
    """Return the answer to a form that was taken: the page at `address`."""
    return HttpResponseRedirect(address, status=303)


# ---- What becomes of a draft


def is_repeated(request: PersonRequest, origin: Origin) -> bool:
    """Return whether this very form was said already: a double click, a reload.

    Raises:
        Http404: it names a draft that there is not, or that is of another form.
    """
    draft = draft_at(request, origin)
    if draft is None or draft.outcome != SAID:
        return False
    return values_of(draft.number, [KEY]).get(KEY) == request.POST.get(KEY)


def draft_at(request: PersonRequest, origin: Origin) -> DraftRow | None:
    """Return the draft that the request goes on with, open or closed; None if it goes on with none.

    Raises:
        Http404: it names a draft that there is not, or that is of another form.
    """
    try:
        return draft_of(origin, page=page_of(request))
    except UnknownDraftError as error:
        raise Http404 from error


def bind(draft: DraftRow | None, key: str, *, request: PersonRequest) -> None:
    """Write down the key before anything is said under it: a form found after a crash says nothing twice."""
    if draft is not None:
        actions.put(draft.number, {KEY: key}, by=hand(request))


def close(draft: DraftRow | None, *, outcome: str, request: PersonRequest) -> None:
    """Close a draft, if there is one: it was said, or put away."""
    if draft is not None:
        actions.close(draft.number, outcome=outcome, by=hand(request))


def put_away(number: str, *, among: Iterable[DraftRow], request: PersonRequest) -> None:
    """Close the one of these drafts with this number, which will not be said.

    Raises:
        Http404: there is none.
    """
    draft = next((each for each in among if str(each.number) == number), None)
    if draft is None:
        raise Http404
    close(draft, outcome=PUT_AWAY, request=request)


def settle(draft: DraftRow | None, which: str, *, request: PersonRequest) -> None:
    """Choose between two texts: ``5:mine`` or ``5:theirs``."""
    number, _colon, whose = which.partition(":")
    if draft is not None and number.isdecimal() and whose in {"mine", "theirs"}:
        actions.resolve(draft.number, int(number), take_mine=whose == "mine", by=hand(request))


def _figure(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
