"""A new text: from the one that holds or from a draft, field by field and clause by clause; or from a file.

    GET   the form, with what a draft of the house has
    POST  do=preview  show what it would change    do=say  put it on the table
          do=save     keep it and say nothing      settle:5:mine   choose between two texts

Every button saves first what was typed (`keeping.py`). Nothing is said before the page has shown what would
be changed. What cannot be a guideline is told by the clause, and what was typed stays in the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest
from parley.agencies.policy import may_act
from parley.guidelines import actions
from parley.guidelines.forms import MAX_NOTE, TypedError, changed_text, fields_of, write_since
from parley.guidelines.queries import DraftRow, base_of, changes_of
from parley.guidelines.views.blanks import Sheet, blanks_of, called
from parley.guidelines.views.calendars import calendars_in
from parley.guidelines.views.faults import errors_of
from parley.guidelines.views.finding import drafted, opened
from parley.guidelines.views.keeping import (
    Form,
    Keeping,
    autosaved,
    before_saying,
    in_the_way,
    key_of,
    open_drafts,
    pressed,
    said,
)
from parley.guidelines.views.keeping import opened as opened_form
from parley.ledger.readers import OpenLink, side_name
from parley.ledger.reading import Reader
from parley.links.actions import By
from parley.links.actions.speaking import Hand, Record, Said, Target
from parley.links.views.together import Errors, attempted
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.protocol.guidelines.text import Guideline, read_guideline
from parley.protocol.strictjson import JsonValue
from parley.ui.words import is_chinese

DAYS_AHEAD: Final = 30
PURPOSE: Final = "guideline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the form begins with: a text, and the draft that it would replace, if there is one."""

    link: OpenLink
    text: Guideline
    of: DraftRow | None

    def form(self, now: int, *, note: str = "") -> Form:
        """Return the form, with what stands in each field before anything is typed."""
        address = reverse("guidelines:new", kwargs={"link": self.link.row.name})
        first = {"since": write_since(_later(now)), "note": note, **fields_of(self.text)}
        return Form(
            link=self.link.row.name,
            purpose=PURPOSE,
            address=address if self.of is None else f"{address}?of={self.of.slug}",
            first=first,
            label=called,
            about="" if self.of is None else id_text(self.of.statement),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: PersonRequest, link: str) -> HttpResponse:
    found, reader = opened(link)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    begun = _begun(request, reader, found)
    if request.method != "POST":
        # A round proposes what one of its decisions says; the text that holds has no such words.
        note = request.GET.get("note", "")[:MAX_NOTE]
        form = begun.form(request.now, note=note)
        return _page(request, reader, begun, keeping=opened_form(request, form, is_new=bool(note)))
    keeping = pressed(request, begun.form(request.now))
    if isinstance(keeping, HttpResponse):
        return keeping
    return _composed(request, reader, begun, keeping=keeping)


@require_POST
def save(request: PersonRequest, link: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    found, reader = opened(link)
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    return autosaved(request, _begun(request, reader, found).form(request.now))


def _composed(request: PersonRequest, reader: Reader, begun: Begun, *, keeping: Keeping) -> HttpResponse:
    wrong = in_the_way(keeping)
    text = wrong or _typed(request, begun, keeping)
    if isinstance(text, list):
        return _page(request, reader, begun, keeping=keeping, errors=text)
    if request.POST.get("do") != "say":
        return _page(request, reader, begun, keeping=keeping, text=text)
    answer = _said(request, text, begun=begun, keeping=keeping)
    if isinstance(answer, list):
        return _page(request, reader, begun, keeping=keeping, text=text, errors=answer)
    said(request, keeping)
    return HttpResponseRedirect(reverse("guidelines:list", kwargs={"link": begun.link.row.name}))


def _begun(request: PersonRequest, reader: Reader, link: OpenLink) -> Begun:
    place = request.POST.get("of") or request.GET.get("of", "")
    if place:
        of = drafted(reader, link, place, now=request.now)
        if of.text is None:
            raise Http404
        return Begun(link=link, text=of.text, of=of)
    base = base_of(reader, link.row, now=request.now)
    if base is None:
        raise Http404
    return Begun(link=link, text=base.text, of=None)


def _typed(request: PersonRequest, begun: Begun, keeping: Keeping) -> Guideline | Errors:
    file = request.FILES.get("file")
    kept = request.POST.get("kept", "")
    try:
        if file is not None:
            return read_guideline(file.read())
        if kept:
            return read_guideline(kept.encode())
        return changed_text(begun.text, keeping.values)
    except TypedError as error:
        return errors_of(error.wrong)
    except BreachError as error:
        told = _("That is no guideline (Spec %(paragraph)s): %(reason)s.")
        return [("", told % {"paragraph": f"§{error.paragraph}", "reason": error.reason})]


def _said(request: PersonRequest, text: Guideline, *, begun: Begun, keeping: Keeping) -> Said | Errors:
    note, key = _note(keeping.values["note"].strip()), key_of(request)
    before_saying(request, keeping, key=key)

    def run(by: By) -> Said:
        hand = Hand(officer=by.officer, key=key, now=by.now, door=Record(home=settings.HOME))
        link = begun.link.row.name
        if begun.of is None:
            return actions.propose(link, text, by=hand, note=note)
        return actions.amend(Target(link=link, statement=begun.of.statement), text, by=hand, note=note)

    return attempted(request, run)


def _note(text: str) -> Mapping[str, JsonValue] | None:
    if not text:
        return None
    return {"lang": "zh-Hans" if is_chinese() else "en", "text": text[:MAX_NOTE]}


def _page(
    request: PersonRequest,
    reader: Reader,
    begun: Begun,
    *,
    keeping: Keeping,
    text: Guideline | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    base = base_of(reader, begun.link.row, now=request.now)
    values, is_got = keeping.values, request.method != "POST"
    form = begun.form(request.now)
    sheet = Sheet(text=begun.text, values=values, first=form.first, errors=errors or [])
    page = {
        "row": begun.link.row,
        "side": side_name(begun.link.row),
        "of": begun.of,
        "keeping": keeping,
        "draft": keeping.draft,
        "conflicts": keeping.conflicts,
        "open_drafts": open_drafts(form, but=keeping.draft) if is_got else (),
        "open_name": "draft" if begun.of is None else f"of={begun.of.slug}&draft",
        "since": values["since"],
        **blanks_of(sheet),
        "calendars": calendars_in(sheet, begun.link),
        "note": values["note"],
        "key": key_of(request),
        "preview": None if text is None or base is None else changes_of(base.text, text),
        "kept": "" if text is None else text.raw.decode(),
        "digest": "" if text is None else text.digest,
        "errors": errors or [],
    }
    return render(request, "guidelines/new.html", page, status=422 if errors else 200)


def _later(now: int) -> int:
    day = 86_400
    return (now // day + DAYS_AHEAD) * day
