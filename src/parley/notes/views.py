"""Adding a note. It is shown on the page of its inquiry or case, in the box of what stays here.

While it is typed it is a draft, which stays here as well; it is closed when the note is written.
"""

import re
import uuid
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.agencies.middleware import PersonRequest
from parley.drafts import actions as drafts
from parley.drafts.actions import ClosedError, Kept, LimitError
from parley.drafts.forms import two_texts
from parley.drafts.queries import DraftRow, Origin, UnknownDraftError, draft_of
from parley.drafts.views import LANGUAGE, answer_of, hand, new_page, origin_of, page_of, refusal_of, switched
from parley.ledger.readers import link_called, reader_of
from parley.notes.actions import LONGEST, About, EmptyNoteError, Form, LongNoteError, add_note
from parley.notes.queries import FIELD, PURPOSE, Begun, begun_of
from parley.protocol.act import id_text
from parley.protocol.places import addressed_place

INQUIRY: Final = "inquiry.sent"
CASE: Final = "case.proposed"
_ROOMS: Final = {INQUIRY: "inquiries", CASE: "cases"}
_KEY: Final = re.compile(r"[0-9a-f]{32}")


def form_of(begun: Begun, *, text: str = "", page: str = "", key: str = "") -> dict[str, object]:
    """Return what the form of a note needs; `text` is what was typed where the draft does not have it."""
    return {
        "note_draft": begun.draft,
        "note_drafts": begun.others,
        "note_text": text or begun.text,
        "note_conflicts": two_texts(begun.conflicts, label=_label),
        "note_page": page or new_page(),
        "note_key": key or uuid.uuid4().hex,
    }


@require_POST
def add(request: PersonRequest, *, link: str, place: str, kind: str = INQUIRY) -> HttpResponse:
    about = _about(link, place, kind=kind)
    if number := request.POST.get("put_away"):
        return _put_away(request, about, number=number)
    kept = _kept(request, about)
    there = "../#notes" if kept is None else f"../?note={kept.number}#notes"
    if LANGUAGE in request.POST:
        return switched(request, to=there)
    if kept is not None and request.POST.get("do"):
        _settle(request, kept)
        return HttpResponseRedirect(there)
    if kept is not None and (kept.outcome.conflicts or kept.outcome.changed):
        return _again(request, about, kept, status=409)
    form = Form(key=_key(request), draft=None if kept is None else kept.number)
    try:
        add_note(about, request.POST.get(FIELD, ""), form=form, by=hand(request))
    except (EmptyNoteError, LongNoteError) as error:
        return _again(request, about, kept, count=getattr(error, "count", 0))
    # The page of the inquiry, or of the case, is the folder in which this address lies.
    return HttpResponseRedirect("../#notes")


@require_POST
def save(request: PersonRequest, *, link: str, place: str, kind: str = INQUIRY) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    about = _about(link, place, kind=kind)
    _draft(request, about)
    try:
        kept = drafts.keep(_origin(request, about), _typed(request), by=hand(request))
    except (LimitError, ClosedError) as error:
        return refusal_of(error, label=_label)
    return answer_of(kept, is_field=lambda name: name == FIELD)


def _kept(request: PersonRequest, about: About) -> Kept | None:
    """Save what was typed as a draft; None where there is nothing, or where its draft takes nothing more."""
    draft = _draft(request, about)
    if draft is None and not request.POST.get(FIELD, "").strip():
        return None
    try:
        return drafts.keep_all(_origin(request, about), _typed(request), by=hand(request))
    except (LimitError, ClosedError):
        # A text that is too long is asked back as a note; one whose draft is closed is a note of its own.
        return None


def _settle(request: PersonRequest, kept: Kept) -> None:
    _verb, _colon, which = request.POST["do"].partition(":")
    number, _colon, whose = which.partition(":")
    if number.isdecimal() and whose in {"mine", "theirs"}:
        drafts.resolve(kept.number, int(number), take_mine=whose == "mine", by=hand(request))


def _put_away(request: PersonRequest, about: About, *, number: str) -> HttpResponse:
    begun = begun_of(about.link, about.inquiry)
    if number not in {str(each.number) for each in begun.others}:
        raise Http404
    drafts.close(int(number), outcome="put_away", by=hand(request))
    return HttpResponseRedirect("../#notes")


def _again(
    request: PersonRequest, about: About, kept: Kept | None, *, count: int = 0, status: int = 422
) -> HttpResponse:
    begun = begun_of(about.link, about.inquiry, number=None if kept is None else kept.number)
    form = form_of(begun, text=request.POST.get(FIELD, ""), page=page_of(request), key=_key(request))
    page = {
        "about": about,
        "notes_room": about.room,
        "count": count,
        "longest": LONGEST,
        "is_contested": status == 409,
    }
    return render(request, "notes/again.html", page | form, status=status)


def _typed(request: PersonRequest) -> dict[str, str]:
    return {FIELD: request.POST.get(FIELD, "").replace("\r\n", "\n").replace("\r", "\n")}


def _key(request: PersonRequest) -> str:
    key = request.POST.get("key", "")
    return key if _KEY.fullmatch(key) else uuid.uuid4().hex


def _label(_field: str) -> str:
    return _("Internal note")


def _origin(request: PersonRequest, about: About) -> Origin:
    return origin_of(request, link=about.link, purpose=PURPOSE, about=about.inquiry)


def _draft(request: PersonRequest, about: About) -> DraftRow | None:
    try:
        return draft_of(_origin(request, about), page=page_of(request))
    except UnknownDraftError as error:
        raise Http404 from error


def _about(link: str, place: str, *, kind: str) -> About:
    reader = reader_of(settings.HOME)
    where = addressed_place(place)
    if reader is None or link_called(settings.HOME, link) is None or where is None:
        raise Http404
    statement = reader.find(link, where.text)
    row = None if statement is None else reader.row(link, statement)
    if row is None or row.kind != kind:
        raise Http404
    return About(link=link, inquiry=id_text(row.statement), place=row.place, room=_ROOMS[kind])
