"""The form that opens a call as a page shows it, and the call as the other side will see it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from parley.hotline.queries import CallRow, calls_about
from parley.hotline.views.calling import Typed
from parley.hotline.views.showing import choices
from parley.hotline.views.showing.coded import Both, Line, both, lines
from parley.hotline.views.showing.contents import Head
from parley.inquiries.forms.letter import Text
from parley.inquiries.queries import Filter, list_inquiries
from parley.ledger.readers import OpenLink
from parley.protocol.clauses import Clauses, Hours, Level
from parley.protocol.hotline.codes import Nature, What, nature_of
from parley.ui import callwords, words

INQUIRIES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How fast a call can be, and what rings there, when."""

    code: str
    word: Both
    steps: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A call as they will see it: in both languages, before anybody translates."""

    head: Head
    lines: tuple[Line, ...]
    text: Text | None
    authority: str
    what_rings: tuple[str, ...]


def form_of(form: QueryDict, link: OpenLink, clauses: Clauses, *, now: int) -> dict[str, object]:
    """Return what can be chosen in the form."""
    name = link.row.link
    inquiries = list_inquiries(Filter(link=name, is_open=True), now=now, limit=INQUIRIES).rows
    ladder = dict(choices.ladder_preview(clauses))
    return {
        **choices.five(form),
        "natures": tuple(_natures(form)),
        "scopes": choices.options(sorted(clauses.scope), callwords.SCOPE, chosen=(form.get("scope", ""),)),
        "inquiries": [(row.place, row.title) for row in inquiries],
        "urgencies": tuple(
            Urgency(
                code=code,
                word=both(code, words.URGENCIES),
                steps=ladder[code],
                is_chosen=form.get("urgency") == code,
            )
            for code in words.URGENCIES
        ),
        "levels": tuple(_levels(form, clauses)),
        "verb": "open",
        "most": 400,
    }


def _natures(form: QueryDict) -> Iterator[tuple[Both, tuple[choices.Option, ...]]]:
    chosen = (form.get("what", ""),)
    for nature in Nature:
        whats = [each.value for each in What if nature_of(each) is nature]
        yield (
            both(nature.value, callwords.NATURES),
            choices.options(whats, callwords.WHATS, chosen=chosen),
        )


def _levels(form: QueryDict, clauses: Clauses) -> Iterator[choices.Option]:
    chosen = form.get("level", Level.DESK.value)
    for level in clauses.levels:
        hours = clauses.hours[level]
        told = _("in their office hours") if hours is Hours.OFFICE else _("at any hour")
        yield choices.Option(
            value=level.value,
            text=words.label(level.value, callwords.LEVELS),
            en="",
            zh="",
            is_chosen=level.value == chosen,
            hint=told,
        )


def preview_of(typed: Typed) -> Preview:
    """Return the call as they will see it."""
    calling = typed.calling
    return Preview(
        head=Head(
            nature=typed.nature.value,
            nature_word=both(typed.nature.value, callwords.NATURES),
            urgency=calling.urgency,
            precedence=both(calling.urgency, words.URGENCIES),
            level=words.label(typed.level.value, callwords.LEVELS),
            state="",
            why=words.label(calling.scope, callwords.SCOPE) if calling.scope else "",
            is_over=False,
            is_one_sided=False,
        ),
        lines=lines(calling.fields),
        text=calling.text,
        authority="" if calling.authority is None else calling.authority.text,
        what_rings=(),
    )


def earlier(link: str, inquiry: str) -> tuple[CallRow, ...]:
    """Return the calls about an inquiry, newest first."""
    return calls_about(link, inquiry)
