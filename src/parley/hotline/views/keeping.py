"""What is typed into a form of a call and not said yet: a draft of the house, found again by everybody here.

    begun     with the first stroke (`ui/autosave.js`), or with the first button that is pressed
    found     by whoever opens the same form of the same call: it goes on where it stood, also after a crash
    key       under which it was sent, so that a form that is found after a crash says nothing twice
    closed    when the statement is in the record, or when somebody put it away

A secret is never kept.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.drafts import actions as drafts
from parley.drafts.actions import ClosedError, LimitError
from parley.drafts.forms import TwoTexts, said_of_limit, shown_time, two_texts
from parley.drafts.queries import (
    DraftRow,
    Origin,
    UnknownDraftError,
    find_draft,
    list_drafts,
    show_draft,
)
from parley.drafts.views import (
    KEY,
    LANGUAGE,
    PUT_AWAY,
    answer_of,
    draft_at,
    hand,
    new_page,
    origin_of,
    page_of,
    refusal_of,
)
from parley.ui import callwords, words

PURPOSE: Final = "call."
_FIELD: Final = re.compile(r"[a-z_]{1,40}")
_OURS: Final = frozenset(
    {
        "csrfmiddlewaretoken",
        KEY,
        "page",
        "base",
        "draft",
        "stroke",
        "do",
        "look",
        "secret",
        PUT_AWAY,
        LANGUAGE,
    }
    | {"assertion"}
)
_LISTS: Final = frozenset({"ask", "line", "present"})
"""Several boxes or lines of one name; the draft has them line by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Which form it is: on which link, what it is to become, and the id of the call it is about, or none."""

    link: str
    verb: str
    about: str = ""

    @property
    def purpose(self) -> str:
        """Return what its drafts are to become."""
        return f"{PURPOSE}{self.verb}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How the draft of a form stands. `draft` is None until something is typed.

    `form` has what was typed; `problem` says why nothing of it was saved; `others` are names of people who
    changed it meanwhile, so that it is not sent as it stands.
    """

    page: str
    form: QueryDict
    draft: DraftRow | None = None
    revision: int = 0
    conflicts: tuple[TwoTexts, ...] = ()
    others: tuple[str, ...] = ()
    problem: str = ""

    @property
    def shown_time(self) -> str:
        """Return when it was saved last; "" if it was not."""
        return "" if self.draft is None else shown_time(self.draft.saved_at)


def origin(request: PersonRequest, form: Form) -> Origin:
    """Return the form from which the request comes."""
    return origin_of(request, link=form.link, purpose=form.purpose, about=form.about)


def opened(request: PersonRequest, form: Form, *, first: Mapping[str, str] | None = None) -> Keeping:
    """Return how the form first stands: as the newest open draft of this officer has it, or as `first` says.

    Raises:
        Http404: the address names a draft that there is not.
    """
    draft = _chosen(request, form)
    if draft is None:
        proposed = QueryDict(mutable=True)
        proposed.update(first or {})
        return Keeping(page=new_page(), form=proposed)
    shown = show_draft(draft.number)
    return Keeping(
        page=new_page(),
        form=_form_of(shown.values),
        draft=draft,
        revision=draft.revision,
        conflicts=two_texts(shown.conflicts, label=label_of),
    )


def _chosen(request: PersonRequest, form: Form) -> DraftRow | None:
    named = draft_at(request, origin(request, form))
    if named is not None:
        return named if named.closed_at is None else None
    return next((each for each in others(form) if each.officer == request.officer.number), None)


def renewed(found: Keeping) -> Keeping:
    """Return the form under a new key: whoever sends it again says it anew, in the state of that moment."""
    form = found.form.copy()
    form[KEY] = uuid.uuid4().hex
    return replace(found, form=form)


def _form_of(values: Mapping[str, str]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, text in values.items():
        if _is_field(name):
            found.setlist(name, text.split("\n") if name in _LISTS else [text])
    return found


def kept(request: PersonRequest, form: Form) -> Keeping:
    """Save everything that a form brings, whatever its button does; of a form without a word, nothing."""
    fields = typed_in(request.POST)
    page = page_of(request)
    draft = draft_at(request, origin(request, form))
    try:
        if draft is None and not any(fields.values()):
            return Keeping(page=page, form=request.POST)
        done = drafts.keep_all(origin(request, form), fields, by=hand(request))
    except UnknownDraftError as error:
        raise Http404 from error
    except ClosedError:
        return _anew(request, form, fields)
    except LimitError as error:
        problem = said_of_limit(error, label=label_of)
        return Keeping(page=page, form=request.POST, problem=problem)
    # The key is put down by the node itself, and is nobody's change.
    changed = [each for each in done.outcome.changed if _is_field(each.field)]
    conflicts = [each for each in done.outcome.conflicts if _is_field(each.field)]
    return Keeping(
        page=page,
        form=_with_changed(request.POST, {each.field: each.value for each in changed}),
        draft=find_draft(done.number),
        revision=done.outcome.revision,
        conflicts=two_texts(show_draft(done.number).conflicts, label=label_of),
        others=(*(each.by for each in changed), *(each.by for each in conflicts)),
    )


def _with_changed(form: QueryDict, values: Mapping[str, str]) -> QueryDict:
    """Return the form as it is to be shown: with what others changed meanwhile where nothing was typed."""
    shown = form.copy()
    for name, texts in _form_of(values).lists():
        shown.setlist(name, texts)
    return shown


def _anew(request: PersonRequest, form: Form, fields: Mapping[str, str]) -> Keeping:
    # What it belonged to was said or put away: nothing of it is lost, it goes on as a draft of its own.
    by = replace(hand(request), session=new_page())
    begun = replace(origin(request, form), number=None, base=0)
    done = drafts.keep_all(begun, fields, by=by)
    return Keeping(
        page=by.session,
        form=request.POST,
        draft=find_draft(done.number),
        revision=done.outcome.revision,
    )


def typed_in(posted: QueryDict) -> dict[str, str]:
    """Return what a form brings as fields of a draft: lists line by line, and no secret."""
    return {
        name: "\n".join(text.replace("\r\n", "\n") for text in texts)
        for name, texts in posted.lists()
        if _is_field(name)
    }


def _is_field(name: str) -> bool:
    return name not in _OURS and _FIELD.fullmatch(name) is not None


def others(form: Form, *, but: DraftRow | None = None) -> tuple[DraftRow, ...]:
    """Return the open drafts of this form, the newest first, `but` not the one that the page shows."""
    found = list_drafts(form.link, purpose=form.purpose, about=form.about)
    return tuple(each for each in found if but is None or each.number != but.number)


def autosaved(request: PersonRequest, form: Form) -> HttpResponse:
    """Save what a page brings by itself while somebody types.

    Raises:
        Http404: it names a draft that there is not.
    """
    try:
        done = drafts.keep(origin(request, form), typed_in(request.POST), by=hand(request))
    except UnknownDraftError as error:
        raise Http404 from error
    except (LimitError, ClosedError) as error:
        return refusal_of(error, label=partial(label_of))
    return answer_of(done, is_field=_is_field)


def label_of(name: str) -> str:
    """Return what people call a field."""
    if name in callwords.FIELDS:
        return words.label(name, callwords.FIELDS)
    return {
        "text": _("Text"),
        "object_type": words.label("object", callwords.FIELDS),
        "tail": words.label("object", callwords.FIELDS),
        "since": _("Since when"),
        "by": _("Act by"),
        "line": _("Lines of the minute"),
        "next_word": _("Next word from us by"),
        "at": _("Time"),
    }.get(name, name)
