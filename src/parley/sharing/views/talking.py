"""Saying something with a form: one way for every form of this room and of those above it.

    GET   the form, as a draft has it      POST  look       the same form, and what they would see
                                                 do         save · settle:5:mine (choose between two texts)
                                                 language   the same form in the other language
                                                 put_away   a draft that will not be said
                                                 drop_file  a file that shall not go along: it is destroyed
                                                 else       the statement; then its page, or the form again

Every button saves first what was typed (`keeping.py`). What cannot be said any more is shown, and not lost.
"""

import re
import uuid
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.actions import note_act
from parley.agencies.middleware import PersonRequest
from parley.drafts.views import (
    KEY,
    LANGUAGE,
    SAID,
    bind,
    close,
    is_repeated,
    put_away,
    see,
    settle,
    switched,
)
from parley.inquiries.views.showing.enclosed import FormFile, files_in, gone_text, limits
from parley.ledger import enclosing
from parley.ledger.drafts import Appended, Draft
from parley.ledger.enclosing import Kept
from parley.links.queries.signing import Signing
from parley.links.views.together import Errors
from parley.sharing.views import rows
from parley.sharing.views.form import FILES, Field, Speaking, Stopped, pressed, tried
from parley.sharing.views.keeping import (
    Keeping,
    Sheet,
    kept,
    key_of,
    opened,
    origin,
    others,
    renewed,
    written,
)

_HASH: Final = re.compile(r"[0-9a-f]{64}")


class GoneFileError(Exception):
    """A file of the form is not here any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What they would see: each field in words, how many files, and the very bytes."""

    lines: tuple[tuple[str, str], ...]
    unequal: str
    """Which figures its two languages do not both name."""
    act: str
    body: str


def talked(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    """Answer for the page of a form.

    Raises:
        Http404: it cannot be said, and nobody began to.
    """
    if request.method == "POST":
        return _pressed(request, sheet)
    if not sheet.is_offered:
        return cannot(request, sheet)
    return show(request, sheet, opened(request, sheet))


def cannot(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    """Return the page that says that it cannot be said now, with what was typed.

    Raises:
        Http404: nobody typed anything.
    """
    texts = written(sheet)
    if not texts:
        # It was a form a moment ago, perhaps: the page it leads back to tells how it stands now.
        raise Http404
    return render(request, "sharing/cannot.html", {"sheet": sheet, "written": texts}, status=409)


def _pressed(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    """Do what a button says, after everything that was typed is saved."""
    if number := request.POST.get("put_away"):
        put_away(number, among=others(sheet), request=request)
        return see(sheet.back_href)
    if digest := request.POST.get("drop_file"):
        return see(f"{sheet.going_on(_without(request, sheet, digest).draft)}#files-title")
    if is_repeated(request, origin(request, sheet)):
        return see(sheet.back_href)
    found = kept(request, sheet)
    if found.problem:
        return show(request, sheet, found, errors=[("", found.problem)], status=413)
    return _saved(request, sheet, found)


def _saved(request: PersonRequest, sheet: Sheet, found: Keeping) -> HttpResponse:
    if LANGUAGE in request.POST:
        return switched(request, to=sheet.going_on(found.draft))
    verb, _colon, which = request.POST.get("do", "").partition(":")
    if verb == "settle":
        settle(found.draft, which, request=request)
    if verb:
        return see(sheet.going_on(found.draft))
    if not sheet.is_offered:
        return cannot(request, sheet)
    if request.POST.get("look"):
        return _looked(request, sheet, found)
    if found.others:
        changed = _("%(by)s changed this draft while you were typing. Nothing was said: look at it again.")
        return show(request, sheet, found, errors=[("", changed % {"by": found.others[0]})], status=409)
    return _said(request, sheet, found)


def _without(request: PersonRequest, sheet: Sheet, digest: str) -> Keeping:
    """Save the form without the file with this hash, which is destroyed if nothing names it yet.

    Raises:
        Http404: the form has no such file.
    """
    without = request.POST.copy()
    hashes = without.getlist(FILES)
    if digest not in hashes or not _HASH.fullmatch(digest):
        raise Http404
    without.setlist(FILES, [each for each in hashes if each != digest])
    request.POST = without  # type: ignore[assignment]  # Django lets a form be put in place of what came
    found = kept(request, sheet)
    file = bytes.fromhex(digest)
    if enclosing.find_kept(settings.HOME, sheet.link, file) is not None:
        enclosing.drop(settings.HOME, file)
        subject = f"{sheet.link} {digest[:16]}"
        note_act("file.dropped", officer=request.officer.number, subject=subject, now=request.now)
    return found


def _speaking(request: PersonRequest, sheet: Sheet, found: Keeping, *, files: tuple[Kept, ...]) -> Speaking:
    return Speaking(
        request=request,
        form=sheet.form,
        typed=sheet.form.typed(found.form, now=request.now, files=files),
        key=key_of(request.POST.get(KEY, ""), found.draft),
        side=sheet.side,
        own=sheet.own,
    )


def _files(sheet: Sheet, found: Keeping) -> tuple[Kept, ...]:
    """Return the files that go along, the sealed rows first.

    Raises:
        GoneFileError: one is not here any more.
    """
    if not sheet.form.takes_files:
        return ()
    digests = [*([found.rows] if found.rows else []), *found.form.getlist(FILES)]
    wanted = [bytes.fromhex(each) for each in dict.fromkeys(digests) if _HASH.fullmatch(each)]
    lying = [enclosing.find_kept(settings.HOME, sheet.link, each) for each in wanted]
    here = tuple(each for each in lying if each is not None)
    if len(here) < len(wanted):
        raise GoneFileError
    return here


def _looked(request: PersonRequest, sheet: Sheet, found: Keeping) -> HttpResponse:
    """Show what they would see. The rehearsal is judged by the record, as the statement would be."""
    try:
        files = _files(sheet, found)
    except GoneFileError:
        return show(request, sheet, found, errors=[("files-title", gone_text())])
    speaking = _speaking(request, sheet, found, files=files)
    draft = tried(speaking)
    if isinstance(draft, Stopped):
        return show(request, sheet, found, errors=draft.errors)
    return show(request, sheet, found, preview=_preview(speaking, draft))


def _preview(speaking: Speaking, draft: Draft) -> Preview:
    typed, body = speaking.typed, draft.body_bytes()
    count = ngettext("%(n)d file", "%(n)d files", len(typed.files)) % {"n": len(typed.files)}
    files = ((_("Files that go along"), count),) if typed.files else ()
    return Preview(
        lines=(*speaking.form.seen(typed), *files),
        unequal=speaking.form.unequal(typed),
        act=draft.act().decode(),
        body="" if body is None else body.decode(),
    )


def _said(request: PersonRequest, sheet: Sheet, found: Keeping) -> HttpResponse:
    try:
        files = _files(sheet, found)
    except GoneFileError:
        return show(request, sheet, found, errors=[("files-title", gone_text())], status=422)
    speaking = _speaking(request, sheet, found, files=files)
    bind(found.draft, speaking.key, request=request)
    answer = pressed(speaking)
    if isinstance(answer, Stopped):
        again = found if answer.keeps_key else renewed(found)
        return show(request, sheet, again, errors=answer.errors, status=answer.status)
    close(found.draft, outcome=SAID, request=request)
    return onwards(answer, page=sheet.back_href, link=sheet.link)


def onwards(answer: Appended | Signing, *, page: str, link: str) -> HttpResponse:
    """Return the way on: to what was said, or to the page where another person signs."""
    if isinstance(answer, Signing):
        return HttpResponseRedirect(reverse("links:sign", kwargs={"link": link, "number": answer.number}))
    mark = "&" if "?" in page else "?"
    return HttpResponseRedirect(f"{page}{mark}saved={answer.place.replace(' ', '-')}", status=303)


def show(
    request: PersonRequest,
    sheet: Sheet,
    found: Keeping,
    *,
    errors: Errors | None = None,
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a form, with what was typed."""
    form = found.form
    page = {
        "sheet": sheet,
        "form": sheet.form,
        "fields": [_shown(field, form) for field in sheet.form.fields],
        "keeping": found,
        "draft": found.draft,
        "conflicts": found.conflicts,
        "key": form.get(KEY) or uuid.uuid4().hex,
        "errors": errors or [],
        "preview": preview,
        "files": files_of(sheet, form),
        "limits": limits() if sheet.form.takes_files else None,
        "max_rows": rows.MAX_SIZE,
        "open_drafts": [(each, sheet.going_on(each)) for each in others(sheet, but=found.draft)],
    }
    return render(request, "sharing/say.html", page, status=status)


def files_of(sheet: Sheet, form: QueryDict) -> tuple[FormFile, ...]:
    """Return the files of a form that takes any."""
    return files_in(form, link=sheet.link) if sheet.form.takes_files else ()


def _shown(field: Field, form: QueryDict) -> tuple[Field, str, list[str], list[tuple[str, str, str]]]:
    """Return a field, its value, its values, and where it is several numbers, each by name."""
    numbers = zip(field.names, field.options, strict=True) if field.kind == "counts" else ()
    cells = [(name, text, form.get(name, "")) for name, (_code, text) in numbers]
    return field, form.get(field.name, ""), form.getlist(field.name), cells
