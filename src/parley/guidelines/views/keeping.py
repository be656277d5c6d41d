"""What is typed into a form and not said yet: a draft of the house, found again by everybody here.

    begun     with the first stroke (`ui/autosave.js`), or with the first button that is pressed
    found     by whoever opens the same form: it goes on where it stood, also after a crash
    closed    when the statement is in the record, or when somebody put it away

Only what differs from what the form began with is kept, so a text that is long is a small draft. The rooms
above use it for their own plain forms. A secret and a file are never kept.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.drafts import actions as drafts
from parley.drafts.actions import ClosedError, LimitError
from parley.drafts.forms import Naming, TwoTexts, said_of_limit, shown_time, two_texts
from parley.drafts.queries import DraftRow, Origin, UnknownDraftError, find_draft, list_drafts, show_draft
from parley.drafts.views import (
    KEY,
    LANGUAGE,
    PUT_AWAY,
    SAID,
    answer_of,
    bind,
    close,
    draft_at,
    hand,
    is_repeated,
    new_page,
    origin_of,
    page_of,
    put_away,
    refusal_of,
    see,
    settle,
    switched,
)

_KEY: Final = re.compile(r"[0-9a-zA-Z_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Which form it is, and what it begins with: the names of its fields, each with what stands in it.

    `about` is the statement that it is about, if there is one; `address` where the form is.
    """

    link: str
    purpose: str
    address: str
    first: Mapping[str, str]
    label: Naming
    about: str = ""

    def origin(self, request: PersonRequest) -> Origin:
        """Return the form from which the request comes."""
        return origin_of(request, link=self.link, purpose=self.purpose, about=self.about)

    def at(self, draft: DraftRow | None) -> str:
        """Return the address of the form, going on with `draft`."""
        if draft is None:
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}draft={draft.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How the draft of a form stands. `draft` is None until something is typed.

    `values` has what stands in each field; `problem` says why nothing of it was saved; `others` are names of
    people who changed it meanwhile, so that it is not said as it stands.
    """

    page: str
    values: Mapping[str, str]
    draft: DraftRow | None = None
    revision: int = 0
    conflicts: tuple[TwoTexts, ...] = ()
    others: tuple[str, ...] = ()
    problem: str = ""

    @property
    def shown_time(self) -> str:
        """Return when it was saved last; "" if it was not."""
        return "" if self.draft is None else shown_time(self.draft.saved_at)


def opened(request: PersonRequest, form: Form, *, is_new: bool = False) -> Keeping:
    """Return how the form first stands: as the newest open draft of this officer has it, or as it begins.

    `is_new`: it was opened to begin something, and goes on with no draft but the one that it names.

    Raises:
        Http404: the address names a draft that there is not.
    """
    draft = draft_at(request, form.origin(request))
    if draft is None and not is_new:
        mine = (each for each in open_drafts(form) if each.officer == request.officer.number)
        draft = next(mine, None)
    if draft is None or draft.closed_at is not None:
        return Keeping(page=new_page(), values=form.first)
    return _shown(form, draft, page=new_page())


def open_drafts(form: Form, *, but: DraftRow | None = None) -> tuple[DraftRow, ...]:
    """Return the open drafts of this form, the newest first, `but` not the one that the page shows."""
    found = list_drafts(form.link, purpose=form.purpose, about=form.about)
    return tuple(each for each in found if but is None or each.number != but.number)


def pressed(request: PersonRequest, form: Form) -> Keeping | HttpResponse:
    """Save everything that a form brings, and do what its button says of the draft itself.

    What is left is the form with all that was typed, for whatever else its button says.

    Raises:
        Http404: it names a draft that there is not.
    """
    if number := request.POST.get(PUT_AWAY):
        put_away(number, among=open_drafts(form), request=request)
        return see(form.address)
    if is_repeated(request, form.origin(request)):
        return Keeping(page=new_page(), values={**form.first, **_posted(request, form)})
    found = _kept(request, form)
    if found.problem:
        return found
    if LANGUAGE in request.POST:
        return switched(request, to=form.at(found.draft))
    verb, _sign, which = request.POST.get("do", "").partition(":")
    if verb == "settle":
        settle(found.draft, which, request=request)
    return see(form.at(found.draft)) if verb in {"settle", "save"} else found


def autosaved(request: PersonRequest, form: Form) -> HttpResponse:
    """Save what a page brings by itself while somebody types.

    Raises:
        Http404: it names a draft that there is not.
    """
    try:
        done = drafts.keep(form.origin(request), _posted(request, form), by=hand(request), first=form.first)
    except UnknownDraftError as error:
        raise Http404 from error
    except (LimitError, ClosedError) as error:
        return refusal_of(error, label=form.label)
    return answer_of(done, is_field=lambda name: name in form.first)


def key_of(request: PersonRequest) -> str:
    """Return under which key it is said: that of the form, so that saying it twice says it once."""
    key = request.POST.get(KEY, "")
    return key if _KEY.fullmatch(key) else uuid.uuid4().hex


def before_saying(request: PersonRequest, found: Keeping, *, key: str) -> None:
    """Write down the key before anything is said under it."""
    bind(found.draft, key, request=request)


def said(request: PersonRequest, found: Keeping) -> None:
    """Close the draft: what it had is in the record."""
    close(found.draft, outcome=SAID, request=request)


def in_the_way(found: Keeping) -> list[tuple[str, str]]:
    """Return why a form is looked at again before anything is said: nothing, or one error."""
    if found.problem:
        return [("", found.problem)]
    if found.others:
        told = _("%(by)s has changed this draft meanwhile. Nothing was said. Read it again, then go on.")
        return [("", told % {"by": found.others[0]})]
    return []


def _posted(request: PersonRequest, form: Form) -> dict[str, str]:
    """Return what the form brings: a page need not have all of its fields."""
    return {
        name: request.POST.get(name, "").replace("\r\n", "\n") for name in form.first if name in request.POST
    }


def _kept(request: PersonRequest, form: Form) -> Keeping:
    posted, page, origin = _posted(request, form), page_of(request), form.origin(request)
    draft = draft_at(request, origin)
    there = {} if draft is None else show_draft(draft.number).values
    brought = {name: text for name, text in posted.items() if name in there or text != form.first[name]}
    if draft is None and not brought:
        return Keeping(page=page, values={**form.first, **posted})
    try:
        done = drafts.keep_all(origin, brought, by=hand(request), first=form.first)
    except ClosedError:
        # What it belonged to was said or put away: nothing of it is lost, it goes on as a draft of its own.
        page = new_page()
        anew = replace(origin, number=None, base=0)
        done = drafts.keep_all(anew, brought, by=replace(hand(request), session=page), first=form.first)
    except LimitError as error:
        problem = said_of_limit(error, label=form.label)
        return Keeping(page=page, values={**form.first, **there, **posted}, problem=problem)
    changed = {each.field: each for each in done.outcome.changed if each.field in form.first}
    found = _shown(form, find_draft(done.number), page=page)
    others = (*(each.by for each in changed.values()), *(each.by for each in found.conflicts))
    typed = {name: text for name, text in posted.items() if name not in changed}
    return replace(found, values={**found.values, **typed}, others=others)


def _shown(form: Form, draft: DraftRow, *, page: str) -> Keeping:
    shown = show_draft(draft.number)
    values = {name: shown.values.get(name, first) for name, first in form.first.items()}
    return Keeping(
        page=page,
        values=values,
        draft=draft,
        revision=draft.revision,
        conflicts=two_texts(shown.conflicts, label=form.label),
    )
