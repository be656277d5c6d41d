"""Calling the other side: five fields first, then why, how fast and at which level; seen as they will see it.

    GET   the form, with what a draft has; ?inquiry=A-112 proposes the inquiry that led to it
    POST  look      the same form, with what they will see and whether it would hold; nothing is said
          do=save   keep it and say nothing       put_away, language, settle: as every form of a call
          else      the call; a principal's is prepared, signed, and waits for the second person

The class is never chosen: it is that of what is said to have happened, so that no drill can be taken for
the real thing. Source: screens §3.1, §6.4, D16, D20; Spec §12.1 to §12.3.
"""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.drafts.views import (
    LANGUAGE,
    SAID,
    bind,
    close,
    is_repeated,
    new_page,
    put_away,
    see,
    settle,
    switched,
)
from parley.hotline import actions
from parley.hotline.actions import Waiting
from parley.hotline.views import brief
from parley.hotline.views.calling import Typed, calling_of
from parley.hotline.views.finding import opened_link, zones_of
from parley.hotline.views.keeping import (
    Form,
    Keeping,
    autosaved,
    kept,
    opened,
    origin,
    others,
    renewed,
)
from parley.hotline.views.saying import key_in, written
from parley.hotline.views.showing.faults import changed_fault, fault_of, too_much_fault
from parley.hotline.views.showing.opening import form_of, preview_of
from parley.hotline.views.typed import Reading
from parley.inquiries.forms.saying.desk import Problem
from parley.inquiries.views.showing.faults import ERRORS, Fault
from parley.ledger.readers import OpenLink, side_name
from parley.links.actions import By
from parley.links.actions.signing import Said as SignedSaid
from parley.links.actions.speaking import Hand, Trial
from parley.links.views.together import together

VERB = "open"


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: PersonRequest, link: str) -> HttpResponse:
    found = opened_link(link)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    if found.terms is None or found.terms.hotline is None or zones_of(found) is None:
        page = {"side": side_name(found.row), "link_name": link}
        return render(request, "hotline/none.html", page, status=409)
    if request.method == "POST":
        return _pressed(request, found)
    first = {"inquiry": request.GET["inquiry"]} if request.GET.get("inquiry") else {}
    return _show(request, found, opened(request, _form(link), first=first))


@require_POST
def save_draft(request: PersonRequest, link: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    opened_link(link)
    return autosaved(request, _form(link))


def _form(link: str) -> Form:
    return Form(link=link, verb=VERB)


def _pressed(request: PersonRequest, link: OpenLink) -> HttpResponse:
    form = _form(link.row.link)
    if number := request.POST.get("put_away"):
        put_away(number, among=others(form), request=request)
        return see(_address(link.row.link))
    if "HX-Request" in request.headers:
        # A glance while somebody types: what is typed is saved beside it.
        return _looked(request, link, Keeping(page=new_page(), form=request.POST))
    if is_repeated(request, origin(request, form)):
        return _sent(request, link, Keeping(page=new_page(), form=request.POST))
    found = kept(request, form)
    if found.problem:
        return _show(request, link, found, fault=too_much_fault(found.problem), status=413)
    return _saved(request, link, found)


def _saved(request: PersonRequest, link: OpenLink, found: Keeping) -> HttpResponse:
    name = link.row.link
    if LANGUAGE in request.POST:
        return switched(request, to=_address(name, found))
    verb, _colon, which = request.POST.get("do", "").partition(":")
    if verb == "settle":
        settle(found.draft, which, request=request)
    if verb:
        return see(_address(name, found))
    if request.POST.get("look"):
        return _looked(request, link, found)
    if found.others:
        return _show(request, link, found, fault=changed_fault(found.others[0]), status=409)
    return _sent(request, link, found)


def _address(link: str, found: Keeping | None = None) -> str:
    page = reverse("hotline:new", kwargs={"link": link})
    return page if found is None or found.draft is None else f"{page}?draft={found.draft.number}"


def _read(request: PersonRequest, link: OpenLink, *, key: str) -> tuple[Typed | None, Sequence[Problem]]:
    zones = zones_of(link)
    assert zones is not None, "the link is open"
    reading = Reading(posted=request.POST, zones=zones, now=request.now, problems=[])
    typed = calling_of(reading, link, key=key)
    return typed, tuple(reading.problems)


def _looked(request: PersonRequest, link: OpenLink, found: Keeping) -> HttpResponse:
    """Show what they would see, and what the record would say to it; nothing is kept of that."""
    typed, problems = _read(request, link, key=key_in(request))
    if typed is None:
        return _show(request, link, found, looked=True, problems=problems)
    return _show(request, link, found, looked=True, typed=typed, fault=_tried(request, link, typed))


def _tried(request: PersonRequest, link: OpenLink, typed: Typed) -> Fault | None:
    if typed.level.is_principal:
        # It is judged when the last of them has signed; until then nothing more can be said of it.
        return None
    hand = Hand(
        officer=request.officer, key=uuid.uuid4().hex, now=request.now, door=Trial(home=settings.HOME)
    )
    try:
        actions.open_call(link.row.link, typed.calling, by=hand)
    except ERRORS as error:
        return fault_of(error, side=side_name(link.row))
    return None


def _sent(request: PersonRequest, link: OpenLink, found: Keeping) -> HttpResponse:
    key, name = key_in(request), link.row.link
    typed, problems = _read(request, link, key=key)
    if typed is None:
        return _show(request, link, found, problems=problems, status=422)
    bind(found.draft, key, request=request)
    if typed.level.is_principal:
        return _prepared(request, link, found, typed=typed)
    command = typed.calling
    said = written(
        request, lambda by: actions.open_call(name, command, by=by), key=key, side=side_name(link.row)
    )
    if isinstance(said, Fault):
        return _show(request, link, found, typed=typed, fault=said, status=said.status)
    close(found.draft, outcome=SAID, request=request)
    where = {"link": name, "place": said.place.replace(" ", "-")}
    return see(f"{reverse('hotline:page', kwargs=where)}?saved={where['place']}")


def _prepared(request: PersonRequest, link: OpenLink, found: Keeping, *, typed: Typed) -> HttpResponse:
    """Prepare a call to a principal: signed by this person, it waits for the next one."""
    name, key = link.row.link, key_in(request)

    def prepare(by: By, secret: str) -> Waiting | SignedSaid:
        hand = Hand(officer=by.officer, key=key, now=by.now, door=Trial(home=settings.HOME))
        return actions.open_principal(
            settings.HOME, name, typed.calling, to=typed.level, by=hand, secret=secret
        )

    try:
        answer = together(request, prepare)
    except ERRORS as error:
        fault = fault_of(error, side=side_name(link.row))
        return _show(request, link, found, typed=typed, fault=fault, status=fault.status)
    if isinstance(answer, list):
        problems = tuple(Problem(anchor=anchor, text=text) for anchor, text in answer)
        return _show(request, link, found, typed=typed, problems=problems, status=422)
    close(found.draft, outcome=SAID, request=request)
    if isinstance(answer, Waiting):
        return see(reverse("hotline:sign", kwargs={"link": name, "number": answer.number}))
    return see(f"{reverse('hotline:list')}?link={name}")


def _show(
    request: PersonRequest,
    link: OpenLink,
    found: Keeping,
    *,
    problems: Sequence[Problem] = (),
    fault: Fault | None = None,
    typed: Typed | None = None,
    looked: bool = False,
    status: int = 200,
) -> HttpResponse:
    assert link.terms is not None
    assert link.terms.hotline is not None, "calls are agreed"
    if fault is not None and fault.status == 409:
        found = renewed(found)
    is_first = request.method == "GET"
    page = {
        "link_name": link.row.link,
        "side": side_name(link.row),
        "keeping": found,
        "draft": found.draft,
        "conflicts": found.conflicts,
        "posted": found.form,
        "key": found.form.get("key") or uuid.uuid4().hex,
        # While somebody looks, what is missing stands in the glance, and no error is announced.
        "errors": [] if looked else [(each.anchor, each.text) for each in problems],
        "lacks": [each.text for each in problems] if looked else [],
        "looked": looked,
        "fault": fault,
        "preview": None if typed is None else preview_of(typed),
        "send": _("Call %(side)s now") % {"side": side_name(link.row)},
        "open_drafts": others(_form(link.row.link), but=found.draft) if is_first else (),
        "brief": brief.brief(link, now=request.now) if is_first else None,
        **form_of(found.form, link, link.terms.hotline, now=request.now),
    }
    return render(request, "hotline/new.html", page, status=status)
