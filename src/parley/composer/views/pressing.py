"""What each button of the composer does, after everything in the form was saved."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.composer.actions import editing, filing, sending
from parley.composer.actions.sending import LookAgainError, NotReadyError, Pressed
from parley.composer.forms.fields import MARKS, posted, row_of
from parley.composer.forms.intake import Source, read_source, read_upload
from parley.composer.forms.remarks import said_of_obstacle
from parley.composer.queries.names import label_of
from parley.composer.queries.work import work_on
from parley.drafts.actions import ClosedError, LimitError
from parley.drafts.forms import said_of_limit
from parley.drafts.queries import DraftRow
from parley.drafts.views import base_of, hand
from parley.gates.table.translate import SheetError
from parley.gates.table.translate.codes import MAX_BYTES
from parley.ledger.append import InTransactionError, NobodyWritesError
from parley.ledger.drafts import UnknownLinkError
from parley.ledger.ledger import StorageError
from parley.ledger.readers import OpenLink
from parley.protocol.breach import BreachError
from parley.work.sock import CoreError


class PART(IntEnum):
    """The four parts of the page."""

    PASTE = 1
    ROWS = 2
    ASK = 3
    PREVIEW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """Where the page goes on, or what stands in the way. `is_unsaved`: the text is on the page alone."""

    part: int
    anchor: str = "main"
    errors: tuple[tuple[str, str], ...] = ()
    status: int = 200
    is_unsaved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that was pressed on a draft, and the part it stands in. `rest` is what the button names."""

    request: PersonRequest
    link: OpenLink
    number: int
    part: int
    rest: str


def press(request: PersonRequest, link: OpenLink, draft: DraftRow) -> Pressing:
    """Save what the form brings, then do what its button says."""
    part = _part(request.POST.get("part", ""))
    try:
        outcome = editing.bring_all(
            draft.number, posted(request.POST.lists()), base=base_of(request), by=hand(request)
        )
    except LimitError as error:
        return Pressing(
            part=part, errors=(("", said_of_limit(error, label=label_of)),), status=413, is_unsaved=True
        )
    except ClosedError:
        if not editing.unsaved(draft.number, posted(request.POST.lists())):
            return Pressing(part=PART.PREVIEW, anchor="results")
        text = _("Draft %(number)d is closed. Nothing of this was saved; it stands below.")
        errors = (("typed", text % {"number": draft.number}),)
        return Pressing(part=part, errors=errors, status=409, is_unsaved=True)
    verb, _sign, rest = request.POST.get("do", "save").partition(":")
    if outcome.conflicts and verb != "settle":
        return Pressing(part=part, anchor="conflicts")
    act = _VERBS.get(verb, _save)
    try:
        return act(Press(request=request, link=link, number=draft.number, part=part, rest=rest))
    except LimitError as error:
        return Pressing(part=part, errors=(("", said_of_limit(error, label=label_of)),), status=413)


def _part(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4"} else 1


def _save(pressed: Press) -> Pressing:
    return Pressing(part=pressed.part, anchor=f"part-{pressed.part}")


def _go(pressed: Press) -> Pressing:
    part = _part(pressed.rest)
    return Pressing(part=part, anchor=f"part-{part}")


def _check(pressed: Press) -> Pressing:
    """Make rows of the file and of the text in the box; with neither, only go on."""
    request, number = pressed.request, pressed.number
    work = work_on(pressed.link, number, now=request.now)
    sources: list[Source] = []
    try:
        upload = request.FILES.get("file")
        if upload is not None:
            # One byte more than is taken, so that a file that is too large is told so.
            sources.append(read_upload(upload.name or "file", upload.read(MAX_BYTES + 1), work.choices))
        if work.values.get("paste", "").strip():
            sources.append(read_source(work.values["paste"], work.choices))
        replaces = bool(request.POST.get("replaces"))
        for place, source in enumerate(sources):
            editing.take_in(number, source, by=hand(request), replaces=replaces and place == 0)
    except SheetError as error:
        return Pressing(part=PART.PASTE, errors=(("paste", said_of_obstacle(error)),), status=422)
    if not sources and not work.lines:
        text = _("There is nothing to read yet. Paste addresses, or choose a file that has some.")
        return Pressing(part=PART.PASTE, errors=(("paste", text),), status=422)
    return Pressing(part=PART.ROWS, anchor="part-2")


def _add(pressed: Press) -> Pressing:
    try:
        row = editing.add_row(pressed.number, by=hand(pressed.request))
    except SheetError as error:
        return Pressing(part=PART.ROWS, errors=(("part-2", said_of_obstacle(error)),), status=422)
    return Pressing(part=PART.ROWS, anchor=f"row-{row}")


def _set(pressed: Press) -> Pressing:
    field, _sign, value = pressed.rest.partition(":")
    place = row_of(field)
    if place is None or place[1] not in MARKS or value not in {"", "1"}:
        return _save(pressed)
    editing.mark(pressed.number, field, value, by=hand(pressed.request))
    return Pressing(part=PART.ROWS, anchor=f"row-{place[0]}")


def _above(pressed: Press) -> Pressing:
    if not pressed.rest.isdecimal():
        return _save(pressed)
    work = work_on(pressed.link, pressed.number, now=pressed.request.now)
    editing.fill_from_above(work, int(pressed.rest), by=hand(pressed.request))
    return Pressing(part=PART.ROWS, anchor=f"row-{pressed.rest}")


def _settle(pressed: Press) -> Pressing:
    number, _sign, which = pressed.rest.partition(":")
    if number.isdecimal() and which in {"mine", "theirs"}:
        mine = which == "mine"
        editing.settle(pressed.number, int(number), take_mine=mine, by=hand(pressed.request))
    return Pressing(part=pressed.part, anchor="conflicts")


def _drop_file(pressed: Press) -> Pressing:
    filing.drop_file(pressed.link.row.name, pressed.number, pressed.rest, by=hand(pressed.request))
    return Pressing(part=PART.ASK, anchor="files-title")


def _put_away(pressed: Press) -> Pressing:
    editing.put_away(pressed.number, by=hand(pressed.request))
    return Pressing(part=pressed.part)


def _send(pressed: Press) -> Pressing:
    request = pressed.request
    try:
        sending.send(pressed.link, pressed.number, by=_pressed(request))
    except (NotReadyError, LookAgainError) as error:
        return Pressing(part=PART.PREVIEW, errors=(("part-4", _why_not(error)),), status=409)
    except _NOT_SAID as error:
        return _unknown(error)
    return Pressing(part=PART.PREVIEW, anchor="results")


def _finish(pressed: Press) -> Pressing:
    try:
        sending.finish(pressed.link, pressed.number, by=_pressed(pressed.request))
    except NotReadyError:
        return Pressing(part=PART.PREVIEW, errors=(("unfinished", _file_gone()),), status=409)
    except _NOT_SAID as error:
        return _unknown(error)
    return Pressing(part=PART.PREVIEW, anchor="results")


_NOT_SAID = (NobodyWritesError, CoreError, StorageError, InTransactionError, UnknownLinkError, BreachError)


def _pressed(request: PersonRequest) -> Pressed:
    return Pressed(
        officer=request.officer,
        session=hand(request).session,
        now=request.now,
        digest=request.POST.get("seen", ""),
        salt=salt_of(request),
    )


def salt_of(request: PersonRequest) -> str:
    """Return what ties a press to this session: a form that outlived its session saves, and sends nothing."""
    return f"{request.officer.number} {request.session['begun']}"


def _why_not(error: Exception) -> str:
    if isinstance(error, LookAgainError):
        return _("What would be sent is not what you saw. Nothing was sent. Look at it again, then send it.")
    return _("A check fails, so nothing was sent. The list of checks says which, and where to mend it.")


def _file_gone() -> str:
    return _(
        "A file of this sending is not here any more, so it cannot be said again. Ask the administrator."
    )


def _unknown(error: Exception) -> Pressing:
    text = _(
        "It is not known whether it was written (%(why)s). What was to be said is kept in the draft. "
        "Press “Finish the sending”: nothing is said twice."
    )
    return Pressing(part=PART.PREVIEW, errors=(("unfinished", text % {"why": error}),), status=503)


_VERBS = {
    "save": _save,
    "go": _go,
    "check": _check,
    "add": _add,
    "set": _set,
    "above": _above,
    "settle": _settle,
    "put_away": _put_away,
    "drop_file": _drop_file,
    "send": _send,
    "finish": _finish,
}
