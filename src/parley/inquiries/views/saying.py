"""Saying something about an inquiry: one form for every verb, and what became of it.

    GET   the form, with what is proposed or what a draft has; 409 where it would be void now,
          with the reason
    POST  look      the same form, with what they will see; nothing is said
          more      the same form with one more line of findings
          do        save · settle:5:mine (choose between two texts)
          language  the same form in the other language
          put_away  a draft that will not be said
          drop_file a file that shall not go along: it is destroyed
          else      the statement; then the page of the inquiry, or the form again with every word

Every button saves first what was typed (`keeping`). The key in the form makes a repetition
harmless: a double click, a reload, a second try after core went away are one statement.
"""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from msgspec.structs import replace as replace_in

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.drafts.forms import shown_time
from parley.drafts.views import (
    LANGUAGE,
    SAID,
    bind,
    close,
    is_repeated,
    new_page,
    page_of,
    put_away,
    see,
    settle,
    switched,
)
from parley.inquiries import actions
from parley.inquiries.actions import Words
from parley.inquiries.forms.saying.desk import Problem
from parley.inquiries.forms.saying.findings import lines_of
from parley.inquiries.forms.saying.keeping import FILES
from parley.inquiries.forms.saying.reading import Filled, read
from parley.inquiries.forms.saying.verbs import VERBS, Target
from parley.inquiries.views.finding import find_inquiry, statement_at
from parley.inquiries.views.keeping import (
    Keeping,
    address_of,
    autosaved,
    kept,
    kept_anew,
    opened,
    origin,
    others,
    without_file,
    written,
)
from parley.inquiries.views.sheet import Sheet, desk_of
from parley.inquiries.views.showing.enclosed import FormFile, files_in, gone_text, limits
from parley.inquiries.views.showing.faults import ERRORS, Fault, fault_of, no_target_text, other_words_fault
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.links.actions import speaking
from parley.links.actions.speaking import Hand, Record, Said, Trial, Tried
from parley.protocol.act import read_act, read_json
from parley.protocol.content import further_parts
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonObject, JsonValue
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
    sheet = sheet_of(request, link, place, verb=verb)
    if isinstance(sheet, HttpResponse):
        return sheet
    if request.method == "POST":
        return _pressed(request, sheet)
    fault = sheet.fault()
    if fault is not None:
        return _cannot(request, sheet, fault)
    return show_form(request, sheet, opened(request, sheet))


@require_POST
def save(request: PersonRequest, *, link: str, place: str, verb: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    sheet = sheet_of(request, link, place, verb=verb)
    return sheet if isinstance(sheet, HttpResponse) else autosaved(request, sheet)


def sheet_of(request: PersonRequest, link: str, place: str, *, verb: str) -> Sheet | HttpResponse:
    """Return the form, or the page that says why there is none.

    Raises:
        Http404: there is no such inquiry, or no such form.
    """
    if verb not in VERBS:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    found = find_inquiry(link, place)
    if found.dossier is None:
        return render(request, "inquiries/soon.html", {"found": found}, status=503)
    return Sheet(found, VERBS[verb], now=request.now)


def _cannot(request: PersonRequest, sheet: Sheet, fault: Fault | None) -> HttpResponse:
    page = {"fault": fault, "sheet": sheet, "written": written(sheet)}
    return render(request, "inquiries/cannot.html", page, status=409)


def _pressed(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    """Do what a button says, after everything that was typed is saved."""
    if digest := request.POST.get("drop_file"):
        return see(f"{address_of(sheet, without_file(request, sheet, digest).draft)}#files-title")
    if number := request.POST.get("put_away"):
        put_away(number, among=others(sheet), request=request)
        return see(address_of(sheet))
    if "HX-Request" in request.headers:
        # A glance while somebody types: what is typed is saved beside it (`save`).
        return _taken(request, sheet, Keeping(page=page_of(request), form=request.POST))
    if is_repeated(request, origin(request, sheet)):
        return _taken(request, sheet, Keeping(page=new_page(), form=request.POST))
    found = kept(request, sheet)
    if found.problem:
        return show_form(
            request, sheet, found, problems=(Problem(anchor="", text=found.problem),), status=413
        )
    return _saved(request, sheet, found)


def _saved(request: PersonRequest, sheet: Sheet, found: Keeping) -> HttpResponse:
    posted = request.POST
    if LANGUAGE in posted:
        return switched(request, to=address_of(sheet, found.draft))
    verb, _colon, which = posted.get("do", "").partition(":")
    if verb == "settle":
        settle(found.draft, which, request=request)
    if verb:
        return see(address_of(sheet, found.draft))
    if posted.get("more"):
        return show_form(request, sheet, replace(found, form=_with_more(found.form)))
    if sheet.state is None or sheet.zones is None:
        return _cannot(request, sheet, sheet.fault())
    if not posted.get("look") and found.why_not is not None:
        return show_form(request, sheet, found, fault=found.why_not, status=found.why_not.status)
    return _taken(request, sheet, found)


def _with_more(posted: QueryDict) -> QueryDict:
    """Return the form with one more line for the item whose button was pressed."""
    item = posted.get("more", "")
    form = posted.copy()
    if _MORE.fullmatch(item):
        places = [line.place for line in lines_of(posted) if line.item == item]
        form.appendlist("line", f"{item}.{max(places, default=-1) + 1}")
    return form


def _taken(request: PersonRequest, sheet: Sheet, found: Keeping) -> HttpResponse:
    if sheet.zones is None:
        return _cannot(request, sheet, sheet.fault())
    filled = read(sheet.verb, found.form, desk_of(sheet))
    on = _target(sheet, found.form)
    files = files_in(found.form, link=sheet.found.lane)
    problems = filled.problems
    if any(each.kept is None for each in files) and not is_repeated(request, origin(request, sheet)):
        problems = (Problem(anchor="files-title", text=gone_text()), *problems)
    if on is None:
        problems = (Problem(anchor="on", text=no_target_text()), *problems)
    is_look = bool(request.POST.get("look"))
    if problems or on is None:
        return show_form(request, sheet, found, problems=problems, status=200 if is_look else 422)
    saying = _Saying(request=request, sheet=sheet, found=found, filled=filled, on=on, files=files)
    return _look(saying) if is_look else _written(saying)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """What is about to be said: a form that was read, about the statement `on`."""

    request: PersonRequest
    sheet: Sheet
    found: Keeping
    filled: Filled
    on: bytes
    files: tuple[FormFile, ...]

    @property
    def key(self) -> str:
        """Return the key of the form; one that brings none is a statement of its own."""
        key = self.request.POST.get("key", "")
        return key if _KEY.fullmatch(key) else uuid.uuid4().hex

    def say(self, door: Any, *, key: str) -> Said:  # noqa: ANN401 - any of the doors
        hand = Hand(officer=self.request.officer, key=key, now=self.request.now, door=door)
        target = speaking.Target(link=self.sheet.found.link.name, statement=self.on)
        files = tuple(each.kept for each in self.files if each.kept is not None)
        words = Words(ref=self.filled.ref, remark=self.filled.remark, files=files)
        values = {name: value for name, value in self.filled.values.items() if value is not None}
        return _ACTIONS[self.sheet.verb.name](target, **values, by=hand, words=words)


def _target(sheet: Sheet, posted: QueryDict) -> bytes | None:
    if sheet.verb.target is Target.INQUIRY:
        return sheet.found.thread
    return statement_at(sheet.found, posted.get("on", ""))


def _look(saying: _Saying) -> HttpResponse:
    """Show what they would see. The rehearsal is judged by the record, as the statement would be."""
    request, sheet, found = saying.request, saying.sheet, saying.found
    try:
        said = saying.say(Trial(home=settings.HOME), key=saying.key)
    except ERRORS as error:
        return show_form(request, sheet, found, fault=fault_of(error, side=sheet.side))
    assert isinstance(said, Tried)
    return show_form(request, sheet, found, filled=saying.filled, draft=said.draft)


def _written(saying: _Saying) -> HttpResponse:
    request, sheet, found = saying.request, saying.sheet, saying.found
    door, key = _Listening(door=Record(home=settings.HOME)), saying.key
    bind(found.draft, key, request=request)
    try:
        said = saying.say(door, key=key)
    except ERRORS as error:
        fault = fault_of(error, side=sheet.side)
        return show_form(request, sheet, found, fault=fault, status=fault.status)
    assert isinstance(said, Appended)
    if not _is_as_typed(saying, said, door.brought[0]):
        anew = found if found.draft else kept_anew(request, sheet)
        form = anew.form.copy()
        form["key"] = uuid.uuid4().hex
        return show_form(
            request, sheet, replace(anew, form=form), fault=other_words_fault(said.place), status=409
        )
    close(found.draft, outcome=SAID, request=request)
    page = reverse("inquiries:page", kwargs={"link": said.link, "place": sheet.found.place})
    return HttpResponseRedirect(f"{page}?saved={said.place.replace(' ', '-')}")


def _is_as_typed(saying: _Saying, said: Appended, draft: Draft) -> bool:
    """Return whether the statement that stands says what was brought now.

    A form that was sent, and then changed by going back, carries the key of the first sending:
    what stands is the first, and nobody may think that the change was said. A colleague who goes
    on with a draft after a crash says the same, whoever said it first.
    """
    reader = saying.sheet.found.reader
    row = reader.row(said.link, said.statement)
    act = None if row is None else row.act
    if act is None or act != replace_in(read_act(read_json(draft.act())), by=act.by):
        return False
    # What the files of a statement are is told by their hashes: once they went they wait no more.
    parts = further_parts(reader.raw(said.link, said.statement) or b"")
    if [part.hash for part in parts] != [each.hash for each in saying.files]:
        return False
    body = draft.body_bytes()
    wanted = None if body is None else read_strictly(body, max_values=MAX_BODY_VALUES)
    return _words_of(reader.body(said.link, said.statement)) == _words_of(wanted)


def _words_of(body: JsonObject | None) -> dict[str, JsonValue]:
    return {name: value for name, value in (body or {}).items() if name != FILES}


def show_form(
    request: PersonRequest,
    sheet: Sheet,
    found: Keeping,
    *,
    problems: Sequence[Problem] = (),
    fault: Fault | None = None,
    filled: Filled | None = None,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    page = sheet.page(found.form, filled=filled, draft=draft) | {
        "errors": [(problem.anchor, problem.text) for problem in problems],
        "fault": fault or found.fault,
        "keeping": found,
        "draft": found.draft,
        "files": files_in(found.form, link=sheet.found.lane),
        "limits": limits(),
        "shown_time": shown_time(found.draft.saved_at) if found.draft else "",
        "conflicts": found.conflicts,
        "open_drafts": others(sheet, but=found.draft) if request.method == "GET" else (),
    }
    return render(request, "inquiries/say.html", page, status=status)
