"""One form of a call: what it is called, what can be chosen in it, what the page shows of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.hotline import actions
from parley.hotline.actions import Closing
from parley.hotline.queries import Dossier, StatementRow
from parley.hotline.views.finding import zones_of
from parley.hotline.views.keeping import Form, Keeping
from parley.hotline.views.showing import choices
from parley.hotline.views.typed import Reading, parted
from parley.hotline.views.verbs import Command, Filled, minute_at, read
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.saying.desk import Problem
from parley.inquiries.views.showing.faults import ERRORS
from parley.ledger.readers import side_name
from parley.links.actions.speaking import Hand, Target, Trial
from parley.protocol.act import read_id
from parley.protocol.hotline.bodies import MAX_LINES
from parley.protocol.hotline.codes import BY_CALLED, BY_CALLER, PUTS_OFF, Cause, Ending
from parley.protocol.hotline.length import MAX_LENGTH
from parley.ui import callwords, words

PRESENT: Final = 3
"""So many people who were there can be named."""
ANSWERED: Final = 12
"""A message answers one of the newest statements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form `verb` of a call, as it is at `now`."""

    dossier: Dossier
    verb: str
    now: int

    @property
    def form(self) -> Form:
        """Return under which name its drafts are kept."""
        return Form(link=self.dossier.row.link, verb=self.verb, about=self.dossier.row.call)

    @property
    def side(self) -> str:
        """Return what the other side is called."""
        return side_name(self.dossier.link.row)

    def read(self, posted: QueryDict, *, key: str) -> tuple[Command | None, Sequence[Problem]]:
        """Return what the form says, or what is wrong with it."""
        zones = zones_of(self.dossier.link)
        if zones is None:
            return None, (Problem(anchor="", text=_("The link is not open. Nothing was sent.")),)
        reading = Reading(posted=posted, zones=zones, now=self.now, problems=[])
        command = read(self.verb, Filled(dossier=self.dossier, reading=reading, key=key))
        return command, tuple(reading.problems)


def name_of(verb: str) -> str:
    """Return what a form is called."""
    return {
        "message": _("Say something"),
        "clarify": _("Clarify the five fields"),
        "read-back": _("Read back"),
        "read-lines": _("Read back the minute"),
        "minute": _("Minute of a voice call"),
        "close": _("Close the call"),
    }[verb]


def hint_of(verb: str) -> str:
    """Return what a form does, and what comes of it."""
    return {
        "message": _(
            "One message of one sort. What must not be lost in translation belongs in the five fields."
        ),
        "clarify": _("The five fields as they now hold. What was read back before is to be read back again."),
        "read-back": _("Type what you read. It is compared by machine; both sides see what differs."),
        "read-lines": _(
            "Type the lines as you heard or read them. The minute holds when both have read it rightly."
        ),
        "minute": _(
            "What was said by voice, in at most five lines. The other side reads it back, and so do we."
        ),
        "close": _("Each side closes for itself. Until both have, whoever speaks again has not closed."),
    }[verb]


def send_text(verb: str, *, side: str) -> str:
    """Return what the button that sends says: its consequence."""
    told = {"side": side}
    return {
        "message": _("Send it to %(side)s"),
        "clarify": _("Send the clarification to %(side)s"),
        "read-back": _("Send what we read to %(side)s"),
        "read-lines": _("Send what we read to %(side)s"),
        "minute": _("Send the minute to %(side)s"),
        "close": _("Close the call for us; %(side)s sees it"),
    }[verb] % told


def page_of_form(
    sheet: Sheet,
    keeping: Keeping,
    request: PersonRequest,
    *,
    problems: Sequence[Problem] = (),
) -> dict[str, object]:
    """Return what the template of a form needs."""
    form = _with_what_holds(sheet, keeping.form) if sheet.verb == "clarify" else keeping.form
    return {
        "verb": sheet.verb,
        "form_name": name_of(sheet.verb),
        "hint": hint_of(sheet.verb),
        "send": send_text(sheet.verb, side=sheet.side),
        "keeping": keeping,
        "draft": keeping.draft,
        "conflicts": keeping.conflicts,
        "posted": form,
        "key": form.get("key") or uuid.uuid4().hex,
        "errors": [(each.anchor, each.text) for each in problems],
        "most": MAX_LENGTH,
        "row": sheet.dossier.row,
        **_own(sheet, form, request),
    }


def _own(sheet: Sheet, form: QueryDict, request: PersonRequest) -> Mapping[str, object]:
    match sheet.verb:
        case "message":
            return {
                "sorts": choices.sorts(form),
                "rungs": choices.rungs(sheet.dossier, form),
                "next_word": choices.moment(form, "next_word"),
                "at": choices.moment(form, "at"),
                "answerable": _answerable(sheet, form),
            }
        case "clarify":
            return choices.five(form)
        case "read-back":
            said = sheet.dossier.text.fields
            front, _tail = ("", "") if said is None else parted(said)
            return {"front": front, "said": said, **choices.five(form)}
        case "read-lines":
            return {"minute": minute_at(sheet.dossier, form.get("on", "")), "typed_lines": _lines(form)}
        case "minute":
            return {
                "since": choices.moment(form, "since"),
                "until": choices.moment(form, "until"),
                "typed_lines": _lines(form),
                "typed_present": _padded(form.getlist("present"), PRESENT),
            }
        case _:
            return {
                "endings": _endings(sheet, form, request),
                "causes": choices.causes(form),
                "at": choices.moment(form, "at"),
            }


def _with_what_holds(sheet: Sheet, form: QueryDict) -> QueryDict:
    """Return the form; where nothing is typed yet, with the fields as they hold."""
    said = sheet.dossier.text.fields
    if said is None or form.get("what"):
        return form
    form = form.copy()
    form.update(
        {
            "what": said.what.value,
            "object_type": said.subject.value,
            "object": said.object or "",
            "where": said.where.value,
            "since": _typed(said.since),
            "by": _typed(said.by),
        }
    )
    form.setlist("ask", [each.value for each in said.ask])
    return form


def _typed(seconds: int | None) -> str:
    return "" if seconds is None else words.instant(seconds).replace(" ", "T")


def _lines(form: QueryDict) -> tuple[str, ...]:
    return _padded(form.getlist("line"), MAX_LINES)


def _padded(texts: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple([*texts, *[""] * count][: max(count, len(texts))])


def _answerable(sheet: Sheet, form: QueryDict) -> tuple[choices.Option, ...]:
    valid: list[StatementRow] = [each for each in sheet.dossier.statements if each.is_valid]
    chosen = form.get("on", "")
    return tuple(
        choices.Option(
            value=each.place.replace(" ", "-"),
            text=f"{each.place} · {_kind_of(each)}",
            en="",
            zh="",
            is_chosen=each.place.replace(" ", "-") == chosen,
        )
        for each in reversed(valid[-ANSWERED:])
    )


def _kind_of(row: StatementRow) -> str:
    return words.label(row.sort, callwords.SORTS) if row.sort else words.label(row.kind, words.KINDS)


def _endings(sheet: Sheet, form: QueryDict, request: PersonRequest) -> tuple[choices.Option, ...]:
    """Return the endings that would be valid now: asked of the record, as the statement would be."""
    by_us = BY_CALLER if sheet.dossier.row.is_ours else BY_CALLED
    both = [each for each in Ending if each not in BY_CALLED | BY_CALLER]
    may = [each for each in Ending if each in by_us or each in both]
    found = [each.value for each in may if _is_valid(sheet, each, request)]
    chosen = form.get("ending", "")
    return choices.options(found, callwords.ENDINGS, chosen=(chosen,))


def _is_valid(sheet: Sheet, ending: Ending, request: PersonRequest) -> bool:
    home = settings.HOME
    hand = Hand(officer=request.officer, key=uuid.uuid4().hex, now=sheet.now, door=Trial(home=home))
    on = Target(link=sheet.dossier.row.link, statement=read_id(sheet.dossier.opening.statement))
    # A statement in words, so that nothing but the state of the call decides.
    closing = Closing(
        ending=ending,
        at=sheet.now + 3600 if ending in PUTS_OFF else None,
        cause=Cause.UNKNOWN if ending in {Ending.NOT_REACHED, Ending.TECHNICAL_FAULT} else None,
        text=Text(language="en", text="?"),
    )
    try:
        actions.close(on, closing, by=hand)
    except ERRORS:
        return False
    return True
