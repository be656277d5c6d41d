"""Saying something about an inquiry: one form for every verb, and what became of it.

    GET   the form, with what is proposed; 409 where it would be void now, with the reason
    POST  look   the same form, with what they will see; nothing is written
          more   the same form with one more line of findings
          else   the statement; then the page of the inquiry, or the form again with every word

The key in the form makes a repetition harmless: a double click, a reload, a second try after
core went away are one statement.
"""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.inquiries import actions
from parley.inquiries.actions import Hand, Record, Said, Trial, Tried, Words
from parley.inquiries.forms.saying.desk import Problem
from parley.inquiries.forms.saying.findings import lines_of
from parley.inquiries.forms.saying.reading import Filled, read
from parley.inquiries.forms.saying.verbs import VERBS, Target
from parley.inquiries.views.finding import Found, find_inquiry, statement_at
from parley.inquiries.views.sheet import Sheet, desk_of, proposed
from parley.inquiries.views.showing.faults import ERRORS, Fault, fault_of, no_target_text, other_words_fault
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.protocol.act import read_act, read_json
from parley.protocol.strictjson import MAX_BODY_VALUES
from parley.protocol.strictjson import read as read_strictly

_KEY: Final = re.compile(r"[0-9a-f]{32}")
_MORE: Final = re.compile(r"all|\d{1,4}", re.ASCII)

_ACTIONS: Final[Mapping[str, Callable[..., Said]]] = {
    "acknowledge": actions.acknowledge,
    "admit": actions.admit,
    "return": actions.return_,
    "answer": actions.answer,
    "refuse": actions.refuse,
    "progress": actions.progress,
    "extend": actions.extend,
    "postpone": actions.postpone,
    "condition": actions.condition,
    "refer": actions.refer,
    "correct": actions.correct,
    "supply": actions.supply,
    "undertake": actions.undertake,
    "decline": actions.decline,
    "agree": actions.agree,
    "refuse-time": actions.refuse_time,
    "ask-status": actions.ask_status,
    "rate": actions.rate,
    "notify-outcome": actions.notify_outcome,
    "close": actions.close,
    "withdraw": actions.withdraw,
    "dispute": actions.dispute,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listening:
    """The door of the record, which also remembers what was brought to it."""

    door: Record
    brought: list[Draft] = field(default_factory=list)

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:
        self.brought.extend(drafts)
        return self.door.pass_on(drafts, by=by)


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    found = find_inquiry(link, place)
    if found.dossier is None:
        return render(request, "inquiries/soon.html", {"found": found}, status=503)
    sheet = Sheet(found, VERBS[verb], now=request.now)
    if request.method != "POST":
        fault = sheet.fault()
        if fault is not None:
            return render(request, "inquiries/cannot.html", {"fault": fault, "sheet": sheet}, status=409)
        return _form(request, sheet, proposed(sheet, request.GET))
    if request.POST.get("more"):
        return _form(request, sheet, _with_more(request.POST))
    if sheet.state is None or sheet.zones is None:
        fault = sheet.fault()
        return render(request, "inquiries/cannot.html", {"fault": fault, "sheet": sheet}, status=409)
    return _taken(request, sheet)


def _with_more(posted: QueryDict) -> QueryDict:
    """Return the form with one more line for the item whose button was pressed."""
    item = posted.get("more", "")
    form = posted.copy()
    if _MORE.fullmatch(item):
        places = [line.place for line in lines_of(posted) if line.item == item]
        form.appendlist("line", f"{item}.{max(places, default=-1) + 1}")
    return form


def _taken(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    filled = read(sheet.verb, request.POST, desk_of(sheet))
    on = _target(sheet, request.POST)
    problems = filled.problems
    if on is None:
        problems = (Problem(anchor="on", text=no_target_text()), *problems)
    if problems or on is None:
        is_look = bool(request.POST.get("look"))
        return _form(request, sheet, request.POST, problems=problems, status=200 if is_look else 422)
    if request.POST.get("look"):
        return _look(request, sheet, filled, on=on)
    return _written(request, sheet, filled, on=on)


def _target(sheet: Sheet, posted: QueryDict) -> bytes | None:
    if sheet.verb.target is Target.INQUIRY:
        return sheet.found.thread
    return statement_at(sheet.found, posted.get("on", ""))


def _look(request: PersonRequest, sheet: Sheet, filled: Filled, *, on: bytes) -> HttpResponse:
    """Show what they would see. The rehearsal is judged by the record, as the statement would be."""
    try:
        said = _say(request, sheet, filled, on=on, door=Trial(home=settings.HOME))
    except ERRORS as error:
        return _form(request, sheet, request.POST, fault=fault_of(error, side=sheet.side), status=200)
    assert isinstance(said, Tried)
    return _form(request, sheet, request.POST, filled=filled, draft=said.draft)


def _written(request: PersonRequest, sheet: Sheet, filled: Filled, *, on: bytes) -> HttpResponse:
    door = _Listening(door=Record(home=settings.HOME))
    try:
        said = _say(request, sheet, filled, on=on, door=door)
    except ERRORS as error:
        fault = fault_of(error, side=sheet.side)
        return _form(request, sheet, request.POST, fault=fault, status=fault.status)
    assert isinstance(said, Appended)
    if not _is_as_typed(sheet.found, said, door.brought[0]):
        form = request.POST.copy()
        form["key"] = uuid.uuid4().hex
        return _form(request, sheet, form, fault=other_words_fault(said.place), status=409)
    page = reverse("inquiries:page", kwargs={"link": said.link, "place": sheet.found.place})
    return HttpResponseRedirect(f"{page}?saved={said.place.replace(' ', '-')}")


def _say(request: PersonRequest, sheet: Sheet, filled: Filled, *, on: bytes, door: Any) -> Said:  # noqa: ANN401 - any of the doors
    hand = Hand(officer=request.officer, key=_key(request.POST), now=request.now, door=door)
    target = actions.Target(link=sheet.found.link.name, statement=on)
    words = Words(ref=filled.ref, remark=filled.remark)
    values = {name: value for name, value in filled.values.items() if value is not None}
    return _ACTIONS[sheet.verb.name](target, **values, by=hand, words=words)


def _key(posted: QueryDict) -> str:
    key = posted.get("key", "")
    return key if _KEY.fullmatch(key) else uuid.uuid4().hex


def _is_as_typed(found: Found, said: Appended, draft: Draft) -> bool:
    """Return whether the statement that stands says what was brought now.

    A form that was sent, and then changed by going back, carries the key of the first sending:
    what stands is the first, and nobody may think that the change was said.
    """
    row = found.reader.row(said.link, said.statement)
    if row is None or row.act != read_act(read_json(draft.act())):
        return False
    body = draft.body_bytes()
    wanted = None if body is None else read_strictly(body, max_values=MAX_BODY_VALUES)
    return found.reader.body(said.link, said.statement) == wanted


def _form(
    request: PersonRequest,
    sheet: Sheet,
    posted: QueryDict,
    *,
    problems: Sequence[Problem] = (),
    fault: Fault | None = None,
    filled: Filled | None = None,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    page = sheet.page(posted, filled=filled, draft=draft)
    errors = [(problem.anchor, problem.text) for problem in problems]
    return render(request, "inquiries/say.html", page | {"errors": errors, "fault": fault}, status=status)
