"""What is typed into a form of this room, or of one above, and not said yet: a draft of the house.

    begun     with the first stroke (`ui/autosave.js`), or with the first button that is pressed
    found     by whoever opens the same form about the same statement: it goes on where it stood
    key       under which it was sent, so that a form that is found after a crash says nothing twice
    closed    when the statement is in the record, or when somebody put it away
    rows      never stand in a draft: they are sealed, and the draft has their hash (`rows.py`)

A secret is never kept.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.drafts import actions as drafts
from parley.drafts.actions import ClosedError, Kept, LimitError
from parley.drafts.forms import TwoTexts, said_of_limit, shown_time, two_texts
from parley.drafts.queries import (
    Conflict,
    DraftRow,
    Origin,
    find_draft,
    history_of,
    list_drafts,
    show_draft,
)
from parley.drafts.views import KEY, answer_of, draft_at, hand, new_page, origin_of, page_of, refusal_of
from parley.sharing.views import rows
from parley.sharing.views.form import FILES, Form, Own
from parley.vault.vault import NoRoomError

_KEY: Final = re.compile(r"[0-9a-f]{32}")
BOXES: Final = frozenset({"codes", "yes"})
"""Of a box that is not ticked a form brings nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form on its page: what it is to become, about which statement, where it is and where it leads back.

    `purpose` is that of its drafts; `about` the id of the statement it answers, "" if it answers none.
    `address` is its path, `query` what has to follow. `first` is what stands in a field before anybody typed.
    `told` is what it answers, each text with its language ("" for that of the page); `is_offered`: whether it
    can be said as things stand.
    """

    form: Form
    link: str
    purpose: str
    address: str
    back_href: str
    back_text: str
    side: str
    own: Own
    about: str = ""
    query: str = ""
    heading: str = ""
    told: tuple[tuple[str, str], ...] = ()
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_offered: bool = True

    @property
    def href(self) -> str:
        """Return the address of the form."""
        return f"{self.address}?{self.query}" if self.query else self.address

    @property
    def save_href(self) -> str:
        """Return the address that keeps what is typed; a query has to follow."""
        return self._below("save")

    @property
    def files_href(self) -> str:
        """Return the address that takes a file."""
        return self._below("files")

    def _below(self, name: str) -> str:
        """Return an address below the form: ``save/`` keeps what is typed, ``files/`` takes a file."""
        return f"{self.address}{name}/?{self.query}&" if self.query else f"{self.address}{name}/?"

    def going_on(self, draft: DraftRow | None) -> str:
        """Return the address of the form that goes on with `draft`."""
        if draft is None:
            return self.href
        return f"{self.address}?{self.query}{'&' if self.query else ''}draft={draft.number}"

    @property
    def has_rows(self) -> bool:
        """Return whether rows can be pasted into it, to be sealed."""
        return any(each.kind == "rows" for each in self.form.fields)

    def label(self, name: str) -> str:
        """Return what people call a field."""
        found = next((each for each in self.form.fields if name in each.names), None)
        if found is None:
            return _("Files that go along") if name == FILES else name
        return found.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How the draft of a form stands. `draft` is None until something is typed.

    `form` has what was typed; `rows` is the hash of the rows, sealed; `problem` says why nothing of it was
    saved, `others` are names of people who changed it meanwhile, so that it is not said as it stands.
    """

    page: str
    form: QueryDict
    draft: DraftRow | None = None
    revision: int = 0
    rows: str = ""
    conflicts: tuple[TwoTexts, ...] = ()
    others: tuple[str, ...] = ()
    problem: str = ""

    @property
    def shown_time(self) -> str:
        """Return when it was saved last; "" if it was not."""
        return "" if self.draft is None else shown_time(self.draft.saved_at)


def origin(request: PersonRequest, sheet: Sheet) -> Origin:
    """Return the form from which the request comes."""
    return origin_of(request, link=sheet.link, purpose=sheet.purpose, about=sheet.about)


def opened(request: PersonRequest, sheet: Sheet) -> Keeping:
    """Return how the form first stands: as the address proposes it, or as this officer's newest draft has it.

    Raises:
        Http404: the address names a draft that there is not.
    """
    asked = {name: request.GET.getlist(name) for name in names_of(sheet.form) if request.GET.get(name)}
    draft = _chosen(request, sheet, is_new=bool(asked))
    if draft is None:
        proposed = _form_of(sheet, {})
        for name, values in asked.items():
            proposed.setlist(name, values)
        return Keeping(page=new_page(), form=proposed)
    shown = show_draft(draft.number)
    form = _form_of(sheet, shown.values)
    form[KEY] = key_of(shown.values.get(KEY, ""), draft)
    return Keeping(
        page=new_page(),
        form=form,
        draft=draft,
        revision=draft.revision,
        rows=shown.values.get(rows.FIELD, ""),
        conflicts=_two_texts(sheet, shown.conflicts),
    )


def _chosen(request: PersonRequest, sheet: Sheet, *, is_new: bool) -> DraftRow | None:
    named = draft_at(request, origin(request, sheet))
    if named is not None:
        return named if named.closed_at is None else None
    mine = (each for each in others(sheet) if each.officer == request.officer.number)
    return None if is_new else next(mine, None)


def key_of(key: str, draft: DraftRow | None) -> str:
    """Return the key under which a form is said: `key`, unless it was sent under it and changed since.

    What was sent once may stand in the record already: what was changed since is then another statement.
    """
    if not _KEY.fullmatch(key):
        return uuid.uuid4().hex
    sent = () if draft is None else history_of(draft.number, KEY)
    was_sent = bool(sent) and sent[0].value == key
    return uuid.uuid4().hex if draft is not None and was_sent and sent[0].revision < draft.revision else key


def renewed(found: Keeping) -> Keeping:
    """Return the form under a new key: whoever sends it again says it anew, in the state of that moment."""
    form = found.form.copy()
    form[KEY] = uuid.uuid4().hex
    return replace(found, form=form)


def names_of(form: Form) -> tuple[str, ...]:
    """Return the names of the fields that a draft of the form has."""
    names = tuple(name for each in form.fields for name in each.names)
    return (*names, FILES) if form.takes_files else names


def typed_in(sheet: Sheet, posted: QueryDict) -> dict[str, str]:
    """Return what a page brings as fields of a draft: several values line by line, and no rows."""
    several = {each.name for each in sheet.form.fields if each.is_several} | {FILES}
    found = {}
    for name in names_of(sheet.form):
        if name in posted and name != rows.FIELD:
            values = posted.getlist(name)
            text = "\n".join(filter(None, values)) if name in several else values[-1]
            found[name] = text.replace("\r\n", "\n").replace("\r", "\n")
    return found


def typed_in_all(sheet: Sheet, posted: QueryDict) -> dict[str, str]:
    """Return the fields that a whole form brings."""
    empty = {each.name: "" for each in sheet.form.fields if each.kind in BOXES}
    files = {FILES: ""} if sheet.form.takes_files else {}
    return empty | files | typed_in(sheet, posted)


def _form_of(sheet: Sheet, values: Mapping[str, str]) -> QueryDict:
    several = {each.name for each in sheet.form.fields if each.is_several} | {FILES}
    found = QueryDict(mutable=True)
    for name in names_of(sheet.form):
        if name not in values:
            found.setlist(name, list(sheet.first.get(name, ())))
            continue
        text = rows.opened(values[name], link=sheet.link) if name == rows.FIELD else values[name]
        found.setlist(name, text.split("\n") if name in several and text else [text] if text else [])
    return found


def kept(request: PersonRequest, sheet: Sheet) -> Keeping:
    """Save everything that a form brings, whatever its button does; of a form without a word, nothing."""
    draft, fields = draft_at(request, origin(request, sheet)), typed_in_all(sheet, request.POST)
    if draft is None and not any(fields.values()) and not request.POST.get(rows.FIELD, "").strip():
        return Keeping(page=page_of(request), form=request.POST)
    before, sealed = rows.named(draft), dict[str, str]()
    try:
        sealed = rows.sealed(request, sheet.link, draft) if sheet.has_rows else {}
        done = drafts.keep_all(origin(request, sheet), fields | sealed, by=hand(request))
    except ClosedError:
        return _anew(request, sheet, fields | sealed)
    except (LimitError, rows.LongRowsError, NoRoomError) as error:
        rows.destroy_unnamed(sealed.values(), number=None if draft is None else draft.number)
        told = _told(sheet, error)
        return Keeping(page=page_of(request), form=request.POST, draft=draft, problem=told)
    rows.destroy_unnamed({*before, *sealed.values()}, number=done.number)
    return _keeping(request, sheet, done)


def _keeping(request: PersonRequest, sheet: Sheet, done: Kept) -> Keeping:
    names, shown = names_of(sheet.form), show_draft(done.number)
    # The key is put down by the node itself, and is nobody's change.
    changed = [each for each in done.outcome.changed if each.field in names]
    return Keeping(
        page=page_of(request),
        form=_with_changed(sheet, request.POST, {each.field: each.value for each in changed}),
        draft=find_draft(done.number),
        revision=done.outcome.revision,
        rows=shown.values.get(rows.FIELD, ""),
        conflicts=_two_texts(sheet, shown.conflicts),
        others=(*(each.by for each in changed), *(each.by for each in done.outcome.conflicts)),
    )


def _told(sheet: Sheet, error: LimitError | rows.LongRowsError | NoRoomError) -> str:
    match error:
        case LimitError():
            return said_of_limit(error, label=sheet.label)
        case NoRoomError():
            return _("There is no room for these rows on the disk of this node. Nothing of them was kept.")
        case _:
            return rows.said_of_long(error)


def _with_changed(sheet: Sheet, form: QueryDict, values: Mapping[str, str]) -> QueryDict:
    """Return the form as it is to be shown: with what others changed meanwhile where nothing was typed."""
    shown, changed = form.copy(), _form_of(sheet, values)
    for name in values:
        shown.setlist(name, changed.getlist(name))
    return shown


def _anew(request: PersonRequest, sheet: Sheet, fields: dict[str, str]) -> Keeping:
    # What it belonged to was said or put away: nothing of it is lost, it goes on as a draft of its own.
    by = replace(hand(request), session=new_page())
    begun = replace(origin(request, sheet), number=None, base=0)
    done = drafts.keep_all(begun, fields, by=by)
    return Keeping(
        page=by.session,
        form=request.POST,
        draft=find_draft(done.number),
        revision=done.outcome.revision,
        rows=fields.get(rows.FIELD, ""),
    )


def _two_texts(sheet: Sheet, conflicts: tuple[Conflict, ...]) -> tuple[TwoTexts, ...]:
    def told(each: Conflict) -> Conflict:
        if each.field != rows.FIELD:
            return each
        mine, theirs = (rows.opened(text, link=sheet.link) for text in (each.mine, each.theirs))
        return replace(each, mine=mine, theirs=theirs)

    return two_texts([told(each) for each in conflicts], label=sheet.label)


def others(sheet: Sheet, *, but: DraftRow | None = None) -> tuple[DraftRow, ...]:
    """Return the open drafts of this form, the newest first, `but` not the one that the page shows."""
    found = list_drafts(sheet.link, purpose=sheet.purpose, about=sheet.about)
    return tuple(each for each in found if but is None or each.number != but.number)


def written(sheet: Sheet) -> tuple[tuple[DraftRow, tuple[tuple[str, str], ...]], ...]:
    """Return the open drafts of this form with what was typed: nothing is lost if it cannot be said now."""
    return tuple((each, tuple(_read(sheet, each))) for each in others(sheet))


def _read(sheet: Sheet, draft: DraftRow) -> list[tuple[str, str]]:
    values = show_draft(draft.number).values
    names = (name for name in names_of(sheet.form) if values.get(name) and name not in {rows.FIELD, FILES})
    return [(sheet.label(name), values[name]) for name in names]


def autosaved(request: PersonRequest, sheet: Sheet) -> HttpResponse:
    """Save what a page brings by itself while somebody types.

    Raises:
        Http404: it names a draft that there is not.
    """
    draft, sealed = draft_at(request, origin(request, sheet)), dict[str, str]()
    before = rows.named(draft)
    try:
        sealed = rows.sealed(request, sheet.link, draft) if sheet.has_rows else {}
        fields = typed_in(sheet, request.POST) | sealed
        done = drafts.keep(origin(request, sheet), fields, by=hand(request))
    except (LimitError, ClosedError) as error:
        rows.destroy_unnamed(sealed.values(), number=None if draft is None else draft.number)
        return refusal_of(error, label=sheet.label)
    except (rows.LongRowsError, NoRoomError) as error:
        return JsonResponse({"reason": _told(sheet, error)}, status=413)
    rows.destroy_unnamed({*before, *sealed.values()}, number=done.number)
    names = set(names_of(sheet.form)) - {rows.FIELD}
    return answer_of(done, is_field=lambda name: name in names)
