"""What our side can say about an offer as it stands, and the form of each.

Whether it may really be said is decided behind the door of the record; here only what is plainly not ours, or
not yet, is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from parley.inquiries.forms.typed import read_code, read_codes
from parley.links.actions.speaking import Target
from parley.links.queries.timeline import Told
from parley.protocol.act import read_id
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.bodies import Cleaned, Offered
from parley.protocol.sharing.codes import Audience, Class, Declining, Result, State, Withdrawing
from parley.sharing import actions
from parley.sharing.forms.numbers import read_grade, read_number
from parley.sharing.policy import is_at_once
from parley.sharing.queries import Dossier
from parley.sharing.views.form import Field, Form, FormTyped
from parley.ui import sharewords, words

INFORMATION: Final = {str(n): (str(n), str(n)) for n in (1, 2, 3, 4)}
CONDITIONS: Final = {each.value: words.CODES[each.value] for each in Condition}
_BEFORE: Final = frozenset({State.OFFERED, State.COUNTERED})

PURPOSE: Final = "share."
"""What the purpose of the drafts of these forms begins with; the verb follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A form that is offered: its name in the address, and what it answers ("" for the offer itself)."""

    verb: str
    text: str
    on: str = ""


def title_of(verb: str) -> str:
    """Return what a form is called; "" where there is none of that name."""
    return {
        "confirm": _("Take their conditions"),
        "deliver": _("Deliver the content"),
        "withdraw": _("Withdraw the offer"),
        "permit-release": _("Permit passing on"),
        "refuse-release": _("Refuse passing on"),
        "undertake": _("Undertake conditions"),
        "accept": _("Accept the offer"),
        "decline": _("Decline the offer"),
        "evaluate": _("Evaluate it"),
        "result": _("Say what became of it"),
        "clean": _("Report the clean-up"),
        "ask-release": _("Ask to pass it on"),
    }.get(verb, "")


def moves(dossier: Dossier) -> Iterator[Move]:
    """Yield what our side can say as things stand."""
    share = dossier.share
    if share is None:
        return
    yield from _offerers(dossier, share) if dossier.row.is_ours else _receivers(share)


def _offerers(dossier: Dossier, share: Share) -> Iterator[Move]:
    if share.state is State.COUNTERED:
        for each in _answers(dossier, "sharing.undertaken"):
            yield Move(verb="confirm", text=title_of("confirm"), on=each.place_path)
    if share.state is State.ACCEPTED or is_at_once(share):
        yield Move(verb="deliver", text=title_of("deliver"))
    if share.state in _BEFORE:
        yield Move(verb="withdraw", text=title_of("withdraw"))
    waiting = {each.id for each in share.askings if each.permitted is None}
    for each in _answers(dossier, "sharing.release_asked"):
        if read_id(each.statement) in waiting:
            yield Move(verb="permit-release", text=title_of("permit-release"), on=each.place_path)
            yield Move(verb="refuse-release", text=title_of("refuse-release"), on=each.place_path)


def _receivers(share: Share) -> Iterator[Move]:
    if share.state in _BEFORE:
        if share.offer.conditions:
            yield Move(verb="undertake", text=title_of("undertake"))
        else:
            yield Move(verb="accept", text=title_of("accept"))
        yield Move(verb="decline", text=title_of("decline"))
    if share.state is State.DELIVERED:
        yield Move(verb="evaluate", text=title_of("evaluate"))
        yield Move(verb="result", text=title_of("result"))
        if share.offer.what is Class.NOTICE:
            yield Move(verb="clean", text=title_of("clean"))
        yield Move(verb="ask-release", text=title_of("ask-release"))


def _answers(dossier: Dossier, kind: str) -> Iterator[Told]:
    yield from (each for each in dossier.timeline.statements if each.kind == kind and each.is_valid)


def form_of(dossier: Dossier, move: Move) -> Form | None:
    """Return the form of a move; None if there is none of its name."""
    share, link = dossier.share, dossier.link.name
    if share is None:
        return None
    offer = Target(link=link, statement=share.id)
    named = next((each for each in dossier.timeline.statements if each.place_path == move.on), None)
    on = offer if named is None else Target(link=link, statement=read_id(named.statement))
    delivery = offer if dossier.delivery is None else Target(link=link, statement=dossier.delivery)
    offered = _form_of_offerer(dossier, share, move, on=on)
    return offered or _form_of_answer(share, move, on=offer) or _form_of_use(move, on=delivery)


def _text() -> Field:
    return Field(name="text", label=_("In words (may be empty)"), kind="area")


def _form_of_offerer(dossier: Dossier, share: Share, move: Move, *, on: Target) -> Form | None:
    home, link = settings.HOME, dossier.link.name
    match move.verb:
        case "confirm":
            return Form(
                title=move.text,
                fields=(_text(),),
                run=lambda hand, typed: actions.confirm(on, by=hand, text=typed.text()),
            )
        case "deliver":
            return Form(
                title=move.text,
                fields=(_text(),),
                run=lambda hand, typed: actions.deliver(home, share, link, by=hand, text=typed.text()),
            )
        case "withdraw":
            reason = Field(
                name="reason", label=_("Reason"), kind="code", labels=sharewords.WITHDRAWINGS, is_wanted=True
            )
            return Form(
                title=move.text,
                fields=(reason, _text()),
                run=lambda hand, typed: actions.withdraw(
                    home,
                    share,
                    link,
                    reason=read_code(typed["reason"], Withdrawing),
                    by=hand,
                    text=typed.text(),
                ),
            )
        case "permit-release":
            return Form(
                title=move.text,
                fields=(_text(),),
                run=lambda hand, typed: actions.permit_release(on, by=hand, text=typed.text()),
            )
        case "refuse-release":
            return Form(
                title=move.text,
                fields=(_text(),),
                run=lambda hand, typed: actions.refuse_release(on, by=hand, text=typed.text()),
            )
        case _:
            return None


def _form_of_answer(share: Share, move: Move, *, on: Target) -> Form | None:
    match move.verb:
        case "accept":
            return Form(
                title=move.text,
                fields=(_text(),),
                run=lambda hand, typed: actions.accept(on, by=hand, text=typed.text()),
            )
        case "undertake":
            label = _("Conditions; those of the offer, if none is chosen")
            chosen = Field(name="conditions", label=label, kind="codes", labels=CONDITIONS)
            return Form(
                title=move.text,
                fields=(chosen, _text()),
                draft=lambda hand, typed: actions.draft_undertaken(
                    on, _conditions(typed, share.offer), by=hand, text=typed.text()
                ),
            )
        case "decline":
            reason = Field(
                name="reason", label=_("Reason"), kind="code", labels=sharewords.DECLININGS, is_wanted=True
            )
            return Form(
                title=move.text,
                fields=(reason, _text()),
                run=lambda hand, typed: actions.decline(
                    on, read_code(typed["reason"], Declining), by=hand, text=typed.text()
                ),
            )
        case _:
            return None


def _conditions(typed: FormTyped, offer: Offered) -> tuple[Condition, ...]:
    return read_codes(typed.many.get("conditions", ()), Condition) or offer.conditions


def _form_of_use(move: Move, *, on: Target) -> Form | None:
    match move.verb:
        case "evaluate":
            source = Field(
                name="source", label=_("Source"), kind="code", labels=sharewords.SOURCES, is_wanted=True
            )
            number = Field(
                name="information", label=_("Information"), kind="code", labels=INFORMATION, is_wanted=True
            )
            return Form(
                title=move.text,
                fields=(source, number, _text()),
                run=lambda hand, typed: actions.evaluate(
                    on, read_grade(typed["source"], typed["information"]), by=hand, text=typed.text()
                ),
            )
        case "result":
            result = Field(
                name="result", label=_("Result"), kind="code", labels=sharewords.RESULTS, is_wanted=True
            )
            return Form(
                title=move.text,
                fields=(result, _text()),
                run=lambda hand, typed: actions.notify_result(
                    on, read_code(typed["result"], Result), by=hand, text=typed.text()
                ),
            )
        case "ask-release":
            to = Field(
                name="to", label=_("To whom"), kind="code", labels=sharewords.AUDIENCES, is_wanted=True
            )
            return Form(
                title=move.text,
                fields=(to, _text()),
                run=lambda hand, typed: actions.ask_release(
                    on, read_code(typed["to"], Audience), by=hand, text=typed.text()
                ),
            )
        case "clean":
            counts = tuple(
                Field(name=name, label=words.label(name, sharewords.CLEANED), kind="number")
                for name in sharewords.CLEANED
            )
            return Form(
                title=move.text,
                fields=(*counts, _text()),
                run=lambda hand, typed: actions.report_cleaned(
                    on, _cleaned(typed), by=hand, text=typed.text()
                ),
            )
        case _:
            return None


def _cleaned(typed: FormTyped) -> Cleaned:
    return Cleaned(
        informed=read_number(typed["informed"]),
        cleaned=read_number(typed["cleaned"]),
        patched=read_number(typed["patched"]),
        not_found=read_number(typed["not_found"]),
    )
