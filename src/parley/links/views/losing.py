"""What is lost of our own log: what happened, what is safe, and what two officers decide about it.

Both compare the newest head with the other side, over a line that they know; each types what is heard and
gives the secret. Or, where the other side does not answer for as long as was agreed, both let the log end.
"""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.drafts.queries import UnknownDraftError
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.links import actions
from parley.links.forms import field_of, read_typed
from parley.links.queries.deciding import Decided, Decision, Deed
from parley.links.queries.losing import Loss, losses_of, offered_of
from parley.links.views.links import chosen
from parley.links.views.together import Errors, by_of, together


@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: PersonRequest, link: str) -> HttpResponse:
    found = chosen(link)
    losses = _losses(request, found)
    loss = _meant(request, losses)
    if request.method != "POST" or loss is None:
        return _page(request, found, loss, lanes=losses)
    do, _colon, number = request.POST.get("do", "").partition(":")
    if do == "put_away":
        return _put_away(request, found, number=number, name=loss.row.name)
    errors = [] if do == "alone" else _compared(request, loss)
    if errors:
        return _page(request, found, loss, lanes=losses, errors=errors)
    deed = Deed.END_ALONE if do == "alone" else Deed.CONFIRM_HEAD
    decided = Decided(link=loss.row.name, deed=deed, about="" if do == "alone" else "".join(loss.row.digits))
    answer = together(request, lambda by, _secret: actions.decide(settings.HOME, decided, by=by))
    if isinstance(answer, list):
        # Each form has a field of its own for the secret.
        field = "secret-alone" if do == "alone" else "secret"
        moved = [(anchor and field, text) for anchor, text in answer]
        return _page(request, found, loss, lanes=losses, errors=moved)
    told = "decided" if isinstance(answer, Decision) else "done"
    return HttpResponseRedirect(f"{_address(found)}?lane={loss.lane}&{told}=1")


def _losses(request: PersonRequest, link: OpenLink) -> tuple[Loss, ...]:
    reader = reader_of(settings.HOME)
    if reader is None:
        return ()
    name = link.row.name
    return (*losses_of(reader, name, now=request.now), *offered_of(reader, name, now=request.now))


def _meant(request: PersonRequest, losses: tuple[Loss, ...]) -> Loss | None:
    """Return the loss of the lane that the form or the address names; None for none.

    A page shows another one where that lane is whole by now. What is decided is decided of the named one.
    """
    is_form = request.method == "POST"
    lane = (request.POST if is_form else request.GET).get("lane", "")
    named = next((each for each in losses if each.lane == lane), None)
    return named if named is not None or is_form or not losses else losses[0]


def _compared(request: PersonRequest, loss: Loss) -> Errors:
    """Return which of the groups that were heard are missing, no groups, or not those of our head."""
    typed, unclear = read_typed(request.POST.dict(), is_first=True)
    differs = _("Group %(number)d is not the same. Ask them to read it once more, and type it again.")
    no_group = _("Group %(number)d needs five digits, and nothing else.")
    wrong: Errors = []
    for number in loss.types:
        place = number - 1
        if place in unclear or place not in typed:
            wrong.append((field_of(place), no_group % {"number": number}))
        elif typed[place] != loss.row.digits[place]:
            wrong.append((field_of(place), differs % {"number": number}))
    return wrong


def _put_away(request: PersonRequest, link: OpenLink, *, number: str, name: str) -> HttpResponse:
    if not number.isdecimal():
        raise Http404
    try:
        actions.put_decision_away(name, int(number), by=by_of(request))
    except UnknownDraftError as error:
        raise Http404 from error
    return HttpResponseRedirect(_address(link))


def _page(
    request: PersonRequest,
    link: OpenLink,
    loss: Loss | None,
    *,
    lanes: tuple[Loss, ...],
    errors: Errors | None = None,
) -> HttpResponse:
    typed = request.POST.dict() if errors else {}
    waits = loss.waits if loss else ()
    shown = {
        "row": link.row,
        "side": side_name(link.row),
        "loss": loss,
        "lanes": [each.lane for each in lanes],
        "hears": [
            (number, field_of(number - 1), typed.get(field_of(number - 1), ""))
            for number in (loss.types if loss else ())
        ],
        "may_end": loss is not None and request.now >= loss.alone_from,
        "is_decided": "decided" in request.GET,
        "is_done": "done" in request.GET,
        "has_decided": any(each.officer == request.officer.number for each in waits),
        "errors": errors or [],
    }
    return render(request, "links/recover.html", shown, status=422 if errors else 200)


def _address(link: OpenLink) -> str:
    return reverse("links:recover", kwargs={"link": link.row.name})
