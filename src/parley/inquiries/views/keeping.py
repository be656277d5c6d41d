"""What is typed into a form and not said yet: a draft of the house, found again by everybody here.

begun     with the first stroke (`ui/autosave.js`), or with the first button that is pressed
found     by whoever opens the same form about the same inquiry: to go on with it, or to put it away
key       what was sent under it, so that a form that is found after a crash says nothing twice
closed    when the statement is in the record, or when somebody put it away
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from parley.agencies.actions import note_act
from parley.agencies.middleware import PersonRequest
from parley.drafts import actions as drafts
from parley.drafts.actions import ClosedError, LimitError, Outcome
from parley.drafts.forms import Naming, TwoTexts, said_of_limit, two_texts
from parley.drafts.queries import (
    Changed,
    DraftRow,
    Origin,
    find_draft,
    list_drafts,
    show_draft,
)
from parley.drafts.views import SAID, answer_of, draft_at, hand, new_page, origin_of, page_of, refusal_of
from parley.inquiries.forms.saying import keeping
from parley.inquiries.views.sheet import Sheet, proposed, resumed, shown_in
from parley.inquiries.views.showing.faults import Fault, changed_fault, closed_fault
from parley.ledger import enclosing
from parley.protocol.act import id_text

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How the draft of a form stands. `draft` is None until something is typed.

    `form` has what was typed, with what others changed meanwhile; `problem` says why nothing of
    it was saved, `fault` why it goes on as another draft.
    """

    page: str
    form: QueryDict
    draft: DraftRow | None = None
    revision: int = 0
    conflicts: tuple[TwoTexts, ...] = ()
    changed: tuple[Changed, ...] = ()
    problem: str = ""
    fault: Fault | None = None

    @property
    def why_not(self) -> Fault | None:
        """Return why what is typed must not be said as it stands; None if it may."""
        others = (*(each.by for each in self.changed), *(each.by for each in self.conflicts))
        return changed_fault(others[0]) if self.fault is None and others else self.fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A draft as it can be read where its form cannot be filled in any more."""

    draft: DraftRow
    fields: tuple[tuple[str, str], ...]


def origin(request: PersonRequest, sheet: Sheet) -> Origin:
    """Return the form from which the request comes."""
    found = sheet.found
    return origin_of(
        request,
        link=found.link.name,
        purpose=keeping.purpose_of(sheet.verb),
        about=id_text(found.thread),
    )


def opened(request: PersonRequest, sheet: Sheet) -> Keeping:
    """Return how the form first stands: as the draft has it that the address names, or as it is proposed."""
    draft = draft_at(request, origin(request, sheet))
    if draft is None or draft.closed_at is not None:
        return Keeping(page=new_page(), form=proposed(sheet, request.GET))
    shown = show_draft(draft.number)
    return Keeping(
        page=new_page(),
        form=resumed(sheet, shown.values),
        draft=draft,
        revision=draft.revision,
        conflicts=two_texts(shown.conflicts, label=_label(sheet)),
    )


def kept(request: PersonRequest, sheet: Sheet) -> Keeping:
    """Save everything that a form brings, whatever its button does; of a form without a word, nothing."""
    fields = keeping.typed_in_all(sheet.verb, request.POST.lists())
    draft = draft_at(request, origin(request, sheet))
    if draft is None and not any(fields.values()):
        return Keeping(page=page_of(request), form=request.POST)
    try:
        done = drafts.keep_all(origin(request, sheet), fields, by=hand(request))
    except ClosedError as error:
        return kept_anew(request, sheet, closed=find_draft(error.number))
    except LimitError as error:
        problem = said_of_limit(error, label=_label(sheet))
        return Keeping(page=page_of(request), form=request.POST, draft=draft, problem=problem)
    return _keeping(sheet, done.number, done.outcome, page=page_of(request), form=request.POST)


def kept_anew(request: PersonRequest, sheet: Sheet, *, closed: DraftRow | None = None) -> Keeping:
    """Save what a form brings as a draft of its own: the one that it belonged to takes nothing any more."""
    by = replace(hand(request), session=new_page())
    fields = keeping.typed_in_all(sheet.verb, request.POST.lists())
    done = drafts.keep_all(replace(origin(request, sheet), number=None, base=0), fields, by=by)
    found = _keeping(sheet, done.number, done.outcome, page=by.session, form=request.POST)
    fault = (
        None if closed is None else closed_fault(closed, is_said=closed.outcome == SAID, now_in=done.number)
    )
    return replace(found, fault=fault)


def _keeping(sheet: Sheet, number: int, outcome: Outcome, *, page: str, form: QueryDict) -> Keeping:
    changed = tuple(each for each in outcome.changed if keeping.is_field(sheet.verb, each.field))
    return Keeping(
        page=page,
        form=_with_changed(form, changed),
        draft=find_draft(number),
        revision=outcome.revision,
        conflicts=two_texts(show_draft(number).conflicts, label=_label(sheet)),
        changed=tuple(replace(each, field=_label(sheet)(each.field)) for each in changed),
    )


def _with_changed(form: QueryDict, changed: tuple[Changed, ...]) -> QueryDict:
    """Return the form as it is to be shown: a page that shows what others changed knows of it."""
    shown = form.copy()
    for name, texts in keeping.values_in({each.field: each.value for each in changed}):
        shown.setlist(name, texts)
    return shown


def without_file(request: PersonRequest, sheet: Sheet, digest: str) -> Keeping:
    """Save the form without the file with this hash, which is destroyed if nothing names it yet.

    Raises:
        Http404: the form has no such file.
    """
    without = request.POST.copy()
    hashes = without.getlist(keeping.FILES)
    if digest not in hashes or not _HASH.fullmatch(digest):
        raise Http404
    without.setlist(keeping.FILES, [each for each in hashes if each != digest])
    request.POST = without  # type: ignore[assignment]  # Django lets a form be put in place of what came
    found = kept(request, sheet)
    link = sheet.found.lane
    file = bytes.fromhex(digest)
    if enclosing.find_kept(settings.HOME, link, file) is not None:
        enclosing.drop(settings.HOME, file)
        subject = f"{link} {sheet.found.place} {digest[:16]}"
        note_act("file.dropped", officer=request.officer.number, subject=subject, now=request.now)
    return found


def others(sheet: Sheet, *, but: DraftRow | None = None) -> tuple[DraftRow, ...]:
    """Return the open drafts of this form, the newest first, `but` not the one that the page shows."""
    found = list_drafts(
        sheet.found.link.name,
        purpose=keeping.purpose_of(sheet.verb),
        about=id_text(sheet.found.thread),
    )
    return tuple(each for each in found if but is None or each.number != but.number)


def written(sheet: Sheet) -> tuple[Written, ...]:
    """Return the open drafts of this form with what was typed: nothing is lost if it cannot be said now."""
    return tuple(
        Written(draft=each, fields=tuple(_read(sheet, show_draft(each.number).values)))
        for each in others(sheet)
    )


def _read(sheet: Sheet, values: Mapping[str, str]) -> list[tuple[str, str]]:
    label = _label(sheet)
    names = (name for name in values if values[name] and keeping.is_field(sheet.verb, name))
    return [(label(name), values[name]) for name in names]


def _label(sheet: Sheet) -> Naming:
    return partial(keeping.label_of, sheet.verb)


def address_of(sheet: Sheet, draft: DraftRow | None = None) -> str:
    """Return the address of the form, going on with `draft`."""
    found = sheet.found
    form = reverse(
        "inquiries:say",
        kwargs={"link": found.link.name, "place": found.place, "verb": sheet.verb.name},
    )
    return form if draft is None else f"{form}?draft={draft.number}"


def autosaved(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    fields = keeping.typed_in(sheet.verb, request.POST.lists())
    if draft_at(request, origin(request, sheet)) is None:
        # What the page shows besides: whoever goes on with the draft must find it as it stood.
        fields = shown_in(sheet, proposed(sheet, request.GET)) | fields
    try:
        done = drafts.keep(origin(request, sheet), fields, by=hand(request))
    except (LimitError, ClosedError) as error:
        return refusal_of(error, label=_label(sheet))
    return answer_of(done, is_field=partial(keeping.is_field, sheet.verb))
