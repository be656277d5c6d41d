"""Offering information unasked, on a page: the fields of an offer, its content, and what they would see.

The content is what is pasted as rows and what is added as files. It lies sealed at home from the moment it
is saved, and stays there until the offer is taken up (Spec §14.1.4).
"""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from parley.agencies.middleware import PersonRequest, streamed
from parley.agencies.policy import may_act
from parley.inquiries.forms.typed import TypedError, read_code, read_codes, read_time
from parley.ledger.enclosing import Kept, TooManyFilesError
from parley.ledger.readers import link_called, reader_of, side_name
from parley.links.actions.speaking import Hand, Said
from parley.protocol.inquiries.codes import Condition
from parley.protocol.places import heard_place
from parley.protocol.sharing.codes import Class, Expects, Pap, Thing, Tlp
from parley.sharing import actions
from parley.sharing.actions import Offer
from parley.sharing.forms.numbers import read_grade, read_number
from parley.sharing.forms.texts import MAX_TITLE, LongTextError, NoTitleError
from parley.sharing.views import rows
from parley.sharing.views.form import Field, Form, FormTyped, Own
from parley.sharing.views.keeping import Sheet, autosaved
from parley.sharing.views.talking import talked
from parley.sharing.views.uploading import uploaded
from parley.ui import sharewords, words
from parley.ui.words import Labels

PURPOSE: Final = "share.offer"
INFORMATION: Final[Labels] = {each: (each, each) for each in ("1", "2", "3", "4")}
CONDITIONS: Final[Labels] = {each.value: words.CODES[each.value] for each in Condition}
TLPS: Final[Labels] = {each.value: (f"TLP:{each.value}", f"TLP:{each.value}") for each in Tlp}
PAPS: Final[Labels] = {each.value: (f"PAP:{each.value}", f"PAP:{each.value}") for each in Pap}


class NoCountsError(Exception):
    """An offer says how much of what there is; this one says nothing of it."""


class NoContentError(Exception):
    """An offer commits to content; there is none."""


def _own() -> Own:
    return {
        NoTitleError: lambda _error: ("title", _("Say in one line what it is.")),
        LongTextError: lambda error: (
            "title" if error.most == MAX_TITLE else "",
            _("A text has %(found)d characters, of at most %(most)d.")
            % {"found": error.found, "most": error.most},
        ),
        NoCountsError: lambda _error: (
            "counts",
            _("Say how much there is of what. Where rows are pasted, choose what they are."),
        ),
        NoContentError: lambda _error: (
            "files-title",
            _("An offer has content, which stays sealed here. Paste rows, or add a file."),
        ),
        TooManyFilesError: lambda error: (
            "files-title",
            _("%(n)d files are too many for one offer.") % {"n": error.found},
        ),
    }


# ---- Its addresses


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: PersonRequest, link: str) -> HttpResponse:
    sheet = sheet_of(request, link)
    return sheet if isinstance(sheet, HttpResponse) else talked(request, sheet)


@require_POST
def save(request: PersonRequest, link: str) -> HttpResponse:
    """Save what a page brings by itself while somebody types."""
    sheet = sheet_of(request, link)
    return sheet if isinstance(sheet, HttpResponse) else autosaved(request, sheet)


@csrf_exempt  # The token is checked by `uploaded`, after the file has a place to go to.
@streamed
@require_POST
def add_file(request: PersonRequest, link: str) -> HttpResponse:
    return uploaded(request, link, find=lambda: sheet_of(request, link))


def sheet_of(request: PersonRequest, link: str) -> Sheet | HttpResponse:
    """Return the form of an offer on `link`, or the page that says why there is none.

    Raises:
        Http404: there is no such link, or it is not open.
    """
    found = link_called(settings.HOME, link)
    if found is None or found.terms is None:
        raise Http404
    if not may_act(request.officer.role):
        return render(request, "agencies/viewer.html", status=403)
    side = side_name(found.row)
    return Sheet(
        form=offer_form(link),
        link=link,
        purpose=PURPOSE,
        address=reverse("sharing:new", kwargs={"link": link}),
        back_href=f"{reverse('sharing:list')}?link={link}",
        back_text=_("Information offered"),
        side=side,
        own=_own(),
    )


# ---- Its fields


def offer_form(link: str) -> Form:
    """Return the form that offers something on `link`."""

    def run(hand: Hand, typed: FormTyped) -> Said:
        return actions.offer(settings.HOME, link, _offer(typed, link=link), files=_content(typed), by=hand)

    return Form(
        title=_("Offer information"),
        fields=(*_what(), *_marks(), *_terms(), *_content_fields()),
        run=run,
        told=_told,
        takes_files=True,
        hint=_(
            "They see the fields below, and none of the content. It is sealed here, and delivered when they "
            "have taken the conditions; what they decline is destroyed here."
        ),
    )


def _what() -> tuple[Field, ...]:
    return (
        Field(name="what", label=_("What it is"), kind="code", labels=sharewords.CLASSES, is_wanted=True),
        Field(name="title", label=_("In one line"), kind="line"),
        Field(name="why", label=_("Why it is offered (may be empty)"), kind="area"),
        Field(name="counts", label=_("How much of what"), kind="counts", labels=sharewords.THINGS),
    )


def _marks() -> tuple[Field, ...]:
    return (
        Field(
            name="tlp",
            label=_("Who may read it"),
            kind="code",
            labels=TLPS,
            is_wanted=True,
            before=_("Marks"),
            hint=_("RED: named persons. AMBER: who needs it on their side. GREEN: their community."),
        ),
        Field(
            name="pap",
            label=_("What may be done with it"),
            kind="code",
            labels=PAPS,
            is_wanted=True,
            hint=_("RED: nothing that shows. AMBER: look it up. GREEN: block it. CLEAR: anything."),
        ),
        Field(
            name="expects",
            label=_("What is hoped for; nobody has to act"),
            kind="code",
            labels=sharewords.EXPECTS,
            is_wanted=True,
        ),
        Field(name="source", label=_("Our own word on the source"), kind="code", labels=sharewords.SOURCES),
        Field(
            name="information",
            label=_("and on the information: 1 the best, 4 the least"),
            kind="code",
            labels=INFORMATION,
        ),
    )


def _terms() -> tuple[Field, ...]:
    return (
        Field(
            name="conditions",
            label=_("Conditions that they undertake before it is delivered"),
            kind="codes",
            labels=CONDITIONS,
            before=_("Conditions"),
        ),
        Field(name="conditions_text", label=_("The conditions in words (may be empty)"), kind="area"),
        Field(name="until", label=_("When it lapses, with its zone, or +30d (may be empty)"), kind="time"),
        Field(name="about", label=_("What it belongs to: one place a line, such as A-12"), kind="area"),
        Field(name="ref", label=_("Our own registry number (may be empty)"), kind="line"),
    )


def _content_fields() -> tuple[Field, ...]:
    return (
        Field(
            name="rows_of",
            label=_("What the rows are"),
            kind="code",
            labels=sharewords.THINGS,
            before=_("The content, which stays here"),
            hint=_("Then they are counted, unless a number stands above."),
        ),
        Field(
            name=rows.FIELD,
            label=_("Rows: one line is one indicator, or one victim"),
            kind="rows",
            hint=_("They are sealed as soon as they are saved, and stand in no draft."),
        ),
    )


# ---- What was typed, as values


def _offer(typed: FormTyped, *, link: str) -> Offer:
    source, information = typed["source"], typed["information"]
    return Offer(
        what=read_code(typed["what"], Class),
        counts=_counts(typed),
        tlp=read_code(typed["tlp"], Tlp),
        pap=read_code(typed["pap"], Pap),
        expects=read_code(typed["expects"], Expects),
        title=typed.text("title"),
        conditions=read_codes(typed.many.get("conditions", ()), Condition),
        until=read_time(typed["until"], now=typed.now) if typed["until"] else None,
        grade=read_grade(source, information) if source or information else None,
        about=tuple(dict.fromkeys(_statement(each, link=link) for each in typed.lines("about"))),
        why=typed.text("why"),
        conditions_text=typed.text("conditions_text"),
        ref=typed["ref"] or None,
    )


def _counts(typed: FormTyped) -> dict[Thing, int]:
    found = {thing: read_number(typed[f"counts_{thing.value}"]) for thing in Thing}
    pasted = len(typed.lines(rows.FIELD))
    if typed["rows_of"] and pasted:
        thing = read_code(typed["rows_of"], Thing)
        found[thing] = found[thing] or pasted
    counts = {thing: n for thing, n in found.items() if n}
    if not counts:
        raise NoCountsError
    return counts


def _told(typed: FormTyped) -> dict[str, str]:
    """Return what they see otherwise than it was typed: the counts, with the rows; of the rows nothing."""
    counts = words.listed(
        f"{n} {words.label(thing.value, sharewords.THINGS)}" for thing, n in _counts(typed).items()
    )
    return {"counts": counts, "rows_of": "", rows.FIELD: ""}


def _content(typed: FormTyped) -> tuple[Kept, ...]:
    if not typed.files:
        raise NoContentError
    return typed.files


def _statement(text: str, *, link: str) -> bytes:
    reader, place = reader_of(settings.HOME), heard_place(text)
    found = None if reader is None or place is None else reader.find(link, place.text)
    if found is None:
        raise TypedError("place", text)
    return found
